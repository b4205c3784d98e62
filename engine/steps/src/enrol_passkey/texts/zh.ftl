enrol_passkey-title = 添加通行密钥
enrol_passkey-intro = 通行密钥让您用指纹、面容或 PIN 登录，且只在真正的 { $host } 有效。它保存在您的设备或密码管理器中。
enrol_passkey-name = 名称
enrol_passkey-name-hint = 便于日后识别：保存它的设备或密钥。
enrol_passkey-create = 创建通行密钥
enrol_passkey-refused = 浏览器的回应无法使用。设备必须通过指纹、面容或 PIN 确认是您本人。还剩 { $n } 次机会。
refusal-name_needed = 请输入不超过 60 个字符的名称。
