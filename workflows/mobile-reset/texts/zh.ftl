# 工作流 mobile-reset 的同意页面
mobile-reset-title = 重置手机号码
mobile-reset-intro = 如果账户上的号码已无法联系到您：SIM 卡丢失、号码已停用或已归他人，请使用此流程。
mobile-reset-what-1 = 您证明账户属于您
mobile-reset-what-1-detail = 密码、邮箱验证码，然后提交图片。约 10 分钟。
mobile-reset-what-2 = 我们核对您提交的内容
mobile-reset-what-2-detail = 由工作人员查看，大多数情况 6 小时内答复。
mobile-reset-what-3 = 旧号码被移除
mobile-reset-what-3-detail = 验证码不再发往该号码。您登录并添加新号码，其他验证方式保持不变。
mobile-reset-need-1 = 您的 { $host } 账户的邮箱地址和密码。
mobile-reset-need-2 = 能够使用该邮箱。
mobile-reset-need-3 = 保存着 { $host } 历史邮件和钱包记录的手机或电脑。
mobile-reset-forgot = 我不记得密码
mobile-reset-forgot-detail = 您仍可以继续，图片无论如何都由工作人员查看。无法使用邮箱？请联系客服。
mobile-reset-agree = 我已阅读并同意
mobile-reset-agree-detail = 我申请移除我本人账户的手机号码。
