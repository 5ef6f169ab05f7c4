/*-------------------------------------------------------------------------
 * endpoints.h
 *		The endpoints of webhooks by their tokens, with their opened secrets.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_ENDPOINTS_H
#define VOICEAGENT_ENDPOINTS_H

#include "webhook.h"

/* The endpoint of a token; NULL when there is none.  `fresh`: not from long ago. */
extern const VaEndpoint *va_find_endpoint(const char *token, bool fresh);

/* What was read before now is read again. */
extern void va_renew_endpoints(void);

/* Nobody may still point to one. */
extern void va_forget_endpoints(void);

/* ... and only if they have become too many. */
extern void va_bound_endpoints(void);

#endif							/* VOICEAGENT_ENDPOINTS_H */
