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
	/* asks to be called no more, as strangers ask */
	{ OPT_OUT, "no quiero|queremos|quisiera ?volver ?a saber|oir ?mas ?nada ?mas de ustedes|usted|vosotros|su" },
	{ OPT_OUT, "no|nunca|jamas volver|vuelva|vuelvan|vuelvas|volvais ?nunca|jamas a "
			   "llamar|llamarme|llamarnos|marcar|contactar|contactarme|molestar|molestarme" },
	{ OPT_OUT, "deja|deje|dejen|dejad|para|pare|paren ya ?por ?favor de "
			   "llamar|llamarme|llamarnos|molestar|molestarme|insistir|marcar" },
	{ OPT_OUT, "ni ?se ?te ?le|les|os ocurra ?volver ?a llamar|llamarme|marcar" },
	{ OPT_OUT, "basta|suficiente|harto|harta|cansado|cansada ?ya de ?tantas|sus|estas|tus llamadas" },
	/* what a machine alone says; what strangers say */
	{ VOICEMAIL, "=despues|tras|al|luego|oir ?de|del ?oir ?la|el senal|tono|pitido|bip|gong" },
	{ VOICEMAIL,
		"=pulse|marque|oprima|presione ?el|la ?tecla uno|dos|tres|0|asterisco|almohadilla|numeral|gato|cero|nueve" },
	{ VOICEMAIL, "=buzon|contestador ?de ?voz|mensajes|automatico ?esta lleno|automatico|de" },
	{ VOICEMAIL, "=este|soy|es|esto ?es el contestador|buzon" },
	{ VOICEMAIL, "=numero ?que ?usted marcado|marco|ha" },
	{ VOICEMAIL, "=deje|grabe|dejen ?su|tu|un mensaje despues|tras|al|y" },
	{ VA_INTENT_NONE, "con la luz|casa|gente" },
	{ VA_INTENT_NONE, "que viene ?el|la|a|por|en" },
	{ CALLBACK, "llamame|llameme|llamenme|llamadme|marcame ?tu|usted|vos mas adelante|tarde" },
	{ OPT_OUT, "pediria|pido|preferiria|agradeceria|rogaria|prefiero|quiero ?le|les|se ?lo que no ?me|nos|se "
			   "llame|llamen|llamara|llamaran|vuelvan|vuelva|contacten|llamase ?a ?llamar ?aqui ?me ?mas|nunca" },
	{ CALLBACK, "llamame|llameme|llamenme|llamadme|marcame|marqueme|hablame ?usted|tu|vos ?pero ?hoy|mejor|ya "
				"?mas|a|por|esta|manana|adelante|luego|otro|dia|la|el|en|despues|tarde|noche" },
	{ VA_INTENT_DEFERRAL, "mas adelante" },
	{ VA_INTENT_DEFERRAL, "cuando|hasta ?yo|el|ella ?lo sepa|vea|tenga|decida|hable" },
	{ INTEREST, "preparelo|preparamelo|preparemelo|prepareme|enviemelo|mandemelo|mandamela|enviamelo|envialo|mandalo|"
				"hagalo|hagamelo|haganmelo" },
	{ INTEREST, "me|nos ?lo|la ?manda|mandan|envia|envian|pasa ?por|al correo|mail|email|whatsapp" },
	{ INTEREST, "que ?me|nos|le|les ?lo|la manden|envien|mande|envie|pasen "
				"el|la|los|las|un|una|precio|info|informacion|presupuesto" },
	{ VA_INTENT_ACCEPT, "iremos|ire|voy ?yo|con|los|alli|a $" },
	{ VA_INTENT_ACCEPT, "le|lo|la|los ?puedo acompano|acompanare|acompanar|llevo|llevare ?yo" },
	{ VA_INTENT_ACCEPT, "alli|ahi|aqui estare|estaremos|estamos" },
	{ REFUSAL, "es ?una|de|un broma|chiste" },
	{ REFUSAL, "era ?una|de|un broma|chiste|ironia" },
	{ REFUSAL, "lo decia|digo en ?de broma" },
	{ REFUSAL, "ni ?para|por el|ella|nosotros|mi|yo|loco|loca|loca|hablar|sonando" },
	{ REFUSAL, "no ?va|vamos|voy ?a ?nos ?me ?seguir|continuar adelante" },
	{ REFUSAL, "no ?lo|la|nos|me ?va|vamos|voy ?a ?hacer falta|necesario|necesaria|necesitamos" },
	{ REFUSAL, "no ?quiero|queremos ningun|ninguna|nada ?de" },
	{ REFUSAL, "para que|quien ?si" },
	{ REFUSAL, "me|nos ?lo ?he|hemos|fui|fuimos pasado|cambiado|ido ?ya ?a|con|de ?la|otra|otro "
			   "compania|competencia|empresa|proveedor" },
	{ REFUSAL, "demasiado caro|cara|dinero" },
	{ REFUSAL, "se|me|nos ?me|nos va|sale|escapa ?de ?muy|precio|presupuesto ?del caro|presupuesto" },
	{ VA_INTENT_WITHDRAWAL,
		"no|ay ?no quita|quitalo|quitela|quitelo|borralo|borrelo|dejalo|dejelo|anulalo|cancelalo ?eso|lo|ya" },
	{ VA_INTENT_WITHDRAWAL, "lo|la ?mejor retiro|anulo|cancelo" },
	{ VA_INTENT_NO, "no va ?a|poder ?a poder|ser ?ser" },
	{ VA_INTENT_NO, "me es imposible" },
	{ VA_INTENT_LOST,
		"se|me ?esta|me quemando|queda|acaba|muere ?un|la|el ?uno|dos ?por|bateria ?ciento ?de ?bateria" },
	{ VA_INTENT_LOST, "un ?uno|dos|tres por ciento" },
	{ VA_INTENT_LOST, "apaga|apague el|la|los fuego|estufa|horno|gas" },
	/* asks what the call is about, and no more */
	{ VA_INTENT_NONE,
		"digame|dime|diga|digan|diganme|cuenteme|expliqueme|saber ?me|nos ?primero|pues|antes ?por ?favor "
		"?de|sobre|para ?que se|es|quiere|llama|quieren ?trata" },
	{ VA_INTENT_NONE, "digame|diga|dime $" },
	{ VA_INTENT_NONE, "de|sobre|para que se|es|trata|llama ?trata" },
	{ OPT_OUT, "=sea|sera|es ?esta la|su ?ultima llamada|vez $" },
	{ OPT_OUT, "=no quiero|queremos|quisiera saber ?nada ?mas|nada de ustedes|vosotros|usted" },
	{ OPT_OUT, "=me|nos dejan|dejen|deje|dejas ?ya ?de ?una ?vez en paz" },
	{ OPT_OUT, "no me|nos llame|llamen|llames|marquen|marque ?mas despues de eso|esto" },
	{ WRONG, "=se|te ha|han|has equivocado de numero|telefono" },
	{ WRONG, "=numero equivocado|incorrecto|erroneo" },
	{ WRONG, "=equivocado|equivocada de numero|telefono" },
	{ VA_INTENT_WITHDRAWAL,
		"=cancele|cancela|cancelen|anule|anula|anulen ?me ?el|la|lo|mi|todo ?la ?cita|visita|turno|reserva "
		"?por ?favor" },
	{ VA_INTENT_WITHDRAWAL, "=cancelela|cancelelo|cancelenla|cancelenlo|anulela|anulelo|anulenla|cancelala|cancelalo|"
							"anulala|anulalo" },
	{ OPT_OUT, "no ?me|nos|se ?vuelva|vuelvan|vuelvas|volvais "
			   "llame|llamen|llames|llameis|molesten|moleste|molestes|contacten|contacte|marquen|marque|marques|hablen "
			   "mas|nunca|jamas|nuevamente" },
	{ OPT_OUT, "=que no ?y ?que ?no ?me|nos llame|llamen|llames|llameis ?mas $" },
	{ OPT_OUT,
		"no ?me|nos llame|llamen|llames|llameis|molesten|moleste|molestes|contacten|contacte|marquen|marque|marques "
		"?mas|nunca !para|despues|antes|hoy|manana|el|a|por|hasta|ahora|tan|este|esta|los|en" },
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
	{ OPT_OUT, "=borreme|borrenme|borradme $" },
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
	{ CALLBACK, "llame|llameme|llamame|llamenme|llamen|marcame|marqueme|marquenme|marque|vuelva|vuelvame|vuelvan|"
				"intentelo|intenteme|hablame|hableme|llamenos|llamelo|llamela|llamarme|llamar "
				"?usted|me|a|por|favor|mejor|nuevamente ?favor|llamar|llamarme|marcar|intentar|intentarlo "
				"mas|manana|luego|despues|otro|otra|el|la|en|a|por|sobre|pasado|dentro|cuando|hacia|esta|este|proxima|"
				"antes|tarde|de|nuevamente|$" },
	{ CALLBACK, "me ?puede|podria|pueden|podrian|vuelve|llama|llamas|llame|vuelva ?volver ?a "
				"llamar|llamas|llama|llame|marcar|manana|mas|luego|el|a ?a ?mas|manana|luego|despues|otro|el|tarde" },
	{ CALLBACK, "puede|podria|pueden|podrian|puedes ?usted llamarme|llamar|volver|marcarme ?a ?llamar|llamarme *3 "
				"mas|manana|luego|otro|otra|el|la|en|a|despues|tarde|por|cuando" },
	{ CALLBACK, "otro|otra dia|momento|rato|vez|hora" },
	{ CALLBACK, "mas tarde|tardecito" },
	{ CALLBACK, "vuelva|vuelvan|vuelve a|con llamar|llamarme|intentar|intentarlo|marcar" },
	{ VA_INTENT_DEFERRAL, "le|les|ya|yo|te|os ?les|le|yo ?voy|vuelvo|devuelvo|devolvere ?a "
						  "llamo|llamare|llamar|marco|llamamos|llamada|aviso|avisare" },
	{ VA_INTENT_DEFERRAL, "lo|me|tengo|dejeme|voy|hay|quiero|necesito ?lo|que|a ?tengo ?que "
						  "pienso|pensarlo|pensar|pensare|pensarmelo|consultar|consultarlo|hablar|hablarlo|comentarlo|"
						  "ver|verlo|preguntar" },
	{ REFUSAL, "no ?me|nos|estoy|estamos|muchas|tengo|tenemos|hay|a ?me|muy|nada|ningun|mucho "
			   "interesa|interesado|interesada|interesados|gracias|interes|interesan" },
	{ REFUSAL, "no ?lo|la|los necesito|necesitamos|queremos|quiero !que "
			   "?nada|eso|mas|ninguno|ninguna|comprar|cambiar|contratar|gracias" },
	{ REFUSAL,
		"ya ?lo|la "
		"tengo|tenemos|estoy|estamos|somos|contrate|compre|contratamos|compramos|cambie|renove|renovamos|renovaron|"
		"firme ?con "
		"?otro|otra|uno|una|alguien|compania|seguro|servido|hecho|clientes|contento|bien|contratado|comprado|quien" },
	{ REFUSAL, "no es para|algo mi|nosotros|que" },
	{ REFUSAL, "estoy|estamos ?muy|bien contento|contenta|contentos|satisfecho|satisfecha|bien|servido|servidos "
			   "?con|asi|como" },
	{ REFUSAL, "no vale|merece la pena" },
	{ REFUSAL, "muy|demasiado|es ?muy|demasiado caro|cara" },
	{ REFUSAL, "prefiero|preferiria no" },
	{ REFUSAL, "ahora|por|de no|ahora|momento|verdad no|gracias ?me|gracias|interesa" },
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
	{ INTEREST, "apunteme|apuntame|reserveme|reservame|pongame" },
	{ INTEREST, "de acuerdo" },
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
	{ VA_INTENT_OTHER, "no esta|estara|anda ?en|aqui|ahora|por|hoy|mi|disponible|el|ella "
					   "!interesado|interesada|mal|claro|seguro|seguro|decidido" },
	{ VA_INTENT_OTHER, "no se encuentra" },
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
	{ VA_INTENT_SARCASM, "si claro|hombre ?y|como ?si" },
	{ VA_INTENT_SARCASM, "si hombre" },
	{ VA_INTENT_SARCASM, "=cuando las ranas|vacas" },
	{ VA_INTENT_NO, "^ no" },
	{ VA_INTENT_NO, "^ nada|tampoco|nunca|jamas ?$" },
	{ VA_INTENT_NO, "^ que va" },
	{ VA_INTENT_NO, "^ claro|por que|supuesto no|que" },
	{ VA_INTENT_YES, "^ "
					 "si|claro|vale|correcto|exacto|perfecto|bueno|efectivamente|genial|estupendo|venga|dale|orale|ok|"
					 "okey|okay|andele|listo|hecho|bien|aja !que" },
	{ VA_INTENT_YES, "^ de acuerdo" },
	{ VA_INTENT_YES, "^ eso|asi es" },
	{ VA_INTENT_YES, "^ esta|me|muy|ahi ?parece|va|viene ?muy bien" },
	{ VA_INTENT_YES, "^ soy yo" },
	{ VA_INTENT_YES, "^ con mucho gusto" },
	{ VA_INTENT_YES, "^ desde luego" },
	{ VA_INTENT_GOODBYE, "adios|chao|chau|hasta ?luego|pronto|manana|otra" },
	{ VA_INTENT_GOODBYE, "que tenga|pase|tengas ?un|buen" },
	{ VA_INTENT_ACCEPT,
		"ahi|alli|aqui|alla nos|estare|estaremos|los|le|lo|la|te|me ?vemos|espero|esperamos|veo|tiene|tendre|tienen" },
	{ VA_INTENT_ACCEPT, "hasta el|entonces|la ?lunes|martes|miercoles|jueves|viernes|sabado|domingo" },
	{ VA_INTENT_ACCEPT,
		"me|nos|le ?va|viene|queda|parece|vale|sirve|conviene|cuadra va|viene|queda|parece|vale|sirve|conviene|cuadra "
		"?muy|super bien|perfecto|genial|fenomenal|estupendo|barbaro|de|ideal|mejor|excelente" },
	{ VA_INTENT_ACCEPT, "me|nos|le cuadra|sirve|conviene|vale|va $" },
	{ VA_INTENT_ACCEPT, "quedamos|quedemos asi|en|entonces|pues" },
	{ VA_INTENT_ACCEPT, "ya|pues|entonces esta|quedamos|quedo" },
	{ VA_INTENT_ACCEPT, "lo|la|los|las espero|esperamos|te" },
	{ VA_INTENT_ACCEPT, "te|le|les espero|esperamos" },
	{ VA_INTENT_ACCEPT, "puedo|podemos|podria ?perfectamente|si $" },
	{ VA_INTENT_ACCEPT, "apunteme|apuntame|anoteme|anotame|agendeme|agendame|reserveme|reservame|apuntenos|anotenos|"
						"confirmo|confirmado|confirmamos|confirmela|confirmelo" },
	{ VA_INTENT_ACCEPT, "sin|ningun|no|hay|tengo ?hay|tengo ?ningun problema|problemas|inconveniente" },
	{ VA_INTENT_ACCEPT, "nada en contra" },
	{ VA_INTENT_ACCEPT, "trato|eso hecho|esta|es" },
	{ VA_INTENT_ACCEPT, "no tengo ?ningun|ninguna ?problema inconveniente|problema" },
	{ VA_INTENT_ACCEPT, "lo|la dejamos|cojo|tomo|agarro|acepto" },
	{ VA_INTENT_ACCEPT, "cuando guste|quiera|quieran" },
	{ VA_INTENT_ACCEPT, "ideal|buenisimo|barbaro|espectacular|fenomenal|magnifico" },
	{ VA_INTENT_ACCEPT, "que sea" },
	{ VA_INTENT_ACCEPT, "alli|ahi|aca|aqui estare|estaremos|voy|vamos|espero" },
	{ VA_INTENT_LOST, "no ?le|te|lo|la|se|los ?se oigo|escucho|oye|escucha|entiendo|oimos|oyen" },
	{ VA_INTENT_LOST,
		"se|le|te|me ?esta|me|nos|le ?va|fue|ha|esta|oye|oyes "
		"corta|cortando|corto|cortado|entrecorta|entrecortado|escucha|oye|pierde|va|fue|cayo ?mal|entrecortado|lejos" },
	{ VA_INTENT_LOST, "me quedo|estoy|quede ?quedando sin bateria|cobertura|senal|pila|saldo|wifi|internet" },
	{ VA_INTENT_LOST, "sin|poca|mala|no|nada ?hay bateria|cobertura|senal|pila" },
	{ VA_INTENT_LOST, "^ hola|bueno|oiga|alo|diga ?hola|alo|bueno $" },
	{ VA_INTENT_LOST, "hable|habla mas|hablar fuerte|alto" },
	{ VA_INTENT_LOST, "hay alguien|nadie" },
	{ VA_INTENT_LOST, "voy|vamos|cuelgo|colgar|tengo ?a|que colgar|cortar|dejarle|dejarte|dejar" },
	{ VA_INTENT_LOST, "cuelgo|corto $" },
	{ VA_INTENT_LOST, "tengo|debo|me que ?irme|colgar|cortar|ir|salir|dejarte|dejarlo|voy" },
	{ VA_INTENT_LOST, "espere|espera|aguarde|esperate|esperame|espereme|aguanta|momentito|segundito ?un" },
	{ VA_INTENT_LOST, "un segundito|segundo|momentito|momento|minutito|minuto" },
	{ VA_INTENT_LOST, "tunel|ascensor|elevador" },
	{ VA_INTENT_LOST, "estan|llaman|tocan|llama ?llamando|tocando ?a la puerta|timbre" },
	{ VA_INTENT_LOST, "virgen|dios|madre ?mia santisima|mio|mia" },
	{ VA_INTENT_LOST, "ay que|no|dios|mi" },
	{ VA_INTENT_LOST, "no contesta|hay|responde ?nadie" },
	{ VA_INTENT_DEFERRAL, "no ?lo ?la se|sabria ?todavia|aun|pues|si|que|la|ahora" },
	{ VA_INTENT_DEFERRAL, "ya|luego|pues|despues|lo|la ?lo|la ?lo|la "
						  "vere|veremos|veo|miro|mirare|vemos|pensare|decidire|leere|leo|estudio|estudiare|reviso|"
						  "revisare|dire|consulto|hablamos|pienso" },
	{ VA_INTENT_DEFERRAL, "tengo|tenemos|hay|voy|quiero|debo|necesito|prefiero|dejeme|deje|dejame ?que|a|me ?lo "
						  "mirarlo|mirar|verlo|ver|leerlo|leer|pensarmelo|pensar|consultarlo|estudiarlo|revisarlo|"
						  "decidir|hablarlo|comentarlo|pensarlo|valorarlo" },
	{ VA_INTENT_DEFERRAL, "no ?lo|la|le|los ?me he|hemos|pude|abri|lei|mire|vi|revise|decidido|tuve "
						  "?todavia|aun|leido|visto|mirado|podido|abierto|decidido|revisado|tiempo" },
	{ VA_INTENT_DEFERRAL, "todavia|aun no ?lo|la ?se|decidi|he|hemos|abri|lei" },
	{ VA_INTENT_DEFERRAL, "cuando la|lo|pueda|tenga|lea|vea|sepa|decida ?lea|vea|tenga|sepa" },
	{ VA_INTENT_DEFERRAL, "a|vamos ?a ver ?que" },
	{ VA_INTENT_DEFERRAL, "depende" },
	{ VA_INTENT_DEFERRAL, "lo pienso|pensamos|hablo|consulto|comento|veo|miro|estudio|vere|mirare|hablare|pensare" },
	{ VA_INTENT_DEFERRAL, "mas adelante" },
	{ INTEREST, "quiero|queremos|quisiera|querria|queria ?si|yo "
				"entrar|apuntarme|inscribirme|empezar|ir|probar|verlo|verla|hacerlo|hacerla|tomar|tomarlo|comprar|"
				"comprarlo|arrancar|contratar|contratarlo|participar|venir|conocer|visitar|sumarme|anotarme" },
	{ INTEREST, "la|lo|los|las ?si quiero|queremos|quisiera|necesito|compro|tomo|llevo" },
	{ INTEREST, "pase|pasame|paseme|envieme|mandeme|mandame|enviame|mandeselo|mandamelo|mandemelo|enviemelo|enviamelo|"
				"mandenos|envienos|mandamela|mandemela|hagame|hazme|haceme|preparame|prepareme|digame|dime|mandemelos|"
				"enviemelos|pasamelos ?un|una|el|la|los|las|otra|mas|por|al|de|todo|eso|informacion" },
	{ INTEREST, "me|nos sigue|sigo|sigue|tiene ?interesando|interesa|interesado" },
	{ INTEREST, "sigue|sigo|seguimos|sigo ?me interesando|interesado|interesada|interesados|queriendo|interesandome" },
	{ INTEREST, "claro|si que|si ?si me|lo|la|quiero ?sigue|quiero|interesa|interesando" },
	{ INTEREST, "me encanta|encantaria|ilusiona|apunto|sumo|anoto|inscribo|apetece|tienta" },
	{ INTEREST, "cuando|como ?puedo|se|me|hago|empiezo|empiezan|empezamos|puedo "
				"puedo|empieza|empiezan|empezamos|pago|apunto|inscribo|empezar|ir|me|contrato" },
	{ INTEREST, "tenemos|tengo|con ?muchas|muchisimas ganas ?de" },
	{ INTEREST, "de veras|verdad ?si ?lo|la|me quiero|interesa" },
	{ INTEREST, "apuntenos|apunteme|apuntame|anoteme|anotame|inscribame|inscribeme" },
	{ REFUSAL, "ni|no ?de|en|a|lo|le|me ?de|lo|se|pensarlo "
			   "pizca|broma|loco|loca|palos|borracho|regalado|sonarlo|hablar|muerto" },
	{ REFUSAL,
		"no ?le|me|nos ?le|la|lo|los ?la interesa|interesan|interesaba|convence|apetece|conviene|compensa|gusta !el" },
	{ REFUSAL, "no|tampoco ?es|me|nos ?lo|la|los|las|les|le|se ?me|nos ?la|lo "
			   "quiero|queremos|necesito|necesitamos|hace|quiere ?ya !que|mas|llamadas "
			   "?nada|falta|comprar|contratar|cambiar|vender|saber" },
	{ REFUSAL, "no ?le interesa" },
	{ REFUSAL, "nada|no ?de ?nada ?senor ?senora gracias" },
	{ REFUSAL, "no muchas|gracias|muchisimas ?gracias" },
	{ REFUSAL, "que no ?que|me|quiero|gracias|no" },
	{ REFUSAL, "no vamos|voy|pienso|pensamos ?ya ?a ?a "
			   "comprar|cambiar|contratar|hacer|firmar|seguir|ir|vender|cambiarme|hacerlo" },
	{ REFUSAL, "ya ?no vamos|voy|quiero|queremos|necesito|necesitamos|interesa ?a" },
	{ REFUSAL, "ya no ?lo|la|me|nos ?vamos|voy|quiero|queremos|necesito|necesitamos|interesa|hace ?a ?falta "
			   "?comprar|interesa" },
	{ REFUSAL, "no tengo|tenemos|hay ?ningun|ninguna|ni "
			   "ganas|interes|necesidad|perro|gato|coche|carro|auto|dinero|plata|intencion|piscina|jardin|niguno" },
	{ REFUSAL, "con lo|el|la que tengo|tenemos" },
	{ REFUSAL, "me quedo|quedamos como|con|donde" },
	{ REFUSAL, "esta|lo tengo|esta ?muy decidido|claro" },
	{ REFUSAL, "asi sea gratis" },
	{ REFUSAL, "no|nada gracias" },
	{ REFUSAL, "es que no|un|no ?no" },
	{ REFUSAL, "paso|pasamos $" },
	{ REFUSAL, "prefiero|preferimos no|dejarlo|quedarme|seguir" },
	{ REFUSAL, "he|hemos|lo|me|nos ?he|hemos|lo dicho|dije ?que no" },
	{ REFUSAL, "no ?nos|me|les hace|haga|hagan|pierda|pierdan|perdamos ?falta|perder|el|mas|su ?tiempo" },
	{ REFUSAL, "tengo|ya otro|otra|un|mi ?sobrino|hijo|amigo|primo|proveedor|compania" },
	{ REFUSAL, "no|ni somos|soy ?un buenos|de" },
	{ REFUSAL, "fue|es muy clara|claro" },
	{ REFUSAL, "deje|dejelo|dejalo|dejemoslo|dejeme asi|estar|tranquilo|tranquila|ahi" },
	{ REFUSAL, "cancele|cancela|anule|anula|cancelelo|anulelo ?el|la|lo|todo|la ?por|cita|visita|apartado" },
	{ VOICEMAIL, "despues|tras|al|luego ?del|de|oir|la|el ?la|el gong|pitido|tono|senal|bip|piip|beep" },
	{ VOICEMAIL, "marque|oprima|presione|pulse|digite|teclee ?el "
				 "uno|dos|tres|cuatro|cero|0|nueve|asterisco|numeral|almohadilla" },
	{ VOICEMAIL, "espere ?en el|la|a tono|linea|operadora|ser" },
	{ VOICEMAIL, "recado|mensaje ?ha|fue|se ?ha ?sido guardado|grabado|enviado|registrado|recibido|entregado" },
	{ VOICEMAIL, "tiempo de grabacion" },
	{ VOICEMAIL,
		"grabe|graba|deja|deje|dejanos|dejenos ?tu|su|el|un|aqui|me ?breve mensaje|recado|nombre|telefono|datos" },
	{ VOICEMAIL, "^ tono|pitido|biiip|piiip|bip|beep|piip $" },
	{ VOICEMAIL, "horario de|nuestro ?de" },
	{ VOICEMAIL, "numero ?que ?usted marcado|marco|movil|telefonico|al ?que|se|no|esta" },
	{ VOICEMAIL, "el numero ?que ?usted marcado|marco|solicitado|llama|ha" },
	{ VOICEMAIL, "apagado|fuera o|de ?fuera|cobertura|servicio|area" },
	{ VOICEMAIL, "esto|soy|es ?es ?el|un|mi contestador|buzon|contestadora" },
	{ VOICEMAIL, "buzon|casilla ?de esta|lleno|voz|mensajes|correo" },
	{ VOICEMAIL, "gracias por llamar|comunicarse|su" },
	{ VOICEMAIL,
		"si desea|quiere|usted|llama|necesita|conoce *4 marque|pulse|espere|deje|mensaje|extension|oprima|interno" },
	{ VOICEMAIL, "te|le|les has|ha|habla|comunica|comunicaste ?has llamado|comunicado ?a|con" },
	{ VOICEMAIL, "no estoy|estamos|podemos|puedo ?en ?casa|disponible|atenderte|atenderle|atender|ahora|aqui|contestar "
				 "?ahora|al|tu|su|la ?mismo|llamada|telefono" },
	{ VOICEMAIL, "en este|estos momento|momentos no ?podemos|puedo|estamos" },
	{ VOICEMAIL, "devolvere|devolveremos|devuelvo|llamaremos|contactaremos ?la|tu|su|con llamada|en|cuanto" },
	{ VOICEMAIL, "para ?enviar|escuchar|borrar|hablar|volver|ser|dejar ?con|a|un|una|el ?su|caracter "
				 "marque|urgente|pulse|operadora|mensaje|atendido" },
	{ VOICEMAIL, "nuestras oficinas|nuestro horario" },
	{ VOICEMAIL, "me dejas|deja|dejan un" },
	{ VOICEMAIL, "te he|has pillado|caido" },
	{ WRONG, "marco|marcaste|marcado|llamo|has|ha ?marcado mal|equivocado|otro" },
	{ WRONG, "ha|han|has|se ?han|ha ?usted marcado|llamado|equivocado ?a|mal|otro ?numero" },
	{ WRONG, "numero ?esta|es equivocado|cambiado|mal|otro|viejo" },
	{ WRONG, "aqui|aca|en ?esta|esta ?casa|no no|ni|puro ?hay|vive|trabaja|es|pasa|vivio|conozco "
			 "?ningun|ninguna|nadie|hay|es" },
	{ WRONG, "esto|esta|aqui|este es|no|habla ?el|la|una|un|es *1 "
			 "panaderia|farmacia|restaurante|tienda|taller|hotel|bar|colegio|escuela|hospital|clinica|oficina|"
			 "peluqueria|carniceria|floristeria|funeraria|iglesia|biblioteca|pizzeria|taqueria|ferreteria|panaderia|"
			 "casa|libreria|despacho|estacion|pescaderia|polleria|fruteria|lavanderia|veterinaria|notaria|comisaria" },
	{ WRONG, "que|cual|quien ?es senor|senora|don|dona" },
	{ WRONG, "no ?lo|la|le|se ?he|hemos ?conozco|se|tengo|pedi|pedido|encargado|vendo|solicite|solicitado "
			 "quien|ningun|ninguna|conozco|nadie ?es|coche|perro" },
	{ WRONG, "no ?lo|la|le|los conozco|conocemos ?de ?nada" },
	{ WRONG, "yo no he|soy|pedi|vendo|encargue|tengo|solicite ?pedido|ningun|ninguna|el|la|don|dona|esa|ese" },
	{ WRONG, "no se quien|de" },
	{ WRONG, "no|ya ?no ?tiene|es ?su|este|ese ?su numero|telefono ?es" },
	{ WRONG, "yo|me soy|llamo *3 no|y" },
	{ WRONG, "invertido|invertiste|bailado|cambiado|confundio|confundiste|confundido|confunde|volteo|volteado "
			 "?los|el|las|unos|unas|de ?dos|ultimos dos|ultimos|cifras|numeros|numero|persona" },
	{ WRONG, "tengo este|el|ese numero|telefono desde|hace|ya" },
	{ WRONG, "este numero|telefono ?ya lo|no|es|desde|era" },
	{ WRONG, "debe|tiene ?de ser|estar otra|otro|equivocado|llamando ?a" },
	{ WRONG, "ya no vive|trabaja ?aqui|aca|con" },
	{ WRONG, "se|te equivoca|equivoco|equivocas|equivocaron|confundio|confunde|confundieron" },
	{ WRONG, "quien es ese|esa" },
	{ BUSY, "voy|ando|estoy|me ?en|al|por|a ?la|el|mi|una|un "
			"medico|carretera|clase|junta|cola|reunion|misa|gimnasio|caja|super|banco|cine|bus|metro|tren|autobus|"
			"dentista|volante|cocina|ducha|camino|velorio|entierro|examen|chamba|pega|laburo" },
	{ BUSY, "ando de|con|a|ocupado ?afan|prisa|las" },
	{ BUSY, "me pilla|pillas|agarra|agarras|coge|coges|cogio|agarro|encuentra" },
	{ BUSY, "ahora ?mismo no ?puedo|que|es" },
	{ BUSY, "no puedo hablar|atender|ahora" },
	{ BUSY, "estoy|ando "
			"manejando|conduciendo|comiendo|trabajando|desayunando|almorzando|cenando|entrando|saliendo|banando|"
			"cocinando|ocupado|ocupada|atendiendo" },
	{ BUSY, "voy|ando manejando|conduciendo|corriendo|tarde|entrando|saliendo|con" },
	{ CALLBACK, "llamame|llameme|llamenme|marqueme|marcame|llamen|llame|marque|hablame|hableme|llamalo|llamela|llamelo|"
				"llamen|intentelo|pruebe|llamadle|llamad|busquelo|marquele|llamenlo|llamenla|llamarme ?usted "
				"?el|a|al|por|mejor|mas|de|pasado|luego|despues ?a "
				"lunes|martes|miercoles|jueves|viernes|sabado|domingo|las|la|mediodia|manana|tarde|noche|dia|otro" },
	{ CALLBACK, "me llama|llamas|llaman|marca|marcas|puede|puedes|podrias|podria ?usted ?llamar|hablar|marcar "
				"?el|a|manana|luego|mas|por|en|despues|otro" },
	{ CALLBACK,
		"que|donde ?me|lo|la|le|nos ?ahi llamen|llame|llames|marquen|marque ?a|el|manana|por|despues|mas|luego" },
	{ CALLBACK, "ahi|entonces|asi ?lo|la|le|me llamen|llama|llaman|marca" },
	{ CALLBACK, "esta|estara|vuelve|llega|regresa|viene|sale|libra ?aqui|en|de ?a|casa "
				"manana|despues|a|por|el|hasta|sobre|desde ?las|la|las" },
	{ CALLBACK, "manana|luego|despues|tarde si|mejor|puedo|puede|lo|la|ya" },
	{ CALLBACK, "dice|dijo|dicen ?que|me ?lo|la|le ?que llame|llamen|llames|marque|llamar" },
	{ CALLBACK, "cuando cenemos|vuelva|llegue|salga|este|termine|acabe|pueda" },
	{ VA_INTENT_DEFERRAL, "quiza|quizas ?mas ?adelante" },
	{ VA_INTENT_WITHDRAWAL, "borra|borre|borren|olvida|olvide|olvidemos|quita|quite|cancela|tacha|anula|deja|deje ?ya "
							"?el|la|lo|los ?del|de lunes|martes|miercoles|jueves|viernes|sabado|domingo|manana|cita" },
	{ VA_INTENT_WITHDRAWAL, "olvidate|olvidese de ?lo ?que lunes|martes|miercoles|jueves|viernes|manana|eso|todo" },
	{ REFUSAL, "ya ?lo|la|nos|me hemos|he "
			   "contratado|comprado|firmado|elegido|renovado|cambiado|decidido|encontrado|apuntado|inscrito" },
	{ OPT_OUT, "=sacame|borrame|quitame|eliminame|sacanos|borrenos|saquenos|sacadme|borradme|quitadme|tachenme|tacheme|"
			   "tachame|retireme|retirenme|quitenos|borrennos|saquennos ?ya ?por ?favor ?de "
			   "?su|la|tu|esa|sus|esta|vuestra lista|listas|base|sistema|agenda|ahi|registro" },
	{ OPT_OUT, "no ?me|nos ?vayan ?a hablen|hable|hables|busquen|busque|busques|telefoneen|escriban mas|nunca" },
	{ OPT_OUT, "no ?nos|me llamen|llame|llames|marquen|marque mas|nunca ?a" },
	{ OPT_OUT, "que sea la ultima vez" },
	{ OPT_OUT, "olvidense|olvidese|olvidate|olvidaos de este|mi|nuestro numero" },
	{ OPT_OUT, "que no ?me|nos ?vuelvan ?a llamen|llame|llamar|marquen ?mas|nunca mas|nunca|otra" },
	{ OPT_OUT, "ya|que no|nunca|mas me|nos ?vuelvan ?a esten|este|anden|sigan|siga|estes|anduvieran "
			   "marcando|llamando|hablando|molestando|telefoneando" },
	{ VOICEMAIL, "=dejame|dejadme|dejanos|deja|dejad|dejen ?ya un|tu|el|vuestro ?breve mensaje" },
	{ VOICEMAIL, "ahora ?mismo no ?te ?le ?os puedo|podemos|estoy coger|cogerlo|atender|contestar|ponerme|responder|"
				 "atenderte|atenderle" },
	/* "el sábado, que no trabajo" */
	{ VA_INTENT_NONE,
		"que|ya no ?me|se|le|lo trabajo|trabaja|este|esta|estoy|haya|sea|es|tengo|puedo|puede|hay|va|vive|"
		"sirva|sirve|viene|sabe|se|da|hace" },
	{ VA_INTENT_NONE, "ya estoy|estamos en|de|aqui|ahi|por|mas|mejor|libre" },
	{ VA_INTENT_NONE, "ya voy|vamos a estar|salir|llegar|ir" },
};

const VaIntentTable va_intents_es = { .language = "es",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes = "dijo|dice|dicen|dijeron|decia|decian|grito|pregunto|cuenta|conto|contesto|ponia|pone|repite|digo|dicho",
	.others =
		"el|ella|ellos|marido|mujer|esposa|esposo|madre|padre|vecino|vecina|amigo|amiga|jefe|hermano|hermana|gente|"
		"alguien|todos|cunado|cunada|hijo|hija|otro|senor|senora|companero|suegra|abuela|ustedes|usted|cartel|primo",
	.selves = "yo|nosotros|le|les|dije|digo|repito|os|insisto",
	.hearers = "ellos|otros|otras|a+los+de",
	.denials = "no|nunca|tampoco|ni|jamas|sin",
	.conditions =
		"hasta|antes|hoy|manana|salvo|excepto|mientras|cuando|si|domingo|domingos|sabado|sabados|noche|tarde|"
		"fijo|oficina|"
		"temprano|fines|lunes|martes|miercoles|jueves|viernes|semana|horas|hora|ahora|trabajo|timbre|puerta|portero",
	.suppositions = "si|cuando|por+que|imagine|suponga|acaso",
	.more = &va_provisos_es,
	.halts = &va_halts_es };
