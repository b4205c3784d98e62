factor-switch = Cambiar de método de verificación
factor-unavailable = ¿No puedes usar esta verificación?
factor-reset = Restablecer esta forma de entrar
factor-wrong = No coincide, o ya se usó antes. Te { $n ->
    [one] queda 1 intento
   *[other] quedan { $n } intentos
 }.
factor-finding-try = { $n ->
    [one] primer intento
   *[other] intento { $n }
 }
factor-finding-open = no superado, { $n ->
    [one] 1 intento fallido
   *[other] { $n } intentos fallidos
 }
factor-totp-name = App de autenticación
factor-totp-title = Escribe el código de tu app de autenticación
factor-totp-intro = Abre la app en tu teléfono y busca { $host }. Cada código sirve una vez.
factor-totp-label = Código de la app
factor-totp-hint = 6 cifras, un código nuevo cada 30 segundos. Los espacios no importan.
factor-totp-lost = Si ya no tienes la app ni la clave de 32 caracteres, se puede restablecer. Vuelves a demostrar que la cuenta es tuya y los retiros se bloquean un día.
factor-recovery_code-name = Código de recuperación
factor-recovery_code-title = Escribe un código de recuperación
factor-recovery_code-intro = Usa uno de los diez códigos que guardaste. Cada uno sirve una vez; táchalo después.
factor-recovery_code-label = Código de recuperación
factor-recovery_code-hint = 16 letras y cifras. Los guiones y espacios no importan.
factor-passkey-name = Llave de acceso
factor-passkey-title = Usa tu llave de acceso
factor-passkey-intro = Tu teléfono, ordenador o llave de seguridad te pide huella, cara o PIN. Nada de eso se nos envía.
factor-passkey-label = Continuar con llave de acceso
factor-passkey-hint = Tu navegador abre una ventana propia.
factor-passkey-lost = Si ya no te queda ningún dispositivo con una llave de acceso, se pueden restablecer. Vuelves a demostrar que la cuenta es tuya y los retiros se bloquean un día.
passkey-cancelled = No se usó ninguna llave. Pulsa el botón para intentarlo otra vez.
passkey-known = Este dispositivo ya tiene una llave tuya. Usa otro dispositivo o vuelve atrás.
passkey-script = Las llaves de acceso necesitan scripts. Permítelos en esta página o elige otro método.
refusal-challenge_old = Tardó demasiado. Empieza otra vez.
refusal-factor_off = Hubo demasiados códigos equivocados seguidos, así que esto ya no prueba nada hasta que se configure de nuevo. Elige otra forma o escribe a soporte.
factor-sms-name = Mensaje de texto
factor-sms-title = Introduce el código de un mensaje de texto
factor-sms-intro = Enviamos un código al número móvil de la cuenta. Los mensajes pueden llegar tarde o no llegar; una llave de acceso o una aplicación es más segura.
factor-sms-sent = Un código va de camino a { $number }. Sirve durante 10 minutos.
factor-sms-label = Código del mensaje
factor-sms-hint = 6 cifras. Solo sirve el código más reciente.
factor-sms-send = Enviarme un código
factor-sms-again = Enviar otro código
factor-sms-failed = No se ha podido enviar el mensaje. Inténtalo de nuevo en un minuto o usa otra forma.
factor-sms-undelivered = Este mensaje no llegó. Envía un código nuevo o cambia a otra forma.
factor-sms-sim = La tarjeta SIM de tu número se cambió hace poco, así que de momento no enviamos códigos allí. Usa esta forma u otra.
factor-sms-lost = Si ya no tienes este número, se puede restablecer. Vuelves a demostrar que la cuenta es tuya, y las retiradas quedan bloqueadas un día.
