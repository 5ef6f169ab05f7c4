/*-------------------------------------------------------------------------
 * client.h
 *		Outbound HTTP: one curl multi handle on the loop.
 *
 * No backend header: usable (and testable) outside of the server.  No
 * function here touches a database or raises an error.  `done` is called from
 * the loop, exactly once per accepted request; it queues the result, which
 * then belongs to it (va_http_result_free).
 *
 * The fact that matters to a dialer is `outcome`:
 *   VA_HTTP_OK		   an answer was read, whatever its status
 *   VA_HTTP_NOT_SENT  certain that the carrier saw nothing: send again at will
 *   VA_HTTP_UNCERTAIN part of the request may have arrived: reconcile
 * An answer is read when all of it is; its head alone will do for a call that
 * wants only the status.  An answer that is read while it comes goes to `piece`
 * for as long as that wants more of it; what is no success is read whole.
 */
#ifndef VOICEAGENT_HTTP_H
#define VOICEAGENT_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

typedef struct VaHttp VaHttp;

typedef struct VaHttpOptions
{
	int max_in_flight; /* more wait their turn in memory, but for urgent ones */
	int max_per_host;  /* connections to one host; 0 = max_in_flight */
	/*
	 * A longer body is cut off: OK with its first part when the status is 300 or more, or only the status is
	 * wanted; otherwise UNCERTAIN, "the answer is too large".
	 */
	size_t max_response_bytes;
	int timeout_ms; /* default of a request */
	int connect_timeout_ms;
	const char *user_agent;
	void (*note_io)(void *arg); /* called whenever a result was delivered; may be NULL */
	void *note_io_arg;
} VaHttpOptions;

/* A request; everything is copied by va_http_submit. */
/* A mail, in place of a request of HTTP: its body is the message. */
typedef struct VaHttpMail
{
	const char *sender; /* addresses alone */
	const char *recipient;
	const char *username; /* NULL: no AUTH */
	const char *password;
	bool plain; /* without TLS where the server has none */
} VaHttpMail;

/* A part of the body of an answer with status 200, from the loop; ctx is that of `done`. False: no more of it is wanted. */
typedef bool (*VaHttpPiece)(void *ctx, const char *bytes, size_t len);

typedef struct VaHttpClientRequest
{
	const char *method;			/* GET, POST, PATCH, DELETE */
	const char *url;			/* http: or https:; of a mail smtp: or smtps: */
	const VaHttpMail *mail;		/* NULL: none */
	const char *const *headers; /* "Name: value" lines; no CR or LF */
	int nheaders;
	/* Words to mask in the answer, beside the credentials that the headers carry: see auth/answer_mask.h. */
	const char *const *secrets;
	int nsecrets;
	const char *body;
	size_t body_len;
	const void *note; /* comes back with the result */
	size_t note_len;
	int timeout_ms;		 /* 0 = the default; from when it begins */
	int begin_within_ms; /* from its submission, or it is not sent; 0 = no limit */
	VaHttpPiece piece;	 /* NULL: the answer is read whole */
	bool status_only;	 /* once the head of an answer is read it is OK, whatever becomes of the body */
	bool binary;		 /* of no text: its control characters stay, whatever the request carried */
	bool keep_limits;	 /* the result has the headers that speak of limits */
	int64_t lane;		 /* whose it is: at most its share of what other lanes leave free begins; 0 = none's */
	int weight;			 /* of its lane (va_weighted_share_left()); 0 = 1 */
	bool urgent;		 /* waits for no turn: its submitter bounds how many there are */
	bool allow_loopback; /* the embedded carrier and tests */
	bool allow_private;	 /* RFC 1918 and friends: only where the platform's admin allows the host */
} VaHttpClientRequest;

typedef enum VaHttpOutcome
{
	VA_HTTP_OK = 0,
	VA_HTTP_NOT_SENT,
	VA_HTTP_UNCERTAIN
} VaHttpOutcome;

typedef struct VaHttpResult
{
	VaHttpOutcome outcome;
	int status; /* 0 unless outcome is VA_HTTP_OK */
	char *body; /* NUL-terminated; never NULL; without the request's secrets, as all texts here are */
	size_t body_len;
	char *note; /* the call's; NULL = none */
	size_t note_len;
	bool sent;		   /* at least a byte of the request left */
	bool late;		   /* not sent, because its turn came after begin_within_ms */
	int curl_code;	   /* CURLcode */
	char error[160];   /* '' or why; no header or body of the request is in it */
	int retry_after_s; /* -1 = none; a date is turned into seconds */
	char content_type[80];
	char request_id[80]; /* x-request-id of the answer */
	char etag[256];		 /* the version of what was asked for; '' when it is longer */
	char location[2048]; /* the answer's redirect target (not followed); '' when it is longer */
	char *limits; /* lines of headers whose names hold "ratelimit", "retry-after" or "should-retry"; NULL = none */
	int64_t clock_lead_s; /* of the answer's Date before the clock of this machine; 0 where it has none */
	int64_t elapsed_us;
} VaHttpResult;

typedef void (*VaHttpDone)(void *ctx, VaHttpResult *result);

/*
 * How many more of max places somebody may take that has own of them, and the
 * others others: half of what they leave free, or, with a weight of three, three
 * of four. However slow the servers of one are, the next one still finds some.
 */
extern int va_share_left(int max, int own, int others);
extern int va_weighted_share_left(int max, int own, int others, int weight);

/* NULL on failure, with the reason in err. */
extern VaHttp *va_http_create(uv_loop_t *loop, const VaHttpOptions *options, char *err, size_t errlen);

/* New limits (after a reload); those of running requests stay. */
extern void va_http_configure(VaHttp *http, const VaHttpOptions *options);

/* False: not accepted (bad URL or header, no memory), `done` will not be called, reason in err. */
extern bool va_http_submit(
	VaHttp *http, const VaHttpClientRequest *call, VaHttpDone done, void *ctx, char *err, size_t errlen);

/* Ends the running one that was submitted with that ctx, as if its time were over: `done` is called before it returns. */
extern void va_http_cancel(VaHttp *http, const void *ctx);

extern int va_http_in_flight(const VaHttp *http); /* running */
extern int va_http_waiting(const VaHttp *http);	  /* accepted, not begun */

/* Drops everything without calling `done`. */
extern void va_http_destroy(VaHttp *http);

extern void va_http_result_free(VaHttpResult *result);

#endif /* VOICEAGENT_HTTP_H */
