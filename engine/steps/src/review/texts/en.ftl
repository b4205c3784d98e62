# What claimants read when a reviewer asks again or rejects. Never which datum or rule of ours decided (RF-18).
reason-cut_off = Part of the page is missing. Send the whole page, from top to bottom.
reason-unreadable = We cannot read the picture. Take it again, sharp and straight; a screenshot is better than a photo.
reason-other_recipient = The mail on the picture went to another address. Show one that was sent to the e-mail address of your account.
reason-other_sender = The mail on the picture does not come from us. Show one that we sent to you.
reason-not_counterparty = This page is from your own account here. Send the page of the other side: the wallet or exchange that sent or received.
reason-address_missing = We cannot see to which address the e-mail was sent. Open its details, so that the address shows, and take the picture again.
reason-amount_differs = The picture does not fit what we have on record. Send the page of another deposit or withdrawal.
reason-another_needed = One is not enough here. Send another one, of another day.
reason-not_owner = What we have seen does not tie the account to you.
reason-evidence_edited = We could not accept the pictures as proof.
reason-evidence_too_little = What we have is not enough to confirm that the account is yours.
reason-risk = For the safety of the account we cannot go on with this request.
