enrol_passkey-title = Añade una llave de acceso
enrol_passkey-intro = Una llave de acceso te deja entrar con huella, cara o PIN, y solo en el verdadero { $host }. Se queda en tu dispositivo o en tu gestor de contraseñas.
enrol_passkey-name = Un nombre
enrol_passkey-name-hint = Para reconocerla después: el dispositivo o la llave que la guarda.
enrol_passkey-create = Crear llave de acceso
enrol_passkey-refused = La respuesta del navegador no sirve. El dispositivo tiene que comprobar que eres tú con huella, cara o PIN. { $n ->
    [one] Queda 1 intento
   *[other] Quedan { $n } intentos
 }.
refusal-name_needed = Ponle un nombre de hasta 60 letras.
