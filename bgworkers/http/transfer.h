/*-------------------------------------------------------------------------
 * transfer.h
 *		One request of http/client.h and what comes back, on a curl easy handle.
 *
 * Belongs to http/client.c, which makes a transfer from a call, gives it an
 * easy handle, lets curl run it, and has its result classified. No backend
 * header.
 */
#ifndef VOICEAGENT_HTTP_TRANSFER_H
#define VOICEAGENT_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "client.h"
#include "pure/auth/answer_mask.h"

typedef struct VaTransfer
{
	const VaHttpOptions *options; /* the client's */
	CURL *easy;					  /* lent by the client; NULL until it begins */
	char curl_error[CURL_ERROR_SIZE];
	struct curl_slist *headers;
	char *method;
	char *url;
	char *body;
	size_t body_len;
	size_t body_read;		 /* of a mail */
	struct VaHttpMail *mail; /* NULL: a request of HTTP */
	struct curl_slist *rcpt;
	int timeout_ms;
	int64_t lane;
	int weight;
	bool urgent;
	uint64_t begin_by; /* uv_hrtime(); 0 = whenever */
	bool allow_loopback;
	bool allow_private;
	bool status_only;
	bool binary;
	bool keep_limits;
	VaHttpDone done;
	VaHttpPiece piece;
	void *ctx;

	VaAnswerMask *mask; /* the secrets that the request carries */
	VaHttpResult *result;
	size_t result_cap;
	size_t header_bytes;
	bool has_head; /* the whole of the final answer's, not one of "100 Continue" and the like */
	bool too_large;
	bool cut; /* it is the body that is */
	bool refused_address;
	bool harmless;				 /* GET: may be repeated */
	bool begun;					 /* sending has begun, perhaps without a byte */
	bool repeated;				 /* curl wanted to send it again */
	struct VaTransfer *previous; /* of those under way */
	struct VaTransfer *next;	 /* ... or waiting */
} VaTransfer;

/* A copy of the call; NULL when it is not acceptable, with the reason in err. */
extern VaTransfer *va_transfer_make(const VaHttpOptions *options, const VaHttpClientRequest *call, VaHttpDone done,
	void *ctx, char *err, size_t errlen);

/* Sets every option of transfer->easy; false with the reason in err. */
extern bool va_transfer_set_up(VaTransfer *transfer, char *err, size_t errlen);

/* The result, when curl has ended it with this code, or when it was never begun. */
extern void va_transfer_end(VaTransfer *transfer, CURLcode code);
extern void va_transfer_fail(VaTransfer *transfer, const char *reason);

/* Has its turn come too late for it to be sent? Then it gets that result. */
extern bool va_transfer_is_late(VaTransfer *transfer);

/* Hands the result over, which must have been classified. */
extern VaHttpResult *va_transfer_take_result(VaTransfer *transfer);

/* Neither the easy handle nor a result that was taken. */
extern void va_transfer_free(VaTransfer *transfer);

#endif /* VOICEAGENT_HTTP_TRANSFER_H */
