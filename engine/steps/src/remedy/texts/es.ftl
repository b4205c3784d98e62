remedy-title = Se está haciendo el restablecimiento
remedy-running = Suele tardar menos de un minuto. Vuelve a cargar esta página para ver si ya está; también te escribiremos.
remedy-stuck = { $host } aún no lo ha confirmado y una persona de nuestro equipo lo está mirando. No tienes que hacer nada. Te escribiremos cuando esté hecho.
remedy-begun = A partir de aquí ya no se puede detener. Si no fuiste tú, pide a soporte que bloquee la cuenta.
