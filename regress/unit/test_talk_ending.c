/*
 * Whether a person that pauses has ended, by what it was asked and what was heard of it.
 */
#include "tap.h"
#include "pure/talk/ending.h"

#define NUMBER "At which telephone number can we reach you?"
#define NAME "May I have your name, please?"
#define TIME "Which day and what time would suit you?"
#define RIGHT "Is that right?"
#define HELP "How can I help you?"

static const struct
{
	const char *tag, *asked, *words;
	VaEnding ending;
} turns[] = {
	/* Numbers, by the plan of the country. */
	{"en-US", NUMBER, "two one two", VA_ENDING_PART},
	{"en-US", NUMBER, "two one two six four six", VA_ENDING_PART},
	{"en-US", NUMBER, "two one two six four six five five", VA_ENDING_PART},
	{"en-US", NUMBER, "two one two six four six five five zero one", VA_ENDING_COMPLETE},
	{"en-US", NUMBER, "212 646", VA_ENDING_PART},
	{"en-US", NUMBER, "212-646-5501.", VA_ENDING_COMPLETE},
	{"en-US", NUMBER, "Sure, it's 212 646 double five oh one", VA_ENDING_COMPLETE},
	{"en-US", NUMBER, "It's", VA_ENDING_OPEN},
	{"en-US", NUMBER, "", VA_ENDING_OPEN},
	/* A word that mostly opens something costs a wait where it does not. */
	{"en-US", NUMBER, "The one that I am calling from.", VA_ENDING_OPEN},
	{"en-US", NUMBER, "The same one, please.", VA_ENDING_UNKNOWN},
	{"en-US", NUMBER, "the same one", VA_ENDING_UNKNOWN},
	{"en-US", NUMBER, "two", VA_ENDING_PART},
	{"en-US", HELP, "My number is two one two", VA_ENDING_PART},
	{"en-US", HELP, "Call me on four one five three", VA_ENDING_PART},
	{"en", NUMBER, "two one two six four", VA_ENDING_PART},
	{"en", NUMBER, "two one two six four six five five zero one", VA_ENDING_UNKNOWN},
	{"de-DE", "Unter welcher Telefonnummer erreichen wir Sie?", "null drei null zwei drei", VA_ENDING_PART},
	{"de-DE", "Unter welcher Telefonnummer erreichen wir Sie?", "null drei null zwei drei eins zwei fünf vier", VA_ENDING_UNKNOWN},
	{"fr-FR", "À quel numéro pouvons-nous vous joindre ?", "zéro un quarante-deux", VA_ENDING_PART},
	{"fr-FR", "À quel numéro pouvons-nous vous joindre ?", "01 42 68 53 00", VA_ENDING_COMPLETE},
	{"es-ES", "¿En qué teléfono podemos localizarle?", "nueve uno cinco", VA_ENDING_PART},
	{"it-IT", "A quale numero di telefono possiamo raggiungerla?", "zero sei cinque", VA_ENDING_PART},
	/* A number that is no telephone's. */
	{"en-US", "How many windows does it have?", "four", VA_ENDING_COMPLETE},
	{"en-US", "How many windows does it have?", "About twenty", VA_ENDING_COMPLETE},
	{"en-US", HELP, "We were thinking of some new windows, maybe four", VA_ENDING_UNKNOWN},
	/* Yes and no. */
	{"en-US", RIGHT, "Yes.", VA_ENDING_COMPLETE},
	{"en-US", RIGHT, "yes please", VA_ENDING_COMPLETE},
	{"en-US", RIGHT, "No, thank you.", VA_ENDING_COMPLETE},
	{"en-US", RIGHT, "yes that's right", VA_ENDING_COMPLETE},
	{"en-US", RIGHT, "yes but", VA_ENDING_OPEN},
	{"en-US", RIGHT, "no wait", VA_ENDING_OPEN},
	{"en-US", RIGHT, "yeah um", VA_ENDING_OPEN},
	{"de-DE", "Ist das richtig?", "Ja, genau.", VA_ENDING_COMPLETE},
	{"de-DE", "Ist das richtig?", "Ja, aber", VA_ENDING_OPEN},
	{"fr-FR", "C'est bien cela ?", "Oui.", VA_ENDING_COMPLETE},
	{"es-ES", "¿Es correcto?", "Sí.", VA_ENDING_COMPLETE},
	{"it-IT", "È giusto?", "Sì, grazie.", VA_ENDING_COMPLETE},
	/* Times. */
	{"en-US", TIME, "on Tuesday at three", VA_ENDING_COMPLETE},
	{"en-US", TIME, "Tuesday at half past two.", VA_ENDING_COMPLETE},
	{"en-US", TIME, "on Tuesday", VA_ENDING_OPEN},
	{"de-DE", "An welchem Tag und zu welcher Uhrzeit passt es Ihnen?", "am Dienstag", VA_ENDING_OPEN},
	{"fr-FR", "Quel jour et à quelle heure ?", "mardi prochain", VA_ENDING_OPEN},
	{"en-US", "Which day would suit you?", "on Tuesday", VA_ENDING_UNKNOWN},
	{"en-US", TIME, "on Tuesday at", VA_ENDING_OPEN},
	{"en-US", TIME, "on Tuesday or", VA_ENDING_OPEN},
	{"en-US", TIME, "let me see", VA_ENDING_UNKNOWN},
	{"de-DE", "Wann passt es Ihnen?", "am Dienstag um drei Uhr", VA_ENDING_COMPLETE},
	{"de-DE", "Wann passt es Ihnen?", "am Dienstag um", VA_ENDING_OPEN},
	/* Names and spelling. */
	{"en-US", NAME, "my name is", VA_ENDING_OPEN},
	{"en-US", NAME, "Ann Miller", VA_ENDING_UNKNOWN},
	/* People spell their name behind it. */
	{"en-US", NAME, "Schneider.", VA_ENDING_OPEN},
	{"de-DE", "Wie ist Ihr Name?", "Kowalski", VA_ENDING_OPEN},
	{"en-US", NAME, "no", VA_ENDING_COMPLETE},
	{"en-US", NAME, "Miller, M I L", VA_ENDING_PART},
	{"en-US", NAME, "Miller, M I L L E R", VA_ENDING_COMPLETE},
	{"en-US", NAME, "Kowalski, that's K O W", VA_ENDING_PART},
	{"en-US", NAME, "K O W A L", VA_ENDING_OPEN},
	{"en-US", NAME, "K O W A L S K I", VA_ENDING_UNKNOWN},
	/* Not a zero. */
	{"en-US", NAME, "J O", VA_ENDING_OPEN},
	{"en-US", "What is your e-mail address?", "ann at", VA_ENDING_OPEN},
	/* Clauses. */
	{"en-US", HELP, "I would like an appointment and", VA_ENDING_OPEN},
	{"en-US", HELP, "I am calling because", VA_ENDING_OPEN},
	{"en-US", HELP, "um", VA_ENDING_OPEN},
	{"en-US", HELP, "please tell him that", VA_ENDING_OPEN},
	{"en-US", HELP, "we have never seen that", VA_ENDING_UNKNOWN},
	{"en-US", HELP, "I am calling", VA_ENDING_UNKNOWN},
	{"en-US", HELP, "Yes, I am.", VA_ENDING_COMPLETE},
	{"en-US", HELP, "I have a question about my", VA_ENDING_OPEN},
	{"en-US", HELP, "I am not interested.", VA_ENDING_COMPLETE},
	{"en-US", HELP, "Stop calling me.", VA_ENDING_COMPLETE},
	{"en-US", HELP, "Call me back", VA_ENDING_UNKNOWN},
	{"en-US", HELP, "What does it cost?", VA_ENDING_COMPLETE},
	{"en-US", HELP, "I would like an appointment", VA_ENDING_UNKNOWN},
	{"en-US", HELP, "The roof leaks,", VA_ENDING_OPEN},
	{"es-ES", "¿En qué puedo ayudarle?", "Llamo porque", VA_ENDING_OPEN},
	{"it-IT", "Come posso aiutarla?", "Vorrei un appuntamento per", VA_ENDING_OPEN},
	/* A language without a table, and silence where no value was asked for. */
	{"ja-JP", "", "hai", VA_ENDING_UNKNOWN},
	{"en-US", "", "", VA_ENDING_UNKNOWN},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(turns) / sizeof(turns[0]); i++)
		is_int(va_ending(turns[i].tag, turns[i].asked, turns[i].words), turns[i].ending, "%s: \"%s\" \"%s\"", turns[i].tag, turns[i].asked, turns[i].words);
	return done_testing();
}
