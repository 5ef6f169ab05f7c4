/*-------------------------------------------------------------------------
 * claim.c
 *		The verdict on a name, an e-mail address or a postal address that
 *		somebody claims of a talk.
 *
 * Supported is what the person said, or what the assistant read back and the
 * person agreed to, unless the words that follow take it back or mend it.
 *
 * Pure.
 */
#include "pure/phrases/verify/claim.h"

#include <ctype.h>
#include <stdio.h>

/* Turns between what the assistant reads back and the person's words that mend it. */
#define MEND_TURNS_MAX 3
/* Letters that a person may mend of a word that was read back. */
#define MENDED_LETTERS_MAX 2
/* Units from an "at" up to a "dot". */
#define DOMAIN_UNITS_MAX 5
/* Units of an answer that is a name and little else. */
#define BARE_UNITS_MAX 4
/* Letters that are enough of a word: the rest may be spelled in unforeseen ways. */
#define SPELLED_MIN 4

static VaClaimPart
part_of(const char *text, size_t len, size_t edits)
{
	return (VaClaimPart){ .text = text, .len = len, .edits = edits };
}

/* Whether a turn of the assistant is answered by a no. */
static bool
is_refused(VaReader *reader, size_t turn)
{
	const VaTalkTurn *said = &reader->talk.turns[turn];

	return !said->person && turn + 1 < reader->talk.count && memchr(said->text, '?', said->len) != NULL &&
		   va_unit_is(va_reading_units(reader, turn + 1), 0, VA_NO);
}

/* "no H", "not Smith", "sans trait d'union": nothing else is said. */
static bool
takes_back(const VaSpellings *said, size_t at)
{
	int64_t kinds = said->units[at]->kinds;

	if ((kinds & VA_MEND) != 0)
		return true;
	return (kinds & VA_NO) != 0 && said->units[at + 1]->joint != ' ';
}

static bool
begins_clause(const VaUnit *unit)
{
	return unit->joint != '\0' && strchr(",.?!:;~", unit->joint) != NULL && !unit->tight;
}

/* A word of no name and no address; a letter by itself is one if no other follows: "no, I don't". */
static bool
says_nothing(const VaSpellings *said, size_t at)
{
	int64_t kinds = said->units[at]->kinds;
	int64_t next = at + 1 < said->count ? said->units[at + 1]->kinds : 0;

	return (kinds & (VA_COMMON | VA_LEAD | VA_WITH | VA_MEND | VA_NO | VA_SYMBOL)) != 0 &&
		   ((kinds & VA_LETTER) == 0 || (next & VA_LETTER) == 0);
}

/* Whether a unit that says something is in a claim, or spells a part of it. */
static bool
is_in_claim(const VaSpellings *said, size_t at, const char *claim)
{
	for (size_t i = said->first[at]; i < said->first[at + 1]; i++)
	{
		if (strstr(claim, said->spellings[i].text) != NULL)
			return true;
	}
	return false;
}

/* "at gmail, no, at hotmail": a word that mends, and the first behind it that says something is not of the claim. */
static bool
is_mended(const VaSpellings *said, const VaClaimMatch *match, const char *claim)
{
	uint32_t turn = said->turns[match->to - 1];

	for (size_t at = match->from + 1; at + 1 < said->count && said->turns[at + 1] <= turn; at++)
	{
		/* "music on hold" behind an address mends nothing. */
		if (!takes_back(said, at) || (at > match->to && !begins_clause(said->units[at])))
			continue;
		while (at + 1 < said->count && said->turns[at + 1] <= turn && says_nothing(said, at + 1))
			at++;
		if (at + 1 < said->count && said->turns[at + 1] <= turn && !is_in_claim(said, at + 1, claim))
			return true;
	}
	return false;
}

/* Whether the person says a word behind another one that is much like it, and another. */
static bool
is_replaced(const VaReader *reader, const char *word, size_t len, size_t behind)
{
	const VaSpellings *said = reader->said;
	uint32_t turn = said->turns[behind - 1];

	for (size_t at = behind; at < said->count && said->turns[at] <= turn + MEND_TURNS_MAX; at++)
	{
		for (size_t i = said->first[at]; i < said->first[at + 1] && reader->talk.turns[said->turns[at]].person; i++)
		{
			const VaSpelling *spelling = &said->spellings[i];

			if (spelling->sort == VA_SPELLING_WORD && spelling->len > 2 && (said->units[at]->kinds & VA_COMMON) == 0 &&
				(said->units[at - 1]->kinds & VA_AS) == 0 &&
				(spelling->len != len || memcmp(spelling->text, word, len) != 0) &&
				va_claim_distance(spelling->text, spelling->len, word, len, len / 3) <= len / 3)
				return true;
		}
	}
	return false;
}

