/*-------------------------------------------------------------------------
 * hear.c
 *		Interprets a person's turn for the desk: phrases of its language, a
 *		time, a telephone number, a name.
 *
 * Only the first VA_MODEL_HEARD_BYTES of a turn are read: a longer turn is a
 * monologue, and its beginning counts.
 */
#include "desk.h"

#include <ctype.h>
#include <string.h>

#include "pure/phrases/verify/spoken.h"
#include "pure/phrases/words/intents.h"
#include "pure/phrases/words/lexicon.h"
#include "pure/text/utf8.h"

#define NAME_BYTES 60
#define NAME_WITHIN_BYTES 300
/* The most words of a turn that is a name without "my name is". */
#define NAME_TURN_WORDS 5
/* The least and the most digits of a telephone number. */
#define NUMBER_LEAST 7
#define NUMBER_MOST 15

/* ---- folding ---- */

/* Folds a character, never to more bytes than it had; all but letters and digits become a blank. */
static char *
fold_character(char *out, int32_t code)
{
	int32_t small = va_small_letter(code);
	int32_t plain = va_plain_letter(small);
	const char *two = small == 0xDF ? "ss" : small == 0xE6 ? "ae" : small == 0x153 ? "oe" : NULL;

	if (code == '\'' || code == 0x2019 || code == 0x2018)
		return out;
	if (two != NULL)
		out = (char *) memcpy(out, two, 2) + 2;
	else if (plain > 0 && plain < 0x80 && isalnum(plain))
	{
		*out++ = (char) plain;
		if (small == 0xE4 || small == 0xF6 || small == 0xFC)
			*out++ = 'e';
	}
	else if (out[-1] != ' ')
		*out++ = ' ';
	return out;
}

const char *
va_desk_fold(const char *text, size_t len, VaArena *arena)
{
	char *folded = va_arena_alloc(arena, len + 3);
	char *out = folded;
	size_t at = 0;

	if (folded == NULL)
		return NULL;
	*out++ = ' ';
	while (at < len)
	{
		int32_t code;
		size_t taken = va_utf8_next((const unsigned char *) text + at, len - at, &code);

		if (taken == 0)
			break;
		out = fold_character(out, code);
		at += taken;
	}
	if (out[-1] != ' ')
		*out++ = ' ';
	*out = '\0';
	for (char *at = folded; (at = strstr(at, " can not ")) != NULL;)
		memmove(at + 4, at + 5, strlen(at + 5) + 1);
	return folded;
}

bool
va_desk_says(const char *folded, const char *const *phrases)
{
	for (; folded != NULL && phrases != NULL && *phrases != NULL; phrases++)
		if (strstr(folded, *phrases) != NULL)
			return true;
	return false;
}

int
va_desk_count_words(const char *folded)
{
	int words = -1;

	for (; *folded != '\0'; folded++)
		words += *folded == ' ';
	return words;
}

/* The longest phrase of these meanings that stands at a blank of folded, without its last blank; 0: none. */
static size_t
longest_at(const char *folded, uint64_t meanings, Language language)
{
	size_t longest = 0;

	for (int meaning = 0; meaning < MEANINGS; meaning++)
		for (const char *const *phrase = va_desk_phrases(language, (Meaning) meaning);
			 (meanings & (uint64_t) 1 << meaning) != 0 && *phrase != NULL; phrase++)
		{
			size_t len = strlen(*phrase);

			if (folded != NULL && len - 1 > longest && strncmp(folded, *phrase, len) == 0)
				longest = len - 1;
		}
	return longest;
}

/* Whether the turn has no words but those that agree, thank, fill, or were understood as a time, a name or a number. */
static bool
is_harmless(const Heard *heard, const char *name, Language language, VaArena *arena)
{
	const char *own[] = { heard->when, name, heard->number };
	size_t taken;

	for (const char *at = heard->folded; at != NULL && at[1] != '\0'; at += taken)
	{
		size_t word = strcspn(at + 1, " ") + 1;

		taken = longest_at(at, M(AGREE) | M(FILLER) | M(THANKS) | M(NAME), language);
		for (size_t i = 0; taken == 0 && i < sizeof(own) / sizeof(own[0]); i++)
		{
			const char *words = own[i] == NULL ? NULL : va_desk_fold(own[i], strlen(own[i]), arena);
			const char *sought = words == NULL ? NULL : va_arena_strndup(arena, at, word + 1);

			taken = sought != NULL && strstr(words, sought) != NULL ? word : 0;
		}
		if (taken == 0)
			return false;
	}
	return true;
}

