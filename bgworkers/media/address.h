/*-------------------------------------------------------------------------
 * address.h
 *		Where a carrier opens the socket of a call: whose account, which call.
 */
#ifndef VOICEAGENT_MEDIA_ADDRESS_H
#define VOICEAGENT_MEDIA_ADDRESS_H

#include <stdbool.h>

#include "pure/dialects/dialect.h"

#define VA_TOKEN_MAX 64
/* An attempt's reference, or a carrier's id of a call. */
#define VA_REFERENCE_MAX 201

typedef struct VaAddress
{
	const VaDialect *dialect;
	char token[VA_TOKEN_MAX];
	char reference[VA_REFERENCE_MAX];
} VaAddress;

/* False: it is none of ours. */
extern bool va_address_read(VaAddress *address, const char *path, const char *query);

#endif /* VOICEAGENT_MEDIA_ADDRESS_H */
