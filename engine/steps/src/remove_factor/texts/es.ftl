remove_factor-title = ¿Qué quieres quitar?
remove_factor-intro = Deja de funcionar enseguida y no se puede recuperar. Asegúrate de tener otra forma de entrar.
remove_factor-which = Elige uno
remove_factor-remove = Quitarlo
refusal-factor_needed = Elige el que quieres quitar.
