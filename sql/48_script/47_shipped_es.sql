-- 48_script: the platform's fallback in Spanish.

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
