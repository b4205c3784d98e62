# The first page.
ui-index-title = 找回您的账户
ui-index-text = 手机、通行密钥或登录方式丢了？请选择您丢失的内容。我们会请您证明账户属于您，每一步都会通知账户所有者。
ui-index-lost = 您丢失了什么？
ui-index-begin = 开始
ui-index-back = 您已经开始了吗？
ui-index-back-text = 您的案件在等您。您需要案件编号（在我们的第一封邮件中）和您的邮箱。
ui-index-empty-title = 这里暂时没有可用的服务
ui-index-empty-text = 请稍后再来，或联系客服。
ui-index-assure = 开始不会改变账户。我们从不通过电话、聊天或邮件索要密码。

# A second case of one account.
ui-joined-title = 您已有一个进行中的申请
ui-joined-text = 一个账户同时只能有一个申请，这里是进行中的那个。您之前填写的内容已保留。

# Withdrawing.
ui-withdraw-title = 撤回您的申请？
ui-withdraw-if = 如果撤回：
ui-withdraw-1 = 您的账户保持不变
ui-withdraw-2 = 此申请将永久关闭；您可以重新开始
ui-withdraw-3 = 会通知账户所有者
ui-withdraw-do = 撤回我的申请
ui-withdraw-back = 返回，保留申请

# Leaving a device that others use too.
ui-leave-title = 退出此设备？
ui-leave-if = 退出之后：
ui-leave-1 = 之后使用此设备的人无法打开现在打开的内容
ui-leave-2 = 您发送过的内容不会丢失，也不会停止任何申请
ui-leave-do = 退出此设备
ui-leave-stay = 不退出
ui-leave-done-title = 您已退出此设备
ui-leave-done = 此处不再打开任何属于您的内容。
ui-leave-reference = 要在任何设备上继续，请输入案件编号，再输入我们发到您邮箱的验证码。您的编号（也见于我们的邮件）：
ui-leave-other = 要继续一个案件，您需要我们邮件中的案件编号和您的邮箱。未经验证码确认的申请会在一小时后删除；您可以随时重新开始。
ui-leave-host = 要回来，请前往 { $host }，从那里打开此页。
ui-leave-host-too = 您在此设备上可能仍登录着 { $host }。如果别人也用此设备，请在那里也退出登录。

# Coming back.
ui-continue-text = 请输入案件编号。我们会向您为该案件确认过的邮箱发送验证码。
ui-continue-reference = 案件编号
ui-continue-hint = 形如 RC-7F3K-92QX，见于我们的邮件。连字符可省略。
ui-continue-not-a-reference = 编号在 RC 之后有八位字母和数字。请对照我们的邮件检查。
ui-continue-send = 发送验证码
ui-continue-assure = 仅凭编号无法打开任何内容。如无法访问该邮箱，请联系客服。
ui-code-title = 请输入我们发送的验证码
ui-code-text = 如果有该案件，16 位字母和数字的验证码正发往其邮箱，10 分钟内有效。案件
ui-code-label = 邮件中的验证码
ui-code-hint = 16 位字母和数字，例如 7F3K-92QX-A4MN-0TVB。连字符、空格和大小写都没有影响。
ui-code-go = 继续
ui-code-again = 发送新验证码
ui-code-missing = 没有收到验证码
ui-code-only-if = 只有编号正确才会发送验证码。请对照我们的第一封邮件。
ui-code-shape = 请输入邮件中的验证码：16 位字母和数字。这次没有减少尝试次数。
ui-code-wrong = { $n ->
   *[other] 验证码不匹配。您还可以尝试 { $n } 次。
 }
ui-code-over = 此验证码已失效：已使用、超过 10 分钟或尝试次数过多。请发送新的验证码。

# The owner's veto.
ui-stop-asked = 有人于{ $when }为 { $host } 账户 { $account } 申请了“{ $what }”。
ui-stop-open-title = 停止这个申请？
ui-stop-open-text = 如果停止：
ui-stop-1 = 所有登录方式保持不变
ui-stop-2 = 申请将永久关闭
ui-stop-3 = 此后 30 天内，新的申请须提交图片，并由高级审核员决定
ui-stop-sure = 这不是我申请的，或我要停止它
ui-stop-unsure-title = 尚未停止
ui-stop-unsure = 请勾选方框，再按按钮。
ui-stop-do = 停止申请
ui-stop-assure = 在您按下按钮之前什么都不会停止。打开本页不会改变任何内容，也无需登录。
ui-stop-stopped-title = 申请已停止
ui-stop-stopped-text = 申请已永久关闭，账户保持原状。请检查已登录的设备。
ui-stop-password = 可能有人知道您的密码，请修改密码。
ui-stop-contested-title = 申请已暂停
ui-stop-contested-text = 该账户之前的申请也曾被停止，所以由我们的高级人员核对双方情况。在此之前不会继续，也不会有任何改变。
ui-stop-too-late-title = 已经执行
ui-stop-too-late-text = 现在不能再停止。如果不是您本人，请立即冻结账户：登录、修改密码并锁定提现，或请客服处理。
ui-stop-freeze = 前往账户
ui-stop-over-title = 此申请已结束
ui-stop-over-text = 申请已关闭，账户没有任何改变。没有需要停止的内容。
ui-stop-dead-title = 此链接无效
ui-stop-dead-text = 链接可能不完整：请从我们的消息中复制完整地址。什么也没有改变。如果您没有申请更改账户，请立即联系客服。

