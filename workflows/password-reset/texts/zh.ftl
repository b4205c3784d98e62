# 工作流 password-reset 的同意页面
password-reset-title = 重置密码
password-reset-intro = 如果您不再记得账户密码，请使用此流程。确认账户属于您之后，您才在 { $host } 自行设置新密码。
password-reset-what-1 = 您证明账户属于您
password-reset-what-1-detail = 邮箱验证码，然后提交图片。约 10 分钟。
password-reset-what-2 = 我们核对您提交的内容
password-reset-what-2-detail = 由工作人员查看，大多数情况 6 小时内答复。
password-reset-what-3 = 旧密码不再有效
password-reset-what-3-detail = { $host } 在自己的页面上请您设置新密码。您的通行密钥、验证器应用和手机号码保持不变，并照常要求验证。
password-reset-need-1 = 您的 { $host } 账户的邮箱地址。
password-reset-need-2 = 能够使用该邮箱。
password-reset-need-3 = 保存着 { $host } 历史邮件和钱包记录的手机或电脑。
password-reset-forgot = 我也无法使用该邮箱
password-reset-forgot-detail = 请联系客服：他们只能通过已登记的地址提供帮助。
password-reset-agree = 我已阅读并同意
password-reset-agree-detail = 我申请重置我本人账户的密码。
