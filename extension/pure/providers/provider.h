/*-------------------------------------------------------------------------
 * provider.h
 *		A vendor's dialect: requests to build, answers and webhooks to read.
 *
 * Bytes in, structs out; no sockets, no database, no clock.  Every result
 * lives in the VaArena that the caller gives and frees.  A function that
 * gives false has set *why to a text that can be shown to the tenant: it
 * names what is wrong and holds no secret.  Times are milliseconds since
 * 1970, 0 = none.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PROVIDER_H
#define VOICEAGENT_PURE_PROVIDER_H

#include "../json.h"
#include "../signature.h"

#define VA_ATTEMPT_REF_MAX 40 /* characters */

/* ---- out: one HTTP request ---- */

typedef struct VaHttpRequest
{
	const char *method;
	const char *url;
	VaHeader headers[8];
	int nheaders;
	const char *body; /* NULL = none; NUL-terminated besides */
	size_t body_len;
} VaHttpRequest;

/* ---- in: what came back ---- */

typedef struct VaHttpResponse
{
	int status;		   /* 0 = no answer */
	bool sent;		   /* without an answer: may any byte of the request have left? */
	const char *error; /* without an answer: the client's own text, or NULL */
	const VaHeader *headers;
	int nheaders;
	const void *body;
	size_t body_len;
	int64_t
		retry_after_s; /* > 0: the client has read Retry-After already; else it is looked for in headers */
	int64_t now;	   /* seconds since 1970, for Retry-After dates */
} VaHttpResponse;

/* ---- a dial ---- */

typedef struct VaAssistant
{
	const char *name;
	const char *first_message;
	const char *system_prompt;
	const char *voice;	  /* "provider/voice" or a voice alone */
	const char *model;	  /* "provider/model" or a model alone */
	const char *language; /* e.g. "en", "en-US" */
	const char *settings; /* JSON object, see vapi.c; NULL = {} */
} VaAssistant;

/*
 * What many orders have in common, built once: assistants as the vendor wants
 * them.  Zero-initialised but for the arena is empty; it lives as long as that.
 */
#define VA_CALL_MEMO_SLOTS 32

typedef struct VaCallMemo
{
	VaArena *arena;
	struct
	{
		const char *key;
		size_t key_len;
		const char *assistant;
	} slots[VA_CALL_MEMO_SLOTS];
	int used;
	int latest;
} VaCallMemo;

typedef struct VaCallOrder
{
	const char *base_url; /* NULL = the vendor's own */
	const char *api_key;
	const char *phone_number_id;
	VaAssistant assistant;
	const char *variables; /* JSON object of the lead's values; NULL = {} */
	const char *to_number; /* E.164 */
	const char *to_extension;
	const char *customer_name;
	const char *attempt_ref;		   /* ours, <= VA_ATTEMPT_REF_MAX, comes back with every event */
	const char *server_url;			   /* where webhooks go */
	const char *webhook_credential_id; /* the vendor's credential that signs them */
	const char *webhook_headers;	   /* JSON object of headers to send with them (a shared secret) */
	int ring_timeout_s;				   /* 0 = the vendor's default */
	int max_duration_s;				   /* 0 = the vendor's default */
	bool record;
	const char *voicemail_detection; /* NULL or "off" = off, else the detecting provider */
	VaCallMemo *memo; /* NULL = none; with it `variables` must be a JSON object for certain (e.g. a jsonb's text) */
} VaCallOrder;

typedef enum VaDialKind
{
	VA_DIAL_ACCEPTED,
	VA_DIAL_REFUSED_PERMANENT, /* this request will never be taken */
	VA_DIAL_REFUSED_RETRY,	   /* surely not placed: may be sent again */
	VA_DIAL_RATE_LIMITED,	   /* surely not placed: wait retry_after_s */
	VA_DIAL_BAD_ACCOUNT,	   /* key, money or rights: no dial will work */
	VA_DIAL_UNKNOWN			   /* perhaps placed: reconcile, never send again blind */
} VaDialKind;

typedef struct VaDialOutcome
{
	VaDialKind kind;
	const char *provider_call_id;
	const char *control_url; /* to hang up a live call */
	int64_t retry_after_s;	 /* 0 = the answer named none */
	const char *cause;		 /* e.g. "http-400", "connection-failed" */
	const char *message;	 /* the vendor's words, cut; or NULL */
} VaDialOutcome;

/* "accepted", "refused_permanent", ... */
extern const char *va_dial_kind_name(VaDialKind kind);

