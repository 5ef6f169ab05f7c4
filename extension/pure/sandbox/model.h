/*-------------------------------------------------------------------------
 * model.h
 *		The embedded talker: an OpenAI chat request in, a chat.completion out,
 *		by rules.
 *
 * It is no neural network and says so by its name, "sandbox".  It speaks as
 * the assistant that the request's member "assistant" describes (its business,
 * offer, questions, objections, the direction of the call), uses the tools
 * that the request offers, and knows nothing that a prompt says: an assistant
 * that has only a prompt says what it cannot do, and takes a call back.  A
 * request for structured output gets JSON that is valid for its schema.
 *
 * The same request gives the same answer: its state is the conversation, its
 * chance the request's seed.  Tokens are counted as it reads them: a run of
 * up to eight letters or digits is one, and so is any other character that is
 * no blank.
 *
 * A request with "reads_back" is told in the message which words of a time are
 * read back, so that somebody with a clock can say what they mean.
 *
 * Pure: no backend, no clock, no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_MODEL_H
#define VOICEAGENT_PURE_MODEL_H

#include "pure/text/json.h"

#define VA_MODEL_NAME "sandbox"
/* Messages of a request. */
#define VA_MODEL_MAX_MESSAGES 1000
/* Bytes of one turn that are understood. */
#define VA_MODEL_HEARD_BYTES 2000
/* The last turns of the person called that the conversation is followed by. */
#define VA_MODEL_HEARD_TURNS 100
/* Items of one array of what is made for a schema. */
#define VA_MODEL_SCHEMA_VALUES 2000

/*
 * The chat.completion (json_decref() it), or NULL, and in *why what is wrong
 * with the request: for a 400.  Of the request these members are read:
 * messages (roles system, developer, user, assistant, tool), tools,
 * response_format, seed, assistant, reads_back.
 *
 * assistant: {"language", "direction" (inbound or outbound), "name",
 * "business", "offer", "price", "objective", "asks_email", "questions":
 * [{"text", "field"}], "objections": [{"objection", "answer"}]}.
 * A tool's message may say "failed": true.
 */
extern json_t *va_sandbox_model_answer(const json_t *request, VaArena *arena, const char **why);

/* What a person hears of a tool's answer (json of none, orders to a model, forms that tools take); NULL without memory. */
extern const char *va_sandbox_say_answer(
	const char *tool, const char *answer, bool failed, const char *language, VaArena *arena);

#endif /* VOICEAGENT_PURE_MODEL_H */
