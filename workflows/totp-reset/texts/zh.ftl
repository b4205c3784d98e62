# 工作流 totp-reset 的同意页面
totp-reset-title = 重置身份验证器应用
totp-reset-intro = 如果装有身份验证器应用的手机丢失、损坏或已清空，而您又没有绑定时显示的 32 位密钥，请使用此流程。
totp-reset-what-1 = 您证明账户属于您
totp-reset-what-1-detail = 密码、邮箱验证码，然后提交图片。约 10 分钟。
totp-reset-what-2 = 我们核对您提交的内容
totp-reset-what-2-detail = 由工作人员查看，大多数情况 6 小时内答复。
totp-reset-what-3 = 旧的身份验证器不再有效
totp-reset-what-3-detail = 您登录并绑定新的。其他验证方式保持不变。
totp-reset-need-1 = 您的 { $host } 账户的邮箱地址和密码。
totp-reset-need-2 = 能够使用该邮箱。
totp-reset-need-3 = 保存着 { $host } 历史邮件和钱包记录的手机或电脑。
totp-reset-forgot = 我不记得密码
totp-reset-forgot-detail = 您仍可以继续，图片无论如何都由工作人员查看。无法使用邮箱？请联系客服。
totp-reset-agree = 我已阅读并同意
totp-reset-agree-detail = 我申请移除我本人账户的身份验证器应用。
