/*-------------------------------------------------------------------------
 * exotel_internal.h
 *		Shared by the files of Exotel's driver; no other includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's arena.
 */
#ifndef VOICEAGENT_EXOTEL_INTERNAL_H
#define VOICEAGENT_EXOTEL_INTERNAL_H

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

#define EXOTEL_ZONE "+05:30" /* of times, when the account names none */
#define EXOTEL_CURRENCY "INR"

/* "+05:30", "-04:00"; "Z" is not one. */
extern bool exotel_zone_valid(const char *zone);
/* The account's, else the default; carrier may be NULL. */
extern const char *exotel_zone(const VaProviderAccount *carrier);
extern const char *exotel_currency(const VaProviderAccount *carrier);
/* "2026-01-02 03:04:05" on the account's clocks; false for anything else. */
extern bool exotel_time_parse(const char *text, const char *zone, int64_t *ms);
extern const char *exotel_time_text(VaArena *arena, int64_t ms, const char *zone);

/* {"RestException": {"Message"}}, cut; or NULL. */
extern const char *exotel_error_message(const VaHttpResponse *response, VaArena *arena);

/* exotel_event.c */
extern bool exotel_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* One Call object, as replies give it. */
extern bool exotel_read_call(
	const json_t *call, const VaProviderAccount *carrier, VaArena *arena, VaEvent *event, const char **why);
/* One SMSMessage object, as replies give it. */
extern bool exotel_read_message(
	const json_t *message, const VaProviderAccount *carrier, VaArena *arena, VaEvent *event, const char **why);

#endif /* VOICEAGENT_EXOTEL_INTERNAL_H */
