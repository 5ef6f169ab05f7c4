/*-------------------------------------------------------------------------
 * signs_es.c
 *		Spanish: objections, wants, moods and ends of talks on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/signs_words.h"

static const VaIntentPattern patterns[] = {
	{ ROBOT, "es|eres|sos|sera ?usted|vos|esto|tu ?acaso ?un|una "
			 "robot|maquina|grabacion|bot|computadora|ordenador|ia|inteligencia|contestadora" },
	{ ROBOT, "es|eres|sos ?usted|vos una|un persona|humano|ser|humana real|de|verdad|humano|o" },
	{ ROBOT, "estoy|hablo|hablando|platicando ?hablando ?yo con un|una|otro|otra "
			 "robot|maquina|grabacion|bot|computadora|ordenador|ia|inteligencia|persona|humano ?real|de" },
	{ ROBOT, "parece|pareces|suena|suenas ?a ?un|una robot|maquina|grabacion" },
	{ ROBOT, "otro|otra|estos|malditos|pinches robot|robots|maquina ?otra|mas" },
	{ SOURCE, "de donde|como|quien ?demonios|diablos ?es|fue ?que ?ha|han|has|le|les|te|me "
			  "?saco|sacaron|sacado|sacaste|tiene|tienen|tienes|tenes|consiguio|consiguieron|conseguido|consiguen|"
			  "obtuvo|obtuvieron|dio|dado|dieron|conoce ?usted|ustedes mi|este|nuestro|mis|el "
			  "numero|telefono|datos|nombre|celular|movil|contacto" },
	{ SOURCE, "como|donde|quien ?es ?que ?ha|han|has|le|les|te|se "
			  "saco|sacaron|sacado|sacaste|tiene|tienen|tienes|tenes|consiguio|consiguieron|conseguido|conseguiste|"
			  "obtuvo|obtuvieron|dio|dado|dieron ?usted|ustedes mi|este|nuestro|mis|el|ese "
			  "numero|telefono|datos|nombre|celular|movil|contacto" },
	{ TRUST, "es|sera|no ?sera ?esto ?una|un estafa|timo|fraude|engano|broma|tranza|extorsion|cuento" },
	{ TRUST, "esto|eso|me|parece|suena|huele ?me ?suena|huele|parece ?a ?una|un estafa|timo|fraude|engano|raro" },
	{ TRUST, "no me fio|confio|inspira|da ?confianza|buena|fiar" },
	{ TRUST, "no confio|fio" },
	{ TRUST, "como se ?yo que ?esto|usted|ustedes|no" },
	{ PRICE, "muy|demasiado|bastante|tan|medio|re|un|algo|mas ?poco ?muy caro|cara|caros|caras|carito|carisimo" },
	{ PRICE, "es|esta|sale|salen|me|resulta|se|queda|que|parece ?me ?hace ?un ?poco caro|cara|carisimo|carito" },
	{ PRICE, "carisimo|carisima" },
	{ PRICE, "es|mucho mucha|mucho dinero|plata|lana|pasta" },
	{ PRICE, "mucha plata|lana|pasta" },
	{ PRICE, "no me|nos alcanza ?el|para" },
	{ PRICE, "no ?me|nos ?lo puedo|podemos permitir|pagar|permitirmelo|pagarlo|costear|costearlo" },
	{ PRICE, "fuera|excede|pasa|supera ?de ?mi|nuestro|el|se ?del presupuesto" },
	{ PRICE, "no|ni ?hay|tengo|tenemos ?tanto|tanta|hay|el|la ?de dinero|plata|presupuesto|lana" },
	{ PRICE, "mas|mejor barato|barata|baratos|precio ?en|por|que ?otro|otra|internet|lado" },
	{ PRICE, "mas de lo que *3 pensaba|pensado|quiero|queria|puedo|pago|esperaba|gastar" },
	{ HAVE_ONE, "ya|yo ?me|nos|lo|la|le|ya tengo|tenemos|contrate|contratamos|compre|compramos|estoy|estamos|encontre|"
				"encontramos|firme|firmamos|he|hemos|trabajo|trabajamos|reserve|vendi|cambie|fui|cuento "
				"?con|a|contratado|comprado|encontrado|firmado ?la "
				"otro|otra|uno|una|alguien|quien|compania|seguro|proveedor|un|mi|todo|servicio|gente|agencia|compania|"
				"abogado|asesor|dentista|otros|gestor" },
	{ HAVE_ONE, "ya ?lo|la|me|nos contrate|contratamos|compre|compramos|firme|firmamos|encontre|encontramos" },
	{ HAVE_ONE, "tengo|tenemos ?ya mi|a|nuestro|quien|alguien|otro ?mi ?me ?lo "
				"proveedor|gestor|asesor|agente|abogado|lo|haga|lleva|hace|compania|de|dentista|gente" },
	{ HAVE_ONE, "estoy|estamos ?muy|bien|yo ?bien|a contento|contenta|contentos|satisfecho|satisfecha|gusto|encantado "
				"?con|donde|asi ?el|la|lo|mi" },
	{ HAVE_ONE,
		"nos|me|hemos|he|me ?he|hemos decidido|decidi|decidimos|fuimos|quedamos|vamos ?con|por ?otro|otra|ir ?con "
		"otro|otra|otros" },
	{ PARTNER,
		"tengo|tenemos|debo|quiero|necesito|dejeme|voy|hay|deja|dejame|tendria|tendre|primero ?que|a "
		"hablarlo|hablar|consultarlo|consultar|comentarlo|comentar|preguntar|preguntarle|preguntarselo|verlo|"
		"platicarlo|platicar|decirselo|charlarlo|discutirlo *2 con|a|mi|al|el *2 "
		"marido|mujer|esposa|esposo|jefe|jefa|hijo|hija|padre|madre|padres|pareja|socio|socia|familia|novio|novia|"
		"abogado|hermano|hermana|mama|papa|senora|viejo|contador|gestor|casero|casa" },
	{ PARTNER,
		"lo|le|se lo|veo|consulto|hablo|pregunto|comento|hablare|consultare|platico ?hablo|consulto|comento|pregunto "
		"con|a|mi|al ?mi|el|la "
		"?marido|mujer|esposa|esposo|jefe|jefa|hijo|hija|padre|madre|pareja|socio|socia|familia|novio|novia" },
	{ PARTNER,
		"hablarlo|consultarlo|comentarlo|platicarlo|verlo|charlarlo|hablar|consultar con ?mi|el|la|los|mis|nuestro "
		"marido|mujer|esposa|esposo|jefe|jefa|hijo|hija|padre|madre|padres|pareja|socio|socia|familia|novio|novia|"
		"abogado|hermano|hermana|casa|senora" },
	{ PARTNER, "eso|de|lo ?eso ?lo decide|lleva|maneja|ve|encarga ?siempre|todo mi|el|la" },
	{ PARTNER,
		"mi marido|mujer|esposa|esposo|jefe|jefa|hijo|hija|pareja|socio es|el|la|lleva|decide|se|quien|maneja ?el|la "
		"?quien|que ?decide|lleva|encarga|ve" },
	{ PARTNER, "no ?lo|la decido|decidimos ?yo ?solo|sola" },
	{ PARTNER, "no soy ?yo el|la|quien ?que decide" },
	{ PARTNER, "no es mi|decision decision|mia" },
	{ PARTNER, "no depende de mi" },
	{ THINK, "tengo|tenemos|dejeme|dejame|quiero|necesito|hay|voy|deja|debo|dejeme ?que|a ?lo "
			 "pensarlo|pensar|pensarmelo|meditarlo|analizarlo|reflexionar|reflexionarlo|consultarlo|estudiarlo" },
	{ THINK, "lo|me|ya ?lo pienso|pensare|pensamos|estudio|medito" },
	{ THINK, "consultarlo|pensarlo|pensarmelo|consultar con la almohada|mas|bien" },
	{ THINK, "no|todavia|aun ?no ?lo|me|nos|he|hemos ?he|hemos decido|decidido|decidi|decidimos" },
	{ SEND,
		"mande|mandeme|mandame|mandemelo|mandamelo|mandenme|envieme|enviame|enviemelo|enviamelo|envienme|pasame|paseme|"
		"pasemelo|manda|envia|enviar|mandar|enviarme|mandarme|mandarmelo|enviarmelo|mandas|mandan|manden "
		"?usted|mejor|mas|me|toda|por|favor|todo|la|los|las|el|un|una|algo|lo|eso|su ?favor|de "
		"correo|email|mail|whatsapp|informacion|info|folleto|catalogo|presupuesto|cotizacion|precios|detalles|por|"
		"datos|propuesta|mensaje|algo|link|enlace|horarios|programa|fechas|plan|todo|e" },
	{ SEND, "por correo|email|mail|whatsapp|escrito" },
	{ SEND, "mandemelo|mandamelo|enviemelo|enviamelo|pasemelo|pasamelo" },
	{ NO_TIME, "no ?me|nos|tengo|tenemos|queda|dispongo ?ahora|mucho|de|ni ?de ?ahora tiempo|minuto" },
	{ NO_TIME,
		"estoy|ando|voy|estamos|me|sigo ?muy|en|ahora|pilla|pillas|coge|agarra|agarras|algo|en ?ahora ?una|un|el|la|"
		"medio|mismo ?de ?una|de "
		"ocupado|ocupada|ocupados|reunion|conduciendo|manejando|trabajando|trabajo|reunido|reunida|comiendo|hospital|"
		"medico|conducir|cenando|apurado|apurada|coche|liado|liada|junta|clase|chamba|laburo|carretera" },
	{ NO_TIME, "me|nos pilla|coge|agarra|agarras|pillas ?en ?muy ?un mal|conduciendo|saliendo|manejando|ocupado" },
	{ NO_TIME, "no puedo|podemos ?ahora hablar|atender|atenderle|atenderlo|atenderte ?ahora" },
	{ NO_TIME, "no es ?un|el|muy ?muy buen|buena|mejor momento|hora" },
	{ NO_TIME, "mal|mala momento|hora" },
	{ NO_TIME, "tengo|llevo|estoy|voy ?mucha|con ?mucha prisa|apuro" },
	{ NO_TIME, "ahora|ahorita|justo ?mismo|ahora no puedo|tengo" },
	{ NOT_NOW, "mas|quizas|quiza|tal|talvez|igual|hasta|para ?vez|adelante ?mas|para|en|el|la "
			   "?la|el|otro|unos primavera|verano|otono|invierno|ano|meses|proximo ?que|ano" },
	{ NOT_NOW, "no es ?el|un ?buen momento para|de" },
	{ NOT_NOW, "por|de ahora|momento no me|nos|lo|estoy|estamos|voy|quiero|necesito|pensamos" },
	{ NOT_NOW, "este ano|mes no" },
	{ NOT_NOW, "es ?muy|demasiado|todavia|aun ?muy pronto" },
	{ NOT_NOW, "todavia|aun no ?me|nos|lo|estoy|estamos planteado|planteo|listo|lista|preparado|toca" },
	{ NO_NEED, "no ?lo|la|los|me|nos|nada necesito|necesitamos|preciso|precisamos|hace|ocupo|ocupamos ?falta ?nada" },
	{ NO_NEED, "no hace falta" },
	{ NO_NEED,
		"vivo|vivimos|estoy|estamos|soy ?aqui ?de ?en alquiler|inquilino|inquilina|rentando|rento|alquilado|renta" },
	{ NO_NEED, "ya ?lo|la|lo|hemos|he vendi|vendimos|vendido" },
	{ NO_NEED, "no tengo|tenemos ?ni coche|carro|auto|casa|perro|jardin|hijos|mascota|mascotas|piscina" },
	{ NOT_INTERESTED, "no ?me|nos|estoy|estamos|tengo|tenemos|hay|a ?me|muy|nada|ningun|mucho|mi ?me "
					  "interesa|interesado|interesada|interesados|interes|interesan" },
	{ NOT_INTERESTED, "^ no ?pues ?muchas gracias" },
	{ NOT_INTERESTED, "no ?lo|la|los|las quiero|queremos !que|decir|perder|perderme|molestar|ser|ir|hacer|esperar "
					  "?nada|eso|mas|ninguno|ninguna|comprar|cambiar|contratar|gracias $" },
	{ NOT_INTERESTED,
		"no ?lo|la|quiero|queremos|pienso|voy|vamos ?quiero|a ?a comprar|cambiar|contratar|cambiarme ?nada" },
	{ NOT_INTERESTED, "no es para|algo mi|nosotros|que" },
	{ NOT_INTERESTED, "no vale|merece la pena" },
	{ NOT_INTERESTED, "para nada $" },
	{ COMPLAINT, "queja|quejarme|quejas|reclamar|reclamacion|reclamo|denunciar" },
	{ COMPLAINT,
		"no ?me|nos estoy|estamos|quede|quedamos ?muy|nada|para ?nada ?nada contento|contenta|satisfecho|satisfecha|"
		"conforme|contentos" },
	{ COMPLAINT, "descontento|descontenta|decepcionado|decepcionada|inconforme|disgustado|disgustada" },
	{ COMPLAINT, "pesimo|mal|malisimo|horrible|fatal|pesima|terrible servicio|atencion|trato|experiencia|calidad" },
	{ COMPLAINT,
		"servicio|atencion ?es|fue|ha|me|muy ?sido ?un|muy pesimo|pesima|malisimo|horrible|fatal|desastre|terrible" },
	{ COMPLAINT,
		"nadie|nunca|todavia|aun|sigue|siguen|no ?no ?me|nos|se|ha|han|lo|sin ?ha|han|lo ?han "
		"vino|viene|llamo|llamado|contesta|contesto|contestan|responde|respondio|arreglado|funciona|llegado|venido|"
		"solucionado|funcionar|entregado|arreglar|llego|respondido" },
	{ COMPLAINT,
		"llevo|llevamos ?ya ?mas|dos|tres|cuatro|un|una|0|semanas|dias|meses ?de ?semanas|dias|meses|semana|mes "
		"esperando|reclamando|llamando|sin" },
	{ COMPLAINT, "me|nos|mi|el|quiero|devuelvan|devolver ?cobraron|devuelvan|han ?cobrado ?mi ?el ?de "
				 "dinero|doble|mas|reembolso" },
	{ COMPLAINT, "me|nos cobraron|cobrado|facturaron ?dos|de|mal|doble|el|un" },
	{ AGENT,
		"hablar|comunicarme|comunicar|platicar|atienda|atender|hable ?directamente con|por "
		"?un|una|el|la|algun|alguna|su|"
		"alguien ?otra|de "
		"?persona|humano|agente|asesor|asesora|encargado|encargada|supervisor|responsable|gerente|operador|operadora|"
		"alguien|jefe|verdad|ejecutivo|representante|comercial|companero|real ?humano|real|de" },
	{ AGENT,
		"paseme|pasame|comuniqueme|comunicame|pongame|conecteme|transfierame|pasarme|comunicarme|ponerme ?usted con "
		"?un|una|el|la|su|alguien" },
	{ AGENT, "comuniqueme|conecteme|transfierame a|con" },
	{ AGENT, "no|hay|puede|con ?hay|me|una ?alguna|una|atender|un|alguien persona|humano|alguien real|de|humana|con "
			 "?verdad|quien" },
	{ AGENT, "que ?me|nos llame|atienda|contacte ?un|una|el|la|su|algun "
			 "persona|asesor|comercial|encargado|agente|gerente|alguien|supervisor|responsable" },
	{ SCHEDULE, "cita|visita|reunion|turno|hora|reserva|mesa|consulta|clase|prueba|demostracion|hueco "
				"?para ?ver|con|manana|hoy|el|la|lo|otro ?antes ?posible ?dia $" },
	{ SCHEDULE, "agendar|pedir|sacar|reservar|concertar|programar|quiero|queria|quisiera|necesito|hacer|cambiar|"
				"confirmar|mover|"
				"apartar|agendamos|quedar|coger|apunteme|deme|agendeme|queremos "
				"?pedir|agendar|reservar|hacer|sacar|mi|tener ?una|"
				"un|la|mi|el ?nueva|primera|otra "
				"cita|visita|reunion|turno|hora|reserva|mesa|consulta|clase|prueba|demostracion" },
	{ SCHEDULE,
		"cuando|que|a|cual|donde ?dia|que|horario|hora|horas|dias ?hora|dia puede|puedo|podria|podriamos|pueden|tienen|"
		"tiene|podemos|tendria|tendrian|tenes|pasan|vienen|hay|atienden|abren "
		"?usted|ustedes|alguien|ir|yo|un|algo "
		"venir|pasar|ir|verlo|verla|visitar|visitarlo|libre|disponible|hueco|cita|disponibles|turno|empezar|recibirme|"
		"citas|turnos|acercarme|conocerlo" },
	{ SCHEDULE,
		"puedo|podria|podemos|podriamos|puede|pueden|se|quiero|quisiera|me|quisieramos|queremos|gustaria|encantaria "
		"?puede|gustaria|encantaria|alguien|yo ?ir|pasar|venir ?a "
		"verlo|verla|visitarlo|visitarla|ver|conocerlo|conocerla|visitar|venir|verlas|verlos ?el|la|un|una|manana" },
	{ SCHEDULE,
		"tiene|tienen|tenes|hay|tendria|tendrian ?usted|ustedes ?algo|algun|hueco|sitio|lugar|un|una|turno|citas|cita "
		"?hueco|lugar|hora|sitio|turno ?mas libre|disponible|para|antes|temprano|tarde|el|manana" },
	{ SCHEDULE,
		"apunteme|apuntame|anoteme|anotame|pongame|reserveme|reservame|agendeme|agendame ?para|el|la|una|un|en" },
	{ OFFER,
		"cuanto|cuanta|cuantos ?me|es|nos|seria cuesta|vale|costaria|sale|cobran|cobra|saldria|es|seria|valdria|piden|"
		"quieren|queda|quedaria|hay|dinero|saldrian|salen|cuestan|ofrecen|pagan ?por !tiempo|dura|tarda" },
	{ OFFER, "que|cual|cuales|a ?es|son|seria ?el|la|los|las|que ?es precio|precios|tarifa|tarifas|costo|coste|cuota" },
	{ OFFER, "quiero|quisiera|necesito|deme|hagame|mandeme|mandame|envieme|pasame|hacer|pedir|queremos|dar|paseme|"
			 "pasar|darme ?me|"
			 "usted|los|un|una|el|la ?un|una|el|la presupuesto|cotizacion|oferta|precio|precios|descuento|tarifas" },
	{ OFFER, "descuento|descuentos|promocion|promociones|rebaja" },
	{ OFFER,
		"quiero|quisiera|queremos|pienso|pensamos|me|interesado|interesada|gustaria|quisieramos|puedo ?en|gustaria "
		"comprar|comprarlo|comprarla|vender|venderlo|venderla|alquilar|alquilarlo|rentar|contratar|contratarlo|"
		"encargar" },
	{ OFFER, "me|nos lo|la|los quedo|llevo|quedamos|llevamos" },
	{ INFORMATION,
		"cuenteme|cuentame|digame|expliqueme|explicame|hableme|decirme|explicarme|contarme|explica|explicas|informarme "
		"?un|usted|me ?poco ?bien "
		"?de mas|que|como|en|sobre|del|detalles|algo|bien|si|cuales|informacion ?que" },
	{ INFORMATION,
		"como|en|que ?que|es ?eso|lo funciona|consiste|incluye|incluyen|significa|seria|ofrecen|ofrece|cubre|trata" },
	{ INFORMATION, "mas|queria|quisiera|pedir|necesito|quiero ?mas informacion|detalles|info|saber" },
	{ INFORMATION, "tengo|tenia|una|unas ?una|unas|un|varias ?par ?de pregunta|preguntas|duda|dudas|consulta" },
	{ INFORMATION, "de que ?se trata|va" },
	{ INFORMATION, "quisiera|queria|quiero|me|llamaba ?gustaria ?para saber|preguntar|consultar|informarme "
				   "?si|por|sobre|como|que" },
	{ ANGRY, "cabron|cabrones|pendejo|pendejos|gilipollas|pelotudo|pelotudos|hijueputa|huevones" },
	{ ANGRY, "vayase|vete|vayanse|vaya|andate ?usted a la|tomar|freir mierda|por|chingada|porra|esparragos" },
	{ ANGRY, "indignado|indignada|furioso|furiosa|indignante|encabronado" },
	{ ANGRY, "sinverguenza|sinverguenzas|verguenza|descaro|ladrones|estafadores" },
	{ ANGRY, "voy|voy|les|los|le|lo ?a ?voy ?a "
			 "denunciar|demandar|denuncio|denunciarlos|denunciarles|denunciarle|demandarlos" },
	{ ANGRY, "hasta ?ya ?aqui los|las|la narices|cojones|huevos|coronilla|gorro|madre|pelotas" },
	{ ANGRY, "acoso|acosando|acosarme|hostigamiento" },
	{ ANGRY, "llamar|llamo|llamare ?yo a la policia" },
	{ ANGRY, "callese|callate|largo|larguese" },
	{ ANGRY, "como se atreve|atreven" },
	{ ANGRY, "ya basta" },
	{ ANGRY, "basta ya" },
	{ ANNOYED, "harto|harta|hartos|hartas" },
	{ ANNOYED, "que|como|son ?muy|mas pesados|pesado|pesada|insistentes|lata|fastidio|cruz" },
	{ ANNOYED, "por tercera|cuarta|quinta|enesima|ultima|segunda|decima vez" },
	{ ANNOYED, "cuantas veces" },
	{ ANNOYED, "ya le|les|te|os ?lo ?he|hemos|habia dije|dicho|dijimos $|que|mil|tres|dos|varias" },
	{ ANNOYED, "ya se lo ?he|hemos|habia dije|dicho|dijimos $|mil|tres|dos|varias" },
	{ ANNOYED, "he|les|le dicho|dije que no" },
	{ ANNOYED, "dejeme|dejenme|dejame|dejennos|dejenos ?ya en|tranquilo|tranquila ?paz" },
	{ ANNOYED, "perder|pierda|pierdan|perdiendo|quitar|pierdas ?me|el|su|mi|mas ?el tiempo" },
	{ ANNOYED, "todo|todos|cada|siempre|no ?el|los|paran|hacen|dejan ?santo ?dia|dias|mas|de ?que "
			   "llamando|llaman|llamar|molestando" },
	{ ANNOYED, "otra vez ustedes|usted|con|lo|vosotros|llamando" },
	{ ANNOYED, "tercera|cuarta|quinta|sexta|decima|segunda|enesima vez|llamada ?que|de|hoy|esta" },
	{ ANNOYED, "por el amor de dios" },
	{ ANNOYED, "no insista|insistan|insistas" },
	{ SAD, "fallecio|fallecido|fallecida|viudo|viuda" },
	{ SAD, "marido|mujer|madre|padre|hijo|hija|hermano|hermana|esposo|esposa|mama|papa|abuela|abuelo|el|ella ?se "
		   "?me|nos ?ha "
		   "murio|muerto|muerta" },
	{ SAD, "perdi|perdimos|perdido a|mi|el ?mi "
		   "marido|mujer|madre|padre|hijo|hija|trabajo|empleo|hermano|hermana|esposo|esposa|mama|papa|perro|casa" },
	{ SAD, "tiene|tengo|le|con ?un|detectaron|diagnosticaron ?un cancer|demencia|alzheimer" },
	{ SAD, "estoy|estamos|me|ando ?muy|tan|siento|bastante ?muy|tan "
		   "triste|tristes|deprimido|deprimida|destrozado|destrozada|desecho|sola" },
	{ SAD, "pasando|paso|pasamos ?por ?un|una|muy ?muy mal|mala|dificil|momento ?racha|momento|dificil" },
	{ CONFUSED, "no le|lo|la|te|les|me|os entiendo|entendi|comprendo|entero|enterando" },
	{ CONFUSED, "no entiendo|entendi|comprendo ?nada|bien|que|por|lo|muy" },
	{ CONFUSED, "que quiere|quieres|queres decir ?con" },
	{ CONFUSED, "de que me|nos|esta|estas|habla|hablas ?esta|estas ?habla|hablas|hablando" },
	{ CONFUSED, "estoy|me|ando ?un|muy|hice|he|medio ?poco ?hecho confundido|confundida|perdido|perdida|lio|liado" },
	{ CONFUSED, "no se ?ni de que|quien|que me|es|habla|se" },
	{ HESITANT, "no ?me|estoy|lo|la|acabo|termina ?estoy|tengo ?muy|tan|del|de ?todo|tan "
				"seguro|segura|convence|claro|convencido|convencida|decidido|decidida" },
	{ HESITANT, "no lo se" },
	{ HESITANT, "no se si|$" },
	{ HESITANT, "no se que hacer|decir|decirle|decirte|pensar" },
	{ HESITANT, "ya ?se|lo vere|veremos|vemos|vera $" },
	{ HESITANT, "a lo mejor $" },
	{ HESITANT, "tengo|tenemos ?mis|muchas|algunas dudas" },
	{ HESITANT, "dudo|dudando|indeciso|indecisa|inseguro|insegura" },
	{ HESITANT, "pensarlo|pensarmelo|pensare|pienso" },
	{ HESITANT, "quizas|quiza|puede|depende $" },
	{ HESITANT, "tal vez $" },
	{ POSITIVE, "me|nos|os|les ?ha|han "
				"encanta|encanto|encantado|encantaria|fascina|fascino|alegro|alegra|alegras|ilusiona ?mucho !si" },
	{ POSITIVE, "que|esta|es|suena|estuvo|fue|era|me|parece|todo|muy ?parece|viene|va|estuvo ?muy|tan|super|re "
				"maravilla|fantastico|fantastica|buenisimo|increible|alegria|maravilloso|ilusion "
				"!dia|momento|precio|otra|si|un" },
	{ POSITIVE, "muchisimas|mil|millon|infinitas gracias" },
	{ POSITIVE, "gracias de corazon|verdad|todo" },
	{ POSITIVE, "se lo|le|te ?lo agradezco ?mucho|muchisimo|de|un" },
	{ POSITIVE, "le|te agradezco ?mucho|muchisimo" },
	{ POSITIVE, "estoy|estamos|quede|quedamos|todos ?muy|super|tan|re "
				"contento|contenta|contentos|feliz|felices|emocionado|emocionada|"
				"ilusionado|ilusionada|agradecido|agradecida|encantado|encantada !con|asi|donde" },
	{ POSITIVE, "es|son|sos|eres ?usted|ustedes un|una angel|sol|encanto|crack|maravilla" },
	{ POSITIVE, "que ?muy buena|bueno|buenas|linda|bien ?muy noticia|noticias|servicio" },
	{ POSITIVE, "muero|morimos|tengo|tenemos ?de ?muchas ganas" },
	{ POSITIVE, "justo|exactamente lo que buscaba|queria|necesitaba|estaba|necesito|busco ?buscando" },
	{ POSITIVE, "gracias a|al dios|cielo" },
	{ POSITIVE, "menos mal" },
	{ PLEASED, "genial|estupendo|estupenda|fantastico|excelente|barbaro|buenisimo|maravilloso|perfecto|increible|"
			   "padrisimo|bacano|"
			   "chevere|fenomenal|divino|maravilla|bravo|fabuloso|guay|magnifico" },
	{ PLEASED, "que bien|bueno|lindo|rico" },
	{ STARS, "0|un|una|uno|dos|tres|cuatro|cinco ?de ?cinco|0 estrellas|estrella|puntos|punto !hotel" },
	{ STARS, "0|un|uno|dos|tres|cuatro|cinco de|sobre cinco|0 $" },
	{ STARS, "doy|pongo|daria|pondria|merece|merecen|demos ?un|una ?buen 0|uno|dos|tres|cuatro|cinco $" },
	{ ASKS_STARS, "cuantas estrellas" },
	{ ASKS_MARK, "del|escala|desde ?el ?de|del ?el uno|0 al|a|hasta ?el cinco|0" },
	{ ASKS_MARK, "puntua|puntuaria|puntue|califica|calificaria|califique|valora|valoraria|valore|nota|calificacion|"
				 "puntuacion *9 cinco|0" },
	{ OFFERS_TIME, "le|te|les ?puedo|podemos "
				   "viene|va|queda|conviene|parece|sirve|vendria|quedaria|convendria|iria|acomoda|cae ?bien|"
				   "mejor ?el|a|manana|la|las|ese|lunes|martes|miercoles|jueves|viernes|si|por" },
	{ OFFERS_TIME,
		"puedo|podemos|podria|quiere|quieren|desea|queres|quieres ?que|pasar|ir|usted ?le|lo|te|la|a "
		"agende|agendamos|agendar|agendo|apunte|apunto|reservar|reserve|reservo|visitarle|visitarlo|venir|pasar|ir|"
		"pasemos|cita|una|visita|ofrecer|ofrecerle" },
	{ OFFERS_TIME, "tengo|tenemos|hay|queda *4 hueco|libre|disponible|cita|turno|o|lugar" },
	{ OFFERS_TIME, "cuando|que|cual|a ?dia|hora|que|horario ?hora|dia le|te|les|puede|podria|podemos|prefiere|puedo "
				   "?viene|queda|conviene" },
	{ OFFERS_SEND, "le|te|les|se ?lo|la|los|puedo|podemos "
				   "mando|envio|mandamos|enviamos|paso|mandare|enviare|enviar|mandar|enviaremos|"
				   "mande|envie|hago|mandarle|enviarle" },
	{ OFFERS_SEND, "enviarle|mandarle|enviarte|mandarte|enviarselo|mandarselo" },
	{ BYE, "adios|chao|chau|bye" },
	{ BYE,
		"hasta luego|pronto|manana|otra|entonces|ahora|el|la|lunes|martes|miercoles|jueves|viernes|despues|siempre" },
	{ BYE, "que tenga|pase|tengas|le|te|este|pases|lo ?vaya|pase ?un|una|muy|bien ?buen|buena|lindo|feliz" },
	{ BYE, "buen|feliz|lindo|buena|buenas dia|tarde|noche|noches|jornada $" },
	{ BYE, "nos vemos|hablamos" },
	{ BYE, "igualmente" },
	{ BYE, "gracias por su|tu|llamar|la|el ?llamada|tiempo|atencion" },
	{ BYE, "cuidese|cuidate|saludos" },
	{ LEAVES, "voy|vamos ?a colgar|cortar" },
	{ LEAVES, "le|te|les ?voy ?a cuelgo|corto|colgar|cortar" },
	{ LEAVES, "tengo|debo|me ?que ?ya irme|dejarle|dejarlo|dejarte|colgar|cortar|voy|ir $" },
};

const VaSignTable va_signs_es = { .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0]) };
