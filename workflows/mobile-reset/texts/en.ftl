# The agreement of the workflow `mobile-reset`.
mobile-reset-title = Reset your mobile number
mobile-reset-intro = Use this if the number on your account no longer reaches you: the SIM is lost, the number was given up, or it belongs to somebody else now.
mobile-reset-what-1 = You prove that the account is yours
mobile-reset-what-1-detail = Password, a code by e-mail, then pictures. About 10 minutes.
mobile-reset-what-2 = We check what you sent
mobile-reset-what-2-detail = A person looks at it. Most answers come within 6 hours.
mobile-reset-what-3 = The old number is removed
mobile-reset-what-3-detail = No code goes there any more. You sign in and add your new number; your other ways to sign in stay.
mobile-reset-need-1 = The e-mail address and password of your { $host } account.
mobile-reset-need-2 = Access to that e-mail address.
mobile-reset-need-3 = The phone or computer with your past { $host } e-mails and wallet records.
mobile-reset-forgot = I do not remember my password
mobile-reset-forgot-detail = You can still go on; a person looks at your pictures in any case. No access to your e-mail address? Write to support.
mobile-reset-agree = I have read this and I agree
mobile-reset-agree-detail = I ask for the mobile number of my own account to be removed.
