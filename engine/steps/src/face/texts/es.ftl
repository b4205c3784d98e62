# Lo que comparten todas las páginas.
go-on = Continuar
get-help = Obtener ayuda
problem-title = Hay un problema
error-title = Error: { $title }

check-what = Tu navegador trabaja uno o dos segundos antes de seguir, para que los programas no puedan inundarnos. No tienes que resolver nada.
check-working = Trabajando, unos segundos …
check-noscript = Esto necesita scripts, y en tu navegador están apagados. Sin ellos se puede empezar dentro de una hora, y pedir un código a partir de la medianoche UTC. También puedes usar otro navegador o escribir a soporte.
refusal-human_needed = Hubo muchas solicitudes desde este navegador o esta red, así que antes hay que comprobar tu navegador. Envíalo otra vez; no has gastado ningún intento.

stage-read = Lee qué va a pasar
stage-sign-in = Inicia sesión
stage-confirm = Confirma tu correo
stage-prove = Demuestra que eres tú
stage-review = Revisión y espera
stage-done = Restablecido
stage-place = Paso { $n } de { $of }
stage-passed = hecho
stages = Tu avance

mark-pass = Superado
mark-warn = Aviso
mark-fail = No superado

moment = { $date }, { $time }
date = { $day } de { $month } de { $year }
span-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
 }
span-hours = { $n ->
    [one] { $n } hora
   *[other] { $n } horas
 }
span-minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minutos
 }
span-seconds = { $n ->
    [one] { $n } segundo
   *[other] { $n } segundos
 }
again-in = Puedes intentarlo de nuevo en { $wait }, a las { $time } UTC.
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

refusal-stale = Esta página es más antigua que tu caso. Te hemos llevado a donde está ahora.
refusal-closed = Este caso está cerrado. No se ha cambiado nada.
refusal-erased = Lo que guardábamos de este caso se ha borrado.
refusal-already_carried_out = El restablecimiento ya se ha hecho y no se puede detener. Si no fuiste tú, pide a soporte que bloquee la cuenta.
refusal-unproven = Confirma primero tu dirección de correo.
refusal-too_soon = Llegó demasiado pronto después del último intento en esta cuenta, lo hiciera quien lo hiciera, o se ha intentado demasiadas veces. No se miró y no gastó ningún intento.
refusal-too_many = Se ha intentado demasiadas veces. Puedes seguir a partir del { $until }.
refusal-not_yours = Otra persona tiene ahora este caso. No se ha enviado nada.
refusal-no_task = Esta tarea está hecha o es de otra persona. No se ha enviado nada.
refusal-not_allowed = Esto no se puede hacer aquí. No se ha cambiado nada.
refusal-message_changed = El caso ha cambiado desde que lo abriste. Vuelve a mirarlo antes de decidir.
refusal-host_unknown = Ahora no podemos consultar a { $host } sobre esta cuenta. No se ha cambiado nada; inténtalo en unos minutos.
refusal-unknown_step = Algo ha ido mal por nuestra parte. Es posible que lo último que enviaste no se haya guardado.
refusal-unsound = Algo ha ido mal por nuestra parte. Es posible que lo último que enviaste no se haya guardado.
refusal-needed = Rellena este campo.
refusal-choose_slot = Elige al menos una imagen que volver a pedir.
refusal-choose_reason = Elige un motivo.
