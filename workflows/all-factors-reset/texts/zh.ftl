# 工作流 all-factors-reset 的同意页面
all-factors-reset-title = 重置全部验证方式
all-factors-reset-intro = 仅当通行密钥、身份验证器应用和手机号码全部丢失时使用。比重置单项需要更长时间。
all-factors-reset-what-1 = 您证明账户属于您
all-factors-reset-what-1-detail = 密码、邮箱验证码，然后提交图片。约 10 分钟。
all-factors-reset-what-2 = 由两名工作人员核对
all-factors-reset-what-2-detail = 之后至少等待 24 小时，期间账户所有者可以停止。
all-factors-reset-what-3 = 通行密钥、应用和号码被移除
all-factors-reset-what-3-detail = 您用密码和邮箱验证码登录，并立即添加新的验证方式。
all-factors-reset-need-1 = 您的 { $host } 账户的邮箱地址和密码。
all-factors-reset-need-2 = 能够使用该邮箱。
all-factors-reset-need-3 = 保存着 { $host } 历史邮件和钱包记录的手机或电脑。
all-factors-reset-forgot = 我不记得密码
all-factors-reset-forgot-detail = 您仍可以继续，图片无论如何都由工作人员查看。无法使用邮箱？请联系客服。
all-factors-reset-agree = 我已阅读并同意
all-factors-reset-agree-detail = 我申请移除我本人账户的全部验证方式。
