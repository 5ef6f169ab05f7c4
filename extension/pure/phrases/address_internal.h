/*-------------------------------------------------------------------------
 * address_internal.h
 *		What the parts of the reader of postal addresses share.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_ADDRESS_INTERNAL_H
#define VOICEAGENT_PHRASES_ADDRESS_INTERNAL_H

#include "pure/phrases/fields_internal.h"

typedef struct VaAddressParts
{
	const char *number; /* 12B; NULL: not known */
	const char *street;
	const char *town;
	const char *region;
	const char *code;
} VaAddressParts;

typedef struct VaAddressScan
{
	VaFieldReader *reader;
	const VaUnits *units;
	VaAddressParts *place;
	bool cased;
	size_t from; /* units that gave a part */
	size_t to;
} VaAddressScan;

/* Units that gave a part. */
extern void va_address_mark(VaAddressScan *scan, size_t from, size_t to);
/* Units as a street or a town is written. */
extern const char *va_address_words(const VaAddressScan *scan, size_t from, size_t to);
/* Whether a unit may be of a street's or a town's name. */
extern bool va_address_is_name(const VaAddressScan *scan, size_t at);
/* Digits that stand beside a street's name are the house's, those of four or five the post code. */
extern void va_address_scan_runs(VaAddressScan *scan);

#endif /* VOICEAGENT_PHRASES_ADDRESS_INTERNAL_H */
