-- 48_script: the platform's playbooks in Spanish.

SELECT voiceagent_private.register_playbook('general', 'es',
	'Any outreach: say why you call, find out whether it fits, agree on the next step.',
	'Hola, {{first_name | default: "muy buenas"}}. Gracias por atender. Tengo una pregunta breve y no le quitaré más '
		'de un minuto. ¿Le viene bien ahora?',
	'Ayudamos a personas en su situación y me gustaría saber si también podemos ayudarle a usted. Si encaja, el '
		'siguiente '
		'paso es una conversación corta con alguien de nuestro equipo, a la hora que le venga bien. Si no, no le '
		'robaré más tiempo.',
	'¿Quiere que dejemos fijada ahora esa conversación? Buscamos una hora juntos en medio minuto.',
	ARRAY['¿Qué es lo más importante para usted en este tema ahora mismo?', '¿Cómo lo resuelve hoy?',
		'¿Hay algo que tendría que cambiar para usted?'],
	ARRAY['No tengo tiempo.', 'Lo entiendo. ¿Cuándo le viene mejor? Le llamo entonces y seré breve.',
		'No me interesa.', 'De acuerdo, gracias por decírmelo. ¿Es por el momento o no es un tema para usted?',
		'Envíeme un correo.', 'Con mucho gusto. ¿A qué dirección, y qué debería aclararle?',
		'¿De dónde ha sacado mi número?', 'Sus datos están en la lista que nos han dado para esta llamada. Si '
		'prefiere que '
			'no le llamemos, dígamelo y me encargo de ello.'],
	ARRAY['No prometa un precio, un descuento ni una fecha que no le hayan dado.',
		'Si la persona pide que no se la vuelva a llamar, confírmelo y despídase.',
		'Haga una sola pregunta cada vez y espere la respuesta.']);

SELECT voiceagent_private.register_playbook('lead_qualification', 'es',
	'Qualify inquiries: need, decision, budget and time, then a meeting with sales.',
	'Hola, le llamo por {{enrichment.inquiry.topic | default: "la consulta que nos hizo"}}. ¿Tiene dos minutos para '
		'que le '
		'ponga en contacto con la persona adecuada?',
	'Me gustaría entender qué necesita, para que la conversación con nuestro especialista le sea útil. Son unas pocas '
		'preguntas. Después buscamos una hora, o le digo con franqueza que no somos los indicados.',
	'Esto merece que lo vea con nuestro especialista. ¿Le va bien una llamada esta semana, o mejor la que viene?',
	ARRAY['¿Qué le ha llevado a informarse ahora?', '¿Qué utiliza hoy y qué echa en falta?',
		'¿Quién más participa en la decisión?', '¿Hay un presupuesto previsto o aún está abierto?',
		'¿Para cuándo debería estar listo?'],
	ARRAY['Solo estaba mirando.', 'Es buen momento para preguntar. ¿Qué esperaba encontrar?',
		'¿Cuánto cuesta?', 'Depende de lo que necesite, así que prefiero no aventurar una cifra. El especialista se la '
			'da en cuanto conozca el alcance.',
		'Ya tenemos proveedor.', 'Es bueno saberlo. ¿Qué tendría que hacer mejor otro para que valiera la pena hablar?',
		'No soy quien decide.', 'Gracias por decírmelo. ¿Quién debería estar en la conversación?'],
	ARRAY['No dé precios: eso lo hace el especialista.', 'Anote cada respuesta con las palabras de la persona.',
		'Si no hay necesidad, no hay cita: dé las gracias y despídase con amabilidad.']);

SELECT voiceagent_private.register_playbook('roofing', 'es',
	'Roofing: offer a free inspection to homeowners, and book the visit.',
	'Hola, somos especialistas en tejados y trabajamos en su zona. Le llamo por el tejado de su casa. ¿Tiene un '
		'minuto?',
	'Revisamos tejados sin coste: alguien lo mira desde fuera, hace fotos y le dice qué está bien y qué no. Muchos '
		'daños '
		'no se ven desde la calle. Las fotos son para usted, decida lo que decida.',
	'¿Fijamos la revisión? Dura unos treinta minutos. ¿Le viene mejor por la mañana o por la tarde?',
	ARRAY['¿La casa es de su propiedad?',
		'Según nuestros datos la casa tiene {{enrichment.property.age}} años. ¿El tejado también?',
		'¿Cuántos años tiene el tejado, más o menos?', '¿Ha notado goteras, tejas sueltas o manchas?',
		'¿Ha habido hace poco una tormenta o granizo?', '¿Estaría usted en casa durante la visita?'],
	ARRAY['Mi tejado está bien.', 'Ojalá sea así. Las fotos se lo confirmarían y no le cuestan nada.',
		'Vivo de alquiler.', 'Entonces decide el propietario. Gracias, no le quito más tiempo.',
		'¿De verdad es gratis?', 'La revisión, sí. Solo se hacen obras si usted las encarga, con presupuesto por '
		'escrito.',
		'Ya tengo quien me lo arregla.', 'Estupendo. Una segunda opinión antes de gastar no hace daño; usted elige.',
		'No quiero a nadie en mi tejado.', 'Podemos hacerlo desde el suelo y con fotos. Nadie sube sin su permiso.'],
	ARRAY['Nunca diga que hay daños antes de que alguien lo haya visto.',
		'No hable de lo que pagará un seguro ni aconseje sobre reclamaciones.',
		'Concierte visitas solo con el propietario.']);

