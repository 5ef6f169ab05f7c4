/*-------------------------------------------------------------------------
 * scores_mark.c
 *		A mark of 1 to 5 that the person gives.
 *
 * Only a number that is said counts: behind a question for it whose scale
 * ends with five, or with its stars ("five stars", "four out of five").  Two
 * numbers, a half, one beyond the scale, a denied one are no mark.
 *
 * Pure.
 */
#include "pure/phrases/scores_internal.h"
#include "pure/phrases/tokens.h"

#define MARK_MAX 5
/* A longer answer tells a story, and its numbers may be of that. */
#define ANSWER_WORDS_MAX 12
#define ONE_WORDS_MAX 4 /* behind these "one" may be no number */

typedef struct Numbers
{
	int64_t first;
	int64_t last;
	int64_t most;
	size_t count;
	bool unclear; /* a half, a decimal, a denied one */
	bool word_one;
	bool fraction; /* 4/5 */
} Numbers;

static VaWordClass
class_at(const VaPhraseTokens *tokens, size_t at, const VaPhraseLanguage *language)
{
	const char *words[VA_PHRASE_ENTRY_WORDS];
	size_t count = 0;

	while (at < tokens->count && count < VA_PHRASE_ENTRY_WORDS && tokens->items[at].kind == VA_TOKEN_WORD)
		words[count++] = tokens->items[at++].word;
	return count == 0 ? VA_WORD_OTHER : va_phrase_meaning(language, words, count).class;
}

static bool
is_mark(const VaPhraseTokens *tokens, size_t at, const char *marks)
{
	if (at >= tokens->count || tokens->items[at].kind != VA_TOKEN_MARK)
		return false;
	for (; *marks != '\0'; marks++)
	{
		if (tokens->items[at].value == *marks)
			return true;
	}
	return false;
}

/* Whether the number is a part of another one, or denied. */
static bool
is_unclear(const VaPhraseTokens *tokens, size_t at, size_t end, const VaPhraseLanguage *language)
{
	VaWordClass behind = class_at(tokens, end, language);

	if (behind == VA_WORD_AND_HALF || behind == VA_WORD_MINUTES || behind == VA_WORD_FRACTION || behind == VA_WORD_SPAN)
		return true;
	if (is_mark(tokens, end, ".,") && end + 1 < tokens->count && tokens->items[end + 1].kind == VA_TOKEN_NUMBER &&
		tokens->items[end + 1].glued)
		return true;
	if (at > 0 && is_mark(tokens, at - 1, "-") && tokens->items[at].glued)
		return true;
	for (size_t i = at; i > 0 && i + 3 > at && tokens->items[i - 1].kind == VA_TOKEN_WORD; i--)
	{
		if (class_at(tokens, i - 1, language) == VA_WORD_NOT)
			return true;
	}
	return false;
}

static Numbers
numbers_of(const VaPhraseLanguage *language, const char *text, size_t len)
{
	Numbers numbers = { 0 };
	VaPhraseTokens tokens;

	va_phrase_tokens(&tokens, text, len, language);
	for (size_t i = 0; i < tokens.count;)
	{
		VaPhraseNumber number = va_phrase_number(&tokens, i, language);

		if (number.tokens == 0 || number.ordinal)
		{
			i += number.tokens == 0 ? 1 : number.tokens;
			continue;
		}
		numbers.unclear = numbers.unclear || is_unclear(&tokens, i, i + number.tokens, language);
		numbers.fraction = numbers.fraction || (numbers.count == 1 && i > 0 && is_mark(&tokens, i - 1, "/"));
		numbers.word_one = numbers.word_one || (number.words && number.value == 1);
		if (numbers.count++ == 0)
			numbers.first = number.value;
		numbers.last = number.value;
		if (number.value > numbers.most)
			numbers.most = number.value;
		i += number.tokens;
	}
	return numbers;
}

/* The mark that these words give; 0: none.  scale: a second number may be the scale's end. */
static int
mark_of(const Numbers *numbers, bool scale)
{
	if (numbers->unclear || numbers->count == 0 || numbers->count > 2 || numbers->first < 1 || numbers->most > MARK_MAX)
		return 0;
	if (numbers->count == 2 && !((scale || numbers->fraction) && numbers->last == MARK_MAX))
		return 0;
	return (int) numbers->first;
}

static const VaFinding *
find_sign(const VaFound *findings, VaSign sign)
{
	for (size_t i = 0; i < findings->count; i++)
	{
		if ((VaSign) findings->items[i].intent == sign && findings->items[i].sense == VA_SENSE_PLAIN)
			return &findings->items[i];
	}
	return NULL;
}

/* Whether an assistant's turn asks for a mark of 1 to 5. */
static bool
asks_for_mark(const VaScoring *scoring, const VaPhraseLanguage *language, size_t turn)
{
	uint64_t signs = scoring->turns[turn].signs;
	const VaTalkTurn *said = &scoring->talk->turns[turn];
	Numbers numbers;

	if ((signs & (VA_SIGN_BIT(VA_SIGN_ASKS_MARK) | VA_SIGN_BIT(VA_SIGN_ASKS_STARS))) == 0)
		return false;
	numbers = numbers_of(language, said->text, said->len);
	return numbers.most == MARK_MAX || (numbers.most < MARK_MAX && (signs & VA_SIGN_BIT(VA_SIGN_ASKS_STARS)) != 0);
}

static void
give_mark(VaScoring *scoring, size_t turn, int mark, size_t offset, size_t len)
{
	if (mark == 0)
		return;
	scoring->scores->csat = mark;
	scoring->scores->csat_words = (VaWords){ .turn = turn, .offset = offset, .len = len };
}

static void
read_mark(VaScoring *scoring, const VaPhraseLanguage *language, size_t turn, bool asked)
{
	const VaTalk *talk = scoring->talk;
	const VaTalkTurn *said = &talk->turns[turn];
	const VaTurnSigns *signs = &scoring->turns[turn];
	Numbers numbers;

	if ((signs->intents & VA_INTENT_BIT(VA_INTENT_SARCASM)) != 0)
		return;
	if ((signs->signs & VA_SIGN_BIT(VA_SIGN_STARS)) != 0)
	{
		const VaFinding *stars = find_sign(&talk->signs[turn], VA_SIGN_STARS);

		if (stars == NULL)
			return;
		numbers = numbers_of(language, said->text + stars->offset, said->len - stars->offset);
		/* What stands behind the words decides whether they are a whole number; how many there are, the words alone. */
		if (!numbers.unclear)
			numbers = numbers_of(language, said->text + stars->offset, stars->len);
		give_mark(scoring, turn, mark_of(&numbers, true), stars->offset, stars->len);
		return;
	}
	if (!asked || signs->words > ANSWER_WORDS_MAX || (signs->doubtful & VA_SIGN_BIT(VA_SIGN_STARS)) != 0)
		return;
	numbers = numbers_of(language, said->text, said->len);
	if (numbers.word_one && signs->words > ONE_WORDS_MAX)
		return;
	give_mark(scoring, turn, mark_of(&numbers, false), 0, said->len);
}

void
va_score_mark(VaScoring *scoring)
{
	const VaTalk *talk = scoring->talk;
	const VaPhraseLanguage *language = va_phrase_language(talk->language);
	bool asked = false;

	if (language == NULL || scoring->outcome->outcome == VA_OUTCOME_VOICEMAIL)
		return;
	for (size_t i = 0; i < talk->count; i++)
	{
		if (!talk->turns[i].person)
			asked = asks_for_mark(scoring, language, i);
		else
			read_mark(scoring, language, i, asked);
	}
}
