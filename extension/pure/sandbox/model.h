/*-------------------------------------------------------------------------
 * model.h
 *		The desk as a language model: an OpenAI chat request in, a
 *		chat.completion out, by rules.
 *
 * It is not a neural network and says so by its name, "sandbox".  It speaks as
 * the assistant that the request's member "assistant" describes, uses the tools
 * that the request offers, and ignores the text of prompts: an assistant that
 * has only a prompt says that it cannot help, and offers a callback.  A request
 * for structured output gets JSON that is valid for its schema.
 *
 * The same request gives the same answer: the conversation is its only state.
 * Four bytes are one token.  Pure: no backend, no clock, no state.
 */
#ifndef VOICEAGENT_PURE_MODEL_H
#define VOICEAGENT_PURE_MODEL_H

#include "pure/text/json.h"

#define VA_MODEL_NAME "sandbox"
/* Messages of a request. */
#define VA_MODEL_MAX_MESSAGES 1000
/* Bytes of one turn that are read. */
#define VA_MODEL_HEARD_BYTES 2000
/* The last turns of the person that the conversation is rebuilt from. */
#define VA_MODEL_HEARD_TURNS 100
/* The most items of an array that is made for a schema. */
#define VA_MODEL_SCHEMA_VALUES 2000

/*
 * Returns the chat.completion (json_decref() it), or NULL with the error of the
 * request in *why, for a 400.  It reads these members of the request: messages
 * (roles system, developer, user, assistant, tool), tools, response_format, seed,
 * assistant.
 *
 * assistant: {"language", "direction" (inbound or outbound), "name",
 * "business", "offer", "price", "hours", "objective", "now" (its
 * local clock when the call began: then days are read back with their dates),
 * "questions": [{"text", "field"}], "objections": [{"objection", "answer"}]}.
 * A tool's message has, beside the text for a model, its data: {"moves": [names of
 * desk.tsv], "times": ["2026-11-27T09:00"], "listings": [{"reference", "title",
 * "visit", "bedrooms", "price", "currency"}], "text"}.
 */
extern json_t *va_sandbox_model_answer(const json_t *request, VaArena *arena, const char **why);

/* The sentence for a person about what a tool answered.  Returns NULL if out of memory. */
extern const char *va_sandbox_say_answer(const json_t *data, const char *language, VaArena *arena);

#endif /* VOICEAGENT_PURE_MODEL_H */
