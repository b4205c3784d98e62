code-title = Enter the code we sent you
code-unsent-title = We could not send a code yet
code-on-its-way = If an account belongs to the address you gave, a code is on its way to { $address }.
code-on-its-way-known = A code is on its way to { $address }.
code-lives = It works for { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
 }.
code-resent = If an account belongs to the address, a new code is on its way. The one before no longer works.
code-resent-known = A new code is on its way. The one before no longer works.
code-too-many = Many codes have been asked for this address. The next one can be sent from { $until }. What you have done so far is kept for an hour.
code-unsent = The message did not go out. That is our fault, not yours, and none of your tries are used up.
code-label = Code from the e-mail
code-hint = { $n } digits. Spaces are fine.
code-resend = Send a new code
code-missing = The code does not arrive
code-missing-spam = Look in the spam folder for a message from { $sender }.
code-missing-new = A new code replaces the old one. It does not give more tries.
code-missing-mailbox = No access to this mailbox any more? Write to support: they can only help with an address on file.
code-unchecked = Many codes have been asked for this address today. The next one goes out once your browser has shown that no program asks. None of your tries are used up.
code-missing-quiet = Whoever reads this mailbox may have asked us to send no codes for 7 days, with the link in one of our mails. The owner can end that on the account page at { $host }, or here.
code-insist = Send one all the same
code-wrong = That code did not match. You have { $n ->
    [one] 1 try
   *[other] { $n } tries
 } left. Check the newest e-mail from us.
code-expired = That code is too old. Send a new one, it comes at once.
refusal-code_needed = Enter the code.
refusal-code_shape = The code has only digits, as many as the hint says. This did not use up a try.
refusal-code_unsent = No code has been sent yet. Send one first.
refusal-no_resends = No more codes can be sent for this request. Use the newest one, or start again.
code-finding = E-mail code
code-finding-try = { $n ->
    [one] first try
   *[other] try { $n }
 }
code-finding-open = not passed, { $n ->
    [one] 1 wrong try
   *[other] { $n } wrong tries
 }
code-sms-on-its-way = A code is on its way to { $address } by text message.
code-sms-label = Code from the text message
code-sms-missing = Text messages can take some minutes, longer abroad. Check that your phone has a network.
code-other = Use another number
code-sms-undelivered = This message did not arrive. Check that your phone is on and has a network, then send a new code.
code-sms = { $code } is your { $host } code, good until { $until }. Never give it to anybody; we do not ask for it.
code-for = It confirms “{ $what }”. Nothing changes before you enter it.
