# El acuerdo del flujo `password-reset`.
password-reset-title = Restablece tu contraseña
password-reset-intro = Úsalo si ya no sabes la contraseña de tu cuenta. La nueva la eliges tú en { $host }, y solo después de comprobar que la cuenta es tuya.
password-reset-what-1 = Demuestras que la cuenta es tuya
password-reset-what-1-detail = Un código por correo y después imágenes. Unos 10 minutos.
password-reset-what-2 = Revisamos lo que enviaste
password-reset-what-2-detail = Lo mira una persona. Casi siempre respondemos en 6 horas.
password-reset-what-3 = La contraseña anterior deja de funcionar
password-reset-what-3-detail = { $host } te pide una nueva en su propia página. Tu llave de acceso, tu app y tu número se quedan como están y se siguen pidiendo.
password-reset-need-1 = El correo de tu cuenta de { $host }.
password-reset-need-2 = Acceso a ese correo.
password-reset-need-3 = El teléfono o el ordenador con tus correos de { $host } y los registros de tus monederos.
password-reset-forgot = Tampoco puedo leer ese buzón
password-reset-forgot-detail = Escribe a soporte: solo pueden ayudarte con una dirección registrada.
password-reset-agree = He leído esto y estoy de acuerdo
password-reset-agree-detail = Pido que se restablezca la contraseña de mi propia cuenta.
