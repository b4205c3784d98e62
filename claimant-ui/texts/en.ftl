# The first page.
ui-index-title = Get back into your account
ui-index-text = Lost a phone, a passkey or a way to sign in? Choose what you have lost. We ask you to show that the account is yours, and its owner is told of every step.
ui-index-lost = What have you lost?
ui-index-begin = Begin
ui-index-back = You have begun already?
ui-index-back-text = Your case waits for you. You need its reference, which stands in the message that said it had begun, and your e-mail.
ui-index-empty-title = Nothing is offered here yet
ui-index-empty-text = Come back later, or write to support.
ui-index-assure = Starting changes nothing on the account. We never ask for a password by phone, chat or e-mail.

# A second case of one account.
ui-joined-title = You already have an open request
ui-joined-text = An account can have one at a time, so here is the one that is open. What you entered before is kept.

# Withdrawing.
ui-withdraw-title = Withdraw your request?
ui-withdraw-if = If you withdraw it:
ui-withdraw-1 = your account stays exactly as it is
ui-withdraw-2 = this request is closed for good; you can start a new one
ui-withdraw-3 = the owner of the account is told
ui-withdraw-do = Withdraw my request
ui-withdraw-back = Go back, keep it

# Leaving a device that others use too.
ui-leave-title = Leave this device?
ui-leave-if = If you leave:
ui-leave-1 = nobody who uses this device after you can open what is open here now
ui-leave-2 = nothing that you sent is lost, and nothing is stopped
ui-leave-do = Leave this device
ui-leave-stay = Stay
ui-leave-done-title = You have left this device
ui-leave-done = Nothing of yours is open here any more.
ui-leave-reference = To go on, on any device, enter the reference of your case, and then the code that we send to your e-mail. Your reference, which stands in our messages too:
ui-leave-other = To go on with a case, you need its reference from our messages, and your e-mail. A request that was not confirmed by a code is deleted after an hour; you can begin a new one at any time.
ui-leave-host = To come back, go to { $host } and open the page from there.
ui-leave-host-too = You may still be signed in at { $host } on this device. Sign out there too if others use it.

# Coming back.
ui-continue-text = Enter the reference of your case. We send a code to the e-mail address that you confirmed for it.
ui-continue-reference = Case reference
ui-continue-hint = It looks like RC-7F3K-92QX and stands in our messages. Dashes do not matter.
ui-continue-not-a-reference = A reference has eight letters and digits after RC. Check it against our message.
ui-continue-send = Send me a code
ui-continue-assure = The reference alone opens nothing. Without access to that mailbox, write to support.
ui-code-title = Enter the code we sent you
ui-code-text = If there is such a case, a code of 16 letters and digits is on its way to its address. It works for 10 minutes. Case
ui-code-label = Code from the e-mail
ui-code-hint = 16 letters and digits, for example 7F3K-92QX-A4MN-0TVB. Dashes, spaces and small letters do not matter.
ui-code-go = Continue
ui-code-again = Send a new code
ui-code-missing = The code does not arrive
ui-code-only-if = A code is sent only if the reference is right. Compare it with our messages.
ui-code-shape = Enter the code from the e-mail: 16 letters and digits. This did not use up a try.
ui-code-wrong = { $n ->
    [one] That code did not match. You have one try left.
   *[other] That code did not match. You have { $n } tries left.
 }
ui-code-over = This code no longer works: it was used, is older than 10 minutes, or was tried too often. Send a new one.

# The owner's veto.
ui-stop-asked = Somebody asked on { $when } for “{ $what }” on the { $host } account { $account }.
ui-stop-open-title = Stop this request?
ui-stop-open-text = If you stop it:
ui-stop-1 = every way to sign in stays as it is
ui-stop-2 = the request is closed for good
ui-stop-3 = for 30 days a new request needs pictures, and a senior reviewer decides it
ui-stop-sure = I did not ask for this, or I want it stopped
ui-stop-unsure-title = Nothing was stopped yet
ui-stop-unsure = Tick the box, then press the button.
ui-stop-do = Stop the request
ui-stop-assure = Nothing is stopped until you press the button. Opening this page changes nothing, and you need not sign in.
ui-stop-stopped-title = The request is stopped
ui-stop-stopped-text = It is closed for good, and the account is as it was. Look at the devices that are signed in.
ui-stop-password = Somebody else may know your password: change it.
ui-stop-contested-title = The request stands still
ui-stop-contested-text = An earlier request of this account was stopped as well, so one of our seniors looks at both sides. Until then nothing goes on, and nothing is changed.
ui-stop-too-late-title = It was already carried out
ui-stop-too-late-text = This can no longer be stopped. If it was not you, freeze your account at once: sign in, change your password and lock withdrawals, or ask support to do it.
ui-stop-freeze = Go to the account
ui-stop-over-title = This request has already ended
ui-stop-over-text = It was closed without changing anything on the account. There is nothing left to stop.
ui-stop-dead-title = This link does not work
ui-stop-dead-text = It may be cut off: copy the whole address from our message. Nothing was changed. If you did not ask for a change of your account, write to support at once.

