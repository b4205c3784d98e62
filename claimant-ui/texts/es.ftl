# The first page.
ui-index-title = Volver a entrar en tu cuenta
ui-index-text = ¿Has perdido un teléfono, una llave de acceso o una forma de entrar? Elige qué has perdido. Te pedimos que muestres que la cuenta es tuya, y a su titular se le avisa de cada paso.
ui-index-lost = ¿Qué has perdido?
ui-index-begin = Empezar
ui-index-back = ¿Ya has empezado?
ui-index-back-text = Tu caso te espera. Necesitas su referencia, que está en nuestro primer mensaje, y tu correo.
ui-index-empty-title = Aquí todavía no se ofrece nada
ui-index-empty-text = Vuelve más tarde o escribe a soporte.
ui-index-assure = Empezar no cambia nada en la cuenta. Nunca pedimos una contraseña por teléfono, chat o correo.

# A second case of one account.
ui-joined-title = Ya tienes una solicitud abierta
ui-joined-text = Una cuenta puede tener una a la vez, así que aquí está la que sigue abierta. Lo que indicaste antes se conserva.

# Withdrawing.
ui-withdraw-title = ¿Retirar tu solicitud?
ui-withdraw-if = Si la retiras:
ui-withdraw-1 = tu cuenta queda exactamente como está
ui-withdraw-2 = esta solicitud se cierra del todo; puedes empezar otra
ui-withdraw-3 = se avisa al titular de la cuenta
ui-withdraw-do = Retirar mi solicitud
ui-withdraw-back = Volver y conservarla

# Leaving a device that others use too.
ui-leave-title = ¿Salir de este dispositivo?
ui-leave-if = Si sales:
ui-leave-1 = nadie que use este dispositivo después de ti podrá abrir lo que ahora está abierto aquí
ui-leave-2 = no se pierde nada de lo que enviaste, y nada se detiene
ui-leave-do = Salir de este dispositivo
ui-leave-stay = Quedarme
ui-leave-done-title = Has salido de este dispositivo
ui-leave-done = Aquí ya no queda abierto nada tuyo.
ui-leave-reference = Para seguir, en cualquier dispositivo, escribe la referencia de tu caso y después el código que enviamos a tu correo. Tu referencia, que también está en nuestros mensajes:
ui-leave-other = Para seguir con un caso necesitas su referencia, que está en nuestros mensajes, y tu correo. Una solicitud que no se confirmó con un código se borra después de una hora; puedes empezar otra cuando quieras.
ui-leave-host = Para volver, ve a { $host } y abre la página desde allí.
ui-leave-host-too = Puede que sigas con la sesión abierta en { $host } en este dispositivo. Ciérrala allí también si lo usan otras personas.

# Coming back.
ui-continue-text = Escribe la referencia de tu caso. Enviamos un código a la dirección de correo que confirmaste para él.
ui-continue-reference = Referencia del caso
ui-continue-hint = Es como RC-7F3K-92QX y está en nuestros mensajes. Los guiones no importan.
ui-continue-not-a-reference = Una referencia tiene ocho letras y cifras después de RC. Compárala con nuestro mensaje.
ui-continue-send = Enviarme un código
ui-continue-assure = La referencia sola no abre nada. Si no tienes acceso a ese buzón, escribe a soporte.
ui-code-title = Escribe el código que te enviamos
ui-code-text = Si hay un caso así, un código de 16 letras y cifras va camino de su dirección. Vale 10 minutos. Caso
ui-code-label = Código del correo
ui-code-hint = 16 letras y cifras, por ejemplo 7F3K-92QX-A4MN-0TVB. Da igual si lleva guiones, espacios o minúsculas.
ui-code-go = Continuar
ui-code-again = Enviar un código nuevo
ui-code-missing = El código no llega
ui-code-only-if = Solo se envía un código si la referencia es correcta. Compárala con nuestro primer mensaje.
ui-code-shape = Escribe el código del correo: 16 letras y cifras. Esto no gastó ningún intento.
ui-code-wrong = { $n ->
    [one] Ese código no coincide. Te queda un intento.
   *[other] Ese código no coincide. Te quedan { $n } intentos.
 }
