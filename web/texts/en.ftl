# The frame of every page.
web-skip = Skip to the main part
web-language = Language
web-case = Case
web-privacy = What we keep and for how long
web-main-nav = Main

# Where an error page leads.
web-way-case = Back to my case
web-way-continue = Continue a recovery
web-way-start = To the start
web-way-sign-in = Sign in
web-way-host = Go to { $host }
web-way-queues = To the queues
web-again-from = You can try again from
web-again-title = If it happens again
web-again-text = Write to us and give this number, so that we can find what happened:

# What went wrong, by code. The text says what was kept, and how to go on.
error-bad_request-title = We could not read what was sent
error-bad_request-text = A part of the form was missing or damaged on its way. Nothing was saved. Go back, load the page again, and send it once more.
error-not_found-title = There is no page here
error-not_found-text = The address may be cut off or out of date. Nothing was changed.
error-method_not_allowed-title = This address only takes forms
error-method_not_allowed-text = It was opened like a page. Nothing was changed. Go on from your case.
error-signed_out-title = Your session has ended
error-signed_out-text = Sessions end after a while without use, so that nobody else can go on in your place. What you sent before is kept. Come back with your case reference and a code by e-mail.
error-signed_out-from-host = Sessions end after a while without use, and when you sign out, so that nobody else can go on in your place. Nothing was changed. Sign in at { $host } and come here again from there.
error-forbidden-title = This is not open to you
error-forbidden-text = Nothing was changed. If you think it should be open, ask the person who runs this service.
error-form_expired-title = This form is out of date
error-form_expired-text = It was made for another session, so we did not take it. Nothing was saved. Load the page again and send it once more.
error-not_signed-title = This call is not signed
error-not_signed-text = It was not signed with our shared secret, too old, or seen before. Nothing was answered.
error-cross_site-title = This did not come from our page
error-cross_site-text = Another site sent this request, so we did not take it. Nothing was changed.
error-stale-title = Your case has moved on
error-stale-text = The page you sent was older than the case, perhaps from another window. Nothing was saved from it. Your case shows where you are now.
error-closed-title = This case is closed
error-closed-text = It takes nothing more. Your case shows how it ended.
error-erased-title = This case was erased
error-erased-text = Its content was deleted, as our rules promise. Nothing can be shown or done any more.
error-already_carried_out-title = It was already carried out
error-already_carried_out-text = This can no longer be stopped or withdrawn. If it was not you, freeze your account at once on its own pages and write to us.
error-not_yours-title = Somebody else has this case now
error-not_yours-text = Your claim ended or was handed over. Nothing was sent; your draft is kept.
error-message_changed-title = The case changed while you decided
error-message_changed-text = What you decided on is no longer what the case holds, so nothing was recorded. Your draft is kept. Read what is new and decide again.
error-too_large-title = That was too much at once
error-too_large-text = The request was larger than we can take. Nothing was saved from it. Send fewer or smaller pictures: a screenshot is smaller than a photo.
error-unsupported_media-title = We could not read what was sent
error-unsupported_media-text = It came in a form that this page does not take. Nothing was saved.
error-too_many-title = That was often enough for now
error-too_many-text = To protect the account, this can be tried only so many times. Everything before it is safe.
error-busy-title = Two things happened at once
error-busy-text = Something else changed the case at the same moment, so what you sent last was not saved. Everything before it is safe. Try again in a moment; nothing is done twice.
error-host_away-title = We cannot reach the account service
error-host_away-text = What you sent last was not saved, and counts as no attempt. Everything before it is safe. Try again in a few minutes.
error-full-title = We have no room to save this
error-full-text = What you sent last was not saved. Everything before it is safe. We have been told and are making room. Try again later; nothing is done twice.
error-down-title = We cannot reach our records
error-down-text = What you sent last may not have been saved. Everything before it is safe. Try again in a few minutes; nothing is done twice.
error-internal-title = Something went wrong on our side
error-internal-text = What you sent last may not have been saved. Everything before it is safe. Go back to your case and try again; nothing is done twice.

# Files that are not taken, by code.
refusal-file_empty = This file is empty. Choose the picture again, or take a new screenshot.
refusal-file_too_big = This picture is larger than 15 MB. A screenshot is smaller than a photo.
refusal-file_cut_off = This picture is not complete: its end is missing. Send it again, or take a new screenshot.
refusal-file_heic = This is a HEIC photo. Choose “Most compatible” in the camera settings, or send a screenshot.
refusal-file_avif = This is an AVIF picture. Send a screenshot as PNG, JPEG or WebP.
refusal-file_svg = This is a drawing, not a picture. Send a screenshot as PNG, JPEG or WebP.
refusal-file_gif = This is a GIF. Send a screenshot as PNG, JPEG or WebP.
refusal-file_pdf = This is a PDF. Open it, take a screenshot of the page, and send that.
refusal-file_archive = This is a packed file. Send the pictures themselves, one by one.
refusal-file_other = We cannot read this as a picture. Send a screenshot as PNG, JPEG or WebP.
refusal-file_too_many = These are more pictures than we take in one day. What you sent before is kept; go on tomorrow.
refusal-file_too_much = Your pictures of today are larger together than what we take in one day. What you sent before is kept; go on tomorrow.
