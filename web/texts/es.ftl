# The frame of every page.
web-skip = Saltar a la parte principal
web-language = Idioma
web-case = Caso
web-privacy = Qué guardamos y por cuánto tiempo
web-main-nav = Principal

# Where an error page leads.
web-way-case = Volver a mi caso
web-way-continue = Continuar una recuperación
web-way-start = Ir al inicio
web-way-sign-in = Iniciar sesión
web-way-host = Ir a { $host }
web-way-queues = Ir a las colas
web-again-from = Puedes intentarlo de nuevo desde
web-again-title = Si vuelve a ocurrir
web-again-text = Escríbenos e indica este número, para que encontremos qué pasó:

# What went wrong, by code. The text says what was kept, and how to go on.
error-bad_request-title = No pudimos leer lo que se envió
error-bad_request-text = Una parte del formulario faltaba o se dañó en el camino. No se guardó nada. Vuelve, carga la página de nuevo y envíalo otra vez.
error-not_found-title = Aquí no hay ninguna página
error-not_found-text = La dirección puede estar cortada o caducada. No se cambió nada.
error-method_not_allowed-title = Esta dirección solo recibe formularios
error-method_not_allowed-text = Se abrió como una página. No se cambió nada. Sigue desde tu caso.
error-signed_out-title = Tu sesión ha terminado
error-signed_out-text = Las sesiones terminan tras un tiempo sin uso, para que nadie siga en tu lugar. Lo que enviaste antes se conserva. Vuelve con la referencia de tu caso y un código por correo.
error-signed_out-from-host = Las sesiones terminan tras un tiempo sin uso y al cerrar sesión, para que nadie siga en tu lugar. No se ha cambiado nada. Inicia sesión en { $host } y vuelve aquí desde allí.
error-forbidden-title = Esto no está abierto para ti
error-forbidden-text = No se cambió nada. Si crees que debería estarlo, pregunta a quien lleva este servicio.
error-form_expired-title = Este formulario está caducado
error-form_expired-text = Se hizo para otra sesión, así que no lo aceptamos. No se guardó nada. Carga la página de nuevo y envíalo otra vez.
error-not_signed-title = Esta llamada no está firmada
error-not_signed-text = No se firmó con nuestro secreto común, es demasiado antigua o ya se vio. No se respondió nada.
error-cross_site-title = Esto no vino de nuestra página
error-cross_site-text = Otro sitio envió esta petición, así que no la aceptamos. No se cambió nada.
error-stale-title = Tu caso ha avanzado
error-stale-text = La página que enviaste era más antigua que el caso, quizá de otra ventana. No se guardó nada de ella. Tu caso muestra dónde está ahora.
error-closed-title = Este caso está cerrado
error-closed-text = Ya no recibe nada. Tu caso muestra cómo terminó.
error-erased-title = Este caso fue borrado
error-erased-text = Su contenido se eliminó, como prometen nuestras reglas. Ya no se puede mostrar ni hacer nada.
error-already_carried_out-title = Ya se llevó a cabo
error-already_carried_out-text = Ya no se puede detener ni retirar. Si no fuiste tú, congela tu cuenta enseguida en la página del propio servicio y escríbenos.
error-not_yours-title = Otra persona tiene ahora este caso
error-not_yours-text = Tu turno terminó o se entregó. No se envió nada; tu borrador se conserva.
error-message_changed-title = El caso cambió mientras decidías
error-message_changed-text = Lo que decidiste ya no es lo que contiene el caso, así que no se registró nada. Tu borrador se conserva. Lee lo nuevo y decide otra vez.
error-too_large-title = Fue demasiado de una vez
error-too_large-text = La petición era mayor de lo que podemos recibir. No se guardó nada de ella. Envía menos imágenes o más pequeñas: una captura pesa menos que una foto.
error-unsupported_media-title = No pudimos leer lo que se envió
error-unsupported_media-text = Llegó en una forma que esta página no acepta. No se guardó nada.
error-too_many-title = Por ahora ya fueron bastantes intentos
error-too_many-text = Para proteger la cuenta, esto solo se puede intentar cierto número de veces. Todo lo anterior está a salvo.
error-busy-title = Dos cosas ocurrieron a la vez
error-busy-text = Otra cosa cambió el caso en el mismo momento, así que lo último que enviaste no se guardó. Todo lo anterior está a salvo. Inténtalo en un momento; nada se hace dos veces.
error-host_away-title = No podemos llegar al servicio de la cuenta
error-host_away-text = Lo último que enviaste no se guardó, y no cuenta como intento. Todo lo anterior está a salvo. Inténtalo en unos minutos.
error-full-title = No tenemos espacio para guardarlo
error-full-text = Lo último que enviaste no se guardó. Todo lo anterior está a salvo. Ya estamos avisados y haciendo sitio. Inténtalo más tarde; nada se hace dos veces.
error-down-title = No podemos llegar a nuestros registros
error-down-text = Puede que lo último que enviaste no se haya guardado. Todo lo anterior está a salvo. Inténtalo en unos minutos; nada se hace dos veces.
error-internal-title = Algo salió mal de nuestro lado
error-internal-text = Puede que lo último que enviaste no se haya guardado. Todo lo anterior está a salvo. Vuelve a tu caso e inténtalo de nuevo; nada se hace dos veces.

# Files that are not taken, by code.
refusal-file_empty = Este archivo está vacío. Elige la imagen otra vez o haz una nueva captura.
refusal-file_too_big = Esta imagen pesa más de 15 MB. Una captura pesa menos que una foto.
refusal-file_cut_off = Esta imagen no está completa: le falta el final. Envíala otra vez o haz una nueva captura.
refusal-file_heic = Es una foto HEIC. Elige «Más compatible» en los ajustes de la cámara, o envía una captura.
refusal-file_avif = Es una imagen AVIF. Envía una captura en PNG, JPEG o WebP.
refusal-file_svg = Es un dibujo, no una imagen. Envía una captura en PNG, JPEG o WebP.
refusal-file_gif = Es un GIF. Envía una captura en PNG, JPEG o WebP.
refusal-file_pdf = Es un PDF. Ábrelo, haz una captura de la página y envíala.
refusal-file_archive = Es un archivo comprimido. Envía las imágenes mismas, una por una.
refusal-file_other = No podemos leerlo como imagen. Envía una captura en PNG, JPEG o WebP.
refusal-file_too_many = Son más imágenes de las que aceptamos en un día. Lo que enviaste antes se conserva; sigue mañana.
refusal-file_too_much = Tus imágenes de hoy pesan en conjunto más de lo que aceptamos en un día. Lo que enviaste antes se conserva; sigue mañana.
