/*-------------------------------------------------------------------------
 * claim_match.c
 *		A text along the spellings of what was said.
 *
 * One pass over the units: a text is spelled by units one behind the other, of
 * which a few may be passed over ("S as in sugar", "all one word", what the
 * assistant says between).  Each of these has a price, and so has a letter that
 * is another.
 *
 * Pure: no state; linear in the units, times the text's length at worst.
 */
#include "pure/phrases/verify/claim.h"

/* The most that a match may cost. */
#define BUDGET 45
#define COST_UNIT 10  /* a word that says something is passed over */
#define COST_SMALL 1  /* ... or one that says nothing */
#define COST_TURN 2	  /* it goes on in the next turn */
#define COST_LETTER 5 /* a letter of a word is another */

#define SMALL_UNITS                                                                                                \
	(VA_COMMON | VA_LEAD | VA_YES | VA_NO | VA_MEND | VA_AS | VA_WITH | VA_AND | VA_ARTICLE | VA_NAMES | VA_NOTE | \
		VA_CAPITAL | VA_TITLE | VA_PLACE | VA_TURNED | VA_LAST | VA_FIRST)

typedef struct Cell
{
	bool reached;
	uint16_t cost;
	uint32_t from;
} Cell;

typedef struct Cells
{
	Cell rows[VA_SAID_REACH][VA_CLAIM_MAX];
} Cells;

size_t
va_claim_distance(const char *one, size_t one_len, const char *other, size_t other_len, size_t most)
{
	size_t row[VA_CLAIM_MAX + 1];

	if (one_len > other_len + most || other_len > one_len + most || other_len >= VA_CLAIM_MAX)
		return most + 1;
	for (size_t j = 0; j <= other_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= one_len; i++)
	{
		size_t before = row[0];

		row[0] = i;
		for (size_t j = 1; j <= other_len; j++)
		{
			size_t best = before + (one[i - 1] != other[j - 1]);

			before = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
		}
	}
	return row[other_len];
}

static void
reach(Cells *cells, size_t at, size_t place, const Cell *from, size_t cost)
{
	Cell *cell = &cells->rows[at % VA_SAID_REACH][place];

	if (from->cost + cost <= BUDGET && (!cell->reached || from->cost + cost < cell->cost))
		*cell = (Cell){ .reached = true, .cost = (uint16_t) (from->cost + cost), .from = from->from };
}

/* S as in sugar: sugar, which says nothing but its first letter. */
static bool
is_example(const VaSpellings *said, size_t at)
{
	size_t as = at > 1 && (said->units[at - 1]->kinds & VA_ARTICLE) != 0 && (said->units[at - 1]->kinds & VA_AS) == 0
					? at - 2
					: at - 1;

	return at > 1 && as > 0 && (said->units[as]->kinds & VA_AS) != 0 &&
		   (said->units[as - 1]->kinds & (VA_LETTER | VA_ALPHABET)) != 0 &&
		   said->units[as - 1]->text[0] == said->units[at]->word[0];
}

static size_t
cost_of_skip(const VaSpellings *said, size_t at, bool person)
{
	size_t turn = at + 1 < said->count && said->turns[at + 1] != said->turns[at] ? COST_TURN : 0;

	if (!person)
		return turn;
	return turn + (is_example(said, at) || (said->units[at]->kinds & SMALL_UNITS) != 0 ? COST_SMALL : COST_UNIT);
}

static bool
is_sign(const VaSpellings *said, size_t at)
{
	return at < said->count && (said->units[at]->kinds & VA_SYMBOL) != 0 &&
		   (said->units[at]->text[0] == '@' || said->units[at]->text[0] == '.');
}

static bool
is_beside_sign(const VaSpellings *said, size_t at)
{
	return is_sign(said, at + 1) || (at > 0 && is_sign(said, at - 1));
}

/* Whether nothing before a unit may belong to what is spelled from it on. */
static bool
begins(const VaSpellings *said, size_t at)
{
	const VaUnit *unit = said->units[at];
	const VaUnit *before = at == 0 ? NULL : said->units[at - 1];

	if (before == NULL)
		return true;
	if ((before->kinds & VA_SYMBOL) != 0)
		return before->text[0] == '@';
	if (said->turns[at - 1] != said->turns[at] ||
		(unit->joint != '\0' && strchr(",.?!:;~", unit->joint) != NULL && !unit->tight))
		return true;
	return (before->kinds & SMALL_UNITS) != 0 && ((before->kinds & VA_LETTER) == 0 || strcmp(before->key, "a") == 0);
}

