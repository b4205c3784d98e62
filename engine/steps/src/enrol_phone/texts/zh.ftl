enrol_phone-title = 您的手机号码
enrol_phone-intro = 我们会发送验证码以确认号码属于您。短信可能延迟或被他人看到，身份验证器应用或通行密钥更安全。
enrol_phone-country = 国家或地区
enrol_phone-number = 手机号码
enrol_phone-hint = 可带或不带国家代码。以 + 开头则无需选择国家。
enrol_phone-send = 发送验证码
refusal-number_needed = 请输入手机号码。
refusal-number_shape = 该国家没有这样的号码。请检查数字，或以 + 和国家代码开头。
