/*-------------------------------------------------------------------------
 * model_talk.c
 *		How the sandbox's language model leads a conversation: what comes
 *		next, turn by turn.
 *
 * A talk goes through stages: permission, pitch, questions, the offer of an
 * appointment (or of contact, or of a call back), reading back, the end.
 * Whatever else is said, a price, an objection, a request to be left alone,
 * is answered first; then the stage goes on where it was.
 *
 * The state is made anew for each request from all that the person said, so
 * it needs no memory between requests.
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

#include <string.h>

#include "pure/net/backoff.h"

#define SILENCES_MAX 3
#define REFUSALS_MAX 2
#define INSULTS_MAX 2

void
va_model_talk_begin(Talk *talk, const Prompt *prompt, uint64_t seed, VaArena *arena)
{
	memset(talk, 0, sizeof(*talk));
	talk->prompt = prompt;
	talk->arena = arena;
	talk->rng = va_mix64(seed ^ 0x5eedULL);
}

bool
va_model_talk_over(const Talk *talk)
{
	return talk->nacts > 0 && ENDS_CALL(talk->acts[talk->nacts - 1]);
}

static void
act(Talk *talk, Act next)
{
	/* Nobody wants to hear the same offer twice. */
	if (next == ACT_PITCH && talk->pitched)
		next = ACT_INTEREST;
	talk->pitched = talk->pitched || next == ACT_PITCH || next == ACT_WHO;
	if (talk->nacts < 2)
		talk->acts[talk->nacts++] = next;
	if (ENDS_CALL(next))
		talk->stage = STAGE_OVER;
}

/* ---- how a stage goes on ---- */

static void
offer(Talk *talk)
{
	talk->stage = STAGE_OFFER;
	act(talk, talk->prompt->objective == OBJECTIVE_APPOINTMENT ? ACT_OFFER_TIME
			  : talk->prompt->objective == OBJECTIVE_CALLBACK  ? ACT_OFFER_CALLBACK
															   : ACT_OFFER_CONTACT);
}

static void
ask_next(Talk *talk)
{
	if (talk->question >= talk->prompt->nquestions)
	{
		offer(talk);
		return;
	}
	talk->stage = STAGE_QUESTIONS;
	talk->asked = talk->prompt->questions[talk->question++];
	act(talk, ACT_ASK);
}

/* Says what the stage waits for, once more. */
static void
go_on(Talk *talk)
{
	switch (talk->stage)
	{
		case STAGE_PERMISSION:
		case STAGE_PITCH:
			talk->stage = STAGE_PITCH;
			act(talk, ACT_PITCH);
			return;
		case STAGE_QUESTIONS:
			talk->asked = talk->prompt->questions[talk->question > 0 ? talk->question - 1 : 0];
			act(talk, ACT_ASK);
			return;
		case STAGE_OFFER:
			offer(talk);
			return;
		case STAGE_READ_BACK:
			act(talk, ACT_READ_BACK);
			return;
		case STAGE_EMAIL:
			act(talk, ACT_ASK_EMAIL);
			return;
		case STAGE_READ_EMAIL:
			act(talk, ACT_READ_EMAIL);
			return;
		case STAGE_CALLBACK:
			act(talk, ACT_ASK_WHEN_BACK);
			return;
		case STAGE_OVER:
			act(talk, ACT_GOODBYE);
			return;
	}
}

static void
close_agreed(Talk *talk)
{
	if (talk->prompt->asks_email && talk->email == NULL && talk->prompt->objective != OBJECTIVE_CALLBACK)
	{
		talk->stage = STAGE_EMAIL;
		act(talk, ACT_ASK_EMAIL);
	}
	else
		act(talk, talk->booked ? ACT_BOOKED : talk->callback ? ACT_CALLBACK_SET : ACT_CONTACTED);
}

static void
take_time(Talk *talk, const Heard *heard)
{
	talk->when = heard->when;
	if (talk->stage == STAGE_CALLBACK || talk->prompt->objective == OBJECTIVE_CALLBACK)
	{
		talk->callback = true;
		act(talk, ACT_CALLBACK_SET);
		return;
	}
	talk->stage = STAGE_READ_BACK;
	act(talk, ACT_READ_BACK);
}