# "I did not ask": no codes for a week.
ui-quiet-title = Send no codes for 7 days?
ui-quiet-why = Somebody gave your address at our recovery page, so a code was sent. Without the code nobody can go on, and nothing about the account has changed.
ui-quiet-1 = for 7 days no code for a new request goes to this address
ui-quiet-2 = messages about a request that was confirmed with a code still come, each with a way to stop it
ui-quiet-3 = your account, and how you sign in, stay as they are
ui-quiet-sure = I did not ask for a code
ui-quiet-unsure-title = Nothing was changed yet
ui-quiet-unsure = Tick the box, then press the button.
ui-quiet-do = Send no codes for 7 days
ui-quiet-assure = Opening this page changes nothing, and you need not sign in.
ui-quiet-done-title = No codes will be sent
ui-quiet-done = No code for a new request goes to this address before { $until }.
ui-quiet-back = If you want to get back into your account sooner, say so on your account page at { $host }, where you are signed in, or write to support.

# Help.
ui-help-title = Help
ui-help-code = The code does not arrive
ui-help-code-1 = Look in the spam folder for a message from
ui-help-code-2 = A new code replaces the old one. It does not give more tries.
ui-help-break = I closed the page
ui-help-break-text = Nothing is lost. Your case waits, with all that you sent.
ui-help-not-me = I did not ask for this
ui-help-not-me-text = Every message that tells of a request has a link that stops it, until the very moment it is carried out. You need not sign in. Your account also shows it while you are signed in.
ui-help-appeal = You think a decision is wrong
ui-help-appeal-text = Write to support with the number of your case and say what we missed. Somebody who has not worked on it looks at it again, and tells you what kind of proof was not enough. Closed stays closed: if they agree with you, you start again and they help you through.
ui-help-fraud = Somebody used your name or your mailbox
ui-help-fraud-text = Stop the request with the link in our message, then write to support at once. If you yourself sent us something that was not true, say so: that is the quickest way to put it right.
ui-help-never = What we never ask for
ui-help-never-text = Nobody of ours asks for your password or a code by phone, chat or e-mail, and nobody can make a waiting time shorter.
ui-help-write = Write to support

# What is kept.
ui-privacy-title = What we keep and for how long
ui-privacy-1 = What you type and send
ui-privacy-1-text = Your e-mail address, answers and pictures are encrypted with a key of your case. When the case is erased, the key is destroyed, in backups too.
ui-privacy-2 = Your password
ui-privacy-2-text = It is handed to { $host } to be checked and never kept, not even for a second try.
ui-privacy-3 = Where you come from
ui-privacy-3-text = We count tries by network, in a form that cannot be turned back into an address. We use only the cookies that this page needs, and nothing of others.
ui-privacy-4 = A request that is never confirmed
ui-privacy-4-text = If nobody enters the e-mail code, everything is deleted after an hour.
ui-privacy-5 = A closed case
ui-privacy-5-text = The record of what was decided, without names or pictures, stays as long as the law asks. Who ran a check and why can always be shown.
ui-privacy-nobody = Only people who work on your case can open it, and each look is recorded.
ui-security-title = Two-factor authentication
ui-security-text = What you have beside your password. Every change asks for a code by e-mail, and everybody who is told about the account hears of it.
ui-security-back = Back to your account
ui-security-added = Added on { $added }
ui-security-used = Added on { $added }, last used on { $used }
ui-security-remove = Remove
ui-security-lost = I lost it
ui-security-advice-none = Your password stands alone. Add a passkey or an authenticator app.
ui-security-advice-sms = Text messages may come late or not at all. Add an authenticator app or a passkey as well.
ui-security-advice-passkey = You can sign in faster and safer: add a passkey.
ui-security-totp-title = Authenticator app
ui-security-totp-none = None yet. It makes codes on your phone, also without a network.
ui-security-totp-add = Add an authenticator app
ui-security-totp-change = Change
ui-security-recovery_codes-title = Recovery codes
ui-security-recovery_codes-none = None yet. Ten codes on paper, for the day your phone is gone.
ui-security-recovery_codes-add = Make recovery codes
ui-security-recovery_codes-change = Make new ones
ui-security-advice-second = Your passkey lives on one device only. Add a second one, so that losing the device does not lock you out.
ui-security-advice-codes = Make recovery codes and keep them on paper. They let you in when your devices are gone.
ui-security-passkey-title = Passkeys
ui-security-passkey-none = None yet. A passkey is the safest way to sign in.
ui-security-passkey-add = Add a passkey
ui-security-passkey-change = Change
ui-security-phone-title = Mobile
ui-security-phone-none = None yet. Codes by text message are better than none, and weaker than an app or a passkey.
ui-security-phone-add = Add a mobile number
ui-security-phone-change = Change number