# "I did not ask": no codes for a week.
ui-quiet-title = 7 天内不再发送验证码？
ui-quiet-why = 有人在我们的找回页面填写了您的地址，因此发出了验证码。没有验证码，谁也无法继续，账户没有任何改变。
ui-quiet-1 = 7 天内，新申请的验证码不会发到此地址
ui-quiet-2 = 已用验证码确认的申请，相关消息仍会送达，每条都可以停止该申请
ui-quiet-3 = 您的账户和登录方式保持不变
ui-quiet-sure = 我没有申请验证码
ui-quiet-unsure-title = 尚未改变任何内容
ui-quiet-unsure = 请勾选方框，再按按钮。
ui-quiet-do = 7 天内不再发送验证码
ui-quiet-assure = 打开本页不会改变任何内容，也无需登录。
ui-quiet-done-title = 不会再发送验证码
ui-quiet-done = 在{ $until } 之前，新申请的验证码不会发到此地址。
ui-quiet-back = 如果您想更早找回账户，请在 { $host } 已登录的账户页面说明，或联系客服。

# Help.
ui-help-title = 帮助
ui-help-code = 没有收到验证码
ui-help-code-1 = 请在垃圾邮件中查找来自以下地址的邮件：
ui-help-code-2 = 新验证码会取代旧的，但不会增加尝试次数。
ui-help-break = 我关闭了页面
ui-help-break-text = 什么都没有丢失。您的案件连同已发送的内容都在等您。
ui-help-not-me = 这不是我申请的
ui-help-not-me-text = 每封告知申请进展的消息都有停止它的链接，在执行前的最后一刻都有效，无需登录。您登录账户时也会看到。
ui-help-appeal = 您认为决定有误
ui-help-appeal-text = 请联系客服，提供案件编号，并说明我们忽略了什么。未参与该案件的人员会重新查看，并告诉您哪类证明不足。已关闭的案件不会重新打开：如果他们同意您的看法，您可以重新开始，他们会协助您。
ui-help-fraud = 有人冒用您的名义或邮箱
ui-help-fraud-text = 请用我们消息中的链接停止申请，然后立即联系客服。如果您自己提交了不实内容，请说明：这是最快的纠正方式。
ui-help-never = 我们从不索要的内容
ui-help-never-text = 我们的人员从不通过电话、聊天或邮件索要密码或验证码，也没有人能缩短等待时间。
ui-help-write = 联系客服

# What is kept.
ui-privacy-title = 我们保存什么、保存多久
ui-privacy-1 = 您填写和发送的内容
ui-privacy-1-text = 您的邮箱、答案和图片用您案件专属的密钥加密。清除案件时密钥会被销毁，备份中也一样。
ui-privacy-2 = 您的密码
ui-privacy-2-text = 只交给 { $host } 验证，从不保存，即使重试也不保存。
ui-privacy-3 = 您的来源
ui-privacy-3-text = 我们按网络统计尝试次数，其形式无法还原为地址。我们只使用本页面必需的 Cookie，不使用第三方内容。
ui-privacy-4 = 从未确认的申请
ui-privacy-4-text = 如果没有人输入邮件验证码，一小时后全部删除。
ui-privacy-5 = 已结案的案件
ui-privacy-5-text = 不含姓名和图片的决定记录会按法律要求保存。谁做了检查、为什么，始终可以说明。
ui-privacy-nobody = 只有处理您案件的人员可以打开它，每次查看都会记录。
ui-security-title = 双重身份验证
ui-security-text = 密码之外的验证方式。每次更改都需要邮箱验证码，并会通知账户的所有联系方式。
ui-security-back = 返回您的账户
ui-security-added = 添加于 { $added }
ui-security-used = 添加于 { $added }，上次使用 { $used }
ui-security-remove = 移除
ui-security-lost = 我已丢失
ui-security-advice-none = 目前只有密码。请添加通行密钥或身份验证器应用。
ui-security-advice-sms = 短信可能延迟或无法送达。请同时添加身份验证器应用或通行密钥。
ui-security-advice-passkey = 添加通行密钥，登录更快更安全。
ui-security-totp-title = 身份验证器应用
ui-security-totp-none = 尚未绑定。它在手机上生成验证码，无需联网。
ui-security-totp-add = 绑定身份验证器应用
ui-security-totp-change = 更改
ui-security-recovery_codes-title = 恢复码
ui-security-recovery_codes-none = 尚未生成。十个写在纸上的验证码，以备手机丢失时使用。
ui-security-recovery_codes-add = 生成恢复码
ui-security-recovery_codes-change = 重新生成
ui-security-advice-second = 您的通行密钥只保存在一台设备上。请再添加一个，以免设备丢失后无法登录。
ui-security-advice-codes = 请生成恢复码并写在纸上保存。设备都丢失时，可以用它登录。
ui-security-passkey-title = 通行密钥
ui-security-passkey-none = 尚未添加。通行密钥是最安全的登录方式。
ui-security-passkey-add = 添加通行密钥
ui-security-passkey-change = 更改
ui-security-phone-title = 手机
ui-security-phone-none = 尚未绑定。短信验证码聊胜于无，但不如应用或通行密钥安全。
ui-security-phone-add = 绑定手机号码
ui-security-phone-change = 更换号码

