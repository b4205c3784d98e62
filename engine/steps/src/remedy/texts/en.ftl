remedy-title = The reset is being carried out
remedy-running = This usually takes less than a minute. Load this page again to see when it is done; we will also write to you.
remedy-stuck = { $host } has not confirmed it yet, and one of us is looking at it. You do not need to do anything. We will write to you when it is done.
remedy-begun = From here on it can no longer be stopped. If it was not you, ask support to freeze the account.
