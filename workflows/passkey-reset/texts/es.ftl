# El acuerdo del flujo `passkey-reset` y para qué sirven sus documentos.
passkey-reset-title = Restablece tu llave de acceso
passkey-reset-intro = Úsalo si ya no puedes entrar con la llave de acceso de tu cuenta porque el teléfono o el ordenador que la tenía se perdió, se rompió o se cambió.
passkey-reset-what-1 = Demuestras que la cuenta es tuya
passkey-reset-what-1-detail = Contraseña, un código por correo y después preguntas o imágenes. Unos 10 minutos.
passkey-reset-what-2 = Revisamos lo que enviaste
passkey-reset-what-2-detail = Si tiene que mirarlo una persona, casi siempre respondemos en 6 horas.
passkey-reset-what-3 = Se quitan tus llaves de acceso antiguas
passkey-reset-what-3-detail = Inicias sesión y añades una nueva.
passkey-reset-need-1 = El correo y la contraseña de tu cuenta de { $host }.
passkey-reset-need-2 = Acceso a ese correo.
passkey-reset-need-3 = El teléfono o el ordenador con tus correos de { $host } y los registros de tus monederos.
passkey-reset-forgot = No recuerdo mi contraseña
passkey-reset-forgot-detail = Puedes seguir igualmente. Te pediremos imágenes y las mirará una persona. ¿Sin acceso a tu correo? Escribe a soporte.
passkey-reset-agree = He leído esto y estoy de acuerdo
passkey-reset-agree-detail = Pido que se restablezcan las llaves de acceso de mi propia cuenta.

slot-account_email = Un correo que te envió { $host }
slot-account_email-hint = Sobre un depósito, un retiro, un registro o un inicio de sesión. Deben verse tu dirección y el texto.
slot-counterparty_transaction = Un depósito o retiro, visto desde el otro lado
slot-counterparty_transaction-hint = Del monedero o servicio que envió a { $host } o recibió de allí. No nuestro propio registro ni un explorador de bloques.
