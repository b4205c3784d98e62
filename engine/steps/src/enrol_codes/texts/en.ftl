enrol_codes-title = Save your recovery codes
enrol_codes-intro = With one of these codes you can prove that it is you when your phone or passkey is gone. Print them or write them down, and keep them away from your phone.
enrol_codes-list = Ten codes, each good once
enrol_codes-saved = I have saved them
enrol_codes-saved-detail = They are shown only here and only now. If you had codes before, those stop working.
enrol_codes-offered = This is the last step: what you are adding is added when you go on.
enrol_codes-later = Not now: go on without codes
refusal-saved_needed = Save the codes first, then tick the box.
