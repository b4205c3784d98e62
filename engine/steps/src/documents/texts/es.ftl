documents-title = Muéstranos imágenes de tu cuenta
documents-intro = Haz una captura de pantalla, o una foto si te resulta más fácil. Una persona las compara con lo que sabemos.
documents-asked-title = Necesitamos otra imagen
documents-asked = Lo que enviaste se conserva. Añade imágenes en las partes abiertas y envíalo otra vez.
documents-words = Del equipo de revisión
documents-slot = { $n } · { $title }
documents-complete = Completo
documents-needed = Falta una imagen
documents-choose = Elige una imagen
documents-add = Añadir otra imagen
documents-replace = Reemplázala por una imagen mejor
documents-remove = Quitar
documents-kinds = PNG, JPEG o WebP, hasta 15 MB
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
refusal-slot_new = Aquí pedimos una imagen nueva. Añádela y envíalo otra vez.
documents-finding-title = Imágenes
documents-finding = { $n ->
    [one] 1 imagen
   *[other] { $n } imágenes
 }, { $replaced } reemplazadas o quitadas
