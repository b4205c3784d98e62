documents-title = Muéstranos imágenes de tu cuenta
documents-intro = Haz una captura de pantalla, o una foto si te resulta más fácil. Revisamos cada imagen al momento y te decimos si falta algo.
documents-asked-title = Necesitamos otra imagen
documents-asked = Lo que enviaste se conserva. Añade imágenes en las partes abiertas y envíalo otra vez. Si no tienes nada mejor, dilo al final de la página: una persona decide con lo que hay.
documents-words = Del equipo de revisión
documents-slot = { $n } · { $title }
documents-complete = Completo
documents-needed = Falta una imagen
documents-choose = Elige una imagen
documents-add = Añadir otra imagen
documents-replace = Reemplázala por una imagen mejor
documents-remove = Quitar
documents-kinds = PNG, JPEG o WebP, hasta 15 MB
documents-and = { ". " }
documents-most = { $n ->
    [one] Una imagen como máximo.
   *[other] Hasta { $n } imágenes.
 }
documents-alt = Tu imagen { $n }
documents-kb = { $n } kB
documents-mb = { $n } MB
documents-submit = Enviar a revisión
documents-save = Subirlas y verlas antes
documents-assure = Solo quienes revisan tu caso pueden abrir estas imágenes.
refusal-slot_choose = Elige primero una imagen.
refusal-slot_closed = Esta parte no admite imágenes ahora. Lo que enviaste se conserva.
refusal-slot_same = Esta imagen ya está aquí. Elige otra.
refusal-slot_full = Hay más imágenes de las que caben en esta parte. Reemplaza o quita una.
refusal-slot_too_many = Se han subido y reemplazado demasiadas imágenes en este caso. Envía lo que hay o escribe a soporte.
refusal-slot_needs = Aquí todavía falta una imagen.
refusal-slot_new = Aquí pedimos una imagen nueva. Añádela. Si no tienes ninguna, pulsa «No tengo otra imagen».
documents-finding-title = Imágenes
documents-finding = { $n ->
    [0] ninguna imagen
    [one] 1 imagen
   *[other] { $n } imágenes
 }
documents-finding-gone = { $n ->
    [one] , 1 anterior se reemplazó o quitó
   *[other] , { $n } anteriores se reemplazaron o quitaron
 }
documents-finding-no-other = ; se pidió otra y el solicitante dice que no la tiene
documents-reading = Leyendo
documents-wants-change = Necesita un cambio
documents-being-read = Estamos leyendo esta imagen. Tarda unos segundos.
documents-fine = A esta imagen no le falta nada.
documents-given-up = No se pudo abrir esta imagen. Haz una captura nueva y envíala.
documents-spot = El lugar en tu imagen
documents-change-title = { $n ->
    [one] Una imagen necesita un cambio
   *[other] { $n } imágenes necesitan un cambio
 }
documents-change = Cámbiala por otra mejor. Si no puedes mostrar más, envíalas así: una persona las mirará.
documents-submit-anyway = Enviarlas así
documents-nothing-more = No tengo otra imagen: enviar lo que hay
documents-sending-title = Estamos leyendo tus imágenes
documents-sending = Tarda unos segundos. Después pasan solas a una persona; puedes cerrar esta página. Si falta algo, te lo diremos aquí.
documents-progress = Subiendo: { $n } %
documents-broken = Se cortó la conexión. Lo enviado antes se conserva; elige la imagen otra vez.
mark-change = Necesita un cambio
refusal-slot_look = Encontramos algo en una imagen de aquí. Mírala y luego cámbiala o envíala así.
refusal-slot_unopened = La imagen de aquí no se puede abrir. Cámbiala por una captura nueva.
