/*-------------------------------------------------------------------------
 * signs.h
 *		What words show beside intents: objections, wants, moods, the ends of
 *		talks; and what an assistant's words do.
 *
 * Read as intents are (see intents.h), with the same patterns and senses.  A
 * sign alone decides nothing: scores.c weighs those of a whole talk.
 */
#ifndef VOICEAGENT_PHRASES_SIGNS_H
#define VOICEAGENT_PHRASES_SIGNS_H

#include "pure/phrases/intents.h"

/* If the same words show two signs, the one that stands first here counts. */
typedef enum VaSign
{
	VA_SIGN_NONE = VA_INTENTS, /* no number is both an intent and a sign */
	/* Objections. */
	VA_SIGN_ROBOT,	/* asks whether a machine speaks */
	VA_SIGN_SOURCE, /* asks where the number is from */
	VA_SIGN_TRUST,
	VA_SIGN_PRICE,
	VA_SIGN_HAVE_ONE,
	VA_SIGN_PARTNER,
	VA_SIGN_THINK,
	VA_SIGN_SEND, /* also a wish */
	VA_SIGN_NO_TIME,
	VA_SIGN_NOT_NOW,
	VA_SIGN_NO_NEED,
	VA_SIGN_NOT_INTERESTED,
	/* Wants. */
	VA_SIGN_COMPLAINT,
	VA_SIGN_AGENT,
	VA_SIGN_SCHEDULE,
	VA_SIGN_OFFER, /* a price, buying, selling */
	VA_SIGN_INFORMATION,
	/* Moods. */
	VA_SIGN_ANGRY,
	VA_SIGN_ANNOYED,
	VA_SIGN_SAD,
	VA_SIGN_CONFUSED,
	VA_SIGN_HESITANT,
	VA_SIGN_POSITIVE,
	VA_SIGN_PLEASED, /* "great": positive only with an exclamation mark, or beside another */
	/* A mark that is given. */
	VA_SIGN_STARS, /* five stars, four out of five: needs no question */
	VA_SIGN_ASKS_MARK,
	VA_SIGN_ASKS_STARS, /* needs no scale */
	VA_SIGN_OFFERS_TIME,
	VA_SIGN_OFFERS_SEND,
	/* The end. */
	VA_SIGN_BYE,
	VA_SIGN_LEAVES, /* has to go, hangs up */
	VA_SIGNS
} VaSign;

typedef struct VaSignTable
{
	const VaIntentPattern *patterns;
	size_t count;
} VaSignTable;

extern const VaSignTable va_signs_en, va_signs_es, va_signs_fr, va_signs_de;

/*
 * As va_read_intents(), the turn's words read once for both: the intents of a
 * person, or the acts of an assistant, in which sense is not asked; and the signs.
 */
extern bool va_read_said(
	const char *language, bool person, const char *turn, size_t len, VaFindings *done, VaFindings *shown);

#endif /* VOICEAGENT_PHRASES_SIGNS_H */
