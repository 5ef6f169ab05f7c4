/*
 * test_phrases_spoken.c
 *		In which language a talk is held: the assistant's, unless the words are
 *		plainly another's; bounds.
 */
#include "tap.h"

#include <stdint.h>
#include <time.h>

#include "pure/phrases/verify/spoken.h"

static const char *
spoken(const char *assumed, const char *assistant, const char *person)
{
	VaTalkTurn turns[] = { { assistant, strlen(assistant), false }, { person, strlen(person), true } };

	return va_spoken_language(turns, 2, assumed);
}

static const char *
written(const char *assumed, const char *text)
{
	VaTalkTurn turn = { text, strlen(text), true };

	return va_spoken_language(&turn, 1, assumed);
}

static void
test_languages(void)
{
	is_str(spoken("en-US", "Hello, do you have a minute?", "Yes, what is it about? I am at work."), "en-US",
		"English as assumed");
	is_str(spoken("de-DE", "Guten Tag, haben Sie einen Moment?", "Ja, aber ich bin gerade bei der Arbeit, bitte kurz."),
		"de-DE", "German as assumed");
	is_str(spoken("de-DE", "Guten Tag, haben Sie einen Moment?",
			   "Sorry, I do not speak German. What is it that you want?"),
		"en", "the person speaks English to a German assistant");
	is_str(
		spoken("en", "Hello, is that Mrs. Lopez?", "Sí, soy yo, pero no hablo bien. Llame mañana por favor, gracias."),
		"es", "... Spanish to an English one");
	is_str(
		spoken("es-ES", "Buenos días.", "Bonjour, je ne suis pas la bonne personne, vous avez fait une erreur, merci."),
		"fr", "... French to a Spanish one");
	is_str(spoken("fr-FR", "Bonjour, vous avez un moment ?", "Okay."), "fr-FR", "a word or two say nothing");
	is_str(spoken("de-DE", "Hello, this is Eva. Do you have a minute for what you asked us about?", "Okay, okay."),
		"en", "a person of few words speaks what is spoken");
	is_str(spoken("de-DE", "", "The and you, der die das und ist nicht ich sie"), "de-DE", "half in each: as assumed");
	is_str(spoken("en-US", "Buongiorno, ha un minuto?", "Sì, ma adesso sono al lavoro e non posso, che cosa vuole?"),
		"it", "Italian, spoken to an assistant in English");
	is_str(spoken("nl-NL", "Hello, do you have a minute?", "Yes, what is it about? I am at work."), "nl-NL",
		"a language without table stays");
	is_str(spoken("eng", "", "Sí, soy yo, pero no hablo bien. Llame mañana por favor, gracias."), "eng",
		"... as does one that only begins so");
	is_str(spoken("", "", "Yes, what is it about? I am at work."), "", "... or none");
	/* A model's answer is read as one turn. */
	is_str(written("en-US", "Hello, this is Nova, and I have a question for you about the roof of your house."), "en-US",
		"a text in the language that was asked for");
	is_str(written("en", "Hola, soy Nova y tengo una pregunta para usted sobre el techo de su casa, que está muy bien."),
		"es", "... in Spanish");
	is_str(written("de-DE", "Bonjour, je vous appelle pour votre toit, et nous avons une question. Merci !"), "fr",
		"... in French");
	is_str(written("fr-FR", "Guten Tag, ich rufe für Sie an, und wir haben eine Frage zu dem Dach auf dem Haus. Danke!"),
		"de", "... in German");
	is_str(written("es-MX", "Good morning, this is a call for you, and we would like to visit your house."), "en",
		"... in English");
	is_str(written("es-ES", "Buenos días, le llamo por la casa que usted tiene en Madrid; es una oferta para el techo."),
		"es-ES", "... in Spanish, as was asked for");
	is_str(written("en", "Nova 123 Madrid"), "en", "names say nothing");
	is_str(written("en", ""), "en", "... nor does an empty text");
}

static void
test_hostile(void)
{
	static char words[1 << 20];
	VaTalkTurn turn = { words, sizeof(words), true };
	clock_t began;

	memset(words, 'x', sizeof(words));
	is_str(va_spoken_language(&turn, 1, "en"), "en", "a word of a megabyte");
	for (size_t i = 0; i < sizeof(words); i++)
		words[i] = i % 2 == 0 ? (char) (i * 7) : ' ';
	is_str(va_spoken_language(&turn, 1, "en"), "en", "bytes of any kind");
	memset(words, ' ', sizeof(words));
	began = clock();
	for (int i = 0; i < 100; i++)
		(void) va_spoken_language(&turn, 1, "de");
	ok((double) (clock() - began) / CLOCKS_PER_SEC < 1, "no more than so many bytes are looked at");
	is_str(va_spoken_language(NULL, 0, "de"), "de", "no turns");
}

int
main(void)
{
	test_languages();
	test_hostile();
	return done_testing();
}