static void
agree(Talk *talk)
{
	talk->agreed = true;
	switch (talk->stage)
	{
		case STAGE_PERMISSION:
			talk->stage = STAGE_PITCH;
			act(talk, ACT_PITCH);
			return;
		case STAGE_PITCH:
			talk->interested = true;
			ask_next(talk);
			return;
		case STAGE_QUESTIONS:
			act(talk, ACT_ACKNOWLEDGE);
			ask_next(talk);
			return;
		case STAGE_OFFER:
			if (talk->prompt->objective == OBJECTIVE_APPOINTMENT || talk->prompt->objective == OBJECTIVE_CALLBACK)
				act(talk, ACT_ASK_TIME);
			else
				close_agreed(talk);
			return;
		case STAGE_READ_BACK:
			talk->booked = true;
			close_agreed(talk);
			return;
		case STAGE_READ_EMAIL:
			act(talk, talk->booked ? ACT_BOOKED : ACT_CONTACTED);
			return;
		default:
			go_on(talk);
			return;
	}
}

static void
refuse(Talk *talk)
{
	if (talk->stage == STAGE_READ_BACK)
	{
		/* Not that time, then another. */
		talk->when = NULL;
		talk->stage = STAGE_OFFER;
		act(talk, ACT_ASK_TIME);
		return;
	}
	if (talk->stage == STAGE_EMAIL || talk->stage == STAGE_READ_EMAIL)
	{
		if (talk->stage == STAGE_READ_EMAIL)
		{
			talk->email = NULL;
			talk->stage = STAGE_EMAIL;
			act(talk, ACT_ASK_EMAIL);
		}
		else
			act(talk, talk->booked ? ACT_BOOKED : ACT_CONTACTED);
		return;
	}
	if (talk->stage == STAGE_QUESTIONS)
	{
		act(talk, ACT_ACKNOWLEDGE);
		ask_next(talk);
		return;
	}
	talk->refused = ++talk->refusals >= REFUSALS_MAX;
	act(talk, talk->refused ? ACT_REFUSED : ACT_SOFT);
}

/* ---- what is said to the person besides ---- */

/* The objection of the prompt that most of its words are of; -1 = none. */
static int
find_objection(const Talk *talk, const Heard *heard)
{
	int best = -1;
	int most = 0;

	for (int i = 0; i < talk->prompt->nobjections; i++)
	{
		int common = va_model_common_words(talk->prompt->objections[i], heard->folded);
		int words = va_model_common_words(talk->prompt->objections[i], talk->prompt->objections[i]);

		/* "about" and "what" are in anything: more than half of the words, or the only one. */
		if (common * 2 <= words)
			continue;
		if (!talk->answered_objections[i] && talk->prompt->answers[i] != NULL && common > most)
		{
			most = common;
			best = i;
		}
	}
	return best;
}

static bool
hear_end(Talk *talk, const Heard *heard)
{
	if (MEANS(heard, MEANS_OPT_OUT))
	{
		talk->opted_out = true;
		act(talk, ACT_OPTED_OUT);
	}
	else if (MEANS(heard, MEANS_VOICEMAIL))
	{
		talk->machine = true;
		act(talk, ACT_VOICEMAIL);
	}
	else if (MEANS(heard, MEANS_WRONG_PERSON))
	{
		talk->wrong_person = true;
		act(talk, ACT_WRONG_PERSON);
	}
	else if (MEANS(heard, MEANS_SWEARING))
	{
		talk->refused = ++talk->insults >= INSULTS_MAX;
		act(talk, talk->refused ? ACT_PEACE : ACT_CALM);
	}
	else
		return false;
	return true;
}

static bool
hear_callback(Talk *talk, const Heard *heard)
{
	if (!MEANS(heard, MEANS_CALLBACK) && !MEANS(heard, MEANS_BUSY))
		return false;
	if (talk->stage == STAGE_QUESTIONS && !MEANS(heard, MEANS_CALLBACK))
		return false;
	if (heard->when != NULL)
	{
		talk->callback = true;
		talk->when = heard->when;
		act(talk, ACT_CALLBACK_SET);
	}
	else if (talk->stage == STAGE_CALLBACK)
	{
		talk->callback = true;
		act(talk, ACT_CALLBACK_LATER);
	}
	else
	{
		talk->stage = STAGE_CALLBACK;
		act(talk, ACT_ASK_WHEN_BACK);
	}
	return true;
}

