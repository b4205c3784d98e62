agreement-what = What will happen
agreement-needs = Have these at hand
agreement-lock = Withdrawals stop for { $span } after the reset
agreement-lock-detail = This protects your money if somebody else is asking. Trading and deposits go on as usual.
agreement-start = Start
agreement-assure = Starting changes nothing on the account. The owner is told and can stop it at any time before the reset.
refusal-agree_needed = Tick the box if you agree, then start.
