/*-------------------------------------------------------------------------
 * acts_es.c
 *		Spanish: what an assistant does with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

static const VaIntentPattern patterns[] = {
	/* calls that only announce a visit; visits by other names; what strangers say */
	{ VA_INTENT_NONE, "le|lo|la|te llamaremos|llamamos|llamara|llaman|llamo ?un|una|media ?poco ?hora|rato antes" },
	{ VA_ACT_VISIT, "entrevista|videollamada|demostracion|prueba|inspeccion|visita|consulta|matricula" },
	{ VA_ACT_VISIT, "prueba de manejo" },
	{ VA_ACT_OFFER, "=sigue|siguen|sigues|todavia|aun *2 "
					"pensando|interesado|interesada|adelante|queriendo|buscando|en|necesitando" },
	{ VA_ACT_SURVEY, "quedo|quedaron|funciona|funciono|llego|resolvieron|resolvio|arreglaron|arreglo|solucionaron "
					 "?todo ?ya|el|la|bien|usted" },
	{ VA_ACT_SURVEY,
		"solo|solamente ?queria|quiero|llamaba|llamo ?para confirmar|comprobar|saber|verificar|ver|que|asegurarme" },
	{ VA_ACT_SURVEY, "me alegro|alegra" },
	{ VA_ACT_WHEN, "a que hora le|te|les|os viene|vendria|va|iria|conviene|convendria ?mejor|bien" },
	/* to call again */
	{ VA_ACT_CALL, "le|te|lo|la|les|los ?puedo|podemos|vuelvo|volvemos|volveremos|volvere|podria|podriamos ?volver ?a "
				   "llamo|llamamos|llamare|llamaremos|llamar|marco|marcamos|marcare|marcaremos|marcar|hablo|hablamos|"
				   "telefoneo|llame|llamemos|marque|busco|encuentro !de|para|por|del|desde|sobre" },
	{ VA_ACT_CALL,
		"puedo|podemos|podria|podriamos|quiere|prefiere|desea|queres|quieres|preferis ?que ?yo ?le|te|lo|la|les "
		"volver|vuelvo|vuelva ?a llamar|llamarle|llamarte|llamarlo|llamarla|marcarle|marcarte|marcar|llamarles" },
	{ VA_ACT_CALL, "puedo|podemos|podria|podriamos|debo "
				   "llamarle|llamarte|llamarlo|llamarla|marcarle|marcarte|marcarlo|localizarle|localizarlo|encontrarlo|"
				   "encontrarle|encontrarla" },
	{ VA_ACT_CALL, "volver|volvemos|volvere|volveremos|vuelvo ?a "
				   "llamar|llamarle|llamarte|llamarlo|llamarla|marcarle|marcarte|marcar|intentar|intentarlo" },
	{ VA_ACT_CALL, "quiere|prefiere|queres|quieres|preferis que ?le|te|lo|la llame|llamemos|marque|marquemos|vuelva" },
	{ VA_ACT_CALL, "cuando|que ?dia|hora|horas ?le|te|lo|la ?puedo|podria|podemos|podriamos|vuelvo ?volver ?a "
				   "llamo|llamamos|llamar|llamarle|llamarte|llamarlo|llamarla|marco|marcar|marcarle|consigo|encuentro|"
				   "pillo|cojo|coger|localizo|llame|encontrarlo|encontrar|localizarlo|agarro|ubico" },
	{ VA_ACT_CALL, "cuando vuelve|llega|regresa|estara|esta|viene|sale|vendra|volvera|regresara|puede|podra" },
	{ VA_ACT_CALL, "a que hora ?le|lo|la|te "
				   "vuelve|llega|regresa|estara|esta|llamo|llamamos|marco|consigo|encuentro|puedo|viene|sale" },
	{ VA_ACT_WHEN,
		"que hora|dia|momento es|seria|le|te|prefiere ?es|seria|viene|va|conviene|queda buena|mejor|bien|bueno" },
	{ VA_ACT_WHEN, "que dia|hora|momento ?y ?a ?que ?hora|dia ?le|te|les ?es|seria|prefiere|prefieren ?ser "
				   "?viene|vendria|va|iria|conviene|convendria|queda|quedaria ?mejor|bien|buena|bueno" },
	{ VA_ACT_WHEN, "cuando ?le|te|les viene|vendria|va|iria|conviene|convendria|queda|quedaria|podria ?mejor|bien" },
	{ VA_ACT_CALL, "en otro momento" },
	{ VA_ACT_CALL, "otro momento|rato" },
	{ VA_ACT_CALL, "mas tarde|despues $" },
	{ VA_ACT_CALL,
		"llamo|llamamos|llamare|llamaremos|marco|marcamos|marcare manana|luego|entonces|el|a|mas|despues|por" },
	{ VA_ACT_CALL, "le|te devuelvo|devolvemos la llamada" },
	{ VA_ACT_CALL, "y|entonces cuando $" },
	/* visits and bookings */
	{ VA_ACT_VISIT, "le|lo|la|te|les|os|los "
					"esperamos|espero|veo|vemos|atendemos|apunto|anoto|agendo|reservo|recibimos|atiende|reservamos|"
					"agendamos|apuntamos|anotamos|recogemos|visitamos|visito" },
	{ VA_ACT_VISIT, "apuntado|apuntada|anotado|anotada|agendado|agendada|reservado|reservada|confirmado|confirmada|"
					"programado|programada|citado|citada|apuntados|apuntadas|confirmo|reagendado" },
	{ VA_ACT_VISIT,
		"pasar|pasamos|paso|pase|pasen|pasaria|pasariamos|venir|venga|vengan|viniera|vienes|venis|vengas|viene|pasa|"
		"pasas|acercarse|acercarme|acercarnos|ir|vamos|voy|iremos|iria|visitar|visita|visitarle ?a" },
	{ VA_ACT_VISIT, "mando|mandamos|envio|enviamos|mandarle|enviarle|manda|va a|al|un|una ?un|una "
					"tecnico|muchacho|operario|plomero|fontanero|electricista|perito|alguien|instalador|companero|"
					"equipo|ingeniero" },
	{ VA_ACT_VISIT, "tengo|tenemos|hay|queda|quedaria|tendria|tendriamos|ofrezco ?libre ?un|una|el|la "
					"?hueco|sitio|hora|cita|turno|espacio|lugar|disponible" },
	{ VA_ACT_VISIT, "cita|turno|consulta|reserva|visita" },
	{ VA_ACT_VISIT, "hasta el|manana|entonces|la" },
	{ VA_ACT_VISIT, "quedamos|quedemos|queda ?en|asi|para|el" },
	{ VA_ACT_VISIT, "preguntar|pregunte|pregunten|pregunta por" },
	/* sends something */
	{ VA_ACT_SEND, "se|te|le|os|les ?lo|la|los|las ?vamos|voy ?a "
				   "envio|enviamos|enviare|enviaremos|mando|mandamos|mandare|mandaremos|paso|pasamos|hago|hacemos|"
				   "remito|preparo|preparamos|enviar|mandar|hare|llegara|llega|adjunto|dejo|comparto" },
	{ VA_ACT_SEND, "envio|enviamos|enviare|mando|mandare|mandamos|enviarle|mandarle|enviarselo|mandarselo|enviartelo|"
				   "mandartelo ?el|la|los|las|todo|un|una" },
	{ VA_ACT_SEND, "por correo|mail|whatsapp|escrito|email" },
	{ VA_ACT_SEND, "a|al su|tu ?correo|mail|whatsapp|email" },
	{ VA_ACT_SEND, "lo|la|los|las recibe|recibira|tendra|tiene|recibiras|tenes|recibes" },
	{ VA_ACT_SEND, "lista de espera" },
	/* takes back */
	{ VA_ACT_CANCEL, "cancelo|cancelamos|cancelado|cancelada|anulo|anulamos|anulado|anulada|cancelar|anular|cancelare|"
					 "suspendo|suspendido|suspendemos" },
	{ VA_ACT_CANCEL, "lo|la dejo|dejamos|quito|borro ?sin|de" },
	{ VA_ACT_CANCEL, "borrado|borrada|tachado|quitado" },
	{ VA_ACT_CANCEL, "entonces ?ya no ?le|lo|la|te quiere|queres|quieres|viene|desea" },
	/* will call no more */
	{ VA_ACT_STOP, "no|nunca|ni|sin ?se ?le|la|lo|te|les|los|os ?volveremos|vuelvo|volvemos|volvere|vamos ?a "
				   "llamaremos|llamamos|llamare|llamar|marcamos|marcaremos|marcare|marcar|llamadas|contactaremos|"
				   "contactamos|llamo|marco|contactar" },
	{ VA_ACT_STOP, "no|nunca ?se ?le|la|lo|te|les ?mas volveremos|vuelvo|volvemos|volvere|vamos|voy a "
				   "llamarle|llamarla|llamarlo|llamarte|llamarles|contactarle|contactarla|contactarte|molestarle|"
				   "molestarla|molestarte" },
	{ VA_ACT_STOP, "retiro|retiramos|quito|quitamos|elimino|eliminamos|borro|borramos|saco|sacamos|retirado|eliminado|"
				   "doy|damos|tacho|tachamos|suprimo|excluyo ?ya|ahora|mismo ?su|tu|el|de|del|sus|este|de ?la|el|ese "
				   "numero|telefono|datos|baja|lista|sistema|nombre|registro|base|listado|contacto" },
	{ VA_ACT_STOP, "le|la|lo|te|los|les "
				   "retiro|quito|elimino|borro|saco|sacamos|tacho|excluyo|retiramos|quitamos|borramos|"
				   "eliminamos ?de|ya|ahora" },
	{ VA_ACT_STOP, "le|la|lo|te|los|les doy|damos de baja" },
	{ VA_ACT_STOP, "queda|quedan|quedo|ha|esta|estas ?usted|ya|su ?numero|quedado|sido "
				   "fuera|borrado|eliminado|retirado|excluido|dado|tachado|borrada|eliminada|anotado|sin ?de" },
	{ VA_ACT_STOP, "fuera de|del ?la|nuestra|nuestro lista|sistema|registro|base" },
	{ VA_ACT_STOP, "sin|no ?mas llamadas" },
	{ VA_ACT_STOP, "dejar|dejaremos|dejamos|dejare ?de llamar|llamarle|llamarla|llamarte|molestar|molestarle" },
	/* what the person may do */
	{ VA_ACT_TERMS,
		"digalo|diganoslo|digamelo|digame|diganos|dimelo|dilo|dinoslo|aviseme|avisenos|avisame|avisanos|avise|"
		"pidalo|pidanoslo|pidelo|pidanos|indiquelo|indiquenoslo|pulse|responda|comuniquelo" },
	{ VA_ACT_TERMS,
		"diga|dime|di|con|solo|basta ?que ?me|nos ?la ?palabra stop|no|basta|lo|diga|decirlo|decir|decirmelo" },
	{ VA_ACT_TERMS,
		"si|cuando ?usted ?alguna ?vez ?no ?nos ?lo "
		"prefiere|prefieres|prefiera|quiere|quieres|quiera|quisiera|desea|deseas|desee|dice|dices|diga|pide|"
		"pides|pida" },
	{ VA_ACT_TERMS, "puede|puedes|podra|podras ?usted ?siempre ?tambien "
					"darse|darte|pedir|pedirlo|pedirnos|solicitar|solicitarlo|decir|decirlo|decirnos|decirmelo|avisar|"
					"avisarnos|indicarlo|cancelar|negarse" },

	/* it was another that was called */
	{ VA_INTENT_WRONG_NUMBER, "numero equivocado|erroneo|incorrecto|mal|malo" },
	{ VA_INTENT_WRONG_NUMBER,
		"me|nos ?he|hemos|habre|habremos equivoque|equivocado|equivoco|equivocamos|confundido|confundi" },
	{ VA_INTENT_WRONG_NUMBER, "marque|marcamos|he|hemos|llame|marcado ?marcado mal|equivocado" },
	{ VA_INTENT_WRONG_NUMBER, "error mio|nuestro|de" },
	{ VA_INTENT_WRONG_NUMBER, "corrijo|corregimos|corregire|actualizo|actualizamos "
							  "?corrijo|corregimos|actualizo|corregire ?el|la|el|nuestro|dato" },
	{ VA_INTENT_WRONG_NUMBER,
		"no es|vive|esta|trabaja ?usted|el|la|ahi|aqui|con ?el|la|usted|numero|telefono|senor|senora|don|dona" },
	{ VA_INTENT_WRONG_NUMBER, "entonces|asi|vaya ?que ?no es|eres|sos|hablo ?usted|con" },
	{ VA_ACT_SORRY, "perdon|perdone|perdona|disculpe|disculpa|disculpen|lamento|siento|disculpas|pena|perdonen|"
					"molestia|molestias" },
	/* asks for somebody who is grown up */
	{ VA_ACT_ADULT, "tu|tus mama|papa|mami|papi|padre|madre|padres|papas|abuela|abuelo|viejo|vieja|viejos|papis" },
	{ VA_ACT_ADULT, "un|una|algun|alguna|con|alguien adulto|adulta|mayor|grande|persona" },
	{ VA_ACT_ADULT, "alguien|persona mayor|grande|adulto" },
	{ VA_ACT_ADULT, "adulto|adulta|adultos" },
	/* asks how it was */
	{ VA_ACT_SURVEY,
		"que|como tal|le|les|te|fue|va|estuvo|quedo|califica|calificaria|valora|se|les|anda|ha|ve|van|estan|sigue" },
	{ VA_ACT_SURVEY,
		"recibio|recibiste|recibieron|llego|leyo|leiste|pudo|pudiste|revisado|recibido|leido|visto|reviso" },
	{ VA_ACT_SURVEY, "encuesta|valora|valorar|opinion|satisfaccion|satisfecho|satisfecha|recomienda|recomendaria|"
					 "calidad|valoracion|valoraria|puntua" },
	{ VA_ACT_SURVEY, "alguna|algun|tiene|tienes|tenes duda|pregunta|dudas|preguntas|consulta|alguna" },
	{ VA_ACT_SURVEY, "algo mas" },
	{ VA_ACT_SURVEY, "gracias|agradezco por|su atenderme|tiempo|atenderme|atendernos|respuestas|su|tu|responder" },
	/* offers something */
	{ VA_ACT_OFFER,
		"=le|te|os|les|lo|la interesa|interesaria|gustaria|apetece|mando|envio|apunto|anoto|reservo|preparo|sirve" },
	{ VA_ACT_OFFER, "=quiere|quieres|queres|querria|querrian|quieren|desea|desean|necesita|prefiere" },
	{ VA_ACT_OFFER,
		"=esta|estaria|estan|sigue|siguen|tiene|tienen ?usted ?algun interesado|interesada|interesados|interes" },
	{ VA_ACT_OFFER,
		"=puedo|podemos|podria|podriamos ?yo ?le|te|la|lo "
		"enviar|enviarle|mandar|mandarle|ofrecer|ofrecerle|reservar|reservarle|apuntar|apuntarle|pasar|"
		"concertar|agendar|agendarle|explicar|explicarle|proponer|proponerle|contar|contarle|visitar|visitarle" },
	{ VA_ACT_OFFER, "le|te|os|les|lo|la "
					"interesa|interesaria|gustaria|apetece|mando|envio|guardo|abro|apunto|parece|explico|cuento|anoto|"
					"preparo|sirve|reservo|confirmo|viene|queda|va|conviene|paso|puedo|podria|gusta" },
	{ VA_ACT_OFFER, "quiere|quieres|queres|querria|querrian|quieren|desea|necesita|prefiere|sigue|seguis|sigues|siguen|"
					"tiene|ha|acepta" },
	{ VA_ACT_OFFER, "puedo|podemos|podria|podriamos" },
	{ VA_ACT_OFFER, "interesado|interesada|interesados|interes" },
	/* hears a no */
	{ VA_ACT_DECLINED, "no|sin|ningun|ni ?le|te|les|hay|tiene|esta interesa|interes|interesado|interesada" },

	{ VA_ACT_DECLINED, "no ?le|te|la|lo insisto|insistimos|insistire|molesto" },
	{ VA_ACT_DECLINED, "respeto|respetamos" },
	/* agrees */
	{ VA_ACT_NOTED, "^ "
					"perfecto|estupendo|genial|bien|vale|bueno|claro|hecho|listo|correcto|exacto|si|ok|dale|excelente|"
					"entendido|anotado|apuntado|apuntada|anotada|magnifico|fenomenal|venga|ideal|buenisimo|barbaro|"
					"fantastico|queda|conforme" },
	{ VA_ACT_NOTED, "^ de|muy|por|con|asi acuerdo|bien|supuesto|gusto|mucho|es|una" },
	{ VA_ACT_NOTED, "queda|quedan|lo|la ?dejo|tengo|hemos|he "
					"anotado|apuntado|reservado|confirmado|cambiado|agendado|asi|anoto|apunto|cambio|movido" },
	/* nobody is there any more */
	{ VA_INTENT_LOST, "^ hola|alo|oiga|bueno|diga|oye|digame $" },
	{ VA_INTENT_LOST, "me|te|le|se ?ha oye|oyes|escucha|escuchas|oigo|escucho|oyen|corto|cortado|colgado|colgo" },
	{ VA_INTENT_LOST, "ha|han colgado|cortado" },
	{ VA_INTENT_LOST, "sigue|esta|estas|sigues|seguis|hay ?usted|alguien ?todavia ahi|bien|linea|alguien" },
	{ VA_INTENT_LOST, "corto|cortado|colgado|colgo|cortada|cayo|caido" },
	{ VA_INTENT_LOST, "se ?ha ido|fue|perdio|perdido|callo|cayo|caido|cortado|corto" },
	{ VA_INTENT_LOST, "no|nadie contesta|responde|hay|oigo" },
	/* asks for words to be spelled, or for a sign to stop at */
	{ VA_ACT_CUE, "deletrear|deletrearme|deletrea|deletreo|letra|letras|deletrearlo" },
	{ VA_ACT_CUE, "repito|leo|repetir|leer" },
	{ VA_ACT_CUE, "calle|parada" },
};

const VaIntentTable va_acts_es = {
	.language = "es", .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0])
};
