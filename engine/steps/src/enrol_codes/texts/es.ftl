enrol_codes-title = Guarda tus códigos de recuperación
enrol_codes-intro = Con uno de estos códigos puedes demostrar que eres tú cuando ya no tienes el teléfono o la llave de acceso. Imprímelos o apúntalos y guárdalos lejos del teléfono.
enrol_codes-list = Diez códigos, cada uno sirve una vez
enrol_codes-saved = Los he guardado
enrol_codes-saved-detail = Solo se muestran aquí y ahora. Si tenías otros, dejan de funcionar.
enrol_codes-offered = Es el último paso: lo que estás añadiendo se añade cuando sigas.
enrol_codes-later = Ahora no: seguir sin códigos
refusal-saved_needed = Guarda primero los códigos y después marca la casilla.
