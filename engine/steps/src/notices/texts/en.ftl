notice-started-subject = { $host }: somebody asked for “{ $workflow }”
notice-started = On { $date } at { $time } somebody who can read this e-mail address started the request “{ $workflow }” for your { $host } account. Nothing on the account has changed.
notice-submitted-subject = { $host }: “{ $workflow }” is being checked
notice-submitted = On { $date } at { $time } the proof for the request “{ $workflow }” was handed in. A person checks it now. Nothing on the account has changed.
notice-wanting-subject = { $host }: “{ $workflow }” needs a better picture
notice-wanting = On { $date } at { $time } we read the pictures for the request “{ $workflow }”, and something is missing, so they were not sent on. If the request is yours, its page says what to mend; you can also send them as they are. Nothing on the account has changed.
notice-asked_again-subject = { $host }: “{ $workflow }” needs another picture
notice-asked_again = On { $date } at { $time } our review team asked for another picture for the request “{ $workflow }”. If the request is yours, add the picture there, or say that you have no other. Nothing on the account has changed.
notice-approved-subject = { $host }: “{ $workflow }” was approved
notice-approved = On { $date } at { $time } the request “{ $workflow }” for your { $host } account was approved.
notice-approved-until = It is carried out on { $date } at { $time }. Until then it can be stopped.
notice-rejected-subject = { $host }: “{ $workflow }” was not approved
notice-rejected = On { $date } at { $time } the request “{ $workflow }” was closed, because we could not confirm that the account belongs to whoever asked. The account stays as it was.
notice-done-subject = { $host }: “{ $workflow }” is done
notice-done = On { $date } at { $time } the request “{ $workflow }” was carried out. What it names was removed from your account, and every device was signed out. Sign in and add a new way to sign in right away. If it was not you, contact us now: we can freeze the account.
notice-done-added = On { $date } at { $time } “{ $workflow }” was carried out: a way to sign in was added to your { $host } account. If it was not you, contact us now: we can freeze the account.
notice-done-removed = On { $date } at { $time } “{ $workflow }” was carried out: a way to sign in was removed from your { $host } account, and every device was signed out. If it was not you, contact us now: we can freeze the account.
notice-done-replaced = On { $date } at { $time } “{ $workflow }” was carried out: a way to sign in to your { $host } account was replaced by a new one, and every device was signed out. The old one no longer works. If it was not you, contact us now: we can freeze the account.
notice-rejected-unchanged = On { $date } at { $time } “{ $workflow }” ended without a change. The account stays as it was.
notice-done-lock = Withdrawals are locked for { $span } from that moment.
notice-withdrawn-subject = { $host }: “{ $workflow }” was withdrawn
notice-withdrawn = On { $date } at { $time } the request “{ $workflow }” was taken back by whoever made it. The account stays as it was.
notice-vetoed-subject = { $host }: “{ $workflow }” was stopped
notice-vetoed = On { $date } at { $time } the request “{ $workflow }” was stopped by somebody who gets our messages about this account. The account stays as it was. If you did not stop it and the request was yours, contact us.
notice-contested-subject = { $host }: “{ $workflow }” stands still
notice-contested = On { $date } at { $time } somebody who gets our messages about this account said that they did not ask for “{ $workflow }”. Nothing goes on until one of us has looked at it.
notice-expired-subject = { $host }: “{ $workflow }” has ended
notice-expired = On { $date } at { $time } the request “{ $workflow }” ended, because its time was up. The account stays as it was.
notice-closed_by_support-subject = { $host }: “{ $workflow }” was closed
notice-closed_by_support = On { $date } at { $time } our support team closed the request “{ $workflow }”. The account stays as it was. You can start again at any time.
notice-wrote-subject = { $host }: a message was sent in “{ $workflow }”
notice-wrote = On { $date } at { $time } whoever made the request “{ $workflow }” sent our team a message in it. We answer in the request itself.
notice-answered-subject = { $host }: a message waits for you in “{ $workflow }”
notice-answered = On { $date } at { $time } our team wrote to you in the request “{ $workflow }”.
notice-code_used-subject = { $host }: a recovery code was used for “{ $workflow }”
notice-code_used = On { $date } at { $time } one of your recovery codes was used for “{ $workflow }” on your { $host } account. It does not work a second time. If it was not you, contact us now: we can freeze the account.
notice-code_used-left = { $left ->
    [0] None are left: make new ones in the security settings.
    [one] One is left. Make new ones in the security settings before it is used, too.
   *[other] { $left } are left.
}
notice-unsynced-subject = { $host }: your passkey is on one device only (“{ $workflow }”)
notice-unsynced = On { $date } at { $time } a passkey was used for “{ $workflow }” on your { $host } account that is no longer backed up: it lives on one device only. Add a second passkey in the security settings, so that losing the device does not lock you out. If it was not you, contact us now: we can freeze the account.
notice-how-back = To go back to the request, open the page where you made it, choose “Continue a recovery” and enter the case reference.
notice-no-link = For your safety this mail has no link to it.
notice-case = Case { $reference }, { $workflow }
notice-stop = I did not ask for this: stop it
notice-stop-how = You do not need to sign in. The page asks you once more before it stops anything; opening it changes nothing.
notice-was-you = If it was you, there is nothing to do with this message.
notice-banner-stop = If you did not ask for this, stop it now.
notice-contact = Questions, or something looks wrong? Contact us:

code-mail-subject = Your { $host } code
code-mail-what = This is the code for your request at { $host }. Enter it on the page where you asked for it.
code-mail-return = This is the code to go back to your case at { $host }. Enter it on the page where you asked for it.
code-mail-until = It works until { $until }. Only the newest code works.
code-mail-never = Never give this code to anybody. We do not ask for it by phone, chat or e-mail.
code-mail-quiet = I did not ask for a code: send me none for 7 days
code-mail-without = Without the code nobody can go on with the request, and the account stays as it is.

invitation-subject = { $host }: continue with “{ $workflow }”
invitation-chat = On { $date } at { $time } somebody asked our support team in the chat for help with your { $host } account. We have prepared the request “{ $workflow }”.
invitation-phone = On { $date } at { $time } somebody asked our support team on the telephone for help with your { $host } account. We have prepared the request “{ $workflow }”.
invitation-email = On { $date } at { $time } somebody asked our support team by e-mail for help with your { $host } account. We have prepared the request “{ $workflow }”.
invitation-nothing = Nothing on the account has changed. The link opens the first step; you prove there that the account is yours, like everybody does.
invitation-go = Begin
invitation-until = The link works once, until { $until }.
invitation-not-me = If it was not you, there is nothing to do: without you nothing goes on. Never give the link to anybody, nor to somebody who says they are from us.
