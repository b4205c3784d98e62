code-title = Escribe el código que te enviamos
code-unsent-title = Aún no hemos podido enviar un código
code-on-its-way = Si hay una cuenta con la dirección que diste, un código va en camino a { $address }.
code-on-its-way-known = Un código va en camino a { $address }.
code-lives = Sirve durante { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
 }.
code-resent = Si hay una cuenta con esa dirección, un código nuevo va en camino. El anterior ya no sirve.
code-resent-known = Un código nuevo va en camino. El anterior ya no sirve.
code-too-many = Se han pedido muchos códigos para esta dirección. El siguiente se puede enviar a partir del { $until }. Guardamos durante una hora lo que has hecho.
code-unsent = El mensaje no salió. Es culpa nuestra, no tuya, y no has gastado ningún intento.
code-label = Código del correo
code-hint = { $n } cifras. Puede llevar espacios.
code-resend = Enviar un código nuevo
code-missing = El código no llega
code-missing-spam = Busca en la carpeta de correo no deseado un mensaje de { $sender }.
code-missing-new = Un código nuevo reemplaza al anterior. No da más intentos.
code-missing-mailbox = ¿Ya no tienes acceso a este buzón? Escribe a soporte: solo pueden ayudarte con una dirección registrada.
code-unchecked = Hoy se han pedido muchos códigos para esta dirección. El siguiente sale cuando tu navegador muestre que no pregunta un programa. No has gastado ningún intento.
code-missing-quiet = Quien lee este buzón puede habernos pedido que no enviemos códigos durante 7 días, con el enlace de uno de nuestros correos. El dueño puede terminarlo en la página de su cuenta en { $host }, o aquí.
code-insist = Enviar uno de todos modos
code-wrong = Ese código no coincide. Te { $n ->
    [one] queda 1 intento
   *[other] quedan { $n } intentos
 }. Mira nuestro correo más reciente.
code-expired = Ese código es demasiado antiguo. Envía uno nuevo, llega enseguida.
refusal-code_needed = Escribe el código.
refusal-code_shape = El código solo lleva cifras, tantas como dice la indicación. Esto no ha gastado ningún intento.
refusal-code_unsent = Aún no se ha enviado ningún código. Envía uno primero.
refusal-no_resends = No se pueden enviar más códigos para esta solicitud. Usa el más reciente o empieza de nuevo.
code-finding = Código por correo
code-finding-try = { $n ->
    [one] primer intento
   *[other] intento { $n }
 }
code-finding-open = sin superar, { $n ->
    [one] 1 intento sin acierto
   *[other] { $n } intentos sin acierto
 }
code-sms-on-its-way = Un código va en camino a { $address } por mensaje de texto.
code-sms-label = Código del mensaje de texto
code-sms-missing = Los mensajes pueden tardar unos minutos, más en el extranjero. Comprueba que tu teléfono tiene red.
code-other = Usar otro número
code-sms-undelivered = Este mensaje no llegó. Comprueba que tu teléfono está encendido y tiene red, y envía un código nuevo.
code-sms = { $code } es tu código de { $host }, válido hasta el { $until }. No se lo des a nadie; nosotros no lo pedimos.
code-for = Confirma «{ $what }». Nada cambia antes de que lo escribas.
