agreement-what = Qué va a pasar
agreement-needs = Ten a mano
agreement-lock = Los retiros se detienen durante { $span } después del restablecimiento
agreement-lock-detail = Así protegemos tu dinero si quien lo pide es otra persona. Las operaciones y los depósitos siguen como siempre.
agreement-start = Empezar
agreement-assure = Empezar no cambia nada en la cuenta. Avisamos a su titular, que puede detenerlo en cualquier momento antes del restablecimiento.
refusal-agree_needed = Marca la casilla si estás de acuerdo y después empieza.
