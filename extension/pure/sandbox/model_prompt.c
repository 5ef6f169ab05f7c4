/*-------------------------------------------------------------------------
 * model_prompt.c
 *		What a system prompt wants of the sandbox's language model.
 *
 * A prompt is read line by line.  A heading ("# ...", or a short line that
 * ends with a colon) begins a section, which its words name in one of four
 * languages; in a section, lists and quoted lines ("> ") count.  What no
 * section says is looked for in sentences that prompts usually have ("You are
 * Nova, the assistant of ..."), and in the first message.
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

#define OFFER_CHARS 200
#define QUESTION_CHARS 300
#define ANSWER_CHARS 600
#define NAME_BYTES 80

typedef enum Section
{
	SECTION_NONE = 0,
	SECTION_OBJECTIONS,
	SECTION_QUESTIONS,
	SECTION_FIELDS,
	SECTION_PRICE,
	SECTION_OFFER,
	SECTION_OBJECTIVE,
	SECTION_OTHER
} Section;

typedef struct Reader
{
	Prompt *prompt;
	VaArena *arena;
	Section section;
	VaBuffer objective; /* the words of its section */
	bool answering;		/* lines with "> " belong to the last objection */
} Reader;

/* ---- words of headings ---- */

/* In the order in which they are tried: "answers to objections" is about objections. */
static const char *const objection_words[] = { "objection", "objecion", "einwand", "einwaende", NULL };
static const char *const question_words[] = { " question", " pregunta", " frage", NULL };
static const char *const field_words[] = { " find out", " collect", " fields", " gather", " averiguar", " recoger",
	" recopilar", " datos ", " recueillir", " renseignements", " informations a ", " erfassen", " herausfinden",
	" erfragen", " angaben", " faut savoir", NULL };
static const char *const price_words[] = { " price", " pricing", " precio", " prix ", " tarif", " preis", NULL };
static const char *const offer_words[] = { " offer", " oferta", " ofrec", " offre", " propose", " angebot", " anbiet",
	" product", " produit", " produkt", NULL };
static const char *const objective_words[] = { " objective", " goal", " purpose", " objetivo", " objectif", " but ",
	" ziel", NULL };

static bool
has_word(const char *folded, const char *const *words)
{
	return va_model_says(folded, words);
}

static Section
section_of(const char *folded)
{
	if (has_word(folded, objection_words))
		return SECTION_OBJECTIONS;
	if (has_word(folded, objective_words))
		return SECTION_OBJECTIVE;
	if (has_word(folded, question_words))
		return SECTION_QUESTIONS;
	if (has_word(folded, field_words))
		return SECTION_FIELDS;
	if (has_word(folded, price_words))
		return SECTION_PRICE;
	if (has_word(folded, offer_words))
		return SECTION_OFFER;
	return SECTION_OTHER;
}

/* ---- lines ---- */

static bool
is_heading(const char *line, size_t len)
{
	if (len == 0 || line[0] == '>' || line[0] == '-' || line[0] == '*')
		return line[0] == '*' && len > 4 && line[1] == '*' && line[len - 1] == '*';
	return line[0] == '#' || (len <= 60 && line[len - 1] == ':' && memchr(line, '"', len) == NULL);
}

/* Past "- ", "* ", "1. ", "1) "; *item says whether there was one. */
static const char *
past_bullet(const char *line, size_t *len, bool *item)
{
	size_t digits = strspn(line, "0123456789");
	size_t skip = 0;

	if (*len >= 2 && (line[0] == '-' || line[0] == '*') && line[1] == ' ')
		skip = 2;
	else if (*len >= 3 && strncmp(line, "\xE2\x80\xA2", 3) == 0)
		skip = 3;
	else if (digits > 0 && digits <= 2 && *len > digits + 1 && strchr(".)", line[digits]) != NULL)
		skip = digits + 1;
	*item = skip > 0;
	while (skip < *len && line[skip] == ' ')
		skip++;
	*len -= skip;
	return line + skip;
}

/* Without quotation marks around it, and without blanks. */
static const char *
bare(const char *text, size_t len, size_t max_chars, VaArena *arena)
{
	static const char *const marks[] = { "\"", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xC2\xAB", "\xC2\xBB",
		"\xC2\xA0", " ", "*", ":" };
	const char *copy;
	bool again = true;

	while (again)
	{
		again = false;
		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		{
			size_t mark = strlen(marks[i]);

			if (len >= mark && marks[i][0] != ':' && strncmp(text, marks[i], mark) == 0)
			{
				text += mark;
				len -= mark;
				again = true;
			}
			if (len >= mark && strncmp(text + len - mark, marks[i], mark) == 0)
			{
				len -= mark;
				again = true;
			}
		}
	}
	copy = va_utf8_text(arena, text, len, false, NULL);
	return copy == NULL ? NULL : va_utf8_cut(arena, copy, max_chars);
}

