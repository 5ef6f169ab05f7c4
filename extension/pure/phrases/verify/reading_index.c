/*-------------------------------------------------------------------------
 * reading_index.c
 *		Where the words of a talk stand, so that a value is looked up word by
 *		word and not turn by turn.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

/* Letters of a word's beginning by which its forms are one: repair, repairs, repairing. */
#define STEM 5
#define NUMBER_SEED 0x9e3779b9u

uint32_t
va_reading_stem(const char *word)
{
	uint32_t hash = 2166136261u;
	size_t len = strcspn(word, " ");

	if (len > STEM)
		len = STEM;
	while (len > 3 && (word[len - 1] == 's' || word[len - 1] == 'e' || word[len - 1] == 'n'))
		len--;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) word[i]) * 16777619u;
	hash ^= hash >> 15;
	return hash == 0 ? 1 : hash;
}

static uint32_t
number_hash(int64_t micros)
{
	uint64_t mixed = (uint64_t) micros * UINT64_C(0x9e3779b97f4a7c15);
	uint32_t hash = (uint32_t) (mixed >> 32) ^ NUMBER_SEED;

	return hash == 0 ? 1 : hash;
}

static VaSaidWord *
slot_of(VaReader *reader, uint32_t hash)
{
	size_t at = hash & (reader->nwords - 1);

	while (reader->words[at].hash != 0 && reader->words[at].hash != hash)
		at = (at + 1) & (reader->nwords - 1);
	return &reader->words[at];
}

static void
put(VaReader *reader, uint32_t hash, size_t turn, size_t unit)
{
	*slot_of(reader, hash) = (VaSaidWord){ .hash = hash, .turn = (uint32_t) turn, .unit = (uint32_t) unit };
}

/* From the oldest turn on, so that the newest stays. */
static bool
make_index(VaReader *reader)
{
	size_t units = 0;

	if (reader->words != NULL)
		return true;
	for (size_t i = reader->first; i < reader->talk.count; i++)
		units += va_reading_vouched(reader, i) ? va_reading_units(reader, i)->count : 0;
	/* A word and two numbers of each unit, and some room. */
	for (reader->nwords = 64; reader->nwords < 4 * units;)
		reader->nwords *= 2;
	reader->words = va_arena_alloc(reader->arena, reader->nwords * sizeof(VaSaidWord));
	if (reader->words == NULL)
		return false;
	for (size_t i = reader->first; i < reader->talk.count; i++)
	{
		const VaUnits *said = va_reading_vouched(reader, i) ? va_reading_units(reader, i) : NULL;

		for (size_t j = 0; said != NULL && j < said->count; j++)
		{
			int64_t micros = 0;
			int64_t whole = 0;

			if (said->items[j].key[0] != '\0')
				put(reader, va_reading_stem(said->items[j].key), i, j);
			if (said->items[j].number < 0 && !va_unit_is(said, j, VA_NUMBERS))
				continue;
			if (va_read_number(reader->lexicon, said, j, &micros) > 0)
				put(reader, number_hash(micros), i, j);
			if (va_read_cardinal(reader->lexicon, said, j, true, &whole) > 0 && whole * VA_MICRO != micros)
				put(reader, number_hash(whole * VA_MICRO), i, j);
		}
	}
	return true;
}

const VaSaidWord *
va_reading_find(VaReader *reader, uint32_t hash)
{
	const VaSaidWord *found;

	if (!make_index(reader))
		return NULL;
	found = slot_of(reader, hash);
	return found->hash == 0 ? NULL : found;
}

/* Whether a turn has a word or a number, which may stand in later ones, too. */
bool
va_reading_says(VaReader *reader, size_t turn, uint32_t hash)
{
	const VaUnits *said = va_reading_units(reader, turn);

	for (size_t i = 0; i < said->count; i++)
	{
		int64_t micros = 0;

		if (said->items[i].key[0] != '\0' && va_reading_stem(said->items[i].key) == hash)
			return true;
		if ((said->items[i].number >= 0 || va_unit_is(said, i, VA_NUMBERS)) &&
			va_read_number(reader->lexicon, said, i, &micros) > 0 && number_hash(micros) == hash)
			return true;
	}
	return false;
}

const VaSaidWord *
va_reading_find_number(VaReader *reader, int64_t micros)
{
	return va_reading_find(reader, number_hash(micros));
}
