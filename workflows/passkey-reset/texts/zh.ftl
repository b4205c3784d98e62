# 工作流 passkey-reset 的同意页面，以及所需图片的说明
passkey-reset-title = 重置通行密钥
passkey-reset-intro = 如果保存通行密钥的手机或电脑丢失、损坏或已更换，因而无法再用通行密钥登录账户，请使用此流程。
passkey-reset-what-1 = 您证明账户属于您
passkey-reset-what-1-detail = 密码、邮箱验证码，然后回答问题或提交图片。约 10 分钟。
passkey-reset-what-2 = 我们核对您提交的内容
passkey-reset-what-2-detail = 如需人工查看，大多数情况 6 小时内答复。
passkey-reset-what-3 = 旧的通行密钥被移除
passkey-reset-what-3-detail = 您登录并添加新的通行密钥。
passkey-reset-need-1 = 您的 { $host } 账户的邮箱地址和密码。
passkey-reset-need-2 = 能够使用该邮箱。
passkey-reset-need-3 = 保存着 { $host } 历史邮件和钱包记录的手机或电脑。
passkey-reset-forgot = 我不记得密码
passkey-reset-forgot-detail = 您仍可以继续。我们会改为请您提供图片，并由工作人员查看。无法使用邮箱？请联系客服。
passkey-reset-agree = 我已阅读并同意
passkey-reset-agree-detail = 我申请重置我本人账户的通行密钥。

slot-account_email = { $host } 发给您的一封邮件
slot-account_email-hint = 关于充值、提现、注册或登录。须能看到您的地址和正文。
slot-counterparty_transaction = 从对方看到的一笔充值或提现
slot-counterparty_transaction-hint = 来自向 { $host } 转入或从中收款的钱包或交易所。不是我们自己的记录，也不是区块浏览器。
