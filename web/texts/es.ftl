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
web-way-queues = Ir a las colas
web-again-from = Puede intentarlo de nuevo desde
web-again-title = Si vuelve a ocurrir
web-again-text = Escríbanos e indique este número, para que encontremos qué pasó:

# What went wrong, by code. The text says what was kept, and how to go on.
error-bad_request-title = No pudimos leer lo que se envió
error-bad_request-text = Una parte del formulario faltaba o se dañó en el camino. No se guardó nada. Vuelva, cargue la página de nuevo y envíelo otra vez.
error-not_found-title = Aquí no hay ninguna página
error-not_found-text = La dirección puede estar cortada o caducada. No se cambió nada.
error-method_not_allowed-title = Esta dirección solo recibe formularios
error-method_not_allowed-text = Se abrió como una página. No se cambió nada. Siga desde su caso.
error-signed_out-title = Su sesión ha terminado
error-signed_out-text = Las sesiones terminan tras un tiempo sin uso, para que nadie siga en su lugar. Lo que envió antes se conserva. Vuelva con la referencia de su caso y un código por correo.
error-forbidden-title = Esto no está abierto para usted
error-forbidden-text = No se cambió nada. Si cree que debería estarlo, pregunte a quien lleva este servicio.
error-form_expired-title = Este formulario está caducado
error-form_expired-text = Se hizo para otra sesión, así que no lo aceptamos. No se guardó nada. Cargue la página de nuevo y envíelo otra vez.
error-not_signed-title = Esta llamada no está firmada
error-not_signed-text = No se firmó con nuestro secreto común, es demasiado antigua o ya se vio. No se respondió nada.
error-cross_site-title = Esto no vino de nuestra página
error-cross_site-text = Otro sitio envió esta petición, así que no la aceptamos. No se cambió nada.
error-stale-title = Su caso ha avanzado
error-stale-text = La página que envió era más antigua que el caso, quizá de otra ventana. No se guardó nada de ella. Su caso muestra dónde está ahora.
error-closed-title = Este caso está cerrado
error-closed-text = Ya no recibe nada. Su caso muestra cómo terminó.
error-erased-title = Este caso fue borrado
error-erased-text = Su contenido se eliminó, como prometen nuestras reglas. Ya no se puede mostrar ni hacer nada.
error-already_carried_out-title = Ya se llevó a cabo
error-already_carried_out-text = Ya no se puede detener ni retirar. Si no fue usted, congele su cuenta enseguida en sus propias páginas y escríbanos.
error-not_yours-title = Otra persona tiene ahora este caso
error-not_yours-text = Su turno terminó o se entregó. No se envió nada; su borrador se conserva.
error-message_changed-title = El caso cambió mientras decidía
error-message_changed-text = Lo que decidió ya no es lo que contiene el caso, así que no se registró nada. Su borrador se conserva. Lea lo nuevo y decida otra vez.
error-too_large-title = Fue demasiado de una vez
error-too_large-text = La petición era mayor de lo que podemos recibir. No se guardó nada de ella. Envíe menos imágenes o más pequeñas: una captura pesa menos que una foto.
error-unsupported_media-title = No pudimos leer lo que se envió
error-unsupported_media-text = Llegó en una forma que esta página no acepta. No se guardó nada.
error-too_many-title = Por ahora ya fueron bastantes intentos
error-too_many-text = Para proteger la cuenta, esto solo se puede intentar cierto número de veces. Todo lo anterior está a salvo.
error-busy-title = Dos cosas ocurrieron a la vez
error-busy-text = Otra cosa cambió el caso en el mismo momento, así que lo último que envió no se guardó. Todo lo anterior está a salvo. Inténtelo en un momento; nada se hace dos veces.
error-host_away-title = No podemos llegar al servicio de la cuenta
error-host_away-text = Lo último que envió no se guardó, y no cuenta como intento. Todo lo anterior está a salvo. Inténtelo en unos minutos.
error-full-title = No tenemos espacio para guardarlo
error-full-text = Lo último que envió no se guardó. Todo lo anterior está a salvo. Ya estamos avisados y haciendo sitio. Inténtelo más tarde; nada se hace dos veces.
error-down-title = No podemos llegar a nuestros registros
error-down-text = Lo último que envió no se guardó. Todo lo anterior está a salvo. Inténtelo en unos minutos; nada se hace dos veces.
error-internal-title = Algo salió mal de nuestro lado
error-internal-text = Puede que lo último que envió no se haya guardado. Todo lo anterior está a salvo. Vuelva a su caso e inténtelo de nuevo; nada se hace dos veces.

# Files that are not taken, by code.
refusal-file_empty = Este archivo está vacío. Elija la imagen otra vez o haga una nueva captura.
refusal-file_too_big = Esta imagen pesa más de 15 MB. Una captura pesa menos que una foto.
refusal-file_cut_off = Esta imagen no está completa: le falta el final. Envíela otra vez o haga una nueva captura.
refusal-file_heic = Es una foto HEIC. Elija «Más compatible» en los ajustes de la cámara, o envíe una captura.
refusal-file_avif = Es una imagen AVIF. Envíe una captura en PNG, JPEG o WebP.
refusal-file_svg = Es un dibujo, no una imagen. Envíe una captura en PNG, JPEG o WebP.
refusal-file_gif = Es un GIF. Envíe una captura en PNG, JPEG o WebP.
refusal-file_pdf = Es un PDF. Ábralo, haga una captura de la página y envíela.
refusal-file_archive = Es un archivo comprimido. Envíe las imágenes mismas, una por una.
refusal-file_other = No podemos leerlo como imagen. Envíe una captura en PNG, JPEG o WebP.
refusal-file_too_many = Son más imágenes de las que aceptamos en un día. Lo que envió antes se conserva; siga mañana.