# What support began for somebody.
ui-invited-title = 继续您与客服团队开始的申请
ui-invited-text = 他们为您准备了这项申请：
ui-invited-1 = 您像所有人一样，从第一步开始
ui-invited-2 = 您需要用验证码证明自己能查看邮箱
ui-invited-3 = 在您证明账户属于您之前，账户不会有任何改变
ui-invited-go = 开始
ui-invited-until = 此链接只能使用一次，有效期至 { $until }。
ui-invited-dead-title = 此链接已失效
ui-invited-dead-text = 链接只能使用一次，一小时内有效。没有任何改变。请向客服团队索取新的链接，或自己开始。
ui-invited-dead-go = 自己开始

# Messages inside a case.
ui-messages-title = 消息
ui-messages-text = 您可以给处理您申请的人写消息。消息不能代替任何步骤，也不会使申请变快或变慢。
ui-messages-none = 有不清楚的地方吗？请给处理您申请的人写消息。
ui-messages-empty = 还没有消息
ui-messages-all = 阅读全部并写消息
ui-messages-write = 写消息
ui-messages-read = 阅读消息
ui-messages-you = 您
ui-messages-us = { $host } 客服
ui-messages-label = 您的消息
ui-messages-hint = 请说明您在页面上看到了什么，以及您原本期待什么。
ui-messages-file = 如有帮助，可添加图片
ui-messages-opening = 正在打开
ui-messages-unopened = 无法打开，请发送新的截图
ui-messages-send = 发送
ui-messages-back = 返回申请
ui-messages-never = 切勿在这里写密码或验证码。我们不会索要它们。
ui-messages-closed = 申请已关闭，不能再写消息。
ui-messages-many = 一天内的消息太多了。{ $until } 后可以再写。
refusal-message_needed = 请写些内容，或选择一张图片。
refusal-message_long = 一条消息放不下这么多内容。请分两条发送。
refusal-message_files = 一条消息最多附四张图片。其余的请随下一条发送。

# Confirming something for the host.
ui-step-up-login = 登录 { $host }
ui-step-up-withdrawal = 确认提现
ui-step-up-add_bank_account = 确认新的银行账户
ui-step-up-fiat_withdrawal = 确认向银行付款
ui-step-up-settings = 确认更改设置
ui-step-up-not-me = 只有当这正是您要做的事时才继续。如果不是，请取消并更改密码。
ui-step-up-cancel = 取消
ui-step-up-chip = { $host }
ui-step-up-passed = 已确认
ui-step-up-failed = 未确认
ui-step-up-expired = 确认时间已过
ui-step-up-onward = 稍后会自动返回。
ui-step-up-back = 返回 { $host }

# Before a factor is removed.
ui-remove-passkey = 删除此通行密钥？
ui-remove-totp = 移除此验证器应用？
ui-remove-gone = 它在任何设备上都不能再用于登录，也无法恢复
ui-remove-last = 这是您唯一的此类验证方式
ui-remove-lock = 之后提现将锁定 { $span }，所有设备将退出登录
ui-remove-proof = 您需要用邮件验证码和另一种登录方式确认
ui-remove-do = 继续移除
ui-remove-keep = 保留
ui-stop-chip-stopped = 已停止
ui-stop-chip-contested = 已暂停
ui-stop-chip-too-late = 已执行
ui-stop-chip-over = 已结束
ui-messages-sent = 您的消息已发送。我们的回复会显示在这里，并会发邮件通知您。