/* A question or an aside: it is answered, and the stage goes on. */
static bool
hear_aside(Talk *talk, const Heard *heard)
{
	int objection;

	if (MEANS(heard, MEANS_INJECTION))
		act(talk, ACT_DEFLECT);
	else if (MEANS(heard, MEANS_ROBOT))
		act(talk, ACT_ROBOT);
	else if (MEANS(heard, MEANS_AGAIN))
		;
	else if ((objection = find_objection(talk, heard)) >= 0 && talk->stage != STAGE_QUESTIONS)
	{
		talk->answered_objections[objection] = true;
		talk->objection_answer = talk->prompt->answers[objection];
		act(talk, ACT_ANSWER);
	}
	else if (MEANS(heard, MEANS_PRICE) && talk->stage != STAGE_QUESTIONS)
	{
		act(talk, ACT_PRICE);
	}
	else if (MEANS(heard, MEANS_WHO))
	{
		act(talk, ACT_WHO);
		if (talk->stage == STAGE_PERMISSION)
			talk->stage = STAGE_PITCH;
	}
	else if (MEANS(heard, MEANS_OTHER_LANGUAGE) || (MEANS(heard, MEANS_DOUBT) && talk->stage != STAGE_QUESTIONS))
	{
		act(talk, MEANS(heard, MEANS_DOUBT) ? ACT_SOFT : ACT_LANGUAGE);
		return true;
	}
	else
		return false;
	go_on(talk);
	return true;
}

static void
hear_silence(Talk *talk)
{
	if (++talk->silences >= SILENCES_MAX)
		act(talk, ACT_GIVE_UP);
	else
		act(talk, talk->silences == 1 ? ACT_STILL_THERE : ACT_PARDON);
}

static void
hear_email(Talk *talk, const Heard *heard)
{
	talk->email = heard->email;
	talk->stage = STAGE_READ_EMAIL;
	act(talk, ACT_READ_EMAIL);
}

/* What is none of the usual is an answer to what was asked. */
static void
hear_answer(Talk *talk, const Heard *heard)
{
	if (talk->stage == STAGE_QUESTIONS && talk->question > 0)
	{
		talk->given[talk->question - 1] = heard->text;
		act(talk, ACT_ACKNOWLEDGE);
		ask_next(talk);
		return;
	}
	if (talk->stage == STAGE_PERMISSION)
	{
		talk->stage = STAGE_PITCH;
		act(talk, ACT_PITCH);
		return;
	}
	act(talk, talk->stage == STAGE_OVER ? ACT_GOODBYE : talk->stage == STAGE_EMAIL ? ACT_PARDON : ACT_DEFLECT);
	if (!va_model_talk_over(talk) && talk->stage != STAGE_EMAIL)
		go_on(talk);
}

/* A day that is named in passing is none on which to meet. */
static bool
expects_time(const Talk *talk, const Heard *heard)
{
	return talk->stage == STAGE_OFFER || talk->stage == STAGE_READ_BACK || talk->stage == STAGE_CALLBACK ||
		   (talk->stage == STAGE_PITCH && MEANS(heard, MEANS_AGREE) &&
			   (talk->prompt->objective == OBJECTIVE_APPOINTMENT || talk->prompt->objective == OBJECTIVE_CALLBACK));
}

/* Yes and no, and what comes beside them. */
static void
hear_word(Talk *talk, const Heard *heard)
{
	bool refuses = MEANS(heard, MEANS_REFUSE);

	if (talk->stage == STAGE_QUESTIONS && talk->question > 0)
		talk->given[talk->question - 1] = heard->text;
	if (heard->when != NULL && !refuses && expects_time(talk, heard))
		take_time(talk, heard);
	else if (heard->email != NULL)
		hear_email(talk, heard);
	else if (refuses)
		refuse(talk);
	else if (MEANS(heard, MEANS_SEND) && talk->stage != STAGE_QUESTIONS && talk->stage != STAGE_READ_BACK)
	{
		talk->interested = true;
		if (talk->stage == STAGE_OFFER && talk->prompt->objective == OBJECTIVE_APPOINTMENT)
			close_agreed(talk);
		else
			agree(talk);
	}
	else if (MEANS(heard, MEANS_AGREE))
		agree(talk);
	else if (MEANS(heard, MEANS_GOODBYE))
		act(talk, ACT_GOODBYE);
	else
		hear_answer(talk, heard);
}

void
va_model_talk_hear(Talk *talk, const char *said)
{
	Heard heard;

	talk->nacts = 0;
	talk->rng = va_mix64(talk->rng);
	va_model_hear(said, talk->prompt->language, talk->arena, &heard);
	if (talk->stage == STAGE_OVER)
	{
		/* An opt-out is heard to the last. */
		if (MEANS(&heard, MEANS_OPT_OUT))
			hear_end(talk, &heard);
		else
			act(talk, ACT_GOODBYE);
		return;
	}
	if (MEANS(&heard, MEANS_SILENCE))
	{
		hear_silence(talk);
		return;
	}
	talk->silences = 0;
	if (hear_end(talk, &heard) || hear_callback(talk, &heard))
		return;
	if (hear_aside(talk, &heard))
		return;
	hear_word(talk, &heard);
}

/* ---- as words ---- */