/* In that many bytes: a line is looked through, and not all that stands below it. */
static const char *
find_in(const char *text, const char *end, const char *what)
{
	size_t len = strlen(what);

	for (; text < end && (size_t) (end - text) >= len; text++)
	{
		text = memchr(text, what[0], (size_t) (end - text) - len + 1);
		if (text == NULL || memcmp(text, what, len) == 0)
			return text;
	}
	return NULL;
}

/* What stands between the first pair of quotation marks; false = nothing. */
static bool
quotation_in(const char *line, size_t len, const char **from, size_t *quoted_len)
{
	static const char *const marks[][2] = { { "\"", "\"" }, { "\xE2\x80\x9C", "\xE2\x80\x9D" },
		{ "\xE2\x80\x9E", "\xE2\x80\x9C" }, { "\xC2\xAB", "\xC2\xBB" } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
	{
		const char *open = find_in(line, line + len, marks[i][0]);
		const char *close = open == NULL ? NULL : find_in(open + strlen(marks[i][0]), line + len, marks[i][1]);

		if (close != NULL)
		{
			*from = open + strlen(marks[i][0]);
			*quoted_len = (size_t) (close - *from);
			return *quoted_len > 0;
		}
	}
	return false;
}

/* The first sentence, without its full stop. */
static const char *
first_sentence(const char *text, size_t len, VaArena *arena)
{
	size_t end = 0;

	while (end < len && !(strchr(".!?", text[end]) != NULL && (end + 1 == len || text[end + 1] == ' ')))
		end++;
	return bare(text, end, OFFER_CHARS, arena);
}

/* ---- the objective ---- */

static Objective
read_objective(const char *folded)
{
	static const struct
	{
		Objective objective;
		const char *words[16];
	} kinds[] = {
		{ OBJECTIVE_CALLBACK, { " callback", " call back ", " to be called back", " devolucion de llamada ",
								  " devolver la llamada ", " volver a llamar ", " rappel ", " un rappel", " rueckruf",
								  " llamada de vuelta ", " acordar una llamada ", NULL } },
		{ OBJECTIVE_APPOINTMENT,
			{ " appointment", " meeting", " visit ", " visita", " cita ", " citas ", " rendez vous ", " termin ",
				" termine ", " besichtigung", " entrevista", " entretien ", NULL } },
		{ OBJECTIVE_INFORMATION, { " inform ", " informs ", " informar", " informer ", " informieren ", " information ",
									 " informacion ", " informations ", NULL } },
		{ OBJECTIVE_LEAD, { " qualif", " cualific", " calific", " lead ", " interest", " interes", " fits ", " encaja",
							  " convient ", " passt ", NULL } },
	};

	for (size_t i = 0; folded != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (va_model_says(folded, kinds[i].words))
			return kinds[i].objective;
	return OBJECTIVE_CUSTOM;
}

/* ---- sections ---- */

/* Where the answer begins in a line with both: behind an arrow, or the colon after the quotation. */
static const char *
answer_in_line(const char *line, size_t len, size_t *objection_len)
{
	static const char *const arrows[] = { "->", "=>", "\xE2\x86\x92",
		"\": ", "\xE2\x80\x9D: ", "\xC2\xBB : ", "\xE2\x80\x9C: ", "\xC2\xBB: ", ": " };
	const char *found;

	for (size_t i = 0; i < sizeof(arrows) / sizeof(arrows[0]); i++)
		if ((found = find_in(line, line + len, arrows[i])) != NULL && found > line)
		{
			*objection_len = (size_t) (found - line);
			return found + strlen(arrows[i]);
		}
	return NULL;
}

static void
read_objection(Reader *reader, const char *line, size_t len, bool quoted)
{
	Prompt *prompt = reader->prompt;
	size_t objection_len = len;
	const char *answer;
	const char *objection;
	const char *said;
	size_t said_len;

	if (quoted)
	{
		const char **last = prompt->nobjections == 0 ? NULL : &prompt->answers[prompt->nobjections - 1];

		if (last != NULL && reader->answering && *last == NULL)
			*last = bare(line, len, ANSWER_CHARS, reader->arena);
		return;
	}
	if (prompt->nobjections == PROMPT_OBJECTIONS)
		return;
	answer = answer_in_line(line, len, &objection_len);
	if (!quotation_in(line, len, &said, &said_len))
	{
		said = line;
		said_len = objection_len;
	}
	objection = va_model_fold(said, said_len, reader->arena);
	if (objection == NULL || strspn(objection, " ") == strlen(objection))
		return;
	prompt->objections[prompt->nobjections] = objection;
	prompt->written_objections[prompt->nobjections] = bare(said, said_len, ANSWER_CHARS, reader->arena);
	if (answer != NULL && answer < line + len)
		prompt->answers[prompt->nobjections] = bare(
			answer, (size_t) (line + len - answer), ANSWER_CHARS, reader->arena);
	prompt->nobjections++;
	reader->answering = true;
}

static void
read_item(Reader *reader, const char *line, size_t len, bool item, bool quoted)
{
	Prompt *prompt = reader->prompt;
	const char *said;
	size_t said_len;

	switch (reader->section)
	{
		case SECTION_QUESTIONS:
			if ((item || quoted || line[len - 1] == '?') && prompt->nquestions < PROMPT_QUESTIONS)
			{
				/* 1. "How old is the roof?" WAIT for the answer. */
				if (quotation_in(line, len, &said, &said_len))
					prompt->questions[prompt->nquestions++] = bare(said, said_len, QUESTION_CHARS, reader->arena);
				else
					prompt->questions[prompt->nquestions++] = bare(line, len, QUESTION_CHARS, reader->arena);
			}
			return;
		case SECTION_FIELDS:
			if (item && prompt->nfields < PROMPT_FIELDS)
				prompt->fields[prompt->nfields++] = bare(line, len, QUESTION_CHARS, reader->arena);
			return;
		case SECTION_OBJECTIONS:
			if (item || quoted || quotation_in(line, len, &said, &said_len))
				read_objection(reader, line, len, quoted);
			return;
		case SECTION_PRICE:
			if (prompt->price == NULL)
				prompt->price = bare(line, len, ANSWER_CHARS, reader->arena);
			return;
		case SECTION_OFFER:
			if (prompt->offer == NULL && (quoted || item || line[len - 1] != ':'))
				prompt->offer = first_sentence(line, len, reader->arena);
			return;
		case SECTION_OBJECTIVE:
			va_buffer_add(&reader->objective, line, len);
			va_buffer_add(&reader->objective, "\n", 1);
			return;
		default:
			return;
	}
}

static void
read_line(Reader *reader, const char *line, size_t len)
{
	bool item;
	bool quoted;

	while (len > 0 && (*line == ' ' || *line == '\t'))
	{
		line++;
		len--;
	}
	while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
		len--;
	if (len == 0)
		return;
	if (is_heading(line, len))
	{
		const char *folded = va_model_fold(line, len < 200 ? len : 200, reader->arena);
		Section section = folded == NULL ? SECTION_OTHER : section_of(folded);

		/* "The price, if you are asked:" in the section of the offer leads to a part of it. */
		if (line[0] == '#' || section != SECTION_OTHER)
			reader->section = section;
		reader->answering = false;
		/* "## Goal: an appointment" says it all; what follows may speak of other things. */
		if (section == SECTION_OBJECTIVE && reader->prompt->objective == OBJECTIVE_CUSTOM)
			reader->prompt->objective = read_objective(folded);
		reader->prompt->aims = reader->prompt->aims || section == SECTION_OBJECTIVE;
		return;
	}
	quoted = line[0] == '>';
	if (quoted)
	{
		line++;
		len--;
		while (len > 0 && *line == ' ')
		{
			line++;
			len--;
		}
	}
	line = past_bullet(line, &len, &item);
	if (len > 0)
		read_item(reader, line, len, item, quoted);
}

/* ---- what sentences say ---- */

/* The words behind the first of the markers, up to the end of the clause; NULL = none of them is there. */
static const char *
words_after(const char *text, const char *const *markers, VaArena *arena)
{
	const char *best = NULL;
	const char *start = NULL;

	/* The first that is said; of several at one place the longest: "assistant of", "assistant of the voice of". */
	for (; text != NULL && *markers != NULL; markers++)
	{
		const char *found = strstr(text, *markers);

		if (found != NULL && (start == NULL || found < start || (found == start && found + strlen(*markers) > best)))
		{
			start = found;
			best = found + strlen(*markers);
		}
	}
	if (best != NULL)
	{
		size_t len = strcspn(best, ".,;:!?\n(\"{");

		if (len > 0 && len <= NAME_BYTES)
			return bare(best, len, NAME_BYTES, arena);
	}
	return NULL;
}

static const char *const business_markers[] = { "assistant of ", "assistant from ", "assistant for ", "agent of ",
	"agent for ", "on behalf of ", "calling from ", "calling for ", "asistente de ", "asistente virtual de ",
	"asistente automático de ", "asistente automática de ", "asistente de voz de ", "en nombre de ", "de parte de ",
	"assistant de ", "assistante de ", "assistant vocal de ", "assistante vocale de ", "assistante automatique de ",
	"assistant automatique de ", "de la part de ", "pour le compte de ", "Assistent von ", "Assistentin von ",
	"Sprachassistent von ", "Sprachassistentin von ", "im Auftrag von ", NULL };
static const char *const name_markers[] = { "You are ", "Eres ", "Usted es ", "Vous êtes ", "Tu es ", "Sie sind ",
	"Du bist ", "Your name is ", "Su nombre es ", "Votre nom est ", "Ihr Name ist ", NULL };
static const char *const said_name_markers[] = { "this is ", "This is ", "my name is ", "soy ", "Soy ", "je suis ",
	"Je suis ", "ici ", "Ici ", "hier ist ", "Hier ist ", "mein Name ist ", "hier spricht ", NULL };
static const char *const offer_markers[] = { "You call about ", "calling about ", "call about ", "You offer ",
	"Llamas por ", "llama por ", "llama para hablar de ", "ofreces ", "Vous appelez au sujet de ", "au sujet de ",
	"Vous proposez ", "Sie rufen wegen ", "anrufen wegen ", "rufst wegen ", "Sie bieten ", NULL };

/* A name begins with a capital and has three words at most; "the assistant" is none. */
static const char *
as_name(const char *words)
{
	int blanks = 0;

	if (words == NULL || words[0] == '\0' || (words[0] >= 'a' && words[0] <= 'z'))
		return NULL;
	for (const char *c = words; *c != '\0'; c++)
		blanks += *c == ' ';
	return blanks <= 2 ? words : NULL;
}

static void
read_sentences(Prompt *prompt, const char *text, const char *first_message, VaArena *arena)
{
	static const char *const email_words[] = { " e mail ", " email ", " correo electronico ", " mail ", NULL };
	const char *folded = va_model_fold(text, strlen(text), arena);

	prompt->business = words_after(text, business_markers, arena);
	if (prompt->business == NULL)
		prompt->business = words_after(first_message, business_markers, arena);
	prompt->assistant = as_name(words_after(text, name_markers, arena));
	if (prompt->assistant == NULL)
		prompt->assistant = as_name(words_after(first_message, said_name_markers, arena));
	if (prompt->offer == NULL)
		prompt->offer = words_after(text, offer_markers, arena);
	for (int i = 0; i < prompt->nfields; i++)
	{
		const char *field = prompt->fields[i] == NULL
								? NULL
								: va_model_fold(prompt->fields[i], strlen(prompt->fields[i]), arena);

		prompt->asks_email = prompt->asks_email || va_model_says(field, email_words);
	}
	if (folded != NULL)
		prompt->language = va_model_language(folded, prompt->language);
	/* A prompt that has a section for it has said it there. */
	if (prompt->objective == OBJECTIVE_CUSTOM && !prompt->aims)
		prompt->objective = read_objective(folded);
}

void
va_model_read_prompt(const char *text, const char *first_message, VaArena *arena, Prompt *prompt)
{
	Reader reader = { .prompt = prompt, .arena = arena };
	size_t len = text == NULL ? 0 : strlen(text);
	const char *objective;

	memset(prompt, 0, sizeof(*prompt));
	prompt->objective = OBJECTIVE_CUSTOM;
	text = va_utf8_text(
		arena, text == NULL ? "" : text, len < VA_MODEL_PROMPT_BYTES ? len : VA_MODEL_PROMPT_BYTES, false, NULL);
	if (text == NULL)
		return;
	for (const char *line = text; *line != '\0';)
	{
		size_t width = strcspn(line, "\n");

		read_line(&reader, line, width);
		line += width;
		line += *line == '\n';
	}
	objective = va_buffer_finish(&reader.objective, arena);
	if (objective != NULL && objective[0] != '\0' && prompt->objective == OBJECTIVE_CUSTOM)
		prompt->objective = read_objective(va_model_fold(objective, strlen(objective), arena));
	/* The first message is what the callee's language is known by when the prompt is short. */
	if (first_message != NULL)
		prompt->language = va_model_language(va_model_fold(first_message, strlen(first_message), arena), LANGUAGE_EN);
	read_sentences(prompt, text, first_message, arena);
}

const char *
va_model_objective_name(Objective objective)
{
	static const char *const names[] = { "appointment", "lead", "information", "callback", "custom" };

	return names[objective];
}
