/*-------------------------------------------------------------------------
 * doubt.h
 *		How much a person's words look like those of somebody that wants no more
 *		calls: a linear classifier over hashed words and letters.
 *
 * Pure: turns in, a score out; no state.  The weights are made by `make train`
 * from the talks in regress/eval/doubt, and the texts in regress/eval/texts.
 * A talk is looked at through a window of VA_DOUBT_WINDOW turns of the person,
 * each with what the assistant said right before it, as long as those of the
 * talks that it was trained on, and the highest score counts: so a long talk
 * does not drown one sentence.
 */
#ifndef VOICEAGENT_PURE_DOUBT_H
#define VOICEAGENT_PURE_DOUBT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_DOUBT_FEATURES (1 << 18)
#define VA_DOUBT_WINDOW 3
/* The newest turns of a talk, of both sides, and the first bytes of a turn; the rest is not read. */
#define VA_DOUBT_TURNS_MAX 400
#define VA_DOUBT_BYTES_MAX 2000
/* Fewer words of the person in a whole talk say too little to doubt: a rule knows "stop". */
#define VA_DOUBT_WORDS_MIN 3
#define VA_DOUBT_NONE (-1000)
/* Thresholds that were measured: at 1 %, 2 % ... of talks without an opt-out held, most of which sound like one. */
#define VA_DOUBT_THRESHOLDS 20

typedef struct VaDoubtTurn
{
	const char *text;
	size_t len;
	bool person;
} VaDoubtTurn;

/* The features of turns, and of a window of them: each index below VA_DOUBT_FEATURES at most once. */
typedef struct VaDoubtFeatures
{
	uint32_t *items;
	size_t count;
	size_t size;	/* of either list */
	uint32_t *said; /* of turns, one behind the other */
	size_t said_count;
	uint8_t *had;
	bool failed; /* no memory */
} VaDoubtFeatures;

/* The weights as they lie in the file; each is for the part 1/sqrt(count) that a feature has in a window. */
typedef struct VaDoubtWeights
{
	char magic[8]; /* "VADOUBT1" */
	float bias;
	float scale;
	float thresholds[VA_DOUBT_THRESHOLDS];
	int8_t weights[VA_DOUBT_FEATURES];
} VaDoubtWeights;

typedef struct VaDoubt
{
	double score;
	double alone; /* of that turn by itself */
	size_t turn;  /* of those given: the one of the person that shows it most */
} VaDoubt;

/* The weights that are built in: of talks, and of texts that somebody wrote. */
extern const VaDoubtWeights va_doubt_weights;
extern const VaDoubtWeights va_text_weights;

/* Zero-initialised features are empty and valid.  false: no memory. */
extern bool va_doubt_turn(VaDoubtFeatures *features, const VaDoubtTurn *turn);
/* Those of some turns in a row, from and to in said; from last on the person's last is among them. */
extern void va_doubt_gather(VaDoubtFeatures *features, size_t from, size_t last, size_t to);
/* Both, of turns that are a window. */
extern bool va_doubt_features(VaDoubtFeatures *features, const VaDoubtTurn *turns, size_t count);
extern void va_doubt_free(VaDoubtFeatures *features);
/* Where the window of so many turns of the person begins and ends that has this one as its first; 0: there are not so many. */
extern size_t va_doubt_window(const VaDoubtTurn *turns, size_t count, size_t first, size_t persons, size_t *begin);
/*
 * Turns of both sides; a score of VA_DOUBT_NONE: the person said too little.  only_doubtful: the turn, and what it is
 * alone, is looked for only in a talk whose score va_doubt_share() counts.  false: the person said nothing, or no memory.
 */
extern bool va_doubt(
	const VaDoubtTurn *turns, size_t count, const VaDoubtWeights *weights, bool only_doubtful, VaDoubt *doubt);
/* The score of one text by itself, of however few words.  false: no memory. */
extern bool va_doubt_text(const char *text, size_t len, const VaDoubtWeights *weights, double *result);
/* The least per cent of other talks, 1 to VA_DOUBT_THRESHOLDS, of which a score makes doubtful ones; 0: of more. */
extern int va_doubt_share(const VaDoubtWeights *weights, double score);

#endif /* VOICEAGENT_PURE_DOUBT_H */
