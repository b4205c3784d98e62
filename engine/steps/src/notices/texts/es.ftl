notice-started-subject = { $host }: alguien pidió «{ $workflow }»
notice-started = El { $date } a las { $time }, alguien que puede leer este correo inició la solicitud «{ $workflow }» para tu cuenta de { $host }. No ha cambiado nada en la cuenta.
notice-submitted-subject = { $host }: «{ $workflow }» está en revisión
notice-submitted = El { $date } a las { $time } se entregaron las pruebas de la solicitud «{ $workflow }». Una persona las está revisando. No ha cambiado nada en la cuenta.
notice-wanting-subject = { $host }: «{ $workflow }» necesita una imagen mejor
notice-wanting = El { $date } a las { $time } leímos las imágenes de la solicitud «{ $workflow }» y falta algo, así que no se enviaron a revisión. Si la solicitud es tuya, su página dice qué cambiar; también puedes enviarlas así. No ha cambiado nada en la cuenta.
notice-asked_again-subject = { $host }: «{ $workflow }» necesita otra imagen
notice-asked_again = El { $date } a las { $time } nuestro equipo de revisión pidió otra imagen para la solicitud «{ $workflow }». Si la solicitud es tuya, añade la imagen allí o di que no tienes otra. No ha cambiado nada en la cuenta.
notice-approved-subject = { $host }: «{ $workflow }» fue aprobada
notice-approved = El { $date } a las { $time } se aprobó la solicitud «{ $workflow }» para tu cuenta de { $host }.
notice-approved-until = Se lleva a cabo el { $date } a las { $time }. Hasta entonces se puede detener.
notice-rejected-subject = { $host }: «{ $workflow }» no fue aprobada
notice-rejected = El { $date } a las { $time } se cerró la solicitud «{ $workflow }», porque no pudimos confirmar que la cuenta es de quien lo pidió. La cuenta queda como estaba.
notice-done-subject = { $host }: «{ $workflow }» está hecha
notice-done = El { $date } a las { $time } se llevó a cabo la solicitud «{ $workflow }». Se quitó de tu cuenta lo que indica y se cerró la sesión en todos los dispositivos. Inicia sesión y añade enseguida una forma nueva de entrar. Si no fuiste tú, escríbenos ya: podemos bloquear la cuenta.
notice-done-added = El { $date } a las { $time } se llevó a cabo «{ $workflow }»: se añadió un método de entrada a tu cuenta de { $host }. Si no fuiste tú, contáctanos ahora: podemos congelar la cuenta.
notice-done-removed = El { $date } a las { $time } se llevó a cabo «{ $workflow }»: se quitó un método de entrada de tu cuenta de { $host } y se cerró la sesión en todos los dispositivos. Si no fuiste tú, contáctanos ahora: podemos congelar la cuenta.
notice-done-replaced = El { $date } a las { $time } se llevó a cabo «{ $workflow }»: un método de entrada de tu cuenta de { $host } se cambió por uno nuevo y se cerró la sesión en todos los dispositivos. El anterior ya no sirve. Si no fuiste tú, contáctanos ahora: podemos congelar la cuenta.
notice-rejected-unchanged = El { $date } a las { $time } «{ $workflow }» terminó sin cambios. La cuenta sigue como estaba.
notice-done-lock = Los retiros quedan bloqueados durante { $span } desde ese momento.
notice-withdrawn-subject = { $host }: «{ $workflow }» fue retirada
notice-withdrawn = El { $date } a las { $time } quien hizo la solicitud «{ $workflow }» la retiró. La cuenta queda como estaba.
notice-vetoed-subject = { $host }: «{ $workflow }» fue detenida
notice-vetoed = El { $date } a las { $time } alguien que recibe los avisos de esta cuenta detuvo la solicitud «{ $workflow }». La cuenta queda como estaba. Si no la detuviste tú y la solicitud era tuya, escríbenos.
notice-contested-subject = { $host }: «{ $workflow }» está en pausa
notice-contested = El { $date } a las { $time } alguien que recibe los avisos de esta cuenta dijo que no pidió «{ $workflow }». Nada sigue hasta que uno de nosotros lo haya mirado.
notice-expired-subject = { $host }: «{ $workflow }» ha terminado
notice-expired = El { $date } a las { $time } terminó la solicitud «{ $workflow }» porque se acabó su plazo. La cuenta queda como estaba.
notice-closed_by_support-subject = { $host }: se ha cerrado «{ $workflow }»
notice-closed_by_support = El { $date } a las { $time } nuestro equipo de soporte cerró la solicitud «{ $workflow }». La cuenta queda como estaba. Puedes empezar de nuevo cuando quieras.
notice-wrote-subject = { $host }: se envió un mensaje en «{ $workflow }»
notice-wrote = El { $date } a las { $time } quien hizo la solicitud «{ $workflow }» envió en ella un mensaje a nuestro equipo. Respondemos en la propia solicitud.
notice-answered-subject = { $host }: hay un mensaje para ti en «{ $workflow }»
notice-answered = El { $date } a las { $time } nuestro equipo te escribió en la solicitud «{ $workflow }».
notice-code_used-subject = { $host }: se usó un código de recuperación en «{ $workflow }»
notice-code_used = El { $date } a las { $time } se usó uno de tus códigos de recuperación en «{ $workflow }» de tu cuenta de { $host }. No sirve una segunda vez. Si no fuiste tú, contáctanos ahora: podemos congelar la cuenta.
notice-code_used-left = { $left ->
    [0] No queda ninguno: crea otros en los ajustes de seguridad.
    [one] Queda uno. Crea otros en los ajustes de seguridad antes de usarlo también.
   *[other] Quedan { $left }.
}
notice-unsynced-subject = { $host }: tu llave de acceso está en un solo dispositivo («{ $workflow }»)
notice-unsynced = El { $date } a las { $time } se usó en «{ $workflow }» de tu cuenta de { $host } una llave de acceso que ya no tiene copia: está en un solo dispositivo. Añade otra en los ajustes de seguridad para no quedarte fuera si lo pierdes. Si no fuiste tú, contáctanos ahora: podemos congelar la cuenta.
notice-how-back = Para volver a la solicitud, abre la página donde la hiciste, elige «Continuar una recuperación» y escribe la referencia del caso.
notice-no-link = Por tu seguridad, este correo no lleva ningún enlace a ella.
notice-case = Caso { $reference }, { $workflow }
notice-stop = No lo he pedido yo: detenerlo
notice-stop-how = No hace falta iniciar sesión. La página te pregunta otra vez antes de detener nada; abrirla no cambia nada.
notice-was-you = Si fuiste tú, no tienes que hacer nada con este mensaje.
notice-banner-stop = Si no lo pediste tú, detenlo ahora.
notice-contact = ¿Dudas, o algo no cuadra? Escríbenos:

code-mail-subject = Tu código de { $host }
code-mail-what = Este es el código de tu solicitud en { $host }. Escríbelo en la página donde lo pediste.
code-mail-return = Este es el código para volver a tu caso en { $host }. Escríbelo en la página donde lo pediste.
code-mail-until = Sirve hasta { $until }. Solo sirve el código más reciente.
code-mail-never = No des este código a nadie. No lo pedimos por teléfono, chat ni correo.
code-mail-quiet = No he pedido ningún código: no me envíes ninguno durante 7 días
code-mail-without = Sin el código nadie puede seguir con la solicitud, y la cuenta queda como está.

invitation-subject = { $host }: continúa con «{ $workflow }»
invitation-chat = El { $date } a las { $time } alguien pidió en el chat ayuda a nuestro equipo de soporte con tu cuenta de { $host }. Hemos preparado la solicitud «{ $workflow }».
invitation-phone = El { $date } a las { $time } alguien pidió por teléfono ayuda a nuestro equipo de soporte con tu cuenta de { $host }. Hemos preparado la solicitud «{ $workflow }».
invitation-email = El { $date } a las { $time } alguien pidió por correo ayuda a nuestro equipo de soporte con tu cuenta de { $host }. Hemos preparado la solicitud «{ $workflow }».
invitation-nothing = Nada ha cambiado en la cuenta. El enlace abre el primer paso; allí demuestras, como todo el mundo, que la cuenta es tuya.
invitation-go = Empezar
invitation-until = El enlace funciona una vez, hasta { $until }.
invitation-not-me = Si no fuiste tú, no tienes que hacer nada: sin ti nada sigue adelante. No des el enlace a nadie, tampoco a quien diga ser de los nuestros.