/* "ann@example.com" letter by letter: a, n, n, at ... is for a voice; in text, with blanks between. */
static const char *
spell(const char *text, VaArena *arena)
{
	VaBuffer out = { 0 };

	for (; text != NULL && *text != '\0'; text++)
	{
		va_buffer_add(&out, text, 1);
		if (text[1] != '\0')
			va_buffer_add(&out, " ", 1);
	}
	return va_buffer_finish(&out, arena);
}

/* "Tomorrow at 3" as it stands within a sentence; a day of the week keeps its capital where it has one. */
static const char *
mid_sentence(const char *when, Language language, VaArena *arena)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Die", "Mit", "Don", "Sam",
		"Son", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Okt", "Nov", "Dec", "Dez" };
	char *lower = when == NULL ? NULL : va_arena_strdup(arena, when);

	if (lower == NULL || lower[0] < 'A' || lower[0] > 'Z')
		return lower;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((language == LANGUAGE_EN || language == LANGUAGE_DE) && strncmp(lower, names[i], 3) == 0)
			return lower;
	lower[0] = (char) (lower[0] - 'A' + 'a');
	return lower;
}

const char *
va_model_read_back(const Talk *talk)
{
	for (int i = 0; i < talk->nacts; i++)
	{
		if (talk->acts[i] == ACT_READ_BACK)
			return mid_sentence(talk->when, talk->prompt->language, talk->arena);
	}
	return NULL;
}

static const char *
usual_price(Language language)
{
	static const char *const lines[LANGUAGES] = {
		"The exact price depends on your situation, and you get it in writing before you decide anything.",
		"El precio exacto depende de su situación y lo recibirá por escrito antes de decidir nada.",
		"Le prix exact dépend de votre situation, et vous le recevez par écrit avant de décider quoi que ce soit.",
		"Der genaue Preis hängt von Ihrer Situation ab, und Sie bekommen ihn schriftlich, bevor Sie etwas entscheiden.",
	};

	return lines[language];
}

static const char *
usual_word(Language language, const char *mark)
{
	static const char *const businesses[LANGUAGES] = { "our company", "nuestra empresa", "notre société",
		"unserem Unternehmen" };
	static const char *const assistants[LANGUAGES] = { "the assistant", "el asistente", "l'assistant",
		"der Assistent" };
	static const char *const offers[LANGUAGES] = { "our offer", "nuestra oferta", "notre offre", "unser Angebot" };

	return strcmp(mark, "business") == 0	? businesses[language]
		   : strcmp(mark, "assistant") == 0 ? assistants[language]
											: offers[language];
}

static const char *
word_for(Talk *talk, const char *mark)
{
	const Prompt *prompt = talk->prompt;
	const char *word = NULL;

	if (strcmp(mark, "question") == 0)
		return talk->asked;
	if (strcmp(mark, "answer") == 0)
		return talk->objection_answer;
	if (strcmp(mark, "when") == 0)
		return mid_sentence(talk->when, prompt->language, talk->arena);
	if (strcmp(mark, "email") == 0)
		return spell(talk->email, talk->arena);
	if (strcmp(mark, "price") == 0)
		return prompt->price != NULL ? prompt->price : usual_price(prompt->language);
	if (strcmp(mark, "business") == 0)
		word = prompt->business;
	else if (strcmp(mark, "assistant") == 0)
		word = prompt->assistant;
	else if (strcmp(mark, "offer") == 0)
		word = prompt->offer;
	return word != NULL ? word : usual_word(prompt->language, mark);
}

/* Marks are filled in one pass: what is filled in is not looked at again. */
static void
add_line(VaBuffer *out, Talk *talk, const char *line)
{
	while (*line != '\0')
	{
		size_t len = strcspn(line, "{");
		const char *word;
		char mark[16];
		size_t width;

		va_buffer_add(out, line, len);
		line += len;
		if (*line == '\0')
			return;
		width = strcspn(line + 1, "}");
		if (width >= sizeof(mark))
			return;
		memcpy(mark, line + 1, width);
		mark[width] = '\0';
		word = word_for(talk, mark);
		if (word != NULL)
			va_buffer_add(out, word, strlen(word));
		line += width + 2;
	}
}

const char *
va_model_talk_say(Talk *talk)
{
	VaBuffer out = { 0 };

	if (talk->nacts == 0)
		act(talk, talk->stage == STAGE_OVER ? ACT_GOODBYE : ACT_GREET);
	for (int i = 0; i < talk->nacts; i++)
	{
		if (out.used > 0)
			va_buffer_add(&out, " ", 1);
		add_line(&out, talk,
			va_model_line(talk->prompt->language, talk->acts[i], (int) ((talk->rng >> (7 + i)) % PHRASINGS)));
	}
	return va_buffer_finish(&out, talk->arena);
}