bool
va_desk_clear_yes(const Heard *heard, Language language, VaArena *arena)
{
	return MEANS(heard, MEANS_AGREE) && !heard->denies && !heard->asks &&
		   is_harmless(heard, heard->name, language, arena);
}

/* ---- a telephone number ---- */

/* The longest row of digits, in figures or in words, with nothing else between: "415 555 0211", "four one five". */
static const char *
find_number(const char *folded, Language language, VaArena *arena)
{
	const char *const *names = va_desk_phrases(language, MEANS_DIGITS);
	const char *best = NULL;
	char row[NUMBER_MOST + 2];
	size_t n = 0;
	size_t len;

	for (const char *at = folded; at[0] != '\0'; at += len + 1)
	{
		int digit = -1;

		len = strcspn(at + 1, " ");
		for (int i = 0; len > 0 && names[i] != NULL; i++)
			if (strncmp(at, names[i], len + 2) == 0)
				digit = i % 10;
		if (len > 0 && strspn(at + 1, "0123456789") == len && n + len <= NUMBER_MOST)
			memcpy(row + n, at + 1, len), n += len;
		else if (digit >= 0 && n < NUMBER_MOST)
			row[n++] = (char) ('0' + digit);
		else
		{
			if (n >= NUMBER_LEAST && (best == NULL || n > strlen(best)))
				best = va_arena_strndup(arena, row, n);
			n = 0;
		}
		if (len == 0)
			break;
	}
	return best;
}

/* ---- a name ---- */

static bool
is_capital(const char *word)
{
	return (*word >= 'A' && *word <= 'Z') || (unsigned char) *word == 0xC3;
}

/* The words after the last "my name is", if a capital where that is wanted; NULL: none. */
static const char *
after_phrase(const char *text, Language language, bool capital, VaArena *arena)
{
	const char *found = NULL;

	for (const char *at = text; (at = strchr(at, ' ')) != NULL && at - text < NAME_WITHIN_BYTES; at++)
	{
		const char *folded = va_desk_fold(text, (size_t) (at - text), arena);
		const char *const *phrase = va_desk_phrases(language, MEANS_NAME);

		for (; folded != NULL && *phrase != NULL; phrase++)
			if (strlen(folded) >= strlen(*phrase) && strcmp(folded + strlen(folded) - strlen(*phrase), *phrase) == 0 &&
				(!capital || is_capital(at + 1)))
				found = at + 1;
	}
	return found;
}

/* Up to three words with capitals from there on, as speech-to-text writes names; at least so many, else NULL. */
static const char *
capitals_at(const char *text, int least, VaArena *arena)
{
	size_t len = 0;
	int words = 0;

	while (words < 3 && is_capital(text + len + (words > 0)) && (words == 0 || text[len] == ' '))
	{
		size_t word = strcspn(text + len + (words > 0), " ,.;:!?");

		if (memchr(text + len + (words > 0), '\'', word) != NULL && words == 0)
			break;
		len += (words++ > 0) + word;
	}
	return words < least || len > NAME_BYTES ? NULL : va_arena_strndup(arena, text, len);
}

/* "My name is Ann Miller", or a short turn with a name of two words in it: "Yes. Ann Miller." */
static const char *
find_name(const Heard *heard, Language language, VaArena *arena)
{
	const char *name = after_phrase(heard->text, language, true, arena);

	name = name == NULL ? NULL : capitals_at(name, 1, arena);
	for (const char *at = heard->text; name == NULL && heard->when == NULL && heard->words <= NAME_TURN_WORDS;)
	{
		name = capitals_at(at, 2, arena);
		/* "Can I see it?" is none, nor is "Then at the first one". */
		if (name != NULL && (is_harmless(heard, NULL, language, arena) || !is_harmless(heard, name, language, arena)))
			name = NULL;
		at += strcspn(at, " ");
		if (*at++ == '\0')
			break;
	}
	/* "It is Tuesday." */
	return name != NULL && heard->when != NULL && strstr(heard->when, name) != NULL ? NULL : name;
}