bool
va_claim_stands(VaReader *reader, const char *claim, const VaClaimPart *part, VaClaimMatch *match, bool *other)
{
	VaClaimMatch read;

	if (!va_claim_find(reader, part, VA_CLAIM_VOUCHED, match))
		return false;
	if (is_mended(reader->said, match, claim) ||
		(va_claim_find(reader, part, VA_CLAIM_ANYBODY, &read) && read.to > match->to && read.cost == 0 &&
			is_refused(reader, reader->said->turns[read.to - 1])))
	{
		*other = true;
		return false;
	}
	/* The person's own words are the better proof. */
	if (!reader->talk.turns[reader->said->turns[match->to - 1]].person &&
		va_claim_find(reader, part, VA_CLAIM_PERSONS, &read))
		*match = read;
	return true;
}

void
va_claim_show(VaReader *reader, const VaClaimMatch *match, VaReadValue *value)
{
	const VaSpellings *said = reader->said;
	size_t to = match->to - 1;
	size_t from = match->from;

	while (said->turns[from] != said->turns[to])
		from++;
	if (value->words.len > 0 && value->words.turn > said->turns[to])
		return;
	value->words = va_reading_sentence(reader, said->turns[to], said->units[from]->offset, said->units[to]->end);
}

/* ---- e-mail addresses ---- */

/* The domain, wherever it was said; "at gmail" is enough of gmail.com. */
static bool
find_domain(VaReader *reader, const char *domain, VaClaimMatch *match)
{
	const VaSpellings *said = reader->said;
	VaClaimPart part = { .text = domain, .len = strlen(domain), .whole = true };

	if (va_claim_find(reader, &part, VA_CLAIM_ANYBODY, match))
		return true;
	if (part.len < 8 || strcmp(domain + part.len - 4, ".com") != 0)
		return false;
	part.len -= 4;
	return va_claim_find(reader, &part, VA_CLAIM_ANYBODY, match) &&
		   (match->to == said->count || (said->units[match->to]->kinds & VA_SYMBOL) == 0);
}

/* Whether the person says an e-mail address, whatever it is: "at", and soon behind it "dot". */
static bool
says_email(VaReader *reader, VaReadValue *value)
{
	const VaSpellings *said = reader->said;

	for (size_t at = 0, symbol = SIZE_MAX; at < said->count; at++)
	{
		const VaUnit *unit = said->units[at];
		bool sign = (unit->kinds & VA_SYMBOL) != 0;

		if (!reader->talk.turns[said->turns[at]].person)
			continue;
		if (((sign && unit->text[0] == '.') || (unit->tight && unit->joint == '.')) && symbol < at &&
			at - symbol <= DOMAIN_UNITS_MAX)
		{
			va_claim_show(reader, &(VaClaimMatch){ .from = symbol, .to = at + 1 }, value);
			return true;
		}
		symbol = sign && unit->text[0] == '@' ? at : symbol;
	}
	return false;
}

static VaSupport
judge_email(VaReader *reader, VaReadValue *value)
{
	char claim[VA_CLAIM_MAX];
	size_t len = va_claim_fold(value->text, value->len, false, claim, sizeof(claim));
	char *at = strchr(claim, '@');
	VaClaimPart whole = { .text = claim, .len = len, .whole = true };
	VaClaimMatch match;
	VaClaimMatch sides[2];
	bool other = false;

	if (strpbrk(value->text, " \t\n") != NULL || at == NULL || !isalnum((unsigned char) claim[0]) ||
		strchr(at + 1, '@') != NULL || strchr(at, '.') == NULL || len + 3 >= sizeof(claim))
		return VA_SUPPORT_FORM;
	if (va_claim_stands(reader, claim, &whole, &match, &other))
	{
		va_claim_show(reader, &match, value);
		return VA_SUPPORT_SUPPORTED;
	}
	if (!other)
	{
		VaClaimPart local = { .text = claim, .len = (size_t) (at - claim), .whole = true };

		if (va_claim_stands(reader, claim, &local, &sides[0], &other) && find_domain(reader, at + 1, &sides[1]) &&
			!other)
		{
			va_claim_show(reader, &sides[0], value);
			va_claim_show(reader, &sides[1], value);
			return VA_SUPPORT_SUPPORTED;
		}
	}
	return other || says_email(reader, value) ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
}

