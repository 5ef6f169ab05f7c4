/*-------------------------------------------------------------------------
 * lexicon_es.c
 *		Spanish: how names, addresses, numbers and dates are dictated.
 */
#include "pure/phrases/lexicon.h"

static const VaLexiconGroup groups[] = {
	{ VA_FILLER, "eh|este|em|mmm|pues|o sea|a ver|viste|ajá|digamos|fíjese" },
	{ VA_LETTER, "be=b|be alta=b|be larga=b|be grande=b|ce=c|efe=f|ge=g|hache=h|hache intercalada=h|i latina=i|jota=j"
				 "|ka=k|eme=m|ene=n|pe=p|cu=q|erre=r|ere=r|uve=v|ve corta=v|ve chica=v|ve baja=v|uve doble=w|doble ve=w"
				 "|doble uve=w|doble u=w|equis=x|i griega=y|ye=y|zeta=z|elle=ll" },
	{ VA_LETTER | VA_COMMON, "ele=l|ese=s|te=t|ve=v|a=a|o=o|u=u" },
	{ VA_LETTER | VA_AND, "y=y|e=e" },
	{ VA_LETTER | VA_PARTICLE | VA_AS, "de=d" },
	{ VA_DIGIT, "cero=0|uno=1|un=1|una=1|dos=2|tres=3|cuatro=4|cinco=5|seis=6|siete=7|ocho=8|nueve=9" },
	{ VA_TEEN, "diez=10|once=11|doce=12|trece=13|catorce=14|quince=15|dieciséis=16|diecisiete=17|dieciocho=18"
			   "|diecinueve=19|veinte=20|veintiuno=21|veintiún=21|veintiuna=21|veintidós=22|veintitrés=23"
			   "|veinticuatro=24|veinticinco=25|veintiséis=26|veintisiete=27|veintiocho=28|veintinueve=29" },
	{ VA_DOZEN, "par=2|par de=2|docena=12|docenas=12|decena=10|decenas=10|veintena=20|centenar=100|centenares=100" },
	{ VA_QUARTER, "cuarto=1|cuartos=1" },
	{ VA_METRE, "metro|metros" },
	{ VA_CODE, "número de cliente|número de póliza|número de contrato|número de pedido|número de referencia|referencia"
			   "|número de cuenta|número de factura|número de expediente|número de socio|número de serie|código|pin"
			   "|expediente|localizador" },
	{ VA_TENS, "treinta=30|cuarenta=40|cincuenta=50|sesenta=60|setenta=70|ochenta=80|noventa=90" },
	{ VA_HUNDREDS, "cien=100|ciento=100|doscientos=200|doscientas=200|trescientos=300|trescientas=300|cuatrocientos=400"
				   "|cuatrocientas=400|quinientos=500|quinientas=500|seiscientos=600|seiscientas=600|setecientos=700"
				   "|setecientas=700|ochocientos=800|ochocientas=800|novecientos=900|novecientas=900" },
	{ VA_SCALE, "mil=1000|millón=1000000|millones=1000000" },
	{ VA_ORDINAL, "primero=1|primer=1" },
	{ VA_MONTH, "enero=1|febrero=2|marzo=3|abril=4|mayo=5|junio=6|julio=7|agosto=8|septiembre=9|setiembre=9|octubre=10"
				"|noviembre=11|diciembre=12" },
	{ VA_TIMES, "doble=2|triple=3" },
	{ VA_SYMBOL, "arroba=@|punto=.|guion=-|guión=-|guion medio=-|guion bajo=_|barra baja=_|subguion=_|más=+|barra=/" },
	{ VA_POINT, "coma|punto" },
	{ VA_TURNED, "con acento=aigu|con tilde=aigu|acentuada=aigu|con diéresis=trema" },
	{ VA_YES,
		"sí|claro|correcto|exacto|eso es|eso|así es|perfecto|vale|de acuerdo|el mismo|la misma|ahora sí|efectivamente"
		"|está bien|muy bien|afirmativo|justo|bueno" },
	{ VA_NO, "no|sin|tampoco|incorrecto|para nada" },
	{ VA_MEND,
		"perdón|perdone|mejor dicho|digo|espere|espera|quiero decir|ay no|corrijo|me equivoqué|más bien|en realidad" },
	{ VA_LOST,
		"el viejo|la vieja|no me acuerdo|no recuerdo|no sé|no lo sé|no me lo sé|ni idea|no caigo|no los doy|no lo doy"
		"|no tengo correo|yo de eso no tengo|antiguo" },
	{ VA_AS, "como" },
	{ VA_WITH, "con" },
	{ VA_HALF, "medio|media" },
	{ VA_ARTICLE, "el|la|los|las|lo" },
	{ VA_MONEY, "euros|euro|pesos|peso|dólares|dólar|soles" },
	{ VA_CENTS, "céntimos|centavos" },
	{ VA_SPAN, "edad|años|año|meses|mes|semanas|semana|días|día|horas|hora|minutos|veces" },
	{ VA_PARTICLE, "del|san|y|da|di|van|von|der" },
	{ VA_NAMES,
		"correo|correo electrónico|e mail|email|mail|teléfono|móvil|celular|número|código postal|dirección|domicilio"
		"|fijo|código|lada|prefijo|cp" },
	{ VA_LAST, "apellido|apellidos|el apellido" },
	{ VA_FIRST, "nombre de pila|nombre|el nombre" },
	{ VA_ENDING, "com|net|org|es|mx|ar|co|cl|pe|edu|gob|cat|info|ec|uy|io|eu" },
	{ VA_LEAD,
		"es|soy|me llamo|mi nombre es|se llama|mi apellido es|habla con|al habla|aquí|son|sería|vivo en|estamos en"
		"|está en|anote|apunte|ponga|usted|era|al|llámeme al" },
	{ VA_STREET,
		"calle|rúa|avenida|avda|av|plaza|paseo|carrer|camino|carretera|ronda|travesía|callejón|pasaje|bulevar|calzada"
		"|cerrada|glorieta|rambla|gran vía|privada|carrera|diagonal|jirón|urbanización|c|cuesta|alameda" },
	{ VA_COMMON,
		"por "
		"ciento|que|qué|en|por|para|mi|su|sus|mis|tu|yo|él|ella|nosotros|ellos|me|se|le|les|nos|lo|pero|porque|si|"
		"cuando|donde"
		"|dónde|como|muy|todo|toda|todos|junto|seguido|pegado|pegados|solo|letra|letras|también|tengo|tiene|ha|he|hay|"
		"ser"
		"|hola|buenas|buenos|buenos días|buenas tardes|gracias|por favor|favor|señor|señora|don|doña|así|ya|ahora|aquí"
		"|allí|este|esta|ese|esa|eso|esto|normal|final|medio|principio|mayúscula|minúscula|acento|tilde|números|escribe"
		"|escrito|dos veces|mandar|mande|mándemelo|dígame|diga|le digo|mire|oiga|oye|eh|uy|huy|ay|hijo|a "
		"secas|terminado"
		"|acabado|marido|mujer|casa|madre|trabajo|oficina|nomás|nada|más|menos|primera|última|esos|datos|cómo|quién"
		"|poner|pone|poner|antes|después|hasta|desde|sobre|entre|contra|facilito|raro|medio raro|italiano|catalán|va"
		"|van|con quién|claro está|dar|doy|aunque|luego|entonces|encantado|mucho gusto|nació|nací" },
	{ VA_PLACE | VA_COMMON, "principio=1|al principio=1|inicio=1|medio=2|en medio=2|intercalada=2|mitad=2|en la "
							"mitad=2|final=3|al final=3|fin=3" },
	{ VA_WITHOUT, "sin|no lleva|sin la" },
	{ VA_HELLO | VA_COMMON,
		"hola|buenas|buenos días|buenas tardes|buenas noches|buen día|aló|dígame|sí hola|muy buenas" },
	{ VA_SELF | VA_LEAD, "soy|me llamo|mi nombre es|al habla|le habla|habla|mi nombre|yo soy" },
	{ VA_OTHER, "marido|mujer|esposo|esposa|jefe|jefa|madre|padre|hijo|hija|hermano|hermana|titular|vecino|vecina|"
				"compañero|compañera|inquilino|señora de la casa|suegra|suegro|él|ella|secretaria|muchacha" },
	{ VA_TITLE | VA_COMMON,
		"señor|señora|señorita|don|doña|sr|sra|doctor|doctora|licenciado|licenciada|ingeniero|ingeniera" },
	{ VA_YES, "soy yo|yo mismo|yo misma|ella habla|él habla|al aparato|el mismo|la misma|sigue "
			  "siendo|servidor|servidora|con él|con ella|verdad" },
	{ VA_COMMON, "con quién|doble apellido|dos palabras|apellidos|sí con|las dos|los "
				 "dos|ambas|ambos|completo|deletrea|deletreo|le deletreo|se escribe|escríbalo|llamaba|llamo|quería|las "
				 "dos con" },
	{ VA_TURNED, "tilde=aigu|acento=aigu|diéresis=trema|con tilde en la=aigu" },
	{ VA_COMMON, "solo|sola|una sola|un solo|únicamente|segunda|última" },
	{ VA_WITH, "lleva|se escribe con|es con|pero con|va con|solo con|escrito con|lleva una" },
	{ VA_WITH | VA_PLACE,
		"termina en=3|acaba en=3|acabado en=3|terminado en=3|empieza por=1|empieza con=1|terminada en=3|acabada en=3" },
	{ VA_NOT | VA_NO, "no es|no soy" },
	{ VA_CAPITAL | VA_COMMON, "mayúscula|minúscula|luego|después|otra|otra vez|y luego|y después" },
	{ VA_NOTE | VA_COMMON,
		"todo junto|todo seguido|todo pegado|junto|pegado|pegados|seguido|en minúsculas|todo en minúsculas|todo "
		"minúsculas|minúsculas|sin espacios|las dos letras|sin mayúsculas|con minúsculas|los números|sin acento|sin "
		"acentos|sin tilde|sin tildes|sin la tilde|el "
		"número|número|la letra|solo la letra|en números|en número|sin punto=.|sin guion=-|sin guion bajo=_|normal|una "
		"sola palabra|una palabra|en una sola palabra|todo minúscula|sin eñe|claro" },
	{ VA_VAGUE | VA_COMMON, "algo|no sé qué|algo así" },
	{ VA_LETTER, "y griega=y|ye griega=y|i griega=y" },
	{ VA_FORENAME, "martín|alonso|vicente|marcos|pascual|tomás|simón|benito|santos|cruz|ramón|bernardo|lorenzo|"
				   "domingo|julián|salvador|antonio|manuel|francisco|david|daniel|álvaro|diego|adrián|emilio|"
				   "felipe|hugo|mario|iván|víctor|óscar|ángel|agustín|gabriel|nicolás|samuel|marcelo|facundo|"
				   "matías|mariana|sofía|valeria|camila|daniela|natalia|carolina|emilia|irene|noelia|vanesa|"
				   "lorena|rocío|eva|catalina|zulema|ester|esther|marina" },
	{ VA_GIVEN,
		"ignacio|maría|carmen|josefa|isabel|dolores|pilar|teresa|ana|francisca|antonia|mercedes|rosario|concepción|"
		"luisa|cristina|marta|laura|elena|lucía|rosa|manuela|juana|raquel|paula|beatriz|silvia|julia|irene|patricia|"
		"montserrat|nuria|inés|sonia|sandra|susana|yolanda|margarita|alicia|amparo|nieves|marisol|guadalupe|verónica|"
		"gabriela|alejandra|fernanda|javier|josé|carlos|jesús|miguel|pedro|rafael|fernando|luis|sergio|jorge|alberto|"
		"juan|pablo|andrés|enrique|raúl|rubén|eduardo|óscar|ricardo|joaquín|guillermo|héctor|gonzalo|esteban|ernesto|"
		"arturo|gustavo|rodrigo|mauricio|alejandro|santiago|begoña|arantxa|consuelo|encarnación|inmaculada|esperanza" },
};

const VaLexiconTable va_lexicon_es = { .language = "es",
	.groups = groups,
	.ngroups = sizeof(groups) / sizeof(groups[0]),
	.decimal = ',',
	.needs_and = true,
	.number_last = true };
