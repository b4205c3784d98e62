notice-started-subject = { $host }：有人申请“{ $workflow }”
notice-started = { $date } { $time }，能够读取此邮箱的人为您的 { $host } 账户发起了“{ $workflow }”申请。账户没有任何更改。
notice-submitted-subject = { $host }：“{ $workflow }”正在审核
notice-submitted = { $date } { $time }，“{ $workflow }”申请的证明已提交，工作人员正在查看。账户没有任何更改。
notice-wanting-subject = { $host }：“{ $workflow }”需要更清楚的图片
notice-wanting = { $date } { $time }，我们读取了“{ $workflow }”申请的图片，内容有缺，因此没有转给审核人员。如果是您的申请，申请页面会说明需要更换的内容，您也可以原样提交。账户没有任何更改。
notice-asked_again-subject = { $host }：“{ $workflow }”还需要一张图片
notice-asked_again = { $date } { $time }，审核团队为“{ $workflow }”申请要求再提供一张图片。如果是您的申请，请在申请页面添加图片，或说明没有其他图片。账户没有任何更改。
notice-approved-subject = { $host }：“{ $workflow }”已获批准
notice-approved = { $date } { $time }，您的 { $host } 账户的“{ $workflow }”申请已获批准。
notice-approved-until = 将于{ $date } { $time } 执行，在此之前可以停止。
notice-rejected-subject = { $host }：“{ $workflow }”未获批准
notice-rejected = { $date } { $time }，“{ $workflow }”申请已关闭，因为我们未能确认账户属于申请人。账户保持原样。
notice-done-subject = { $host }：“{ $workflow }”已完成
notice-done = { $date } { $time }，“{ $workflow }”申请已执行。其所指内容已从您的账户移除，所有设备已退出登录。请立即登录并添加新的登录方式。如果不是您本人操作，请立刻联系我们，我们可以冻结账户。
notice-done-added = { $date } { $time }，“{ $workflow }”已完成：您的 { $host } 账户新增了一种验证方式。如果不是您本人操作，请立即联系我们，我们可以冻结账户。
notice-done-removed = { $date } { $time }，“{ $workflow }”已完成：您的 { $host } 账户移除了一种验证方式，所有设备已退出登录。如果不是您本人操作，请立即联系我们，我们可以冻结账户。
notice-done-replaced = { $date } { $time }，“{ $workflow }”已完成：您的 { $host } 账户的一种验证方式已换成新的，所有设备已退出登录。旧的已失效。如果不是您本人操作，请立即联系我们，我们可以冻结账户。
notice-rejected-unchanged = { $date } { $time }，“{ $workflow }”已结束，未作更改。账户保持原样。
notice-done-lock = 自该时刻起{ $span }内暂停提现。
notice-withdrawn-subject = { $host }：“{ $workflow }”已撤回
notice-withdrawn = { $date } { $time }，“{ $workflow }”申请由发起人撤回。账户保持原样。
notice-vetoed-subject = { $host }：“{ $workflow }”已被停止
notice-vetoed = { $date } { $time }，收到此账户通知的人停止了“{ $workflow }”申请。账户保持原样。如果不是您停止的，而申请是您发起的，请联系我们。
notice-contested-subject = { $host }：“{ $workflow }”已暂停
notice-contested = { $date } { $time }，收到此账户通知的人表示没有申请“{ $workflow }”。在我们的工作人员查看之前，一切暂停。
notice-expired-subject = { $host }：“{ $workflow }”已结束
notice-expired = { $date } { $time }，“{ $workflow }”申请因超时而结束。账户保持原样。
notice-closed_by_support-subject = { $host }：“{ $workflow }”已关闭
notice-closed_by_support = 我们的客服团队已于 { $date } { $time } 关闭申请“{ $workflow }”。账户保持原样。您可以随时重新开始。
notice-wrote-subject = { $host }：“{ $workflow }”中发出了一条消息
notice-wrote = { $date } { $time }，提出申请“{ $workflow }”的人在申请中给我们的团队发了一条消息。我们会在申请里回复。
notice-answered-subject = { $host }：“{ $workflow }”中有一条给您的消息
notice-answered = 我们的团队于 { $date } { $time } 在申请“{ $workflow }”中给您写了消息。
notice-code_used-subject = { $host }：“{ $workflow }”使用了一个恢复码
notice-code_used = { $date } { $time }，您的 { $host } 账户在“{ $workflow }”中使用了一个恢复码。该恢复码不能再次使用。如果不是您本人操作，请立即联系我们，我们可以冻结账户。
notice-code_used-left = { $left ->
    [0] 恢复码已全部用完：请在安全设置中生成新的。
    [1] 还剩 1 个恢复码。请在用完之前到安全设置中生成新的。
   *[other] 还剩 { $left } 个恢复码。
}
notice-unsynced-subject = { $host }：您的通行密钥只在一台设备上（“{ $workflow }”）
notice-unsynced = { $date } { $time }，您的 { $host } 账户在“{ $workflow }”中使用的通行密钥已不再备份，只保存在一台设备上。请在安全设置中再添加一个通行密钥，以免设备丢失后无法登录。如果不是您本人操作，请立即联系我们，我们可以冻结账户。
notice-how-back = 要返回申请，请打开您提出申请的页面，选择“继续恢复”，并输入案件编号。
notice-no-link = 为了您的安全，这封邮件不含通往申请的链接。
notice-case = 案件 { $reference }，{ $workflow }
notice-stop = 这不是我申请的：停止它
notice-stop-how = 无需登录。页面会再次确认后才停止；打开页面不会更改任何内容。
notice-was-you = 如果是您本人，此邮件无需处理。
notice-banner-stop = 如果不是您申请的，请立即停止。
notice-contact = 有疑问，或觉得不对劲？请联系我们：

code-mail-subject = 您的 { $host } 验证码
code-mail-what = 这是您在 { $host } 的申请的验证码。请在提出申请的页面输入。
code-mail-return = 这是返回您在 { $host } 的案件的验证码。请在提出申请的页面输入。
code-mail-until = 有效期至{ $until }。只有最新的验证码有效。
code-mail-never = 请勿将验证码告诉任何人。我们不会通过电话、聊天或邮件索要。
code-mail-quiet = 我没有申请验证码：7 天内不要再发送
code-mail-without = 没有验证码，任何人都无法继续该申请，账户保持原样。

invitation-subject = { $host }：继续“{ $workflow }”
invitation-chat = { $date } { $time }，有人在聊天中请我们的客服团队帮助处理您的 { $host } 账户。我们已准备好申请“{ $workflow }”。
invitation-phone = { $date } { $time }，有人打电话请我们的客服团队帮助处理您的 { $host } 账户。我们已准备好申请“{ $workflow }”。
invitation-email = { $date } { $time }，有人写邮件请我们的客服团队帮助处理您的 { $host } 账户。我们已准备好申请“{ $workflow }”。
invitation-nothing = 账户没有任何改变。链接会打开第一步；您在那里像所有人一样证明账户是您的。
invitation-go = 开始
invitation-until = 链接只能使用一次，有效期至 { $until }。
invitation-not-me = 如果不是您本人，您什么都不用做：没有您，申请不会继续。不要把链接交给任何人，包括自称是我们的人。