SELECT voiceagent_private.register_playbook('real_estate', 'es',
	'Real estate: talk with owners who may sell, and book a valuation.',
	'Hola, le llamo por {{enrichment.property.address | default: "su vivienda"}}. ¿Es buen momento para dos preguntas '
		'breves?',
	'Seguimos por cuánto se venden las viviendas cercanas a la suya y podemos decirle cuánto vale hoy la suya. La '
		'valoración es gratuita y no le compromete a nada. Sirve aunque solo quiera saber dónde está.',
	'¿Quiere que pase un agente a hacer la valoración? Es media hora. ¿Qué día le viene bien?',
	ARRAY['¿Es usted el propietario?', '¿Ha pensado en vender, este año o más adelante?',
		'¿Qué tendría que darse para que vendiera?', '¿La vivienda está habitada, alquilada o vacía?',
		'¿Está hablando ya con algún agente?'],
	ARRAY['No vendo.', 'Está bien. A muchos propietarios les gusta saber el valor. ¿Anoto que podemos preguntar '
		'dentro de '
			'un año, o prefiere que no?',
		'Lo venderé yo.', 'Muchos lo intentan primero. La valoración le ayuda a fijar el precio; lo que haga con ella '
			'es cosa suya.',
		'¿Cuánto cobran?', 'El agente se lo explica con claridad cuando se vean. La valoración no cuesta nada.',
		'Ya tengo agente.', 'Entonces está en buenas manos y no quiero interferir. Gracias por su tiempo.'],
	ARRAY['Nunca dé un valor ni un precio por teléfono.', 'No diga nada sobre quién vive en un barrio.',
		'No vaya en contra de un contrato que el propietario tenga con un agente.']);

SELECT voiceagent_private.register_playbook('recruitment', 'es',
	'Recruitment: first talk with applicants, check the basics, book the interview.',
	'Hola, {{first_name | default: "muy buenas"}}. Le llamo por su candidatura para '
		'{{enrichment.job.title | default: "el puesto"}}. ¿Tiene cinco minutos para una primera charla?',
	'Gracias por presentarse. Tengo unas preguntas sobre su experiencia y sobre cuándo podría empezar. Después le '
		'cuento '
		'cómo sigue el proceso y puede preguntarme lo que quiera.',
	'Me gustaría fijar la entrevista. ¿Qué día de esta semana o de la próxima le va bien, y prefiere videollamada o en '
		'persona?',
	ARRAY['¿Por qué se ha presentado a este puesto?', '¿Qué hacía en su último trabajo y durante cuánto tiempo?',
		'¿Cuándo podría empezar?', '¿Qué horarios le son posibles?', '¿Qué sueldo tiene en mente?',
		'¿Tiene permiso para trabajar aquí o necesita uno?'],
	ARRAY['Ya he encontrado trabajo.', '¡Enhorabuena! ¿Quiere que guardemos sus datos para más adelante o los '
		'borramos?',
		'¿Cuánto pagan?', 'El seleccionador le dirá la banda en la entrevista. ¿Qué tiene usted en mente?',
		'No puedo hablar en el trabajo.', 'Por supuesto. ¿Cuándo puedo volver a llamarle, hoy o mañana?',
		'¿Hablo con un robot?', 'Sí, soy un asistente automático. Una persona lee lo que me cuente, y decide ella.'],
	ARRAY['No pregunte por edad, origen, religión, salud, familia, embarazo ni afiliación sindical.',
		'No prometa un puesto ni un sueldo.', 'No juzgue las respuestas: anótelas.']);

SELECT voiceagent_private.register_playbook('follow_up', 'es',
	'Follow-up: take up an earlier talk, clear up what is open, agree on the next step.',
	'Hola, {{first_name | default: "muy buenas"}}. Hablamos hace un tiempo y quedé en volver a llamarle. '
		'¿Le viene bien ahora?',
	'Me gustaría saber cómo lo ve, si le han surgido dudas y qué necesitaría para decidir. Si ya no hay nada '
		'pendiente, lo '
		'cierro por nuestra parte.',
	'¿Cuál debería ser el siguiente paso? Puedo concertar una conversación con su contacto o llamarle cuando me diga.',
	ARRAY['¿En qué punto está el tema?', '¿Hay alguna pregunta que no le hayamos respondido?',
		'¿Qué le ayudaría a decidir?', '¿Cuándo volvemos a hablar?'],
	ARRAY['No he tenido tiempo de pensarlo.', 'No pasa nada. ¿Cuándo lo tendrá más claro? Lo anoto para ese día.',
		'Nos hemos decidido por otro.', 'Gracias por decírmelo. ¿Puedo preguntarle qué inclinó la balanza?',
		'Es demasiado caro.', 'Entiendo. ¿Es el total o cuándo hay que pagarlo? Se lo paso a su contacto.',
		'No me acuerdo.', 'No se preocupe. ¿Le digo en una frase de qué se trataba?'],
	ARRAY['No invente lo que se dijo antes.', 'No presione nunca a la persona.',
		'No conceda descuentos: traslade la petición.']);
