enrol_totp-title = Add an authenticator app
enrol_totp-intro = The app makes a new code every 30 seconds, also without a network. Nothing on your account changes before you have entered the first one.
enrol_totp-scan = Scan this with the app
enrol_totp-picture = QR code with your key
enrol_totp-open = Or open the app on this device
enrol_totp-key = Or type this key into the app
enrol_totp-keep = Write the key down on paper and keep it away from your phone: with it you can set up a new phone. Nobody can give you this key again, and neither can we.
enrol_totp-label = Code from the app
enrol_totp-hint = The 6 digits that the app shows for { $host } now.
enrol_totp-bind = Add the app
enrol_totp-wrong = That code does not belong to this key. Check that the clock of your phone is right and enter the newest code. You have { $n ->
    [one] 1 try
   *[other] { $n } tries
 } left.
