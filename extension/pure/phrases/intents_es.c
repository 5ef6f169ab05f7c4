/*-------------------------------------------------------------------------
 * intents_es.c
 *		Spanish: what people do with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

#define OPT_OUT VA_INTENT_OPT_OUT
#define WRONG VA_INTENT_WRONG_NUMBER
#define CALLBACK VA_INTENT_CALLBACK
#define REFUSAL VA_INTENT_REFUSAL
#define INTEREST VA_INTENT_INTEREST
#define VOICEMAIL VA_INTENT_VOICEMAIL
#define BUSY VA_INTENT_BUSY

static const VaIntentPattern patterns[] = {
	{ OPT_OUT, "no ?me|nos|se ?vuelva|vuelvan|vuelvas|volvais "
			   "llame|llamen|llames|llameis|molesten|moleste|molestes|contacten|contacte|marquen|marque|hablen "
			   "mas|nunca|jamas|nuevamente" },
	{ OPT_OUT, "no ?me|nos llame|llamen|llames|llameis|molesten|moleste|molestes|contacten|contacte|marquen|marque "
			   "?mas|nunca !para|antes|hoy|manana|el|a|por|hasta|ahora|tan|este|esta|los|en" },
	{ OPT_OUT,
		"no ?me|nos|se ?lo|le|les vuelva|vuelvan|vuelvas|volvais a "
		"llamar|llamarme|llamarnos|marcar|marcarme|molestar|molestarme|contactar|contactarme|llamarlo|telefonear" },
	{ OPT_OUT, "nunca|jamas ?mas ?me|nos ?vuelva|vuelvan llame|llamen|llames|a ?llamar|llamarme|llamarnos" },
	{ OPT_OUT, "deje|dejen|deja|dejad|dejense|pare|paren de "
			   "llamar|llamarme|llamarnos|molestar|molestarme|molestarnos|marcar|marcarme|insistir|acosarme" },
	{ OPT_OUT, "quiero|quisiera|pido|exijo que ?me|nos ?ya dejen|deje de llamar|llamarme|llamarnos|molestar" },
	{ OPT_OUT, "no quiero|queremos|deseo|deseamos ?que ?me|nos|recibir|mas|saber|vuelvan|vuelva ?mas|a "
			   "llamen|llamadas|llame|llamar|llamarme|llamarnos|molesten|contacten|llamada ?mas|nunca" },
	{ OPT_OUT, "no quiero|queremos ?que ?me|nos recibir|vuelvan|vuelva ?mas|a|ninguna ?ninguna|otra|mas "
			   "llamadas|llamada|llamar|llamarme|llamarnos" },
	{ OPT_OUT, "no quiero|queremos|deseo|deseamos ?recibir mas|ninguna llamadas|llamada" },
	{ OPT_OUT,
		"=quite|quitenme|quiteme|quiten|saquenme|saqueme|saque|saquen|borreme|borrenme|borre|borren|elimine|eliminen|"
		"elimineme|eliminenme|tache|tachen|retire|retiren|de|den|denme|deme|deme ?mi|mis|me|este|de|nuestro|el "
		"?baja|numero|nombre|telefono|datos ?de|en ?su|sus|la|esa|esta|toda|todas|vuestra|cualquier ?sus|las "
		"lista|listas|base|registro|registros|agenda|sistema|fichero|archivos" },
	{ OPT_OUT, "=borre|borren|elimine|eliminen|quite|quiten|supriman|suprima|olvide|olviden mi|este|nuestro|mis "
			   "numero|telefono|datos|nombre|contacto" },
	{ OPT_OUT, "=saquenme|saqueme|borrenme|borreme|quitenme|quiteme|eliminenme|elimineme de *3 "
			   "lista|listas|base|ahi|registro" },
	{ OPT_OUT, "=de|darme|dar|de|den|deme|denme baja !de|con" },
	{ OPT_OUT, "=lista|listado|listin robinson" },
	{ OPT_OUT, "=apunteme|apuntenme|pongame|ponganme|metame ?en|a la lista de|robinson ?no ?llamar" },
	{ OPT_OUT, "no mas|mas llamadas" },
	{ OPT_OUT, "no hace|hacia falta que ?me|nos llamen|llame|vuelvan nunca|mas|a" },
	{ OPT_OUT, "ni una llamada mas" },
	{ OPT_OUT, "=ultima vez que ?me|nos llama|llaman|llamen|llame" },
	{ OPT_OUT, "=dejenme|dejeme|dejennos|dejenos en paz" },
	{ OPT_OUT, "prefiero|preferiria|rogaria que no ?me|nos vuelvan|vuelva|llamen|llame ?a ?llamar|mas" },
	{ WRONG, "numero equivocado|incorrecto|erroneo" },
	{ WRONG, "se|te|os|me ?ha|han|has ?habra equivocado|equivoca|equivocan|equivocaste|equivoco ?de|con" },
	{ WRONG, "equivocado|equivocada de numero|persona|telefono" },
	{ WRONG, "no conozco|conocemos|hay|vive|es ?a ?aqui|aca|ningun|nadie|ninguna|ese|esa|a|ningun *1 "
			 "aqui|aca|ningun|ninguna|nadie|nombre|senor|senora|persona|numero|casa|hay" },
	{ WRONG, "aqui|aca no vive|hay|es|trabaja|conocemos ?a ?nadie|ningun|ninguna|ese|esa|eso|$" },
	{ WRONG, "no soy ?yo ?esa|ese|el|la persona|senor|senora|el|ella" },
	{ WRONG, "ya no vive|trabaja|es|esta|tiene aqui|aca|su|el|este|con|en" },
	{ WRONG, "ese|este ya|no ?no es ?su|el numero" },
	{ CALLBACK, "llame|llameme|llamame|llamenme|llamen|llamame|marqueme|marquenme|marque|vuelva|vuelvame|vuelvan|"
				"intentelo|intenteme|hablame|hableme|llamenos|llamelo|llamela|llamarme|llamar "
				"?usted|me|a|por|favor|mejor|nuevamente ?favor|llamar|llamarme|marcar|intentar|intentarlo "
				"mas|manana|luego|despues|otro|otra|el|la|en|a|por|sobre|pasado|dentro|cuando|hacia|esta|este|proxima|"
				"antes|tarde|de|nuevamente|$" },
	{ CALLBACK, "me ?puede|podria|pueden|podrian|vuelve|llama|llamas|llame|vuelva ?volver ?a "
				"llamar|llamas|llama|llame|marcar|manana|mas|luego|el|a ?a ?mas|manana|luego|despues|otro|el|tarde" },
	{ CALLBACK, "puede|podria|pueden|podrian|puedes ?usted llamarme|llamar|volver|marcarme ?a ?llamar|llamarme *3 "
				"mas|manana|luego|otro|otra|el|la|en|a|despues|tarde|por|cuando" },
	{ CALLBACK, "otro|otra dia|momento|rato|vez|hora" },
	{ CALLBACK, "mejor|preferiria ?que|me|si|llameme|mas|manana|otro|por|el|luego ?me "
				"manana|tarde|luego|despues|dia|la|lunes|martes|miercoles|jueves|viernes|llame|otro" },
	{ CALLBACK, "mas tarde|tardecito" },
	{ CALLBACK, "vuelva|vuelvan|vuelve a|con llamar|llamarme|intentar|intentarlo|marcar" },
	{ CALLBACK, "devuelvame|devuelvanme la llamada" },
	{ VA_INTENT_DEFERRAL, "le|les|ya|yo|te|os ?les|le|yo ?voy|vuelvo|devuelvo|devolvere ?a "
						  "llamo|llamare|llamar|marco|llamamos|llamada|aviso|avisare" },
	{ VA_INTENT_DEFERRAL, "lo|me|tengo|dejeme|voy|hay|quiero|necesito ?lo|que|a ?tengo ?que "
						  "pienso|pensarlo|pensar|pensare|pensarmelo|consultar|consultarlo|hablar|hablarlo|comentarlo|"
						  "ver|verlo|preguntar" },
	{ REFUSAL, "no ?me|nos|estoy|estamos|muchas|tengo|tenemos|hay|a ?me|muy|nada|ningun|mucho "
			   "interesa|interesado|interesada|interesados|gracias|interes|interesan" },
	{ REFUSAL, "no ?lo|la|los necesito|necesitamos|queremos|quiero !que "
			   "?nada|eso|mas|ninguno|ninguna|comprar|cambiar|contratar|gracias" },
	{ REFUSAL, "ya tengo|tenemos|estoy|estamos|contrate|compre|lo|la|hemos|he|somos ?con "
			   "?otro|otra|uno|una|alguien|compania|seguro|servido|hecho|clientes|contento|bien" },
	{ REFUSAL, "no es para|algo mi|nosotros|que" },
	{ REFUSAL, "estoy|estamos ?muy|bien contento|contenta|contentos|satisfecho|satisfecha|bien|servido|servidos "
			   "?con|asi|como" },
	{ REFUSAL, "no vale|merece la pena" },
	{ REFUSAL, "muy|demasiado|es ?muy|demasiado caro|cara" },
	{ REFUSAL, "prefiero|preferiria no" },
	{ REFUSAL, "ahora|por|de no|ahora|momento|verdad ?no ?me|gracias|interesa" },
	{ REFUSAL, "para nada" },
	{ REFUSAL, "ni hablar|loco|loca|pensarlo" },
	{ REFUSAL, "no hace falta" },
	{ REFUSAL, "no voy|vamos a comprar|cambiar|contratar|hacer|firmar" },
	{ REFUSAL, "perder ?el|mi tiempo" },
	{ INTEREST, "me|nos ?si ?que interesa|interesaria|gusta|gustaria|encanta|encantaria|parece|viene|va|vendria "
				"?mucho|muy ?bien|estupendo|perfecto|genial|interesante|saber|genial" },
	{ INTEREST, "estoy|estaria|estamos|estariamos ?muy interesado|interesada|interesados" },
	{ INTEREST, "cuenteme|cuentame|digame|expliqueme|hableme|envieme|mandeme|mandame|enviame|enseneme|paseme|pasame "
				"mas|un|el|la|los|algo|informacion|como|detalles|presupuesto" },
	{ INTEREST, "suena|se|tiene|parece ?oye|buena ?muy|pinta bien|interesante|genial|pinta|estupendo" },
	{ INTEREST, "cuanto|que|cual ?me cuesta|vale|costaria|sale|cobran|precio|saldria|es ?el ?precio" },
	{ INTEREST, "quiero|querria|quisiera|queremos ?mas|saber|una|un|la|el|que|reservar|apuntarme|contratar|ver|probar "
				"?mas informacion|cita|presupuesto|visita|reservar|verlo" },
	{ INTEREST, "apunteme|apuntame|reserveme|reservame|pongame" },
	{ INTEREST, "adelante" },
	{ INTEREST, "de acuerdo|una" },
	{ INTEREST, "por que no $" },
	{ INTEREST, "con mucho gusto" },
	{ VOICEMAIL, "deje|dejenos|dejar|deja|grabe ?su|un|tu|su mensaje|nombre|recado" },
	{ VOICEMAIL, "despues|tras|al|luego ?de|oir ?la|el|oir ?de|la|el senal|tono|pitido|bip" },
	{ VOICEMAIL, "buzon ?de voz|mensajes|lleno" },
	{ VOICEMAIL, "contestador ?automatico" },
	{ VOICEMAIL, "contestadora" },
	{ VOICEMAIL, "ha|has|esta ?usted ?llamado|llamando|comunicado a|al|con" },
	{ VOICEMAIL, "no|persona|numero|usuario|abonado ?podemos|puedo|puede|esta|se|que|al|a "
				 "?atender|atenderle|atenderlo|contestar|disponible|encuentra|ha|usted|llama ?su|llamado|disponible "
				 "llamada|disponible|momento|telefono|apagado" },
	{ VOICEMAIL, "apagado o fuera de cobertura" },
	{ VOICEMAIL, "fuera de cobertura|servicio" },
	{ VOICEMAIL, "le|te devolvere|devolveremos|llamare|llamaremos ?la ?llamada lo|tan|en ?antes|pronto|cuanto" },
	{ VA_INTENT_CHILD, "mi|a mama|mami|papa|papi|mamita ?no ?no|se esta|ha|dice|salio|puede|fue|me|trabaja|fue" },
	{ VA_INTENT_CHILD, "mama|mami|papa|papi" },
	{ VA_INTENT_CHILD, "tengo 0|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce anos" },
	{ VA_INTENT_CHILD, "no me dejan|deja hablar|contestar|decir" },
	{ VA_INTENT_OTHER, "no esta|se|estara|anda|vive ?encuentra|en|aqui|ahora|por|hoy|mi|disponible|el|ella" },
	{ VA_INTENT_OTHER,
		"soy|habla|le ?yo|con ?atiende su|el|la "
		"marido|mujer|esposa|esposo|hija|hijo|hermana|hermano|madre|padre|secretaria|secretario|asistente|cuidadora|"
		"vecina|vecino|nuera|yerno|companera|companero|cunada|nieta|nieto|muchacha|pareja" },
	{ VA_INTENT_OTHER,
		"mi marido|mujer|esposa|esposo|hijo|hija|jefe|madre|padre lleva|se|es|decide|no|esta|ha|trabaja" },
	{ VA_INTENT_OTHER, "le|quiere|desea dejo|doy|dejar|digo|dire|paso ?algun|un|el|que recado|mensaje|llamo|ha" },
	{ VA_INTENT_OTHER, "ha|acaba salido|de ?salir" },
	{ BUSY, "estoy|ando|voy|me|estamos ?muy|en|ahora|pilla|coge|agarra|en|algo ?ahora ?una|un|el|medio|mal "
			"ocupado|ocupada|reunion|conduciendo|manejando|trabajando|trabajo|reunido|reunida|momento|comiendo|"
			"hospital|medico|conducir|cenando|apurado|apurada|coche|liado|liada" },
	{ BUSY, "no puedo|podemos ?ahora|hablar ?mismo ?hablar|atender|atenderle|ahora|mucho" },
	{ BUSY, "no es ?un|el|muy buen|buena|mejor momento|hora" },
	{ BUSY, "mal|mala momento|hora" },
	{ BUSY, "no tengo|tenemos|dispongo ?ahora|mucho|de|ni tiempo|minuto|ahora" },
	{ BUSY, "tengo|llevo|estoy ?mucha|de|con prisa" },
	{ BUSY, "ahora no|mismo ?no ?puedo|$" },
	{ VA_INTENT_WITHDRAWAL, "olvidelo|olvidalo|dejelo|dejalo|olvidemos" },
	{ VA_INTENT_WITHDRAWAL, "lo he pensado|cambiado" },
	{ VA_INTENT_WITHDRAWAL, "he|cambie|cambio|cambiado ?cambiado de idea|opinion" },
	{ VA_INTENT_WITHDRAWAL, "mejor no" },
	{ VA_INTENT_WITHDRAWAL, "pensandolo bien|mejor" },
	{ VA_INTENT_WITHDRAWAL, "cancele|cancelelo|anule|anulelo|cancela" },
	{ VA_INTENT_SARCASM,
		"que|uy|ay|vaya|anda ?que|mira ilusion|alegria|suerte|emocion|maravilla|sorpresa|gracia|divertido|bien "
		"?otra|otro|mas|me|$" },
	{ VA_INTENT_SARCASM, "lo que ?me faltaba|mas" },
	{ VA_INTENT_SARCASM, "justo lo que necesitaba|queria|faltaba|esperaba" },
	{ VA_INTENT_SARCASM, "si claro|hombre ?y|como ?si" },
	{ VA_INTENT_SARCASM, "si hombre" },
	{ VA_INTENT_SARCASM, "gracias por nada" },
	{ VA_INTENT_SARCASM, "cuando las ranas|vacas" },
	{ VA_INTENT_NO, "^ no" },
	{ VA_INTENT_NO, "^ nada|tampoco|nunca|jamas ?$" },
	{ VA_INTENT_NO, "^ que va" },
	{ VA_INTENT_NO, "^ claro|por que|supuesto no|que" },
	{ VA_INTENT_YES, "^ "
					 "si|claro|vale|correcto|exacto|perfecto|bueno|efectivamente|genial|estupendo|venga|dale|orale|ok|"
					 "okey|okay|andele|listo|hecho|bien|aja !que" },
	{ VA_INTENT_YES, "^ de acuerdo" },
	{ VA_INTENT_YES, "^ por supuesto" },
	{ VA_INTENT_YES, "^ eso|asi es" },
	{ VA_INTENT_YES, "^ esta|me|muy|ahi ?parece|va|viene ?muy bien" },
	{ VA_INTENT_YES, "^ soy yo" },
	{ VA_INTENT_YES, "^ con mucho gusto" },
	{ VA_INTENT_YES, "^ desde luego" },
	{ VA_INTENT_GOODBYE, "adios|chao|chau|hasta ?luego|pronto|manana|otra" },
	{ VA_INTENT_GOODBYE, "que tenga|pase|tengas ?un|buen" },
};

const VaIntentTable va_intents_es = { .language = "es",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes = "dijo|dice|dicen|dijeron|decia|decian|grito|pregunto|cuenta|conto|contesto|ponia|pone|repite|digo|dicho",
	.others =
		"el|ella|ellos|marido|mujer|esposa|esposo|madre|padre|vecino|vecina|amigo|amiga|jefe|hermano|hermana|gente|"
		"alguien|todos|cunado|cunada|hijo|hija|otro|senor|senora|companero|suegra|abuela|ustedes|usted|cartel|primo",
	.selves = "yo|nosotros|le|les",
	.denials = "no|nunca|tampoco|ni|jamas|sin",
	.conditions = "hasta|antes|hoy|manana|salvo|excepto|mientras|cuando|si|domingo|domingos|sabado|sabados|noche|tarde|"
				  "temprano|fines|lunes|martes|miercoles|jueves|viernes|semana|horas|hora|ahora|trabajo",
	.suppositions = "si|cuando|por|imagine|suponga|acaso" };