const char *
va_desk_name(const Heard *heard, Language language, VaArena *arena)
{
	const char *name = after_phrase(heard->text, language, false, arena);
	size_t len = strcspn(name == NULL ? heard->text : name, ".,!?");
	char *written;

	if (heard->name != NULL)
		return heard->name;
	name = va_utf8_text(arena, name == NULL ? heard->text : name, len < NAME_BYTES ? len : NAME_BYTES, false, NULL);
	written = name == NULL ? NULL : va_arena_strdup(arena, name);
	/* Some ears write no capitals. */
	for (size_t i = 0; written != NULL && written[i] != '\0'; i++)
		if (written[i] >= 'a' && written[i] <= 'z' && (i == 0 || written[i - 1] == ' '))
			written[i] = (char) (written[i] - 'a' + 'A');
	return written;
}

/* ---- a time ---- */

/* "2 15" as some ears write it becomes "2:15". */
static char *
with_colons(const char *text, VaArena *arena)
{
	char *copy = va_arena_strdup(arena, text);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
	{
		size_t hour = strspn(c, "0123456789");

		if (hour > 0 && hour <= 2 && c[hour] == ' ' && strspn(c + hour + 1, "0123456789") == 2 && c[hour + 1] < '6' &&
			c[hour + 3] != ':' && !(c[hour + 3] == ' ' && isdigit((unsigned char) c[hour + 4])) &&
			!(c - copy >= 2 && isdigit((unsigned char) c[-2])))
			c[hour] = ':';
		c += hour > 0 ? hour - 1 : 0;
	}
	return copy;
}

/*
 * A text whose time is in doubt, for another try: without the word of whom or what the time is for ("a table for four on
 * Tuesday"), which may seem to be a time; without all that follows it; without "move it", which leaves open which of
 * two times is meant.
 */
static const char *
without_doubt(const char *text, int tries, Language language, VaArena *arena)
{
	static const char *const purposes[LANGUAGES] = { " for ", " para ", " pour ", " für ", " per " };
	const char *purpose = strstr(text, purposes[language]);
	char *copy = va_arena_strdup(arena, text);
	char *end = copy == NULL || purpose == NULL ? NULL : copy + (purpose - text) + strlen(purposes[language]);

	if (tries == 0 && end != NULL)
		memset(copy + (purpose - text), ',', (size_t) (end - copy - (purpose - text)) + strcspn(end, " "));
	if (tries == 1 && end != NULL)
		copy[purpose - text] = '\0';
	for (const char *const *phrase = va_desk_phrases(language, MEANS_MOVE); tries == 2 && *phrase != NULL; phrase++)
	{
		size_t len = strlen(*phrase) - 2;
		const char *words = va_arena_strndup(arena, *phrase + 1, len);
		char *at = words == NULL || copy == NULL ? NULL : strcasestr(copy, words);

		if (at != NULL)
			memset(at, ' ', len), *at = ',';
	}
	return copy == NULL ? text : copy;
}

/* The hour at which a part of the day begins, or -1. */
static int
part_begins(const VaTimePoint *point)
{
	int32_t day, end_day;
	int minutes, end_minutes;

	return point->grain == VA_GRAIN_PART && point->dated &&
				   va_time_bounds(point, &day, &minutes, &end_day, &end_minutes)
			   ? minutes
			   : -1;
}

