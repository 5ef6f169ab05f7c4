/*-------------------------------------------------------------------------
 * models.h
 *		Language models: one struct of pure functions per vendor; bytes in,
 *		structs out.
 *
 * A driver builds the request for a model, and reads the response: the text and
 * the tokens, or the reason of a failure.  schema.h checks that the text conforms
 * to the request's schema, the same for every vendor; VaModelKind says what a
 * reply means for the account (a limit, a wrong key).
 *
 * No backend header, no clock, no state.  Results live in the caller's arena.
 */
#ifndef VOICEAGENT_PURE_MODELS_H
#define VOICEAGENT_PURE_MODELS_H

#include <stdbool.h>
#include <stdint.h>

#include "pure/providers/common/provider.h"
#include "pure/text/json.h"

/* A request, and the account that sends it. */
typedef struct VaModelOrder
{
	const char *base_url; /* NULL: the vendor's own */
	const char *key;	  /* NULL: none is sent */
	const char *model;
	/* messages, schema, schema_name, max_tokens, temperature, seed; of a talk: stream, tools; without: parameters left out */
	const json_t *request;
	const json_t *settings; /* the account's, and without: {model: parameters that it has refused}; NULL: none */
	const json_t *repair;	/* {"output", "problem"} of an answer that did not conform; NULL: none */
	int max_tokens;			/* of the answer; 0: as the request says */
} VaModelOrder;

typedef enum VaModelKind
{
	VA_MODEL_ANSWERED,		/* text is the whole answer */
	VA_MODEL_REFUSED,		/* the model will not; message has its words */
	VA_MODEL_INCOMPLETE,	/* cut off: text is its beginning */
	VA_MODEL_LIMITED,		/* too many requests or tokens: later, and it has cost nothing */
	VA_MODEL_OVERLOADED,	/* the server has too much to do: later, and it has cost nothing */
	VA_MODEL_SERVER,		/* a fault of the server */
	VA_MODEL_LOST,			/* the result is unknown: it may have cost money */
	VA_MODEL_NOT_SENT,		/* nothing arrived */
	VA_MODEL_BAD_KEY,		/* the key is not good */
	VA_MODEL_BAD_MODEL,		/* no such model exists */
	VA_MODEL_BAD_REQUEST,	/* refused for its content: do not send it again */
	VA_MODEL_BAD_PARAMETER, /* refused for a parameter that it can go without: send it once more without that */
	VA_MODEL_QUOTA,			/* the account has no money left */
	VA_MODEL_UNREADABLE		/* 200, and no answer of this vendor */
} VaModelKind;

typedef struct VaModelReply
{
	VaModelKind kind;
	const char *text;	   /* NULL: none */
	const char *message;   /* why there is no answer, in the server's words or ours */
	const char *parameter; /* of VA_MODEL_BAD_PARAMETER */
	bool counted;		   /* the tokens are the vendor's own count */
	int64_t tokens_in;	   /* those from the cache included */
	int64_t tokens_cached;
	int64_t tokens_out;
} VaModelReply;

/* The models that a server lists. */
typedef struct VaModelList
{
	VaModelKind kind; /* ANSWERED: names holds them */
	const char *message;
	const char **names;
	int n; /* at most VA_MODEL_LIST_MAX */
} VaModelList;

#define VA_MODEL_LIST_MAX 500

typedef struct VaModelDriver
{
	const char *name;  /* "openai" */
	const char *title; /* "OpenAI (chat completions)" */
	const char *base_url;
	bool needs_key;
	const char *kind; /* its part in a call that we hold: "mind", "ear", "voice" or "whole"; NULL if it has no part */
	const char *settings; /* the settings of an account, separated by commas; a required one ends with "!" */
	bool (*build)(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read)(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply);
	/* Asks for one model by its name (order->model), or for all of them. */
	bool (*build_check)(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why);
} VaModelDriver;

/* Returns NULL if no driver has this name. */
extern const VaModelDriver *va_model_driver(const char *name);
/* All of them, up to a NULL. */
extern const VaModelDriver *const *va_model_drivers(void);

/* "answered", "limited", ...: the words of VaModelKind. */
extern const char *va_model_kind_name(VaModelKind kind);

/* Reads the response to build_check() for all models. */
extern void va_model_read_list(const VaHttpResponse *response, VaArena *arena, VaModelList *list);

/*
 * How long the account is to rest, in milliseconds, by what the vendor says in
 * its headers (lines of "name: value" as they came; names in any case); 0: not
 * at all.  refused: a limit refused this request.  now_ms: milliseconds since
 * 1970, for resets that are instants.
 */
extern int64_t va_model_rest_ms(const char *headers, int retry_after_s, bool refused, int64_t now_ms);

/* Whether the server says that a repetition is useless. */
extern bool va_model_final(const char *headers);

#endif /* VOICEAGENT_PURE_MODELS_H */
