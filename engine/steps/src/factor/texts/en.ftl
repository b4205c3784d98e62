factor-switch = Switch verification method
factor-unavailable = Security verification unavailable?
factor-reset = Reset it
factor-wrong = That did not match, or it was used before. You have { $n ->
    [one] 1 try
   *[other] { $n } tries
 } left.
factor-finding-try = { $n ->
    [one] first try
   *[other] try { $n }
 }
factor-finding-open = not passed, { $n ->
    [one] 1 wrong try
   *[other] { $n } wrong tries
 }
factor-totp-name = Authenticator app
factor-totp-title = Enter the code of your authenticator app
factor-totp-intro = Open the app on your phone and look for { $host }. Each code works once.
factor-totp-label = Code from the app
factor-totp-hint = 6 digits, a new code every 30 seconds. Spaces are fine.
factor-totp-lost = If the app is gone and you do not have the 32-character key, it can be reset. You prove again that the account is yours, and withdrawals are locked for a day.
factor-recovery_code-name = Recovery code
factor-recovery_code-title = Enter a recovery code
factor-recovery_code-intro = Use one of the ten codes that you saved. Each code works once; strike it out afterwards.
factor-recovery_code-label = Recovery code
factor-recovery_code-hint = 16 letters and digits. Dashes and spaces do not matter.
factor-passkey-name = Passkey
factor-passkey-title = Use your passkey
factor-passkey-intro = Your phone, computer or security key asks for your fingerprint, face or PIN. Nothing of that is sent to us.
factor-passkey-label = Continue with passkey
factor-passkey-hint = Your browser opens a window of its own.
factor-passkey-lost = If no device with a passkey of yours is left, your passkeys can be reset. You prove again that the account is yours, and withdrawals are locked for a day.
passkey-cancelled = No passkey was used. Press the button to try again.
passkey-known = This device has a passkey of yours already. Use another device, or go back.
passkey-script = Passkeys need scripts. Allow scripts for this page, or choose another way.
refusal-challenge_old = That took too long. Start once more.
refusal-factor_off = Too many codes were wrong in a row, so this no longer proves anything until it is set up anew. Choose another way, or write to support.
factor-sms-name = Text message
factor-sms-title = Enter a code from a text message
factor-sms-intro = We send a code to the mobile number of the account. Text messages may come late or not at all; a passkey or an app is safer.
factor-sms-sent = A code is on its way to { $number }. It works for 10 minutes.
factor-sms-label = Code from the message
factor-sms-hint = 6 digits. Only the newest code works.
factor-sms-send = Send me a code
factor-sms-again = Send a new code
factor-sms-failed = The message could not be sent. Try again in a minute, or switch to another way.
factor-sms-undelivered = This message did not arrive. Send a new code, or switch to another way.
factor-sms-sim = The SIM card behind your number was changed lately, so no code goes there for now. Use this way, or another one.
factor-sms-lost = If you no longer have this number, it can be reset. You prove again that the account is yours, and withdrawals are locked for a day.
