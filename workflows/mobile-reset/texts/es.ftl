# El acuerdo del flujo `mobile-reset`.
mobile-reset-title = Restablece tu número de móvil
mobile-reset-intro = Úsalo si el número de tu cuenta ya no te llega: perdiste la SIM, lo diste de baja o ahora es de otra persona.
mobile-reset-what-1 = Demuestras que la cuenta es tuya
mobile-reset-what-1-detail = Contraseña, un código por correo y después imágenes. Unos 10 minutos.
mobile-reset-what-2 = Revisamos lo que enviaste
mobile-reset-what-2-detail = Lo mira una persona. Casi siempre respondemos en 6 horas.
mobile-reset-what-3 = Se quita el número anterior
mobile-reset-what-3-detail = Ya no se envía ningún código allí. Inicias sesión y añades tu número nuevo; tus otros métodos se quedan.
mobile-reset-need-1 = El correo y la contraseña de tu cuenta de { $host }.
mobile-reset-need-2 = Acceso a ese correo.
mobile-reset-need-3 = El teléfono o el ordenador con tus correos de { $host } y los registros de tus monederos.
mobile-reset-forgot = No recuerdo mi contraseña
mobile-reset-forgot-detail = Puedes seguir igualmente: una persona mira tus imágenes en todo caso. ¿Sin acceso a tu correo? Escribe a soporte.
mobile-reset-agree = He leído esto y estoy de acuerdo
mobile-reset-agree-detail = Pido que se quite el número de móvil de mi propia cuenta.
