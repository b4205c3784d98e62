# El acuerdo del flujo `all-factors-reset`.
all-factors-reset-title = Restablece todos los métodos
all-factors-reset-intro = Úsalo solo si los perdiste todos: llaves de acceso, app de autenticación y número de móvil. Tarda más que restablecer uno.
all-factors-reset-what-1 = Demuestras que la cuenta es tuya
all-factors-reset-what-1-detail = Contraseña, un código por correo y después imágenes. Unos 10 minutos.
all-factors-reset-what-2 = Dos personas revisan lo que enviaste
all-factors-reset-what-2-detail = Después hay una espera de al menos 24 horas en la que el titular puede pararlo.
all-factors-reset-what-3 = Se quitan llaves, app y número
all-factors-reset-what-3-detail = Entras con tu contraseña y un código por correo y añades nuevos enseguida.
all-factors-reset-need-1 = El correo y la contraseña de tu cuenta de { $host }.
all-factors-reset-need-2 = Acceso a ese correo.
all-factors-reset-need-3 = El teléfono o el ordenador con tus correos de { $host } y los registros de tus monederos.
all-factors-reset-forgot = No recuerdo mi contraseña
all-factors-reset-forgot-detail = Puedes seguir igualmente: una persona mira tus imágenes en todo caso. ¿Sin acceso a tu correo? Escribe a soporte.
all-factors-reset-agree = He leído esto y estoy de acuerdo
all-factors-reset-agree-detail = Pido que se quiten todos los métodos de entrada de mi propia cuenta.
