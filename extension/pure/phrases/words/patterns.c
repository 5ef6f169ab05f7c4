/*-------------------------------------------------------------------------
 * patterns.c
 *		Phrases of telephone talk, in all languages: made by
 *		words/generate of the tables in words/.
 *
 * Pure.
 */
#include "pure/phrases/words/intents.h"

#include "pure/phrases/patterns.inc"
