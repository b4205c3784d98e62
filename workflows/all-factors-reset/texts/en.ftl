# The agreement of the workflow `all-factors-reset`.
all-factors-reset-title = Reset every way to sign in
all-factors-reset-intro = Use this only if you have lost all of them: passkeys, authenticator app and mobile number. It takes longer than resetting one.
all-factors-reset-what-1 = You prove that the account is yours
all-factors-reset-what-1-detail = Password, a code by e-mail, then pictures. About 10 minutes.
all-factors-reset-what-2 = Two people check what you sent
all-factors-reset-what-2-detail = After that there is a wait of at least 24 hours, in which the owner can stop it.
all-factors-reset-what-3 = Passkeys, app and number are removed
all-factors-reset-what-3-detail = You sign in with your password and a code by e-mail, and add new ones right away.
all-factors-reset-need-1 = The e-mail address and password of your { $host } account.
all-factors-reset-need-2 = Access to that e-mail address.
all-factors-reset-need-3 = The phone or computer with your past { $host } e-mails and wallet records.
all-factors-reset-forgot = I do not remember my password
all-factors-reset-forgot-detail = You can still go on; a person looks at your pictures in any case. No access to your e-mail address? Write to support.
all-factors-reset-agree = I have read this and I agree
all-factors-reset-agree-detail = I ask for every way to sign in to my own account to be removed.
