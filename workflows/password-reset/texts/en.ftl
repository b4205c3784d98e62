# The agreement of the workflow `password-reset`.
password-reset-title = Reset your password
password-reset-intro = Use this if you no longer know the password of your account. You choose the new one at { $host } yourself, and only after we have checked that the account is yours.
password-reset-what-1 = You prove that the account is yours
password-reset-what-1-detail = A code by e-mail, then pictures. About 10 minutes.
password-reset-what-2 = We check what you sent
password-reset-what-2-detail = A person looks at it. Most answers come within 6 hours.
password-reset-what-3 = The old password stops working
password-reset-what-3-detail = { $host } asks you for a new one on its own page. Your passkey, your app and your number stay as they are and are asked for as before.
password-reset-need-1 = The e-mail address of your { $host } account.
password-reset-need-2 = Access to that e-mail address.
password-reset-need-3 = The phone or computer with your past { $host } e-mails and wallet records.
password-reset-forgot = I cannot read that mailbox either
password-reset-forgot-detail = Write to support: they can only help with an address that is on file.
password-reset-agree = I have read this and I agree
password-reset-agree-detail = I ask for the password of my own account to be reset.