ui-code-over = Este código ya no vale: se usó, tiene más de 10 minutos o se intentó demasiadas veces. Envía uno nuevo.

# The owner's veto.
ui-stop-asked = Alguien pidió el { $when } «{ $what }» para la cuenta de { $host } { $account }.
ui-stop-open-title = ¿Detener esta solicitud?
ui-stop-open-text = Si la detienes:
ui-stop-1 = todas las formas de entrar quedan como están
ui-stop-2 = la solicitud se cierra del todo
ui-stop-3 = durante 30 días, una solicitud nueva exige imágenes y la decide un revisor sénior
ui-stop-sure = Yo no pedí esto, o quiero que se detenga
ui-stop-unsure-title = Todavía no se detuvo nada
ui-stop-unsure = Marca la casilla y después pulsa el botón.
ui-stop-do = Detener la solicitud
ui-stop-assure = No se detiene nada hasta que pulses el botón. Abrir esta página no cambia nada y no hace falta iniciar sesión.
ui-stop-stopped-title = La solicitud está detenida
ui-stop-stopped-text = Está cerrada del todo y la cuenta queda como estaba. Revisa los dispositivos con sesión abierta.
ui-stop-password = Puede que alguien conozca tu contraseña: cámbiala.
ui-stop-contested-title = La solicitud está en pausa
ui-stop-contested-text = También se detuvo una solicitud anterior de esta cuenta, así que una persona sénior mira ambas partes. Hasta entonces nada sigue ni cambia.
ui-stop-too-late-title = Ya se llevó a cabo
ui-stop-too-late-text = Ya no se puede detener. Si no fuiste tú, congela tu cuenta enseguida: entra, cambia la contraseña y bloquea los retiros, o pide a soporte que lo haga.
ui-stop-freeze = Ir a la cuenta
ui-stop-over-title = Esta solicitud ya terminó
ui-stop-over-text = Se cerró sin cambiar nada en la cuenta. No queda nada que detener.
ui-stop-dead-title = Este enlace no funciona
ui-stop-dead-text = Puede estar cortado: copia la dirección entera de nuestro mensaje. No se cambió nada. Si no pediste ningún cambio en tu cuenta, escribe a soporte enseguida.

# "I did not ask": no codes for a week.
ui-quiet-title = ¿No enviar códigos durante 7 días?
ui-quiet-why = Alguien dio tu dirección en nuestra página de recuperación y por eso se envió un código. Sin el código nadie puede seguir, y nada de la cuenta ha cambiado.
ui-quiet-1 = durante 7 días no llega a esta dirección ningún código de una solicitud nueva
ui-quiet-2 = los mensajes sobre una solicitud confirmada con un código siguen llegando, cada uno con una forma de detenerla
ui-quiet-3 = tu cuenta y tu forma de entrar quedan como están
ui-quiet-sure = Yo no pedí ningún código
ui-quiet-unsure-title = Todavía no se cambió nada
ui-quiet-unsure = Marca la casilla y después pulsa el botón.
ui-quiet-do = No enviar códigos durante 7 días
ui-quiet-assure = Abrir esta página no cambia nada y no hace falta iniciar sesión.
ui-quiet-done-title = No se enviarán códigos
ui-quiet-done = Ningún código de una solicitud nueva llega a esta dirección antes del { $until }.
ui-quiet-back = Si quieres volver antes a tu cuenta, dilo en la página de tu cuenta en { $host }, donde tienes la sesión abierta, o escribe a soporte.

