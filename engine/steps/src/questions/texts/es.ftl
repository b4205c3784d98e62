questions-attention = Atención: ahora vienen unas preguntas
questions-intro = Hacemos 4 preguntas que solo el titular de la cuenta puede responder con facilidad.
questions-know = Antes de empezar
questions-tries = Tienes { $n ->
    [one] 1 intento
   *[other] { $n } intentos
 } en 30 días, uses el dispositivo que uses.
questions-all = Las 4 respuestas tienen que ser correctas a la vez. No decimos cuál no lo fue.
questions-look-up = Puedes consultarlo: tus correos de { $host } dicen casi todo.
questions-else = Puedes enviar imágenes en cualquier momento. Entonces las mira una persona.
questions-begin = Ver las preguntas
questions-pictures = Enviar imágenes
questions-title = Responde 4 preguntas sobre tu cuenta
questions-number = Pregunta { $n } de { $of }
questions-choose = Elige
questions-answer = Comprobar mis respuestas
questions-attempt = Intento { $n } de { $of }.
questions-result = Verás el resultado de las cuatro a la vez; no decimos qué respuesta no era correcta.
questions-not-right-title = No todas las respuestas eran correctas
questions-not-right = Te { $n ->
    [one] queda 1 intento
   *[other] quedan { $n } intentos
 }.
questions-again-title = Inténtalo otra vez o envía imágenes
questions-again = Las preguntas siguen siendo las mismas. Si dudas, mira antes tus correos de { $host } o envía imágenes: las mirará una persona.
questions-try-again = Responder otra vez
refusal-answer_needed = Elige una respuesta a esta pregunta. Esto no ha gastado ningún intento.

question-traded = ¿Cuáles de estos has comprado o vendido en { $host } en los últimos 12 meses?
question-traded-hint = Marca todos los que correspondan.
question-deposited = ¿Cuáles de estos has depositado en { $host } en los últimos 12 meses?
question-deposited-hint = Marca todos los que correspondan.
question-withdrawn = ¿Cuáles de estos has retirado de { $host } en los últimos 12 meses?
question-withdrawn-hint = Marca todos los que correspondan.
question-cities = ¿Desde cuáles de estos lugares has iniciado sesión en los últimos 12 meses?
question-cities-hint = Marca todos los que correspondan. Es donde la red dijo que estabas; cuenta la ciudad grande más cercana.
question-device = ¿Con cuál de estos has iniciado sesión en los últimos 12 meses?
question-device-hint = Elige uno.
question-opened = ¿En qué mes del año abriste tu cuenta?
question-opened-hint = El año no importa. Lo dice tu primer correo de { $host }.

questions-finding = Preguntas
questions-finding-none = sin intentar
questions-finding-passed = todas correctas, { $n ->
    [one] primer intento
   *[other] intento { $n }
 }
questions-finding-tried = { $n ->
    [one] 1 intento
   *[other] { $n } intentos
 }, como mucho { $best } de { $of }
