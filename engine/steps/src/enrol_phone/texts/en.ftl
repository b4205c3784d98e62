enrol_phone-title = Your mobile number
enrol_phone-intro = We send a code there to see that it is yours. Text messages may come late or be read by others: an authenticator app or a passkey is safer.
enrol_phone-country = Country or region
enrol_phone-number = Mobile number
enrol_phone-hint = With or without the country's code. Begin with + and you need not choose a country.
enrol_phone-send = Send me a code
refusal-number_needed = Enter your mobile number.
refusal-number_shape = There is no number like this in that country. Check the digits, or begin with + and the country's code.