# Help.
ui-help-title = Ayuda
ui-help-code = El código no llega
ui-help-code-1 = Busca en la carpeta de spam un mensaje de
ui-help-code-2 = Un código nuevo sustituye al anterior. No da más intentos.
ui-help-break = Cerré la página
ui-help-break-text = No se pierde nada. Tu caso espera, con todo lo que enviaste.
ui-help-not-me = Yo no pedí esto
ui-help-not-me-text = Cada mensaje que habla de una solicitud tiene un enlace que la detiene, hasta el mismo momento en que se lleva a cabo. No hace falta iniciar sesión. Tu cuenta también lo muestra mientras tienes la sesión abierta.
ui-help-appeal = Crees que una decisión es un error
ui-help-appeal-text = Escribe a soporte con el número de tu caso y di qué pasamos por alto. Lo mira de nuevo alguien que no trabajó en él y te dice qué clase de prueba no bastó. Lo cerrado queda cerrado: si te dan la razón, empiezas de nuevo y te ayudan.
ui-help-fraud = Alguien usó tu nombre o tu buzón
ui-help-fraud-text = Detén la solicitud con el enlace de nuestro mensaje y escribe enseguida a soporte. Si nos enviaste algo que no era cierto, dilo: es la forma más rápida de arreglarlo.
ui-help-never = Lo que nunca pedimos
ui-help-never-text = Nadie de nosotros pide tu contraseña ni un código por teléfono, chat o correo, y nadie puede acortar un tiempo de espera.
ui-help-write = Escribir a soporte

# What is kept.
ui-privacy-title = Qué guardamos y por cuánto tiempo
ui-privacy-1 = Lo que escribes y envías
ui-privacy-1-text = Tu dirección, tus respuestas y tus imágenes se cifran con una clave de tu caso. Cuando el caso se borra, la clave se destruye, también en las copias.
ui-privacy-2 = Tu contraseña
ui-privacy-2-text = Se entrega a { $host } para comprobarla y nunca se guarda, ni para un segundo intento.
ui-privacy-3 = De dónde vienes
ui-privacy-3-text = Contamos los intentos por red, de una forma que no permite recuperar la dirección. Usamos solo las cookies que esta página necesita, y nada de terceros.
ui-privacy-4 = Una solicitud que nunca se confirma
ui-privacy-4-text = Si nadie escribe el código del correo, todo se borra al cabo de una hora.
ui-privacy-5 = Un caso cerrado
ui-privacy-5-text = El registro de lo decidido, sin nombres ni imágenes, se conserva el tiempo que pide la ley. Siempre se puede mostrar quién revisó y por qué.
ui-privacy-nobody = Solo quienes trabajan en tu caso pueden abrirlo, y cada consulta queda registrada.
ui-security-title = Autenticación de dos factores
ui-security-text = Lo que tienes además de la contraseña. Cada cambio pide un código por correo y se avisa a todos los contactos de la cuenta.
ui-security-back = Volver a tu cuenta
ui-security-added = Añadido el { $added }
ui-security-used = Añadido el { $added }, usado por última vez el { $used }
ui-security-remove = Quitar
ui-security-lost = Lo he perdido
ui-security-advice-none = Tu contraseña está sola. Añade una llave de acceso o una app de autenticación.
ui-security-advice-sms = Los mensajes de texto pueden tardar o no llegar. Añade también una app de autenticación o una llave de acceso.
ui-security-advice-passkey = Puedes entrar más rápido y más seguro: añade una llave de acceso.
ui-security-totp-title = App de autenticación
ui-security-totp-none = Ninguna todavía. Crea códigos en tu teléfono, también sin conexión.
ui-security-totp-add = Añadir app de autenticación
ui-security-totp-change = Cambiar
ui-security-recovery_codes-title = Códigos de recuperación
ui-security-recovery_codes-none = Ninguno todavía. Diez códigos en papel, para el día en que no tengas el teléfono.
ui-security-recovery_codes-add = Crear códigos de recuperación
ui-security-recovery_codes-change = Crear nuevos
ui-security-advice-second = Tu llave de acceso está en un solo dispositivo. Añade otra para no quedarte fuera si lo pierdes.
ui-security-advice-codes = Crea códigos de recuperación y guárdalos en papel. Te dejan entrar cuando no tengas tus dispositivos.
ui-security-passkey-title = Llaves de acceso
ui-security-passkey-none = Ninguna todavía. Una llave de acceso es la forma más segura de entrar.
ui-security-passkey-add = Añadir llave de acceso
ui-security-passkey-change = Cambiar
ui-security-phone-title = Móvil
ui-security-phone-none = Ninguno todavía. Los códigos por mensaje son mejor que nada y más débiles que una app o una llave.
ui-security-phone-add = Añadir número de móvil
ui-security-phone-change = Cambiar número