# What support began for somebody.
ui-invited-title = Continue what you began with our support team
ui-invited-text = They prepared this request for you:
ui-invited-1 = you go through the same steps as everybody, from the first one
ui-invited-2 = you prove with a code that you can read your e-mail
ui-invited-3 = nothing on the account changes until you have shown that it is yours
ui-invited-go = Begin
ui-invited-until = This link works once, until { $until }.
ui-invited-dead-title = This link does not work any more
ui-invited-dead-text = It works once and for an hour. Nothing was changed. Ask our support team for a new one, or begin by yourself.
ui-invited-dead-go = Begin by yourself

# Messages inside a case.
ui-messages-title = Messages
ui-messages-text = You can write to the people who look after your request. A message does not replace a step, and makes nothing faster or slower.
ui-messages-none = Is something unclear? Write to the people who look after your request.
ui-messages-empty = Nothing written yet
ui-messages-all = Read all and write
ui-messages-write = Write a message
ui-messages-read = Read the messages
ui-messages-you = You
ui-messages-us = { $host } support
ui-messages-label = Your message
ui-messages-hint = Say what you see on the page, and what you expected.
ui-messages-file = Add pictures, if they help
ui-messages-opening = is being opened
ui-messages-unopened = could not be opened; send a new screenshot
ui-messages-send = Send
ui-messages-back = Back to the request
ui-messages-never = Never write a password or a code here. We do not ask for them.
ui-messages-closed = The request is closed. Nothing more can be written in it.
ui-messages-many = Those were many messages for one day. You can write again from { $until }.
refusal-message_needed = Write something, or choose a picture.
refusal-message_long = That is too long for one message. Send it in two.
refusal-message_files = Four pictures go with one message. Send the others with the next one.

# Confirming something for the host.
ui-step-up-login = Sign in to { $host }
ui-step-up-withdrawal = Confirm a withdrawal
ui-step-up-add_bank_account = Confirm a new bank account
ui-step-up-fiat_withdrawal = Confirm a payout to a bank
ui-step-up-settings = Confirm a change of your settings
ui-step-up-not-me = Go on only if you asked for exactly this. If you did not, cancel and change your password.
ui-step-up-cancel = Cancel
ui-step-up-chip = { $host }
ui-step-up-passed = Confirmed
ui-step-up-failed = This was not confirmed
ui-step-up-expired = The time for this was up
ui-step-up-onward = You go back by yourself in a moment.
ui-step-up-back = Back to { $host }

# Before a factor is removed.
ui-remove-passkey = Delete this passkey?
ui-remove-totp = Remove this authenticator app?
ui-remove-gone = it signs nobody in any more, on no device, and cannot be brought back
ui-remove-last = it is the only one of its kind that you have
ui-remove-lock = withdrawals are locked for { $span } afterwards, and every device is signed out
ui-remove-proof = you confirm it with a code by e-mail, and with another way to sign in
ui-remove-do = Go on and remove it
ui-remove-keep = Keep it
ui-stop-chip-stopped = Stopped
ui-stop-chip-contested = Stands still
ui-stop-chip-too-late = Carried out
ui-stop-chip-over = Ended
ui-messages-sent = Your message was sent. Our answer will stand here, and an e-mail tells you as soon as there is one.
