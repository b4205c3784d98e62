remove_factor-title = What do you want to remove?
remove_factor-intro = It stops working at once and cannot be brought back. Make sure that you have another way to sign in.
remove_factor-which = Choose one
remove_factor-remove = Remove it
refusal-factor_needed = Choose the one that you want to remove.
