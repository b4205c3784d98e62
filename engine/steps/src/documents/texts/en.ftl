documents-title = Show us pictures from your account
documents-intro = Take a screenshot, or a photo if that is easier. We check each picture at once and tell you if something is missing.
documents-asked-title = We need another picture
documents-asked = What you sent before is kept. Add to the parts that are open below, then send it again. If you have nothing better, say so at the end of the page: a person decides on what is there.
documents-words = From the review team
documents-slot = { $n } · { $title }
documents-complete = Complete
documents-needed = A picture is needed
documents-choose = Choose a picture
documents-add = Add another picture
documents-replace = Replace it with a better picture
documents-remove = Remove
documents-kinds = PNG, JPEG or WebP, up to 15 MB
documents-and = { ". " }
documents-most = { $n ->
    [one] One picture at most.
   *[other] Up to { $n } pictures.
 }
documents-alt = Your picture { $n }
documents-kb = { $n } kB
documents-mb = { $n } MB
documents-submit = Send for review
documents-save = Upload and look at them first
documents-assure = Only reviewers of your case can open these pictures.
refusal-slot_choose = Choose a picture first.
refusal-slot_closed = This part takes no pictures now. What you sent for it is kept.
refusal-slot_same = This picture is here already. Choose another one.
refusal-slot_full = There are more pictures here than this part takes. Replace or remove one.
refusal-slot_too_many = Too many pictures were uploaded and replaced in this case. Send what is here, or write to support.
refusal-slot_needs = A picture is still needed here.
refusal-slot_new = We asked for a new picture here. Add one. If you have none, press “I have no other picture”.
documents-finding-title = Pictures
documents-finding = { $n ->
    [0] no picture
    [one] 1 picture
   *[other] { $n } pictures
 }
documents-finding-gone = , { $n ->
    [one] 1 earlier one was
   *[other] { $n } earlier ones were
 } replaced or removed
documents-finding-no-other = ; asked again, the claimant says there is no other
documents-reading = Being read
documents-wants-change = Needs a change
documents-being-read = We are reading this picture. It takes a few seconds.
documents-fine = Nothing is missing on this picture.
documents-given-up = This picture could not be opened. Take a new screenshot and send that.
documents-spot = The spot on your picture
documents-change-title = { $n ->
    [one] One picture needs a change
   *[other] { $n } pictures need a change
 }
documents-change = Replace what is marked with something better. If you cannot show more, send them as they are: a person will look at them.
documents-submit-anyway = Send them as they are
documents-nothing-more = I have no other picture: send what is there
documents-sending-title = We are reading your pictures
documents-sending = This takes a few seconds. Then they go to a reviewer by themselves; you may close this page. If something is missing, we say so here.
documents-progress = Uploading: { $n } %
documents-broken = The connection broke off. What was sent before is kept; choose the picture again.
mark-change = Needs a change
refusal-slot_look = We found something in a picture here. Look at it, then replace it or send it as it is.
refusal-slot_unopened = The picture here cannot be opened. Replace it with a new screenshot.
