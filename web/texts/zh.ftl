# The frame of every page.
web-skip = 跳到主要内容
web-language = 语言
web-case = 案件
web-privacy = 我们保存什么、保存多久
web-main-nav = 主导航

# Where an error page leads.
web-way-case = 返回我的案件
web-way-continue = 继续恢复
web-way-start = 回到开始
web-way-sign-in = 登录
web-way-host = 前往 { $host }
web-way-queues = 回到队列
web-again-from = 您可以再试的时间：
web-again-title = 如果再次发生
web-again-text = 请写信给我们并附上这个编号，我们便能查到发生了什么：

# What went wrong, by code. The text says what was kept, and how to go on.
error-bad_request-title = 我们没能读取您发送的内容
error-bad_request-text = 表单的一部分在途中缺失或损坏。什么也没有保存。请返回并重新载入页面，再发送一次。
error-not_found-title = 这里没有页面
error-not_found-text = 地址可能不完整或已过期。什么也没有改变。
error-method_not_allowed-title = 这个地址只接收表单
error-method_not_allowed-text = 它被当作页面打开了。什么也没有改变。请从您的案件继续。
error-signed_out-title = 您的会话已结束
error-signed_out-text = 会话在一段时间不用后会结束，以免他人代替您继续。您之前发送的内容已保留。请用案件编号和邮件验证码回来。
error-signed_out-from-host = 会话在一段时间不用或退出登录后会结束，以免他人代替您继续。没有任何更改。请在 { $host } 登录，再从那里回到此页。
error-forbidden-title = 您不能打开这里
error-forbidden-text = 什么也没有改变。如果您认为应当可以打开，请询问本服务的负责人。
error-form_expired-title = 这张表单已过期
error-form_expired-text = 它属于另一个会话，所以我们没有接收。什么也没有保存。请重新载入页面，再发送一次。
error-not_signed-title = 此调用未签名
error-not_signed-text = 它没有用共享密钥签名、太旧，或已处理过。没有作答。
error-cross_site-title = 这不是来自我们的页面
error-cross_site-text = 这个请求由其他网站发出，所以我们没有接收。什么也没有改变。
error-stale-title = 您的案件已有进展
error-stale-text = 您发送的页面比案件旧，也许来自另一个窗口。其中的内容没有保存。您的案件会显示现在的位置。
error-closed-title = 这个案件已结案
error-closed-text = 它不再接收任何内容。您的案件会显示结果。
error-erased-title = 这个案件已被清除
error-erased-text = 按照我们的规则，其内容已删除，不能再显示或操作。
error-already_carried_out-title = 已经执行
error-already_carried_out-text = 现在不能再停止或撤回。如果不是您本人，请立即在账户页面冻结账户，并写信给我们。
error-not_yours-title = 这个案件现在由他人处理
error-not_yours-text = 您的领取已结束或已移交。什么也没有发送；您的草稿已保留。
error-message_changed-title = 您决定时案件发生了变化
error-message_changed-text = 您所决定的内容已与案件不同，所以没有记录。您的草稿已保留。请阅读新内容后再决定。
error-too_large-title = 一次发送的内容太多
error-too_large-text = 请求超过了我们能接收的大小。其中的内容没有保存。请减少或缩小图片：截图比照片小。
error-unsupported_media-title = 我们没能读取您发送的内容
error-unsupported_media-text = 它的格式不是这个页面所接收的。什么也没有保存。
error-too_many-title = 暂时不能再试
error-too_many-text = 为保护账户，这里只能尝试一定次数。之前的内容都安全。
error-busy-title = 两件事同时发生
error-busy-text = 同一时刻案件被其他操作改变，所以您最后发送的内容没有保存。之前的内容都安全。请稍后再试；不会重复执行。
error-host_away-title = 我们联系不上账户服务
error-host_away-text = 您最后发送的内容没有保存，也不计为一次尝试。之前的内容都安全。请几分钟后再试。
error-full-title = 我们没有空间保存
error-full-text = 您最后发送的内容没有保存。之前的内容都安全。我们已收到通知，正在腾出空间。请稍后再试；不会重复执行任何操作。
error-down-title = 我们联系不上记录系统
error-down-text = 您最后发送的内容可能没有保存。之前的内容都安全。请几分钟后再试；不会重复执行。
error-internal-title = 我们这边出了问题
error-internal-text = 您最后发送的内容可能没有保存。之前的内容都安全。请回到您的案件再试；不会重复执行。

# Files that are not taken, by code.
refusal-file_empty = 这个文件是空的。请重新选择图片，或重新截图。
refusal-file_too_big = 这张图片超过 15 MB。截图比照片小。
refusal-file_cut_off = 这张图片不完整：缺少结尾。请重新发送，或重新截图。
refusal-file_heic = 这是 HEIC 照片。请在相机设置中选择“兼容性最佳”，或发送截图。
refusal-file_avif = 这是 AVIF 图片。请发送 PNG、JPEG 或 WebP 截图。
refusal-file_svg = 这是矢量图，不是图片。请发送 PNG、JPEG 或 WebP 截图。
refusal-file_gif = 这是 GIF。请发送 PNG、JPEG 或 WebP 截图。
refusal-file_pdf = 这是 PDF。请打开它，对页面截图后发送。
refusal-file_archive = 这是压缩文件。请逐张发送图片本身。
refusal-file_other = 我们无法把它读作图片。请发送 PNG、JPEG 或 WebP 截图。
refusal-file_too_many = 图片数量超过一天的上限。之前发送的已保留；请明天继续。
refusal-file_too_much = 今天的图片总大小超过一天的上限。之前发送的已保留；请明天继续。
