enrol_totp-title = Añade una app de autenticación
enrol_totp-intro = La app crea un código nuevo cada 30 segundos, también sin conexión. Nada cambia en tu cuenta hasta que escribas el primero.
enrol_totp-scan = Escanea esto con la app
enrol_totp-picture = Código QR con tu clave
enrol_totp-open = O abre la app en este dispositivo
enrol_totp-key = O escribe esta clave en la app
enrol_totp-keep = Apunta la clave en papel y guárdala lejos del teléfono: con ella puedes configurar otro. Nadie puede volver a darte esta clave, nosotros tampoco.
enrol_totp-label = Código de la app
enrol_totp-hint = Las 6 cifras que la app muestra ahora para { $host }.
enrol_totp-bind = Añadir la app
enrol_totp-wrong = Ese código no corresponde a esta clave. Comprueba la hora de tu teléfono y escribe el código más reciente. Te { $n ->
    [one] queda 1 intento
   *[other] quedan { $n } intentos
 }.
