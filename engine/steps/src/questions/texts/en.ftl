questions-attention = Attention: a few questions come next
questions-intro = We ask 4 questions that only the owner of the account can answer easily.
questions-know = Before you begin
questions-tries = You have { $n ->
    [one] 1 try
   *[other] { $n } tries
 } in 30 days, whatever device you use.
questions-all = All 4 answers must be right together. We do not say which one was not.
questions-look-up = You may look things up: your e-mails from { $host } tell most of it.
questions-else = You can send pictures instead at any time. A person then looks at them.
questions-begin = Show the questions
questions-pictures = Send pictures instead
questions-title = Answer 4 questions about your account
questions-number = Question { $n } of { $of }
questions-choose = Choose
questions-answer = Check my answers
questions-attempt = Try { $n } of { $of }.
questions-result = You see the result of all four together; we do not say which answer was not right.
questions-not-right-title = Not all answers were right
questions-not-right = You have { $n ->
    [one] 1 try
   *[other] { $n } tries
 } left.
questions-again-title = Try again, or send pictures
questions-again = The questions stay the same. If you are not sure, look through your e-mails from { $host } first, or send pictures: a person will look at them.
questions-try-again = Answer again
refusal-answer_needed = Choose an answer to this question. This did not use up a try.

question-traded = Which of these have you bought or sold at { $host } in the past 12 months?
question-traded-hint = Choose every one that applies.
question-deposited = Which of these have you deposited at { $host } in the past 12 months?
question-deposited-hint = Choose every one that applies.
question-withdrawn = Which of these have you withdrawn from { $host } in the past 12 months?
question-withdrawn-hint = Choose every one that applies.
question-cities = From which of these places have you signed in in the past 12 months?
question-cities-hint = Choose every one that applies. It is where the network said you were; the nearest large town counts.
question-device = Which of these have you used to sign in in the past 12 months?
question-device-hint = Choose one.
question-opened = In which month of the year did you open your account?
question-opened-hint = The year does not matter. Your first e-mail from { $host } tells.

questions-finding = Questions
questions-finding-none = not tried
questions-finding-passed = all right, { $n ->
    [one] first try
   *[other] try { $n }
 }
questions-finding-tried = { $n ->
    [one] 1 try
   *[other] { $n } tries
 }, best { $best } of { $of }