/* ---- names and postal addresses ---- */

/* The next word of a claim, folded; *at moves behind it.  0: there are no more. */
static size_t
next_word(const char **at, char word[VA_CLAIM_MAX])
{
	size_t len = 0;

	while (len == 0 && **at != '\0')
	{
		size_t step = strcspn(*at, " ,-.'/\t\n");

		len = va_claim_fold(*at, step, false, word, VA_CLAIM_MAX);
		*at += step;
		*at += **at != '\0';
	}
	return len;
}

/* Whether the person says a letter by itself, in words behind a unit. */
static bool
says_letter(const VaReader *reader, size_t behind, char letter)
{
	const VaSpellings *said = reader->said;
	uint32_t turn = said->turns[behind];

	for (size_t at = behind; at < said->count && said->turns[at] <= turn + MEND_TURNS_MAX; at++)
	{
		for (size_t i = said->first[at]; i < said->first[at + 1] && reader->talk.turns[said->turns[at]].person; i++)
		{
			if (said->spellings[i].sort == VA_SPELLING_LETTERS && said->spellings[i].text[0] == letter)
				return true;
		}
	}
	return false;
}

/* Whether each letter in which a claim differs from a word that was said is one that the person speaks of: "with a C". */
static bool
is_explained(const VaReader *reader, const char *word, size_t len, const VaClaimMatch *match)
{
	const VaSpellings *said = reader->said;

	for (size_t i = said->first[match->to - 1]; i < said->first[match->to]; i++)
	{
		const VaSpelling *spelling = &said->spellings[i];
		size_t front = 0;
		size_t back = 0;
		bool all = true;

		while (front < len && front < spelling->len && word[front] == spelling->text[front])
			front++;
		while (back + front < len && back + front < spelling->len &&
			   word[len - 1 - back] == spelling->text[spelling->len - 1 - back])
			back++;
		if (len - front - back > MENDED_LETTERS_MAX || spelling->len - front - back > MENDED_LETTERS_MAX)
			continue;
		/* Where a letter is too many, that one is spoken of. */
		if (len == front + back)
			all = says_letter(reader, match->to, spelling->text[front]);
		for (size_t j = front; j < len - back && all; j++)
			all = says_letter(reader, match->to, word[j]);
		if (all)
			return true;
	}
	return false;
}

/* Letters that the person spells are the name's, not those of a word that sounds like it. */
static bool
is_spelled_otherwise(const VaReader *reader, const char *word, size_t len)
{
	const VaSpellings *said = reader->said;
	bool other = false;

	for (size_t at = 0; at < said->count;)
	{
		char letters[VA_CLAIM_MAX];
		size_t used = reader->talk.turns[said->turns[at]].person ? va_claim_spelled(said, at, letters) : 0;
		size_t distance = used == 0 ? len : va_claim_distance(letters, strlen(letters), word, len, MENDED_LETTERS_MAX);

		if (used > 0 && (strstr(letters, word) != NULL || strstr(word, letters) != NULL ||
							strncmp(letters, word, SPELLED_MIN) == 0))
			return false;
		other = other || (distance <= MENDED_LETTERS_MAX && distance * 3 <= len && used + 1 >= len);
		at += used + (used == 0);
	}
	return other;
}

/* A word that the assistant read back, and the person mended (*mended), or mended another one and let it stand. */
static bool
is_read_back(VaReader *reader, const char *word, size_t len, VaClaimMatch *match, bool *mended)
{
	VaClaimPart part = part_of(word, len, 0);
	size_t turn;

	if (va_claim_find(reader, &part, VA_CLAIM_ANYBODY, match))
	{
		turn = reader->said->turns[match->to - 1];
		return !is_refused(reader, turn) || va_reading_units(reader, turn + 1)->count > 1;
	}
	part.edits = MENDED_LETTERS_MAX;
	*mended = va_claim_find(reader, &part, VA_CLAIM_ANYBODY, match) && is_explained(reader, word, len, match);
	return *mended;
}

