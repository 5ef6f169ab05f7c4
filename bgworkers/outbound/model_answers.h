/*-------------------------------------------------------------------------
 * model_answers.h
 *		One request to a language model on its way: what it asks, and what its
 *		answer is once it has been read.
 *
 * It keeps its key until it is freed, to mask a server's words with: a server
 * may repeat what it was sent.
 */
#ifndef VOICEAGENT_MODEL_ANSWERS_H
#define VOICEAGENT_MODEL_ANSWERS_H

#include "postgres.h"

#include "pure/models/models.h"
#include "sender.h"

typedef struct VaModelAsk
{
	VaSending sending;		/* whose memory holds the texts */
	int64 model_account_id; /* 0: the embedded model */
	bool of_platform;
	const VaModelDriver *driver;
	char *base_url; /* NULL: the vendor's own */
	char *model;
	char *settings; /* JSON */
	char *request;	/* JSON */
	char *repair;	/* JSON; NULL: none */
	char *key;		/* NULL: none */
	char checks;	/* 'm': asks for its model, 'l': for all models; 0: asks the model */
	int max_tokens;
} VaModelAsk;

/* A row of claim_model_requests(), in SPI_tuptable. */
extern void va_model_ask_read(VaSending *sending, int row);

/* Its account's key; that it has none, or that it does not open, is this request's problem alone. */
extern void va_model_fetch_key(VaSending *sending);

/* The request in the vendor's words; false, with the reason in its error. */
extern bool va_model_build(VaModelAsk *ask, VaArena *arena, VaHttpRequest *request);

/* Reads the answer, holds it against schema and language, and records what it means; within a transaction. */
extern void va_model_record(VaModelAsk *ask);

#endif /* VOICEAGENT_MODEL_ANSWERS_H */
