# El acuerdo del flujo `totp-reset`.
totp-reset-title = Restablece tu app de autenticación
totp-reset-intro = Úsalo si el teléfono con tu app de autenticación se perdió, se rompió o se borró y no tienes la clave de 32 caracteres que viste al añadirla.
totp-reset-what-1 = Demuestras que la cuenta es tuya
totp-reset-what-1-detail = Contraseña, un código por correo y después imágenes. Unos 10 minutos.
totp-reset-what-2 = Revisamos lo que enviaste
totp-reset-what-2-detail = Lo mira una persona. Casi siempre respondemos en 6 horas.
totp-reset-what-3 = La app anterior deja de funcionar
totp-reset-what-3-detail = Inicias sesión y añades una nueva. Tus otros métodos se quedan.
totp-reset-need-1 = El correo y la contraseña de tu cuenta de { $host }.
totp-reset-need-2 = Acceso a ese correo.
totp-reset-need-3 = El teléfono o el ordenador con tus correos de { $host } y los registros de tus monederos.
totp-reset-forgot = No recuerdo mi contraseña
totp-reset-forgot-detail = Puedes seguir igualmente: una persona mira tus imágenes en todo caso. ¿Sin acceso a tu correo? Escribe a soporte.
totp-reset-agree = He leído esto y estoy de acuerdo
totp-reset-agree-detail = Pido que se quite la app de autenticación de mi propia cuenta.
