enrol_codes-title = 保存您的恢复码
enrol_codes-intro = 当手机或通行密钥丢失时，可用其中一个恢复码证明是您本人。请打印或抄写，并与手机分开保存。
enrol_codes-list = 十个恢复码，每个只能使用一次
enrol_codes-saved = 我已保存
enrol_codes-saved-detail = 仅在此处显示一次。如果之前有恢复码，它们将失效。
enrol_codes-offered = 这是最后一步：继续后，您要添加的内容才会生效。
enrol_codes-later = 暂不保存，直接继续
refusal-saved_needed = 请先保存恢复码，再勾选。
