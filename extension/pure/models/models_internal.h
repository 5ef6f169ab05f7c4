/*-------------------------------------------------------------------------
 * models_internal.h
 *		Shared by the drivers of language models.
 */
#ifndef VOICEAGENT_PURE_MODELS_INTERNAL_H
#define VOICEAGENT_PURE_MODELS_INTERNAL_H

#include "models.h"

/* The drivers, va_model_NAME. */
#define VA_MODELS(DRIVER)    \
	DRIVER(openai)           \
	DRIVER(openai_responses) \
	DRIVER(anthropic) DRIVER(compatible) DRIVER(sandbox) DRIVER(deepgram) DRIVER(elevenlabs) DRIVER(openai_realtime)
#define VA_MODEL(name) extern const VaModelDriver va_model_##name;
VA_MODELS(VA_MODEL)

/* base (without a slash at its end) and path. */
extern const char *va_model_url(
	const VaModelOrder *order, const VaModelDriver *driver, const char *path, VaArena *arena);
/* The path of one model below a list of models, or the list's. */
extern const char *va_model_check_path(const VaModelOrder *order, const char *list, bool all, VaArena *arena);

extern void va_model_header(VaHttpRequest *request, const char *name, const char *value);
/* Authorization, where there is a key, and what is sent: the JSON is taken over. False without memory. */
extern bool va_model_bearer(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request);
extern bool va_model_body(json_t *body, VaArena *arena, VaHttpRequest *request, const char **why);

extern int va_model_max_tokens(const VaModelOrder *order);
/* The request's messages and what a repair adds: a new array. */
extern json_t *va_model_messages(const VaModelOrder *order, VaArena *arena);
/* Is the answer to come as a stream of events, as that of a talk does? */
extern bool va_model_streams(const VaModelOrder *order);
extern const json_t *va_model_schema(const VaModelOrder *order);
extern const char *va_model_schema_name(const VaModelOrder *order);
/* A setting of the account that is a text; NULL: it has none. */
extern const char *va_model_setting(const VaModelOrder *order, const char *name);
/* Has the model refused a parameter before? */
extern bool va_model_omits(const VaModelOrder *order, const char *parameter);
/* The temperature to send; NULL: none. */
extern json_t *va_model_temperature(const VaModelOrder *order, double most);
/* The messages with the schema in words, for servers that know no schemas. */
extern bool va_model_add_schema_words(json_t *messages, const json_t *schema, VaArena *arena);

/* The body of an answer with status 200, to be json_decref()ed; NULL: there is none, and reply says why. */
extern json_t *va_model_reply_json(
	const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply);
/* The outcome, and the words if it is no answer. */
extern void va_model_end(VaModelReply *reply, VaModelKind kind, const char *message);
extern int64_t va_model_count(const json_t *object, const char *key);
/* Cut to a length that people read. */
extern const char *va_model_words(const char *text, VaArena *arena);

#endif /* VOICEAGENT_PURE_MODELS_INTERNAL_H */
