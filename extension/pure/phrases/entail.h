/*-------------------------------------------------------------------------
 * entail.h
 *		Whether the words that a value is said to come from contain it.
 *
 * Pure: linear in the quote's bytes.  What is not found is unsupported: a
 * model's value whose quote does not bear it out is shown, and never acted on.
 */
#ifndef VOICEAGENT_PHRASES_ENTAIL_H
#define VOICEAGENT_PHRASES_ENTAIL_H

#include <stddef.h>

#include "pure/phrases/lexicon.h"
#include "pure/phrases/times.h"

typedef enum VaEntailment
{
	VA_SUPPORTED = 0,
	VA_UNSUPPORTED_EMPTY,	 /* no value, or no quote */
	VA_UNSUPPORTED_LANGUAGE, /* no table has it */
	VA_UNSUPPORTED_KIND,	 /* no kind has this name */
	VA_UNSUPPORTED_FORM,	 /* the value is none of its kind */
	VA_UNSUPPORTED_MISSING,	 /* the quote does not say it */
	VA_UNSUPPORTED_OTHER,	 /* the quote says another */
	VA_UNSUPPORTED_DENIED,	 /* the quote says that it is not so */
	VA_ENTAILMENTS
} VaEntailment;

/*
 * kind: text, number, boolean, date, email, phone, name, address, choice.
 * question: what the assistant asked before the quote; NULL: not known.
 */
extern VaEntailment va_entails(VaArena *arena, const char *kind, const char *value, const char *quote, size_t quote_len,
	const char *language, const char *question, size_t question_len);
/*
 * The same; reference: the person's clock as it speaks, by which "tomorrow"
 * bears out a date, and "tomorrow at three" a date with a time of day
 * (2026-03-18T15:00); NULL: not known, and a date is one only with its year.
 */
extern VaEntailment va_entails_at(VaArena *arena, const char *kind, const char *value, const char *quote,
	size_t quote_len, const char *language, const char *question, size_t question_len,
	const VaTimeReference *reference);
/* The same letters and digits, whatever stands between them. */
extern bool va_same_letters(const char *one, const char *other);
/* "supported", "missing", ... */
extern const char *va_entailment_name(VaEntailment entailment);

#endif /* VOICEAGENT_PHRASES_ENTAIL_H */
