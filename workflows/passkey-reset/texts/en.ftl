# The agreement of the workflow `passkey-reset`, and what its documents are for.
passkey-reset-title = Reset your passkey
passkey-reset-intro = Use this if you can no longer sign in with the passkey on your account, because the phone or computer that held it is lost, broken or replaced.
passkey-reset-what-1 = You prove that the account is yours
passkey-reset-what-1-detail = Password, a code by e-mail, then questions or pictures. About 10 minutes.
passkey-reset-what-2 = We check what you sent
passkey-reset-what-2-detail = If a person needs to look, most answers come within 6 hours.
passkey-reset-what-3 = Your old passkeys are removed
passkey-reset-what-3-detail = You sign in and add a new one.
passkey-reset-need-1 = The e-mail address and password of your { $host } account.
passkey-reset-need-2 = Access to that e-mail address.
passkey-reset-need-3 = The phone or computer with your past { $host } e-mails and wallet records.
passkey-reset-forgot = I do not remember my password
passkey-reset-forgot-detail = You can still go on. We will ask for pictures instead, and a person will look at them. No access to your e-mail address? Write to support.
passkey-reset-agree = I have read this and I agree
passkey-reset-agree-detail = I ask for the passkeys of my own account to be reset.

slot-account_email = An e-mail that { $host } sent you
slot-account_email-hint = About a deposit, a withdrawal, a sign-up or a sign-in. It must show your address and the text.
slot-counterparty_transaction = A deposit or withdrawal, seen from the other side
slot-counterparty_transaction-hint = From the wallet or exchange that sent to, or received from, { $host }. Not our own record, not a block explorer.
