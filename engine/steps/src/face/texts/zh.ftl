# 所有页面共用的文字
go-on = 继续
get-help = 获取帮助
problem-title = 有一个问题
error-title = 错误：{ $title }

check-what = 继续之前，您的浏览器会运算一两秒，以免程序大量提交。您无需解答任何题目。
check-working = 正在运算，请稍候几秒……
check-noscript = 这一步需要脚本，而您的浏览器已将其关闭。不用脚本时，新的申请可在一小时内开始，验证码从协调世界时零点起可以发送。您也可以换一个浏览器，或联系客服。
refusal-human_needed = 此浏览器或网络提交过多，需要先检查您的浏览器。请再提交一次；您的尝试次数没有减少。

stage-read = 了解流程
stage-sign-in = 登录
stage-confirm = 确认邮箱
stage-prove = 证明是您本人
stage-review = 审核与等待
stage-done = 重置完成
stage-place = 第 { $n } 步，共 { $of } 步
stage-passed = 已完成
stages = 您的进度

mark-pass = 通过
mark-warn = 注意
mark-fail = 未通过

moment = { $date } { $time }
date = { $year }年{ $month }{ $day }日
span-days = { $n } 天
span-hours = { $n } 小时
span-minutes = { $n } 分钟
span-seconds = { $n } 秒
again-in = 您可以在{ $wait }后再试，即 { $time } UTC。
month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月

refusal-stale = 这个页面已经过时。我们已带您到案件目前所在的位置。
refusal-closed = 此案件已关闭，没有任何更改。
refusal-erased = 我们保存的此案件内容已被删除。
refusal-already_carried_out = 重置已经执行，无法再停止。如果不是您本人操作，请联系客服冻结账户。
refusal-unproven = 请先确认您的邮箱地址。
refusal-too_soon = 距离此账户上一次尝试（无论由谁进行）太近，或尝试次数过多。这次没有核对，也不计入尝试次数。
refusal-too_many = 尝试次数过多。您可以在{ $until } 之后继续。
refusal-not_yours = 此案件现在由其他人处理，没有发送任何内容。
refusal-no_task = 此任务已完成或属于其他人，没有发送任何内容。
refusal-not_allowed = 这里不能这样做，没有任何更改。
refusal-message_changed = 自您打开以来案件已有变化。请再看一遍，然后再决定。
refusal-host_unknown = 我们目前无法就此账户联系 { $host }。没有任何更改，请几分钟后再试。
refusal-unknown_step = 我们这边出了问题。您最后发送的内容可能没有保存。
refusal-unsound = 我们这边出了问题。您最后发送的内容可能没有保存。
refusal-needed = 请填写此项。
refusal-choose_slot = 请至少选择一张需要重新提交的图片。
refusal-choose_reason = 请选择理由。
