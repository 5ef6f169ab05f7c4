/*
 * structs.h
 *		The drivers' structs (provider.h) from JSON, and back.
 *
 * Members are named as the fields of the structs; one that is missing is NULL,
 * 0 or false, and what is that is left out.  A body is text, or "body_base64";
 * headers are an object, or [[name, value], ...].
 */
#ifndef VOICEAGENT_CONTRACTS_STRUCTS_H
#define VOICEAGENT_CONTRACTS_STRUCTS_H

#include "pure/providers/common/provider.h"

/* Holds what is read, until its owner frees it. */
extern VaArena arena;

extern VaProviderAccount *read_carrier(const json_t *json);
extern VaLookupOrder read_lookup_order(const json_t *json);
extern VaProviderRequest read_provider_request_order(const json_t *json);
extern void read_answer(const json_t *json, VaAnswer *answer);
extern void read_event(const json_t *json, VaEvent *event);
extern void read_response(const json_t *json, VaHttpResponse *response);
extern void read_message(const json_t *json, VaSignedMessage *message);

extern void write_request(json_t *out, const VaHttpRequest *request);
extern void write_outcome(json_t *out, const VaDialOutcome *outcome);
extern void write_events(json_t *out, const VaEvents *events);
extern void write_lookup(json_t *out, const VaLookup *lookup);
extern void write_reply(json_t *out, const VaProviderReply *reply);
/* NULL is left out; what is not UTF-8 ends the program. */
extern void set_text(json_t *object, const char *name, const char *text);

#endif /* VOICEAGENT_CONTRACTS_STRUCTS_H */