/* Takes the first of the alternatives that are named, and the words from the first to the last of them. */
static void
hear_time(Heard *heard, Language language, const VaTimeReference *now, VaArena *arena)
{
	const char *text = with_colons(heard->text, arena);
	const char *whole = text;
	const VaPhraseLanguage *table = va_phrase_language(va_desk_code(language));
	VaPhraseTimes times;
	size_t from = 0;
	size_t to = 0;

	if (text == NULL)
		return;
	va_phrase_times(text, strlen(text), table, *now, &times);
	heard->unclear = times.count == 0 && times.doubt;
	for (int tries = 0; tries < 3 && times.count == 0 && heard->unclear; tries++)
	{
		text = without_doubt(whole, tries, language, arena);
		va_phrase_times(text, strlen(text), table, *now, &times);
	}
	heard->unclear = heard->unclear && times.count == 0;
	for (size_t i = 0; i < times.count; i++)
	{
		const VaPhraseTime *time = &times.items[i];
		const VaTimePoint *point = time->from.grain != VA_GRAIN_NONE ? &time->from : &time->to;
		bool hour = point->grain >= VA_GRAIN_SECOND && point->grain <= VA_GRAIN_HOUR;

		/* "That is right now." */
		if ((point->said & VA_SAID_MOMENT) != 0 && point->day == now->day && point->minutes <= now->minutes)
			continue;
		if (to == 0 || time->offset < from)
			from = time->offset;
		if (time->offset + time->len > to)
			to = time->offset + time->len;
		if ((point->said & VA_SAID_MOMENT) != 0)
			heard->later = (point->day - now->day) * 1440 + point->minutes - now->minutes;
		if (time->alternative != times.items[0].alternative || (heard->day && heard->minutes >= 0))
			continue;
		heard->at.day = point->dated && !heard->day ? point->day : heard->at.day;
		if (point->dated && !point->implied)
		{
			heard->day = true;
			heard->at.day = point->day;
			heard->weekday = (point->said & VA_SAID_WEEKDAY) != 0 ? va_weekday(point->day) : 0;
		}
		if (hour)
		{
			heard->minutes = heard->at.minutes = point->minutes;
			heard->half_open = (point->said & VA_SAID_HALF_OPEN) != 0;
		}
		if (heard->minutes < 0 && part_begins(point) >= 0)
			heard->part = part_begins(point);
	}
	if (to > from)
		heard->when = va_arena_strndup(arena, text + from, to - from);
	/* "On Tuesday at eight, no, at nine": the words of the hour alone have lost the day. */
	if (heard->when != NULL && heard->day)
	{
		va_phrase_times(heard->when, strlen(heard->when), table, *now, &times);
		if (times.count > 0 && times.items[0].from.implied)
			heard->when = va_arena_strndup(arena, text, to);
	}
}

static void
note_time(Heard *heard)
{
	heard->timed = heard->when != NULL && (heard->day || heard->minutes >= 0 || heard->part >= 0 || heard->later != 0);
}

void
va_desk_hear_hour(Heard *heard, Language language, const VaTimeReference *now, VaArena *arena)
{
	static const char *const at[LANGUAGES] = { "at ", "a las ", "\303\240 ", "um ", "alle " };
	const char *said = heard->text;
	const char *when = heard->when;
	VaPhraseTimes times;

	for (const char *clause = said; clause != NULL && heard->minutes < 0 && heard->number == NULL;)
	{
		const char *text = va_arena_join(arena, at[language], clause, (char *) NULL);
		const VaPhraseTime *time = &times.items[0];
		const char *rest;

		if (text == NULL)
			return;
		va_phrase_times(text, strlen(text), va_phrase_language(va_desk_code(language)), *now, &times);
		rest = times.count == 0 ? "x" : text + time->offset + time->len;
		if (times.count > 0 && time->offset <= strlen(at[language]) && time->from.grain >= VA_GRAIN_SECOND &&
			time->from.grain <= VA_GRAIN_HOUR &&
			(strchr(".,;!? ", *rest) == NULL
					? *rest == '\0'
					: *rest != ' ' || longest_at(va_desk_fold(rest, strlen(rest), arena),
										  M(FILLER) | M(AGREE) | M(THANKS) | M(BUT), language) > 0))
		{
			heard->text = va_arena_printf(arena, "%.*s%s", (int) (clause - said), said, text);
			hear_time(heard, language, now, arena);
			/* All of it may leave in doubt what the clause does not. */
			heard->text = text;
			if (heard->minutes < 0)
				hear_time(heard, language, now, arena);
			heard->text = said;
			if (when != NULL && heard->when != NULL)
				heard->when = va_arena_join(arena, when, " ", heard->when, (char *) NULL);
			note_time(heard);
		}
		clause = strpbrk(clause, ".,;!?");
		clause = clause == NULL || clause[1] != ' ' ? NULL : clause + 2;
	}
}

/* ---- all of it ---- */