static bool
asks_for_name(const VaUnits *units)
{
	static const char names[] =
		"|name|names|nombre|apellido|nom|prenom|nachname|vorname|namen|llama|appelez|heissen|speaking|";
	char word[VA_PHRASE_WORD_MAX + 3];

	for (size_t i = 0; i < units->count; i++)
	{
		snprintf(word, sizeof(word), "|%s|", units->items[i].key);
		if (va_unit_is(units, i, VA_LAST | VA_FIRST) || strstr(names, word) != NULL)
			return true;
	}
	return false;
}

/* Whether words that are in no table, or letters, are said where the name is asked for: another name than the claim's. */
static bool
says_name(VaReader *reader, const char *claim, VaReadValue *value)
{
	const VaSpellings *said = reader->said;
	char letters[VA_CLAIM_MAX];

	for (size_t at = 0; at < said->count; at++)
	{
		uint32_t turn = said->turns[at];
		const VaUnits *units = va_reading_units(reader, turn);

		if (!reader->talk.turns[turn].person || turn == 0 || reader->talk.turns[turn - 1].person ||
			!asks_for_name(va_reading_units(reader, turn - 1)))
			continue;
		va_claim_fold(said->units[at]->key, strlen(said->units[at]->key), false, letters, sizeof(letters));
		if ((said->units[at]->kinds & ~VA_GIVEN) != 0 || units->count > BARE_UNITS_MAX)
			letters[0] = '\0';
		if (strstr(claim, letters) == NULL ||
			(va_claim_spelled(said, at, letters) > 0 && strstr(claim, letters) == NULL))
		{
			va_claim_show(reader, &(VaClaimMatch){ .from = at, .to = at + 1 }, value);
			return true;
		}
	}
	return false;
}

/* "It's not Anna Boyle." */
static bool
is_not(const VaSpellings *said, const VaClaimMatch *match)
{
	return match->from > 0 && said->turns[match->from - 1] == said->turns[match->from] &&
		   (said->units[match->from - 1]->kinds & VA_NO) != 0 && said->units[match->from]->joint == ' ';
}

static VaSupport
judge_name(VaReader *reader, VaReadValue *value)
{
	char claim[VA_CLAIM_MAX];
	char word[VA_CLAIM_MAX];
	const char *at = value->text;
	size_t words = 0;
	size_t said = 0;
	bool other = false;
	size_t len;

	if (va_claim_fold(value->text, value->len, false, claim, sizeof(claim)) + 3 >= sizeof(claim))
		return VA_SUPPORT_FORM;
	while ((len = next_word(&at, word)) > 0)
	{
		VaClaimPart part = { .text = word, .len = len, .edits = len / 5, .name = true };
		VaClaimMatch match;
		bool mended = false;

		words++;
		if (is_spelled_otherwise(reader, word, len))
			return VA_SUPPORT_OTHER;
		if (va_claim_stands(reader, claim, &part, &match, &other))
			said++;
		else if (other || !is_read_back(reader, word, len, &match, &mended))
			return other || says_name(reader, claim, value) ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
		said += mended;
		if (is_not(reader->said, &match))
			return VA_SUPPORT_DENIED;
		if (is_replaced(reader, word, len, match.to))
			return VA_SUPPORT_OTHER;
		va_claim_show(reader, &match, value);
	}
	return words == 0 ? VA_SUPPORT_FORM : said > 0 || words == 1 ? VA_SUPPORT_SUPPORTED : VA_SUPPORT_MISSING;
}

/*
 * An address, or a code: its numbers must all be said, and two thirds of its words.  Of an address there are two at
 * least, of the house and of the place: a street alone is in any town.
 */
static VaSupport
judge_address(VaReader *reader, VaReadValue *value, size_t least)
{
	char claim[VA_CLAIM_MAX];
	char word[VA_CLAIM_MAX];
	const char *at = value->text;
	size_t numbers = 0;
	size_t words = 0;
	size_t found = 0;
	bool other = false;
	size_t len;

	if (va_claim_fold(value->text, value->len, false, claim, sizeof(claim)) + 3 >= sizeof(claim))
		return VA_SUPPORT_FORM;
	while ((len = next_word(&at, word)) > 0)
	{
		bool number = strpbrk(word, "0123456789") != NULL;
		VaClaimPart part = part_of(word, len, number ? 0 : len / 5);
		VaClaimMatch match;
		bool mended = false;
		bool is_found = va_claim_stands(reader, claim, &part, &match, &other) ||
						(!number && is_read_back(reader, word, len, &match, &mended));

		if (is_found)
			va_claim_show(reader, &match, value);
		else if (number)
			return other ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
		numbers += number;
		words += !number;
		found += !number && is_found;
	}
	if (words + numbers == 0)
		return VA_SUPPORT_FORM;
	return found * 3 >= words * 2 && numbers >= least ? VA_SUPPORT_SUPPORTED : VA_SUPPORT_MISSING;
}

