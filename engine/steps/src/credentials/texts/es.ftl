credentials-title = Inicia sesión con tu contraseña
credentials-intro = Escribe el correo y la contraseña de tu cuenta de { $host }.
credentials-address-title = ¿De quién es la cuenta?
credentials-address-intro = Escribe el correo de tu cuenta de { $host }. Enviaremos allí un código.
credentials-again-title = Escribe tu contraseña otra vez
credentials-again-intro = La contraseña que escribiste no corresponde a { $address }. Inténtalo de nuevo o sigue sin ella.
credentials-email = Dirección de correo
credentials-password = Contraseña
credentials-password-hint = No es el código de tu teléfono ni el de tu aplicación de contraseñas.
credentials-forgotten = No sé mi contraseña
credentials-address-bar = Mira la barra de direcciones: debes estar en { $origin }. Nunca pedimos la contraseña por teléfono, chat ni correo.
credentials-wrong = El correo y la contraseña no corresponden. { $n ->
    [one] Te queda 1 intento
   *[other] Te quedan { $n } intentos
 }, o puedes seguir sin la contraseña.
refusal-email_needed = Escribe tu dirección de correo.
refusal-email_shape = Esto no parece una dirección de correo. Lleva una @ y un punto, como nombre@example.com.
refusal-password_needed = Escribe tu contraseña o sigue sin ella.
refusal-password_long = Es más larga que cualquier contraseña de { $host }. Revisa lo que pegaste.
credentials-finding = Contraseña
credentials-finding-right = correcta
credentials-finding-wrong = no coincidió
credentials-finding-locked = bloqueada en el servicio
credentials-finding-forgotten = el solicitante no la sabe
credentials-finding-unknown = sin comprobar