/* ---- events: from a webhook, a lookup, a list ---- */

typedef enum VaEventKind
{
	VA_EVENT_STATUS,
	VA_EVENT_REPORT, /* the call is over; all that is known of it */
	VA_EVENT_TRANSCRIPT,
	VA_EVENT_TOOL_CALLS,
	VA_EVENT_OTHER
} VaEventKind;

typedef struct VaEvent
{
	const char *event_key; /* equal for repetitions of one event; <= 300 bytes */
	VaEventKind kind;
	const char *provider_call_id;
	const char *attempt_ref; /* NULL when the vendor did not echo it */
	const char *
		status; /* initiated, ringing, in_progress, completed, failed, busy, no_answer; NULL = says nothing */
	const char *cause;		 /* the vendor's own reason */
	const char *cause_class; /* ok, machine, no_answer, busy, bad_number, account, retry, canceled, unknown;
								NULL while live */
	int64_t occurred_at;
	int64_t created_at;
	int64_t answered_at; /* 0 = never answered, or not told */
	int64_t ended_at;
	bool has_duration;
	double duration_seconds;	/* 0 when never answered */
	const char *cost_usd;		/* decimal text */
	const char *cost_breakdown; /* JSON object */
	const char *summary;
	const char *transcript;
	const char *turns; /* JSON array of {turn, speaker, text, at_ms, seconds_from_start} */
	const char *recording_url;
	const char *stereo_recording_url;
	const char *structured_data; /* JSON */
	const char *success_evaluation;
	const char *control_url;
	const char *details; /* JSON object of the rest worth keeping */
} VaEvent;

/* "status", "report", "transcript", "tool_calls", "other" */
extern const char *va_event_kind_name(VaEventKind kind);

typedef struct VaEvents
{
	int count;
	VaEvent *items;
} VaEvents;

typedef struct VaLookupOrder
{
	const char *base_url;
	const char *api_key;
	const char *provider_call_id; /* build_lookup */
	const char *phone_number_id;  /* build_list, may be NULL */
	int64_t created_from;		  /* build_list: ms, inclusive; 0 = open */
	int64_t created_to;
	int limit; /* build_list: 0 = the vendor's maximum */
} VaLookupOrder;

typedef enum VaLookupKind
{
	VA_LOOKUP_FOUND,	 /* events hold what the vendor knows */
	VA_LOOKUP_NOT_FOUND, /* the vendor says that there is no such call */
	VA_LOOKUP_RETRY,	 /* no usable answer: ask again after retry_after_s */
	VA_LOOKUP_BAD_ACCOUNT
} VaLookupKind;

typedef struct VaLookup
{
	VaLookupKind kind;
	int64_t retry_after_s;
	const char *message;
	VaEvents events; /* a list: one per call that could be read */
	int received;	 /* a list: calls in the answer; == limit means ask on before oldest_created_at */
	int unreadable;	 /* a list: calls left out because they are malformed */
	int64_t oldest_created_at;
} VaLookup;

/* ---- the dialect ---- */

typedef struct VaDialect
{
	const char *name;
	bool (*build_call)(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read_call_response)(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome);
	bool (*build_hangup)(const char *control_url, const char *api_key, VaArena *arena, VaHttpRequest *request,
						 const char **why);
	bool (*build_lookup)(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request,
						 const char **why);
	void (*read_lookup_response)(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup);
	bool (*build_list)(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read_list_response)(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup);
	/* now in seconds */
	bool (*verify)(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why);
	/* read does not verify: call verify first, on the same bytes */
	bool (*read_webhook)(const VaHeader *headers, int nheaders, const void *body, size_t len, VaArena *arena,
						 VaEvents *events, const char **why);
} VaDialect;

/* "vapi", "sandbox" (Vapi's dialect under its own name), or NULL. */
extern const VaDialect *va_dialect(const char *name);

/*
 * A VaCallOrder from a JSON object with the struct's field names (assistant
 * is an object with VaAssistant's; variables, settings and webhook_headers
 * are objects).  Strings live in the arena.
 */
extern bool va_call_order_read(const char *json, size_t len, VaArena *arena, VaCallOrder *order,
							   const char **why);

/*
 * The same request with every secret as "****": the Authorization header,
 * and in the body the values of every object named "headers".
 */
extern void va_request_mask(const VaHttpRequest *request, VaArena *arena, VaHttpRequest *masked);

#endif /* VOICEAGENT_PURE_PROVIDER_H */