static void
hear_other_language(Heard *heard, Language language)
{
	VaTalkTurn turn = { .person = true, .text = heard->text, .len = strlen(heard->text) };
	const char *spoken = va_spoken_language(&turn, 1, va_desk_code(language));

	if (strcmp(spoken, va_desk_code(language)) == 0)
		return;
	heard->meanings = M(OTHER_LANGUAGE);
	heard->spoken = va_desk_language(spoken);
}

void
va_desk_hear_turn(const char *text, Language language, const VaTimeReference *now, VaArena *arena, Heard *heard)
{
	size_t len = strlen(text);
	VaIntent ask;

	memset(heard, 0, sizeof(*heard));
	heard->minutes = heard->part = -1;
	heard->spoken = language;
	heard->text = len <= VA_MODEL_HEARD_BYTES ? va_arena_strdup(arena, text)
											  : va_utf8_text(arena, text, VA_MODEL_HEARD_BYTES, false, NULL);
	if (heard->text == NULL)
		heard->text = "";
	heard->folded = va_desk_fold(heard->text, strlen(heard->text), arena);
	if (heard->folded == NULL || strspn(heard->folded, " ") == strlen(heard->folded) ||
		strcmp(heard->folded, " silence ") == 0)
	{
		/* Letters of another script are not folded. */
		bool foreign = heard->folded != NULL && heard->folded[1] == '\0' && (heard->text[0] & 0x80) != 0;

		heard->folded = " ";
		heard->meanings = foreign ? M(OTHER_LANGUAGE) : M(SILENCE);
		return;
	}
	heard->words = va_desk_count_words(heard->folded);
	heard->asks = strchr(heard->text, '?') != NULL;
	for (int i = 0; i < MEANINGS; i++)
		if (va_desk_says(heard->folded, va_desk_phrases(language, (Meaning) i)))
			heard->meanings |= (uint64_t) 1 << i;
	/* Questions to us are read as in any call. */
	ask = va_read_ours(va_desk_code(language), true, heard->text, strlen(heard->text));
	if (ask != VA_INTENT_NONE)
		heard->meanings |= ask == VA_OURS_MACHINE	 ? M(ROBOT)
						   : ask == VA_OURS_RECORDED ? M(RECORDED)
						   : ask == VA_OURS_SOURCE	 ? M(SOURCE)
													 : M(STOP);
	/* A question of how the calls end ends none of them. */
	if (!MEANS(heard, MEANS_STOP) && va_asks_to_stop(heard->text, strlen(heard->text)))
		heard->meanings |= M(OPT_OUT);
	/* "Do you speak English?" may be asked in that language. */
	for (int other = 0; other < LANGUAGES; other++)
		if (va_desk_says(heard->folded, va_desk_phrases((Language) other, MEANS_LANGUAGES)))
		{
			heard->meanings |= M(LANGUAGES);
			heard->spoken = (Language) other;
		}
	/* "no" alone is a refusal; before more words it may mean anything, and further on it is nothing. */
	if (longest_at(heard->folded, M(NO), language) == 0)
		heard->meanings &= ~M(NO);
	else if (heard->words == 1)
		heard->meanings |= M(REFUSE);
	/* "I am not so sure." contains "sure" but does not agree. */
	if (MEANS(heard, MEANS_DOUBT))
		heard->meanings &= ~M(AGREE);
	heard->number = find_number(heard->folded, language, arena);
	hear_time(heard, language, now, arena);
	/* A number that is no hour, and "the first one", which is no day. */
	if ((heard->number != NULL && !heard->day) ||
		((MEANS(heard, MEANS_FIRST) || MEANS(heard, MEANS_SECOND)) && heard->when != NULL && heard->weekday == 0 &&
			strpbrk(heard->when, "0123456789") == NULL && strstr(heard->text, " at ") == NULL))
	{
		heard->day = false;
		heard->when = NULL;
		heard->minutes = -1;
		heard->unclear = false;
	}
	note_time(heard);
	heard->denies = MEANS(heard, MEANS_REFUSE) || MEANS(heard, MEANS_NO);
	heard->name = MEANS(heard, MEANS_GOODBYE) ? NULL : find_name(heard, language, arena);
	if ((heard->meanings & ~(M(NAME) | M(FILLER) | M(DIGITS))) == 0 && heard->when == NULL)
		hear_other_language(heard, language);
}
