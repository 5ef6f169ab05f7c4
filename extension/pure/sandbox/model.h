/*-------------------------------------------------------------------------
 * model.h
 *		The sandbox's language model: an OpenAI chat request in, a
 *		chat.completion out, by rules.
 *
 * It is no neural network and says so by its name, "sandbox".  It plays the
 * assistant that its system prompt describes, in English, Spanish, French or
 * German: it reads the business, the offer, the objective, the questions and
 * the objections out of the prompt, goes over all that was said so far, and
 * says the next line.  It calls end_call and the like when the request offers
 * them, and answers a request for structured output with JSON that is valid
 * for its schema.
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
/* Bytes of the system prompt that are read, and of one turn that are understood. */
#define VA_MODEL_PROMPT_BYTES 65536
#define VA_MODEL_HEARD_BYTES 2000
/* The last turns of the person called that the conversation is followed by. */
#define VA_MODEL_HEARD_TURNS 100
/* Levels of a schema, and values of what is made of it. */
#define VA_MODEL_SCHEMA_LEVELS 32
#define VA_MODEL_SCHEMA_VALUES 2000

/*
 * The chat.completion (json_decref() it), or NULL, and in *why what is wrong
 * with the request: for a 400.  Of the request these members are read:
 * messages (roles system, developer, user, assistant, tool), tools,
 * response_format, seed, max_tokens, max_completion_tokens, model.
 */
extern json_t *va_sandbox_model_answer(const json_t *request, VaArena *arena, const char **why);

/*
 * What the model understands of a system prompt and of the first message (may
 * be NULL), as a JSON object: language, assistant, business, offer, price,
 * objective, questions, objections, fields.
 */
extern json_t *va_sandbox_model_read(const char *prompt, const char *first_message, VaArena *arena);

#endif /* VOICEAGENT_PURE_MODEL_H */
