/*-------------------------------------------------------------------------
 * model_phrases.c
 *		What people say on the telephone, by language and meaning.
 *
 * Phrases are folded as va_model_fold() folds what is heard: small letters, no
 * accents, apostrophes left out, a blank at both ends.  They are for playing
 * an assistant; what a call has come to is decided by the words themselves,
 * in SQL (parse_stop(), resolve_time()).
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

static const char *const english[MEANINGS_BY_PHRASE][48] = {
	[MEANS_OPT_OUT] = { " stop calling ", " quit calling ", " never call ", " dont call me again ",
		" do not call me again ", " dont ever call ", " off your list ", " off the list ", " from your list ",
		" remove my number ", " remove me ", " delete my number ", " do not call list ", " no more calls ",
		" dont call this number ", " dont call here ", " lose my number ", NULL },
	[MEANS_VOICEMAIL] = { " leave a message ", " leave your message ", " record your message ", " after the tone ",
		" after the beep ", " voicemail ", " mailbox ", NULL },
	[MEANS_INJECTION] = { " ignore all ", " ignore your ", " ignore previous ", " ignore the previous ",
		" system prompt ", " your instructions ", " you are now ", " pretend to be ", " pretend you are ",
		" developer mode ", " forget your instructions ", " repeat your prompt ", " new instructions ", NULL },
	[MEANS_WRONG_PERSON] = { " wrong number ", " wrong person ", " no one by that name ", " nobody by that name ",
		" nobody here by that name ", " you have the wrong ", " youve got the wrong ", " doesnt live here ",
		" does not live here ", " not my name ", NULL },
	[MEANS_SWEARING] = { " go to hell ", " fuck ", " fucking ", " fuck off ", " bullshit ", " shut up ", " get lost ",
		" shove it ", " piss off ", " damn machine ", " asshole ", " stupid tin can ", " bloody computers ", NULL },
	[MEANS_ROBOT] = { " a robot ", " a real person ", " a machine ", " a computer ", " are you human ", " an ai ",
		" artificial intelligence ", " a recording ", " a bot ", " are you real ", NULL },
	[MEANS_CALLBACK] = { " call me back ", " call back ", " call me later ", " call again ", " call later ",
		" another time ", " try again later ", " call me tomorrow ", " call me next ", " ring me back ",
		" try me again ", " call me on ", " call me at ", " call me in ", NULL },
	[MEANS_BUSY] = { " im busy ", " i am busy ", " a bad time ", " not a good time ", " a bad moment ",
		" in a meeting ", " im driving ", " i am driving ", " at work ", " no time ", " cant talk ", " cannot talk ",
		" not now ", " in a hurry ", " bad time ", NULL },
	[MEANS_PRICE] = { " how much ", " price ", " cost ", " costs ", " fee ", " charge ", " expensive ", NULL },
	[MEANS_WHO] = { " who is this ", " whos this ", " who are you ", " who is calling ", " whos calling ",
		" what is this about ", " whats this about ", " what is it about ", " whats it about ", " what do you want ",
		" where are you calling from ", " which company ", " how did you get ", " where did you get ",
		" why are you calling ", NULL },
	[MEANS_AGAIN] = { " say that again ", " repeat that ", " come again ", " didnt catch ", " did not catch ",
		" pardon ", " cant hear you ", " cannot hear you ", " didnt understand ", " what did you say ", NULL },
	[MEANS_DOUBT] = { " not sure ", " not so sure ", " not convinced ", " i doubt ", NULL },
	[MEANS_SEND] = { " send me ", " by e mail ", " by email ", " in writing ", " think about it ", " think it over ",
		NULL },
	[MEANS_REFUSE] = { " not interested ", " no interest ", " no thank ", " no thanks ", " dont need ", " do not need ",
		" not for me ", " dont want ", " do not want ", " already have ", " no need ", " leave me alone ",
		" really not ", " id rather not ", " not really ", " no i dont ", " nope ", " no sorry ", NULL },
	[MEANS_AGREE] = { " yes ", " yeah ", " yep ", " sure ", " okay ", " ok ", " of course ", " go ahead ",
		" thats right ", " that is right ", " correct ", " thats correct ", " why not ", " absolutely ",
		" sounds good ", " fine ", " alright ", " all right ", " speaking ", " exactly ", " please do ", " that works ",
		" i do ", " i would ", " i am interested ", " im interested ", " perfect ", " great ", " id like that ",
		" lets do ", " sounds interesting ", " tell me more ", " interesting ", NULL },
	[MEANS_GOODBYE] = { " goodbye ", " good bye ", " bye ", " have a good day ", " have a nice day ", " take care ",
		NULL },
};

static const char *const spanish[MEANINGS_BY_PHRASE][48] = {
	[MEANS_OPT_OUT] = { " no me llame mas ", " no me llamen mas ", " no me llames mas ", " no vuelva a llamar ",
		" no vuelvan a llamar ", " dejen de llamar ", " deje de llamar ", " dejen de llamarme ", " deje de llamarme ",
		" no me vuelva a llamar ", " no me vuelvan a llamar ", " de su lista ", " de la lista ", " borre mi numero ",
		" borren mi numero ", " quiteme ", " no mas llamadas ", NULL },
	[MEANS_VOICEMAIL] = { " deje su mensaje ", " deje un mensaje ", " buzon de voz ", " despues de la senal ",
		" despues del tono ", " contestador ", NULL },
	[MEANS_INJECTION] = { " ignora todas ", " ignora tus ", " ignore sus ", " ignore todas ", " tus instrucciones ",
		" sus instrucciones ", " prompt de sistema ", " ahora eres ", " finge ser ", " ignore all ", " system prompt ",
		NULL },
	[MEANS_WRONG_PERSON] = { " numero equivocado ", " se ha equivocado ", " se equivoca de ", " no soy esa persona ",
		" no vive aqui ", " no es aqui ", " aqui no hay nadie ", " no conozco a ", NULL },
	[MEANS_SWEARING] = { " vayase al diablo ", " vayase a la mierda ", " mierda ", " joder ", " gilipollas ",
		" idiota ", " callate ", " callese ", " dejeme en paz de una vez ", " imbecil ", NULL },
	[MEANS_ROBOT] = { " un robot ", " una maquina ", " una persona real ", " es usted humano ", " es usted humana ",
		" una grabacion ", " inteligencia artificial ", " un bot ", " una ia ", NULL },
	[MEANS_CALLBACK] = { " llameme ", " llame mas tarde ", " vuelva a llamarme ", " llamame ", " en otro momento ",
		" mas tarde ", " llame manana ", " otro dia ", " vuelva a intentarlo ", NULL },
	[MEANS_BUSY] = { " estoy ocupado ", " estoy ocupada ", " mal momento ", " no puedo hablar ", " en una reunion ",
		" estoy conduciendo ", " en el trabajo ", " no tengo tiempo ", " ahora no ", " estoy trabajando ",
		" tengo prisa ", " no es buen momento ", NULL },
	[MEANS_PRICE] = { " cuanto cuesta ", " cuanto vale ", " precio ", " precios ", " cuesta ", " coste ", " caro ",
		" tarifa ", " cuanto me ", NULL },
	[MEANS_WHO] = { " quien es ", " quien es usted ", " quien llama ", " de que se trata ", " de parte de quien ",
		" que quiere ", " de que empresa ", " de donde ha sacado ", " de donde saco ", " como ha conseguido ",
		" por que me llama ", " por quien pregunta ", NULL },
	[MEANS_AGAIN] = { " puede repetir ", " repita ", " como dice ", " no le oigo ", " no le he entendido ", " perdon ",
		" no lo he entendido ", NULL },
	[MEANS_DOUBT] = { " no estoy seguro ", " no estoy segura ", " no estoy muy seguro ", " no estoy muy segura ",
		" lo dudo ", NULL },
	[MEANS_SEND] = { " envieme ", " mandeme ", " por correo ", " por escrito ", " me lo pensare ", " lo pensare ",
		NULL },
	[MEANS_REFUSE] = { " no me interesa ", " no gracias ", " no estoy interesado ", " no estoy interesada ",
		" no lo necesito ", " no necesito ", " no quiero ", " ya tengo ", " ya tenemos ", " dejeme en paz ",
		" de verdad que no ", " no es para mi ", " mejor no ", NULL },
	[MEANS_AGREE] = { " si ", " claro ", " vale ", " de acuerdo ", " por supuesto ", " adelante ", " correcto ",
		" exacto ", " esta bien ", " me parece bien ", " perfecto ", " me interesa ", " digame ", " soy yo ",
		" por que no ", " con mucho gusto ", " eso es ", " bueno ", " me viene bien ", " encantado ", " encantada ",
		" suena bien ", " cuenteme mas ", " interesante ", NULL },
	[MEANS_GOODBYE] = { " adios ", " hasta luego ", " buenos dias adios ", " que tenga un buen dia ", " hasta pronto ",
		NULL },
};

static const char *const french[MEANINGS_BY_PHRASE][48] = {
	[MEANS_OPT_OUT] = { " ne mappelez plus ", " ne me rappelez plus ", " arretez de mappeler ", " cessez de mappeler ",
		" arretez dappeler ", " ne nous appelez plus ", " de votre liste ", " de vos listes ", " de la liste ",
		" supprimez mon numero ", " effacez mon numero ", " retirez moi ", " plus jamais dappels ",
		" plus etre appele ", NULL },
	[MEANS_VOICEMAIL] = { " laissez un message ", " laisser un message ", " laissez votre message ", " messagerie ",
		" apres le bip ", " apres le signal ", " repondeur ", NULL },
	[MEANS_INJECTION] = { " ignorez toutes ", " ignore toutes ", " ignore tes ", " ignorez vos ", " vos instructions ",
		" tes instructions ", " prompt systeme ", " tu es maintenant ", " vous etes maintenant ", " ignore all ",
		" system prompt ", NULL },
	[MEANS_WRONG_PERSON] = { " mauvais numero ", " faux numero ", " vous vous trompez ", " vous faites erreur ",
		" mauvaise personne ", " nhabite pas ici ", " nhabite plus ici ", " ce nest pas moi ", " je ne connais pas ",
		" personne de ce nom ", NULL },
	[MEANS_SWEARING] = { " allez au diable ", " merde ", " putain ", " connard ", " la ferme ", " foutez moi la paix ",
		" allez vous faire ", " imbecile ", " abruti ", NULL },
	[MEANS_ROBOT] = { " un robot ", " une machine ", " une vraie personne ", " etes vous humain ", " un ordinateur ",
		" un enregistrement ", " intelligence artificielle ", " une ia ", " un bot ", NULL },
	[MEANS_CALLBACK] = { " rappelez moi ", " me rappeler ", " rappeler plus tard ", " rappelez plus tard ",
		" plus tard ", " une autre fois ", " a un autre moment ", " rappelez demain ", NULL },
	[MEANS_BUSY] = { " je suis occupe ", " je suis occupee ", " mauvais moment ", " pas le temps ", " en reunion ",
		" je conduis ", " au travail ", " pas maintenant ", " je ne peux pas parler ", " je suis presse ",
		" je suis pressee ", " pas le bon moment ", NULL },
	[MEANS_PRICE] = { " combien ", " prix ", " cout ", " coute ", " tarif ", " tarifs ", " cher ", NULL },
	[MEANS_WHO] = { " qui etes vous ", " qui est a lappareil ", " cest qui ", " de la part de qui ", " cest pour quoi ",
		" cest a quel sujet ", " a quel sujet ", " que voulez vous ", " quelle societe ", " quelle entreprise ",
		" ou avez vous eu ", " comment avez vous eu ", " pourquoi mappelez vous ", " de quoi sagit il ",
		" vous cherchez qui ", NULL },
	[MEANS_AGAIN] = { " pouvez vous repeter ", " repetez ", " je nai pas compris ", " je ne vous entends pas ",
		" pardon ", " comment dites vous ", NULL },
	[MEANS_DOUBT] = { " pas sur ", " pas sure ", " pas tres sur ", " pas tres sure ", " jen doute ", " pas convaincu ",
		NULL },
	[MEANS_SEND] = { " envoyez moi ", " par mail ", " par e mail ", " par ecrit ", " je vais reflechir ", " reflechir ",
		NULL },
	[MEANS_REFUSE] = { " pas interesse ", " pas interessee ", " non merci ", " pas besoin ", " je ne veux pas ",
		" jai deja ", " nous avons deja ", " on a deja ", " laissez moi tranquille ", " ca ne minteresse pas ",
		" vraiment pas ", " pas pour moi ", " je ne souhaite pas ", " non vraiment ", NULL },
	[MEANS_AGREE] = { " oui ", " daccord ", " bien sur ", " allez y ", " dites moi ", " volontiers ", " pourquoi pas ",
		" cest exact ", " exactement ", " cest bien moi ", " cest moi ", " tres bien ", " parfait ", " ca marche ",
		" je vous ecoute ", " cest ca ", " entendu ", " avec plaisir ", " ok ", " ca me va ", " ca me convient ",
		" ca a lair bien ", " dites men plus ", " interessant ", " ca minteresse ", NULL },
	[MEANS_GOODBYE] = { " au revoir ", " bonne journee ", " bonne soiree ", " a bientot ", NULL },
};

static const char *const german[MEANINGS_BY_PHRASE][48] = {
	[MEANS_OPT_OUT] = { " nicht mehr an ", " nie wieder an ", " nie mehr an ", " aufhoeren anzurufen ",
		" hoeren sie auf ", " von ihrer liste ", " aus ihrer liste ", " von der liste ", " aus der liste ",
		" loeschen sie meine nummer ", " streichen sie mich ", " keine anrufe mehr ", " keine weiteren anrufe ", NULL },
	[MEANS_VOICEMAIL] = { " hinterlassen sie ", " eine nachricht nach ", " nach dem signalton ", " nach dem ton ",
		" mailbox ", " anrufbeantworter ", NULL },
	[MEANS_INJECTION] = { " ignoriere alle ", " ignorieren sie alle ", " ignoriere deine ", " deine anweisungen ",
		" ihre anweisungen ", " systemprompt ", " system prompt ", " du bist jetzt ", " ignore all ", NULL },
	[MEANS_WRONG_PERSON] = { " falsch verbunden ", " falsche nummer ", " falschen nummer ", " verwaehlt ",
		" die falsche person ", " wohnt hier nicht ", " kenne ich nicht ", " hier gibt es keinen ",
		" hier gibt es keine ", " nicht mein name ", NULL },
	[MEANS_SWEARING] = { " scheisse ", " scheiss ", " verdammt ", " arschloch ", " halt die klappe ",
		" fahren sie zur hoelle ", " zum teufel ", " verpiss dich ", " idiot ", " bloede maschine ", NULL },
	[MEANS_ROBOT] = { " ein roboter ", " eine maschine ", " ein echter mensch ", " sind sie ein mensch ",
		" ein computer ", " eine aufnahme ", " kuenstliche intelligenz ", " eine ki ", " ein bot ", " roboter ", NULL },
	[MEANS_CALLBACK] = { " rufen sie mich morgen ", " rufen sie mich spaeter ", " rufen sie spaeter ", " zurueckrufen ",
		" rufen sie mich zurueck ", " ein andermal ", " zu einem anderen zeitpunkt ", " spaeter noch einmal ",
		" spaeter nochmal ", " rufen sie noch einmal an ", " rufen sie morgen ", " noch mal an ", " wieder an ",
		" rufen sie mich am ", " rufen sie mich bitte ", NULL },
	[MEANS_BUSY] = { " keine zeit ", " gerade schlecht ", " passt gerade nicht ", " in einer besprechung ",
		" im meeting ", " ich fahre gerade ", " am steuer ", " bei der arbeit ", " jetzt nicht ", " in eile ",
		" gerade unguenstig ", " schlechter zeitpunkt ", NULL },
	[MEANS_PRICE] = { " was kostet ", " wie viel kostet ", " wieviel ", " kosten ", " preis ", " preise ", " teuer ",
		" gebuehr ", " kostet ", NULL },
	[MEANS_WHO] = { " wer sind sie ", " wer ist da ", " wer spricht ", " worum geht es ", " um was geht es ",
		" was wollen sie ", " welche firma ", " von welcher firma ", " woher haben sie ", " warum rufen sie ",
		" wen moechten sie ", NULL },
	[MEANS_AGAIN] = { " noch einmal sagen ", " wiederholen ", " wie bitte ", " nicht verstanden ",
		" ich hoere sie nicht ", " ich verstehe sie nicht ", NULL },
	[MEANS_DOUBT] = { " nicht sicher ", " nicht so sicher ", " nicht ueberzeugt ", " bezweifle ", NULL },
	[MEANS_SEND] = { " schicken sie mir ", " senden sie mir ", " per e mail ", " per mail ", " schriftlich ",
		" ueberlege es mir ", " darueber nachdenken ", NULL },
	[MEANS_REFUSE] = { " kein interesse ", " nein danke ", " nicht interessiert ", " brauche ich nicht ",
		" brauchen wir nicht ", " ich will nicht ", " ich moechte nicht ", " habe schon ", " haben schon ",
		" haben bereits ", " habe bereits ", " lassen sie mich in ruhe ", " wirklich nicht ", " nichts fuer mich ",
		" lieber nicht ", NULL },
	[MEANS_AGREE] = { " ja ", " gerne ", " gern ", " okay ", " ok ", " in ordnung ", " natuerlich ", " klar ",
		" genau ", " stimmt ", " das ist richtig ", " richtig ", " einverstanden ", " warum nicht ", " passt ",
		" das passt ", " sehr gut ", " perfekt ", " am apparat ", " schiessen sie los ", " selbstverstaendlich ",
		" klingt gut ", " klingt interessant ", " interessant ", " erzaehlen sie mehr ", NULL },
	[MEANS_GOODBYE] = { " auf wiederhoeren ", " auf wiedersehen ", " tschuess ", " schoenen tag ", " wiederhoeren ",
		NULL },
};

const char *const *
va_model_phrases(Language language, Meaning meaning)
{
	switch (language)
	{
		case LANGUAGE_ES:
			return spanish[meaning];
		case LANGUAGE_FR:
			return french[meaning];
		case LANGUAGE_DE:
			return german[meaning];
		default:
			return english[meaning];
	}
}

const char *const *
va_model_stop_words(Language language)
{
	static const char *const words[LANGUAGES][28] = {
		{ " the ", " you ", " and ", " are ", " with ", " for ", " is ", " of ", " your ", " they ", " this ", " that ",
			" what ", " have ", " not ", " about ", " to ", " ask ", " when ", " call ", " i ", " my ", " it ", NULL },
		{ " el ", " los ", " las ", " una ", " usted ", " con ", " por ", " para ", " que ", " del ", " su ", " y ",
			" es ", " eres ", " pero ", " como ", " muy ", " cuando ", " pregunte ", " no ", " esta ", " lo ", NULL },
		{ " le ", " les ", " une ", " vous ", " avec ", " pour ", " est ", " des ", " du ", " et ", " votre ", " vos ",
			" qui ", " dans ", " pas ", " quand ", " mais ", " je ", " ce ", " etes ", " au ", " sur ", NULL },
		{ " der ", " die ", " das ", " und ", " sie ", " mit ", " fuer ", " ist ", " ein ", " eine ", " ihre ", " ihr ",
			" nicht ", " wenn ", " auf ", " von ", " zu ", " den ", " dem ", " ich ", " sind ", " im ", NULL },
	};

	return words[language];
}

const char *const *
va_model_time_words(Language language)
{
	static const char *const words[LANGUAGES][44] = {
		{ " monday ", " tuesday ", " wednesday ", " thursday ", " friday ", " saturday ", " sunday ", " tomorrow ",
			" today ", " tonight ", " week ", " weeks ", " month ", " morning ", " afternoon ", " evening ", " noon ",
			" oclock ", " am ", " pm ", " hour ", " hours ", " minutes ", " january ", " february ", " march ",
			" april ", " june ", " july ", " august ", " september ", " october ", " november ", " december ",
			" weekend ", NULL },
		{ " lunes ", " martes ", " miercoles ", " jueves ", " viernes ", " sabado ", " domingo ", " manana ", " hoy ",
			" pasado ", " tarde ", " noche ", " mediodia ", " semana ", " semanas ", " hora ", " horas ", " minutos ",
			" mes ", " enero ", " febrero ", " marzo ", " abril ", " mayo ", " junio ", " julio ", " agosto ",
			" septiembre ", " octubre ", " noviembre ", " diciembre ", NULL },
		{ " lundi ", " mardi ", " mercredi ", " jeudi ", " vendredi ", " samedi ", " dimanche ", " demain ",
			" aujourdhui ", " matin ", " midi ", " soir ", " semaine ", " semaines ", " heure ", " heures ", " h ",
			" minutes ", " mois ", " janvier ", " fevrier ", " mars ", " avril ", " mai ", " juin ", " juillet ",
			" aout ", " septembre ", " octobre ", " novembre ", " decembre ", " apres midi ", NULL },
		{ " montag ", " dienstag ", " mittwoch ", " donnerstag ", " freitag ", " samstag ", " sonntag ", " morgen ",
			" uebermorgen ", " heute ", " vormittag ", " nachmittag ", " mittag ", " abend ", " abends ", " uhr ",
			" woche ", " wochen ", " stunde ", " stunden ", " minuten ", " monat ", " januar ", " februar ", " maerz ",
			" april ", " mai ", " juni ", " juli ", " august ", " september ", " oktober ", " november ", " dezember ",
			NULL },
	};

	return words[language];
}

const char *const *
va_model_time_prepositions(Language language)
{
	static const char *const words[LANGUAGES][20] = {
		{ " on ", " at ", " in ", " the ", " next ", " this ", " of ", " day ", " after ", " around ", " about ",
			" an ", " a ", " half ", " past ", " quarter ", " to ", NULL },
		{ " el ", " la ", " las ", " a ", " por ", " de ", " del ", " en ", " dentro ", " proximo ", " proxima ",
			" este ", " esta ", " una ", " y ", " media ", " que ", " viene ", NULL },
		{ " le ", " la ", " a ", " dans ", " une ", " apres ", " prochain ", " prochaine ", " ce ", " cet ", " du ",
			" de ", " vers ", " en ", " l ", " et ", " demie ", NULL },
		{ " am ", " um ", " in ", " der ", " dem ", " den ", " naechste ", " naechsten ", " naechster ", " kommenden ",
			" gegen ", " einer ", " frueh ", " halb ", " ab ", NULL },
	};

	return words[language];
}
