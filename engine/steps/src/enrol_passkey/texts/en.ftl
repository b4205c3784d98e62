enrol_passkey-title = Add a passkey
enrol_passkey-intro = A passkey signs you in with your fingerprint, face or PIN, and only at the real { $host }. It stays on your device or in your password manager.
enrol_passkey-name = A name for it
enrol_passkey-name-hint = So that you recognise it later: the device or key that holds it.
enrol_passkey-create = Create passkey
enrol_passkey-refused = The browser's answer could not be used. The device must check that it is you, by fingerprint, face or PIN. { $n ->
    [one] 1 try
   *[other] { $n } tries
 } left.
refusal-name_needed = Give it a name of up to 60 letters.
