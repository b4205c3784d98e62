# The agreement of the workflow `totp-reset`.
totp-reset-title = Reset your authenticator app
totp-reset-intro = Use this if the phone with your authenticator app is lost, broken or empty and you do not have the 32-character key that you were shown when you added it.
totp-reset-what-1 = You prove that the account is yours
totp-reset-what-1-detail = Password, a code by e-mail, then pictures. About 10 minutes.
totp-reset-what-2 = We check what you sent
totp-reset-what-2-detail = A person looks at it. Most answers come within 6 hours.
totp-reset-what-3 = The old authenticator app stops working
totp-reset-what-3-detail = You sign in and add a new one. Your other ways to sign in stay.
totp-reset-need-1 = The e-mail address and password of your { $host } account.
totp-reset-need-2 = Access to that e-mail address.
totp-reset-need-3 = The phone or computer with your past { $host } e-mails and wallet records.
totp-reset-forgot = I do not remember my password
totp-reset-forgot-detail = You can still go on; a person looks at your pictures in any case. No access to your e-mail address? Write to support.
totp-reset-agree = I have read this and I agree
totp-reset-agree-detail = I ask for the authenticator app of my own account to be removed.