/* ---- dates ---- */

/* "May the third, 1971?" "The thirteenth.": month and year as the assistant read them back, the day in the answer. */
static bool
find_mended_day(VaReader *reader, const char *rest, const char *day, VaClaimMatch *match)
{
	VaClaimPart part = part_of(rest, strlen(rest), 0);
	VaClaimMatch read;
	uint32_t turn;

	if (!va_claim_find(reader, &part, VA_CLAIM_ANYBODY, &read))
		return false;
	turn = reader->said->turns[read.to - 1];
	part = part_of(day, strlen(day), 0);
	return !reader->talk.turns[turn].person && va_claim_find(reader, &part, VA_CLAIM_PERSONS, match) &&
		   reader->said->turns[match->to - 1] == turn + 1;
}

/* The date in one form: in the order of any country, whole or mended. */
static bool
find_date(VaReader *reader, const char *year, const char *month, const char *day, VaClaimMatch *match, bool *other)
{
	static const char *const orders[] = { "%3$s/%2$s/%1$s", "%2$s/%3$s/%1$s", "%1$s/%2$s/%3$s", "%2$s/%1$s/%3$s" };
	char claim[40];
	VaClaimPart part = { .text = claim };

	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
	{
		part.len = (size_t) snprintf(claim, sizeof(claim), orders[i], year, month, day);
		if (va_claim_stands(reader, claim, &part, match, other))
			return true;
	}
	snprintf(claim, sizeof(claim), "%s/%s", month, year);
	if (find_mended_day(reader, claim, day, match))
		return true;
	snprintf(claim, sizeof(claim), "%s/%s", year, month);
	return find_mended_day(reader, claim, day, match);
}

/* A day, YYYY-MM-DD, that may lie in the past; of its year two digits may be said. */
static VaSupport
judge_date(VaReader *reader, VaReadValue *value)
{
	const char *text = value->text;
	bool other = false;

	if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || text[4] != '-' || text[7] != '-')
		return VA_SUPPORT_MISSING;
	for (int form = 0; form < 8; form++)
	{
		/* Without unspoken digits: 1985 and 85, 03 and 3. */
		size_t year = (form & 4) != 0 ? 2 : 0;
		size_t month = (form & 1) != 0 ? 6 : 5;
		size_t day = (form & 2) != 0 ? 9 : 8;
		VaClaimMatch match;

		if ((month == 6 && text[5] != '0') || (day == 9 && text[8] != '0'))
			continue;
		if (find_date(reader, va_arena_strndup(reader->arena, text + year, 4 - year),
				va_arena_strndup(reader->arena, text + month, 7 - month), text + day, &match, &other))
		{
			va_claim_show(reader, &match, value);
			return VA_SUPPORT_SUPPORTED;
		}
	}
	return other ? VA_SUPPORT_OTHER : VA_SUPPORT_MISSING;
}

VaSupport
va_judge_claim(VaReader *reader, const char *kind, VaReadValue *value)
{
	VaSupport support;

	if (reader->said == NULL)
		reader->said = va_spellings_of(reader);
	if (reader->said == NULL)
		return VA_SUPPORT_UNREAD;
	support = strcmp(kind, "name") == 0	   ? judge_name(reader, value)
			  : strcmp(kind, "email") == 0 ? judge_email(reader, value)
			  : strcmp(kind, "date") == 0  ? judge_date(reader, value)
			  : strcmp(kind, "phone") == 0 ? va_claim_phone(reader, value)
										   : judge_address(reader, value, strcmp(kind, "address") == 0 ? 2 : 1);
	/* A value that was not said has no quote, though some of its words may have one. */
	if (support == VA_SUPPORT_MISSING)
		value->words = (VaWords){ 0 };
	return support;
}
