agreement-what = 接下来会发生什么
agreement-needs = 请准备好
agreement-lock = 重置后 { $span }内暂停提现
agreement-lock-detail = 如果提出申请的是别人，这样可以保护您的资金。交易和充值照常进行。
agreement-start = 开始
agreement-assure = 开始不会更改账户的任何内容。我们会通知账户所有者，在重置之前可以随时停止。
refusal-agree_needed = 如果您同意，请勾选后再开始。
