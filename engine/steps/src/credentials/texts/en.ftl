credentials-title = Sign in with your password
credentials-intro = Enter the e-mail address and password of your { $host } account.
credentials-address-title = Whose account is it?
credentials-address-intro = Enter the e-mail address of your { $host } account. We send a code there.
credentials-again-title = Enter your password once more
credentials-again-intro = The password you entered does not go with { $address }. Try again, or go on without it.
credentials-email = E-mail address
credentials-password = Password
credentials-password-hint = Not the code of your phone or of your password app.
credentials-forgotten = I do not know my password
credentials-address-bar = Check the address bar: you should be at { $origin }. We never ask for your password by phone, chat or e-mail.
credentials-wrong = The e-mail address and password do not go together. { $n ->
    [one] You have 1 try left
   *[other] You have { $n } tries left
 }, or go on without the password.
refusal-email_needed = Enter your e-mail address.
refusal-email_shape = This does not look like an e-mail address. It has an @ and a dot, like name@example.com.
refusal-password_needed = Enter your password, or go on without it.
refusal-password_long = This is longer than any { $host } password. Check what you pasted.
credentials-finding = Password
credentials-finding-right = right
credentials-finding-wrong = did not match
credentials-finding-locked = locked at the host
credentials-finding-forgotten = not known to the claimant
credentials-finding-unknown = not checked