/* Whether what is spelled up to a unit does not go on with it. */
static bool
ends(const VaSpellings *said, size_t at)
{
	const VaUnit *unit;

	if (at == said->count || said->turns[at] != said->turns[at - 1])
		return true;
	unit = said->units[at];
	if ((unit->kinds & VA_SYMBOL) != 0)
		return unit->text[0] == '@';
	return (unit->kinds & VA_LETTER) == 0 || (unit->kinds & (VA_COMMON | VA_ARTICLE)) != 0 ||
		   (unit->joint != ' ' && !unit->tight);
}

bool
va_claim_find(VaReader *reader, const VaClaimPart *part, VaClaimWhose whose, VaClaimMatch *match)
{
	const VaSpellings *said = reader->said;
	Cells *cells = va_arena_alloc(reader->arena, sizeof(Cells));
	bool found = false;

	if (cells == NULL)
		return false;
	for (size_t at = 0; at < said->count; at++)
	{
		Cell *row = cells->rows[at % VA_SAID_REACH];
		bool person = reader->talk.turns[said->turns[at]].person;
		bool usable = (whose == VA_CLAIM_ANYBODY ||
						  ((person || whose == VA_CLAIM_VOUCHED) && va_reading_vouched(reader, said->turns[at]))) &&
					  !is_example(said, at) && (said->units[at]->kinds & VA_VAGUE) == 0 &&
					  !(part->name && is_beside_sign(said, at));

		row[0] = (Cell){ .reached = !part->whole || begins(said, at), .from = (uint32_t) at };
		for (size_t place = 0; place < part->len; place++)
		{
			if (!row[place].reached)
				continue;
			/* Between two words of a claim one unit ends, and another begins. */
			if (part->text[place] == VA_CLAIM_BREAK)
			{
				reach(cells, at, place + 1, &row[place], 0);
				continue;
			}
			if (place > 0)
				reach(cells, at + 1, place, &row[place], cost_of_skip(said, at, person));
			for (size_t i = said->first[at]; usable && i < said->first[at + 1]; i++)
			{
				const VaSpelling *spelling = &said->spellings[i];
				size_t edits;

				if (spelling->len <= part->len - place &&
					memcmp(spelling->text, part->text + place, spelling->len) == 0)
					reach(cells, spelling->to, place + spelling->len, &row[place], 0);
				else if (place == 0 && part->edits > 0 && spelling->sort == VA_SPELLING_WORD &&
						 (edits = va_claim_distance(
							  spelling->text, spelling->len, part->text, part->len, part->edits)) <= part->edits)
					reach(cells, spelling->to, part->len, &row[place], edits * COST_LETTER);
			}
		}
		memset(row, 0, sizeof(cells->rows[0]));
		row = cells->rows[(at + 1) % VA_SAID_REACH];
		if (row[part->len].reached && (!part->whole || ends(said, at + 1)) &&
			(!found || row[part->len].cost <= match->cost + COST_UNIT))
		{
			*match = (VaClaimMatch){ .from = row[part->len].from, .to = at + 1, .cost = row[part->len].cost };
			found = true;
		}
	}
	return found;
}

static const VaSpelling *
letters_at(const VaSpellings *said, size_t at)
{
	for (size_t i = said->first[at]; i < said->first[at + 1]; i++)
	{
		if (said->spellings[i].sort == VA_SPELLING_LETTERS)
			return &said->spellings[i];
	}
	return NULL;
}

size_t
va_claim_spelled(const VaSpellings *said, size_t at, char letters[VA_CLAIM_MAX])
{
	const VaSpelling *spelling;
	size_t from = at;
	size_t len = 0;
	size_t count = 0;

	while (at < said->count && said->turns[at] == said->turns[from] && (spelling = letters_at(said, at)) != NULL &&
		   len + spelling->len < VA_CLAIM_MAX)
	{
		memcpy(letters + len, spelling->text, spelling->len);
		len += spelling->len;
		at = spelling->to;
		count++;
		while (at < said->count && (said->units[at]->kinds & VA_TURNED) != 0)
			at++;
		/* S as in sugar */
		if (at + 1 < said->count && (said->units[at]->kinds & VA_AS) != 0)
			at += 2;
	}
	letters[len] = '\0';
	return count >= 3 ? at - from : 0;
}
