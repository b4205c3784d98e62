# What all pages share.
go-on = Continue
get-help = Get help
problem-title = There is a problem
error-title = Error: { $title }

check-what = Your browser does a second or two of work before this goes on, so that programs cannot flood us. There is nothing for you to solve.
check-working = Working, a few seconds …
check-noscript = This needs scripts, which are off in your browser. Without them a start goes through within the hour, a code from midnight UTC on. You can also use another browser, or write to support.
refusal-human_needed = There were many requests from this browser or network, so your browser is checked first. Send this again; none of your tries are used up.

stage-read = Read what happens
stage-sign-in = Sign in
stage-confirm = Confirm your e-mail
stage-prove = Prove it is you
stage-review = Review and wait
stage-done = Reset done
stage-place = Step { $n } of { $of }
stage-passed = done
stages = Your progress

mark-pass = Passed
mark-warn = Warning
mark-fail = Not passed

moment = { $date }, { $time }
date = { $day } { $month } { $year }
span-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
 }
span-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
 }
span-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
 }
span-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
 }
again-in = You can try again in { $wait }, at { $time } UTC.
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

refusal-stale = This page is older than your case. We have brought you to where it stands now.
refusal-closed = This case is closed. Nothing was changed.
refusal-erased = What we kept of this case has been erased.
refusal-already_carried_out = The reset has been carried out and can no longer be stopped. If it was not you, ask support to freeze the account.
refusal-unproven = Confirm your e-mail address first.
refusal-too_soon = That came too soon after the last try for this account, whoever made it, or was tried too often. It was not looked at and used up no try.
refusal-too_many = That was tried too often. You can go on from { $until }.
refusal-not_yours = Somebody else has this case now. Nothing was sent.
refusal-no_task = This task is done or belongs to somebody else. Nothing was sent.
refusal-not_allowed = This cannot be done here. Nothing was changed.
refusal-message_changed = The case has changed since you opened it. Look at it again before you decide.
refusal-host_unknown = We cannot reach { $host } about this account just now. Nothing was changed; try again in a few minutes.
refusal-unknown_step = Something went wrong on our side. What you sent last may not have been saved.
refusal-unsound = Something went wrong on our side. What you sent last may not have been saved.
refusal-needed = Fill this in.
refusal-choose_slot = Choose at least one picture to ask for again.
refusal-choose_reason = Choose a reason.
