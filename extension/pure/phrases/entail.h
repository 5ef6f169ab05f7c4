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
/* "supported", "missing", ... */
extern const char *va_entailment_name(VaEntailment entailment);

#endif /* VOICEAGENT_PHRASES_ENTAIL_H */