# What support began for somebody.
ui-invited-title = Continúa lo que empezaste con nuestro equipo de soporte
ui-invited-text = Prepararon para ti esta solicitud:
ui-invited-1 = sigue los mismos pasos que todo el mundo, desde el primero
ui-invited-2 = demuestras con un código que puedes leer tu correo
ui-invited-3 = nada cambia en la cuenta hasta que demuestres que es tuya
ui-invited-go = Empezar
ui-invited-until = Este enlace funciona una vez, hasta el { $until }.
ui-invited-dead-title = Este enlace ya no funciona
ui-invited-dead-text = Funciona una vez y durante una hora. Nada ha cambiado. Pide otro a nuestro equipo de soporte o empieza por tu cuenta.
ui-invited-dead-go = Empezar por mi cuenta

# Messages inside a case.
ui-messages-title = Mensajes
ui-messages-text = Puedes escribir a quienes atienden tu solicitud. Un mensaje no sustituye ningún paso ni hace nada más rápido o más lento.
ui-messages-none = ¿Hay algo que no está claro? Escribe a quienes atienden tu solicitud.
ui-messages-empty = Todavía no hay nada escrito
ui-messages-all = Leer todo y escribir
ui-messages-write = Escribir un mensaje
ui-messages-read = Leer los mensajes
ui-messages-you = Tú
ui-messages-us = Soporte de { $host }
ui-messages-label = Tu mensaje
ui-messages-hint = Di qué ves en la página y qué esperabas.
ui-messages-file = Añade imágenes, si ayudan
ui-messages-opening = se está abriendo
ui-messages-unopened = no se pudo abrir; envía una captura nueva
ui-messages-send = Enviar
ui-messages-back = Volver a la solicitud
ui-messages-never = No escribas aquí nunca una contraseña ni un código. No los pedimos.
ui-messages-closed = La solicitud está cerrada. Ya no se puede escribir en ella.
ui-messages-many = Han sido muchos mensajes para un día. Puedes volver a escribir a partir del { $until }.
refusal-message_needed = Escribe algo o elige una imagen.
refusal-message_long = Es demasiado largo para un mensaje. Envíalo en dos.
refusal-message_files = Con un mensaje van cuatro imágenes. Envía las demás con el siguiente.

# Confirming something for the host.
ui-step-up-login = Iniciar sesión en { $host }
ui-step-up-withdrawal = Confirma una retirada
ui-step-up-add_bank_account = Confirma una cuenta bancaria nueva
ui-step-up-fiat_withdrawal = Confirma un pago a un banco
ui-step-up-settings = Confirma un cambio de tus ajustes
ui-step-up-not-me = Sigue solo si pediste exactamente esto. Si no, cancela y cambia tu contraseña.
ui-step-up-cancel = Cancelar
ui-step-up-chip = { $host }
ui-step-up-passed = Confirmado
ui-step-up-failed = No se ha confirmado
ui-step-up-expired = Se acabó el tiempo para confirmarlo
ui-step-up-onward = En un momento vuelves sin hacer nada.
ui-step-up-back = Volver a { $host }

# Before a factor is removed.
ui-remove-passkey = ¿Eliminar esta llave de acceso?
ui-remove-totp = ¿Quitar esta aplicación de autenticación?
ui-remove-gone = ya no servirá para entrar en ningún dispositivo, y no se puede recuperar
ui-remove-last = es la única de su tipo que tienes
ui-remove-lock = después las retiradas quedan bloqueadas durante { $span } y se cierra la sesión en todos los dispositivos
ui-remove-proof = lo confirmas con un código por correo y con otra forma de entrar
ui-remove-do = Seguir y quitarla
ui-remove-keep = Conservarla
ui-stop-chip-stopped = Detenida
ui-stop-chip-contested = En pausa
ui-stop-chip-too-late = Llevada a cabo
ui-stop-chip-over = Terminada
ui-messages-sent = Tu mensaje se envió. Nuestra respuesta estará aquí, y un correo te avisa en cuanto la haya.
