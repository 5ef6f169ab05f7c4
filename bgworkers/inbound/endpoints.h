/*-------------------------------------------------------------------------
 * endpoints.h
 *		The endpoints of webhooks by their tokens, with their opened secrets.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_ENDPOINTS_H
#define VOICEAGENT_ENDPOINTS_H

#include "provider/webhook.h"

typedef enum VaEndpointFinding
{
	VA_ENDPOINT_NONE = 0, /* the token is nobody's */
	VA_ENDPOINT_FOUND,
	VA_ENDPOINT_ELSEWHERE, /* another cell serves its tenant */
	VA_ENDPOINT_CLOSED	   /* it cannot be read now, for example because its secret cannot be opened */
} VaEndpointFinding;

/*
 * The endpoint of a URL's token, which stays as it is until
 * va_bound_endpoints() or va_forget_endpoints(), or until the same token is
 * found anew; NULL unless found. `fresh`: not from an old entry. In a
 * transaction; a fault of one endpoint is logged and raises nothing.
 */
extern VaEndpointFinding va_find_endpoint(const char *token, bool fresh, const VaEndpoint **endpoint);

/* The cell of a token that va_find_endpoint() has just found elsewhere. */
extern int va_endpoint_cell(const char *token);

/* Entries that were read before now are read again. */
extern void va_renew_endpoints(void);

/* No pointer to an entry may be left. */
extern void va_forget_endpoints(void);

/* ... and wipes those that are found no more, or all when they have become too many. */
extern void va_bound_endpoints(void);

#endif /* VOICEAGENT_ENDPOINTS_H */
