enrol_phone-title = Tu número de móvil
enrol_phone-intro = Enviamos allí un código para ver que es tuyo. Los mensajes pueden tardar o leerlos otros: una app de autenticación o una llave de acceso es más segura.
enrol_phone-country = País o región
enrol_phone-number = Número de móvil
enrol_phone-hint = Con o sin el prefijo del país. Si empieza por +, no hace falta elegir país.
enrol_phone-send = Enviarme un código
refusal-number_needed = Escribe tu número de móvil.
refusal-number_shape = En ese país no hay un número así. Revisa las cifras o empieza por + y el prefijo del país.
