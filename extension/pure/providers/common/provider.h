/*-------------------------------------------------------------------------
 * provider.h
 *		A carrier's driver: requests to build, answers and webhooks to read.
 *
 * Bytes in, structs out; no sockets, no database, no clock.  Every result
 * lives in the VaArena that the caller gives and frees.  A function that
 * gives false has set *why to a text that can be shown to the tenant: it
 * names what is wrong and holds no secret.  Times are milliseconds since
 * 1970, 0 = none.
 *
 * A carrier is one file (or a few of one prefix) that fills one VaDriver, and one line in the registry (provider.c).  A
 * function that a carrier lacks has no entry in the struct: the view voiceagent.providers shows it, and whoever asks
 * for it gets a clear error.  No other code knows a carrier's name.
 */
#ifndef VOICEAGENT_PURE_PROVIDER_H
#define VOICEAGENT_PURE_PROVIDER_H

#include "pure/text/instant.h"
#include "pure/text/json.h"
#include "pure/auth/signature.h"
#include "pure/text/utf8.h"

#define VA_ATTEMPT_REF_MAX 40 /* characters */
#define VA_TEXT_MAX 4000	  /* bytes of a text that somebody wrote */

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
	int64_t retry_after_s; /* > 0: the client has read Retry-After already; else it is looked for in headers */
	int64_t now;		   /* seconds since 1970, for Retry-After dates */
	const struct VaProviderAccount
		*carrier; /* whose account was asked; NULL = not known, its settings have their defaults;
										nothing that is read may point into it */
} VaHttpResponse;

/* ---- an account at a carrier ---- */

typedef enum VaAccountFieldKind
{
	VA_FIELD_TEXT,
	VA_FIELD_URL,	  /* https, or what the platform allows; wss where the carrier wants a socket */
	VA_FIELD_E164,	  /* a telephone number of the tenant's */
	VA_FIELD_INTEGER, /* >= 0 */
	VA_FIELD_BOOLEAN,
	VA_FIELD_PEM,	/* a private key */
	VA_FIELD_OBJECT /* JSON; not given to the driver as a value */
} VaAccountFieldKind;

/* One member of an account's credentials or settings; the name is what users write. */
typedef struct VaAccountField
{
	const char *name; /* NULL ends a list */
	VaAccountFieldKind kind;
	bool required;
	const char *about; /* for people, one line */
} VaAccountField;

typedef struct VaNamedText
{
	const char *name;
	const char *value;
} VaNamedText;

#define VA_CARRIER_FIELDS_MAX 24

/* An account as requests need it: its secrets are in here. */
typedef struct VaProviderAccount
{
	const char *base_url; /* NULL = the carrier's own */
	VaNamedText credentials[VA_CARRIER_FIELDS_MAX];
	int ncredentials;
	VaNamedText settings[VA_CARRIER_FIELDS_MAX]; /* texts, numbers and booleans as text */
	int nsettings;
	int64_t now;	   /* seconds since 1970, for tokens that expire */
	const char *nonce; /* 32 hex digits never used before, for ids of tokens */
} VaProviderAccount;

/* A value that is not empty, or NULL. */
extern const char *va_carrier_credential(const VaProviderAccount *carrier, const char *name);
extern const char *va_carrier_setting(const VaProviderAccount *carrier, const char *name);

/*
 * Reading uses the account's settings (its currency, the offset of its
 * clocks), but never with its secrets: a carrier of settings alone goes with
 * every reply and every webhook.
 *
 * Packed: names and values, each with its NUL, in malloc'ed memory; NULL when
 * there is none left.  Unpacked, the carrier points into those bytes.
 */
extern char *va_carrier_pack_settings(const VaProviderAccount *carrier, size_t *len);
extern void va_carrier_unpack_settings(const char *bytes, size_t len, VaProviderAccount *carrier);
/* The scalar members of a JSON object. */
extern bool va_carrier_read_settings(
	const char *json, size_t len, VaArena *arena, VaProviderAccount *carrier, const char **why);

/* ---- what a call says when somebody answers, and what becomes of an incoming one ---- */

/* How long a call waits for a key when what it says is over. */
#define VA_KEY_WAIT_S 5

typedef enum VaAnswerKind
{
	VA_ANSWER_SAY,	   /* say a text, then hang up */
	VA_ANSWER_PLAY,	   /* play a recording, then hang up */
	VA_ANSWER_STREAM,  /* connect the audio to a socket that talks */
	VA_ANSWER_FORWARD, /* connect to another number */
	VA_ANSWER_REJECT,  /* do not take an incoming call */
	VA_ANSWER_CONVERSE /* an incoming call: hold the conversation itself, by order */
} VaAnswerKind;

struct VaCallOrder;

typedef struct VaAnswer
{
	VaAnswerKind kind;
	const char *attempt_ref; /* ours; NULL for an incoming call */
	const char *text;		 /* SAY: plain text; also said before PLAY, STREAM and FORWARD when given */
	const char *language;	 /* e.g. "en-US"; NULL = the carrier's default */
	const char *voice;		 /* the carrier's own name of a voice, or NULL */
	const char *media_url;	 /* PLAY; for ARI a media URI such as sound:hello-world */
	const char *stream_url;	 /* STREAM: wss */
	const char *forward_to;	 /* FORWARD: E.164 */
	const char *caller_id;	 /* FORWARD: whom the other side sees, or NULL */
	const char *whisper;	 /* FORWARD: said to whoever takes it before the caller is connected; NULL = nothing */
	const char *untaken;	 /* FORWARD: said by the side that converses when it is not taken, and it goes on */
	const char *status_url;	 /* where events of what is begun here go, or NULL */
	const char *opt_out_key; /* SAY: one of 0 to 9 that stops the calls, listened for while the text is said and
								VA_KEY_WAIT_S after it; NULL = none is */
	const char
		*listens_for;	/* what goes on, and digits: the key that the call listens for already, where saying more takes
								the place of that; NULL = none */
	int ring_timeout_s; /* FORWARD; 0 = default */
	int max_duration_s; /* 0 = default */
	bool record;
	int returns; /* STREAM: when the socket has gone, the carrier is to come back, the so many-th time, and ask; 0: not */
	bool
		goes_on; /* SAY, PLAY: said into a conversation, which does not end with it; stream_url: of what talks there, or NULL;
					FORWARD: a call that gets another order when it is not taken (rings_first) */
	const struct VaCallOrder *order; /* CONVERSE: what a dial would say, without a number to call and a reference */
} VaAnswer;

typedef struct VaDocument
{
	const char *content_type;
	const char *body;
	size_t len;
} VaDocument;

/* ---- a dial ---- */

typedef enum VaMachineDetection
{
	VA_MACHINE_OFF = 0,
	VA_MACHINE_DETECT, /* tell us who answered */
	VA_MACHINE_MESSAGE /* ... and, of a machine, when its beep is over, to leave a message */
} VaMachineDetection;

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
 * Shared by many orders, built once: assistants as the vendor wants them.
 * Zero-initialised but for the arena is empty; it lives as long as that.
 */
#define VA_CALL_MEMO_SLOTS 32

typedef struct VaCallMemo
{
	VaArena *arena;
	struct
	{
		const char *key;
		size_t key_len;
		const char *assistant; /* the member of the call that says it */
		const char *overrides; /* members of what it has otherwise in such calls, with a comma behind; or "" */
	} slots[VA_CALL_MEMO_SLOTS];
	int used;
	int latest;
} VaCallMemo;

typedef struct VaCallOrder
{
	const VaProviderAccount *carrier;
	const char *from_number;	/* caller ID, E.164; NULL = the account's own setting */
	const char *from_number_id; /* the carrier's id of it, where it goes by that; NULL as above */
	VaAssistant assistant;
	const char *disclosure;	 /* what the law wants said first, with which first_message begins; NULL = nothing */
	const char *opt_out_key; /* the key that stops the calls; NULL = none is listened for */
	const char *variables;	 /* JSON object of the lead's values; NULL = {} */
	const char *to_number;	 /* E.164 */
	const char *to_extension;
	const char *customer_name;
	const char
		*attempt_ref; /* ours, <= VA_ATTEMPT_REF_MAX, comes back with every event; NULL: who calls is the other side */
	const char *server_url;		 /* where webhooks go; a driver adds what it wants to get back as a query */
	const char *webhook_headers; /* JSON object of headers to send with them (a shared secret) */
	int ring_timeout_s;			 /* 0 = the vendor's default */
	int max_duration_s;			 /* 0 = the vendor's default */
	bool record;
	VaMachineDetection machine_detection;
	VaAnswer answer;  /* of carriers that hold no conversation themselves */
	const char *kept; /* JSON {"id", "body"} of the same assistant kept at the carrier; NULL = it goes with the call */
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
	VA_EVENT_MACHINE,	/* who or what answered, distinguished from the rest */
	VA_EVENT_RECORDING, /* a recording can be fetched */
	VA_EVENT_COST,		/* the price of a call that may be long over */
	VA_EVENT_SPOKEN,	/* what was said or played has come to its end */
	VA_EVENT_UNTAKEN,	/* the call that was to be put through was not taken: it is as it was before */
	VA_EVENT_STREAM, /* a call's audio: it wants_answer, a channel to the socket (control_url) is there to be joined, or the
						   carrier asks what to do now that it has gone; else it has gone, and the call is there */
	VA_EVENT_SILENT,   /* the socket that talked, or was to, has failed: the call is silent */
	VA_EVENT_KEY,	   /* the person has pressed a key */
	VA_EVENT_INCOMING, /* somebody calls one of the account's numbers */
	VA_EVENT_TEXT, /* of a text message, which provider_call_id names: it was received (transcript), or what came of it */
	VA_EVENT_HINT, /* something has happened that is not proved: the carrier is to be asked (va_events_unproven) */
	VA_EVENT_OTHER
} VaEventKind;

typedef struct VaEvent
{
	const char *event_key; /* equal for repetitions of one event; <= 300 bytes */
	VaEventKind kind;
	const char *provider_call_id;
	const char *attempt_ref; /* NULL when the vendor did not echo it */
	const char *status; /* initiated, ringing, in_progress, completed, failed, busy, no_answer; NULL = says nothing */
	const char *cause;	/* the vendor's own reason; "blocked" of a text that it lets go to this number no more */
	const char *cause_class; /* ok, forwarded, silence, machine, no_answer, busy, bad_number, refused, account,
								assistant, retry, canceled, unknown; forwarded: put through to somebody else, be
								it in vain; silence: speech had ended; refused: this call alone was not to be; account, assistant: no
								dial of the account, or of the campaign, would do better; NULL while live */
	int64_t occurred_at;
	int64_t created_at;
	int64_t answered_at; /* 0 = never answered, or not given */
	int64_t ended_at;
	bool has_duration;
	double duration_seconds;	/* 0 when never answered */
	const char *cost;			/* decimal text, never negative */
	const char *cost_currency;	/* ISO 4217; NULL without a cost */
	const char *cost_breakdown; /* JSON object */
	const char *machine;		/* human, ivr, voicemail, unavailable, uncertain; NULL = not given */
	const char *machine_raw;	/* the carrier's own word for it */
	const char *from_number;	/* E.164 where it can be made that; NULL = not given */
	const char *to_number;
	bool
		wants_answer; /* the call waits to hear what to do: a document in the reply, or commands; a recording, to be begun */
	const char
		*account_ref; /* whose account it says the call belongs to (see VaDriver.account_name); NULL = not given */
	const char *key;  /* KEY: 0 to 9, * or #; NULL = the time for one is over */
	const char *summary;
	const char *transcript;
	const char *turns; /* JSON array of {turn, speaker, text, at_ms, seconds_from_start} */
	const char *recording_url;
	const char *stereo_recording_url;
	const char *structured_data; /* JSON */
	const char *success_evaluation;
	bool asks_destination; /* TOOL_CALLS: of the one tool, transfer; the reply is a document that says to whom */
	bool unanalysed;	   /* a lookup's report of a conversation, without summary and these two yet */
	const char *control_url;
	const char *details; /* JSON object of the rest worth keeping */
} VaEvent;

/* "status", "report", "transcript", "tool_calls", "machine", "recording", "cost", "spoken", "untaken", "stream", "silent", "key", "incoming", "hint", "other" */
extern const char *va_event_kind_name(VaEventKind kind);

typedef struct VaEvents
{
	int count;
	VaEvent *items;
	const char *silenced; /* of a socket: from now on it brings nothing, and why; NULL = it does */
} VaEvents;

/* A carrier with a socket is asked what goes on there, because events may have been missed. */
typedef struct VaWaiting
{
	const char **ids; /* of every call there is */
	int nids;
	const char **frames; /* what the socket reported, or would have, of calls that wait for an order of ours */
	int nframes;
} VaWaiting;

typedef struct VaLookupOrder
{
	const VaProviderAccount *carrier;
	const char *provider_call_id; /* build_lookup */
	const char *attempt_ref;	  /* ours; where it is the carrier's id as well, a lookup needs no other */
	const char *from_number;	  /* build_list, each may be NULL */
	const char *to_number;		  /* build_list: of the call that is looked for */
	int64_t created_from;		  /* build_list: ms, inclusive; 0 = open */
	int64_t created_to;
	int limit;	/* build_list: calls on a page; 0 = the vendor's maximum */
	int offset; /* build_list: calls before the page, where the carrier pages so (VaDriver.list_pages_by_offset) */
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

/* ---- provider requests: every other request to a carrier ---- */

typedef enum VaProviderRequestKind
{
	VA_REQUEST_CHECK_ACCOUNT, /* is the account ours, and alive? */
	VA_REQUEST_BALANCE,
	VA_REQUEST_HANGUP,
	VA_REQUEST_TRANSFER, /* a live call to forward_to */
	VA_REQUEST_SAY,
	VA_REQUEST_PLAY,
	VA_REQUEST_SEND_DTMF,
	VA_REQUEST_ANSWER,		   /* take an incoming call */
	VA_REQUEST_LIMIT,		   /* an incoming call ends max_duration_s from now, whoever is there to end it */
	VA_REQUEST_CHECK_PLAYBACK, /* does what was said or played (playback_ref) still go on? */
	VA_REQUEST_STREAM,		   /* connect a live call's audio to a socket */
	VA_REQUEST_END_STREAM,	   /* clear up what that has made beside the call */
	VA_REQUEST_RECORD,		   /* begin recording a live call */
	VA_REQUEST_FETCH_RECORDING,
	VA_REQUEST_FETCH_COST,
	VA_REQUEST_LIST_NUMBERS,   /* that the account has */
	VA_REQUEST_SEARCH_NUMBERS, /* that could be bought */
	VA_REQUEST_BUY_NUMBER,
	VA_REQUEST_RELEASE_NUMBER,
	VA_REQUEST_CONFIGURE_NUMBER,  /* where its incoming calls go */
	VA_REQUEST_CREATE_CREDENTIAL, /* another carrier's account made known to this one */
	VA_REQUEST_CREATE_NUMBER,	  /* another carrier's number made known to this one */
	VA_REQUEST_LIST_VOICES,		  /* that a vendor of voices has for the account */
	VA_REQUEST_CREATE_ASSISTANT,  /* one that is kept at the carrier */
	VA_REQUEST_UPDATE_ASSISTANT,
	VA_REQUEST_FETCH_ASSISTANT, /* is it there, and as it was sent? */
	VA_REQUEST_FIND_ASSISTANT,	/* was it made, when unheard? */
	VA_REQUEST_DELETE_ASSISTANT,
	VA_REQUEST_SEND_TEXT,	  /* a text message: number, from_number, text; attempt_ref names it in its reports */
	VA_REQUEST_FETCH_TEXT,	  /* what the carrier has of a text: message_id */
	VA_REQUEST_LOOKUP_NUMBER, /* what is known of a number: number, facts, since */
	VA_PROVIDER_REQUEST_KINDS /* how many there are */
} VaProviderRequestKind;

typedef struct VaProviderRequest
{
	const VaProviderAccount *carrier;
	const char *provider_call_id; /* of a live call, or one that is over */
	const char *control_url;	  /* of a live call, where the carrier gave one */
	const char *attempt_ref;
	const char *provider_request_ref; /* ours, of this provider request: the same again when it is sent again */
	VaAnswer answer;		  /* SAY, PLAY, STREAM, TRANSFER, LIMIT: text, media_url, stream_url, forward_to, ... */
	const char *playback_ref; /* CHECK_PLAYBACK: provider_request_ref of the SAY or PLAY */
	const char *digits;		  /* SEND_DTMF */
	const char *reason;		  /* HANGUP, and SAY when the call ends with it: busy, normal, ... or NULL */
	const char *number;		  /* E.164 */
	const char *number_id;	  /* the carrier's id of it */
	const char *name;		  /* CREATE_NUMBER, CREATE_CREDENTIAL: for people */
	const char *country;	  /* SEARCH: ISO 3166 */
	const char *area_code;
	const char *contains;			  /* SEARCH: digits that the number holds */
	int limit;						  /* SEARCH, LIST: 0 = the carrier's own */
	const char *page;				  /* LIST: as the last reply's next_page, or NULL */
	const char *recording_url;		  /* FETCH_RECORDING */
	const char *server_url;			  /* CONFIGURE, BUY, CREATE: where the number's webhooks go */
	const char *webhook_headers;	  /* ... and what is sent with them, as VaCallOrder's */
	const char *fallback_number;	  /* CONFIGURE: where its unanswered calls go; NULL: nowhere */
	const VaProviderAccount *other;	  /* CREATE_CREDENTIAL, CREATE_NUMBER: the account that has the number */
	const char *other_provider;		  /* its driver's name */
	const char *credential_id;		  /* CREATE_NUMBER: from CREATE_CREDENTIAL */
	VaAssistant assistant;			  /* CREATE_ASSISTANT, UPDATE_ASSISTANT */
	const char *carrier_assistant_id; /* UPDATE, FETCH, DELETE: the carrier's id of it */
	const char *kept_ref;			  /* CREATE, UPDATE, FIND: ours */
	const char *kept_body;			  /* UPDATE, FETCH: what was sent last, as a reply's assistant gave it */
	const char *created_from;		  /* FIND: not made before, as a time in text */
	const char *from_number;		  /* SEND_TEXT: ours, E.164 */
	const char *text;				  /* SEND_TEXT */
	const char *dlt_entity;			  /* SEND_TEXT: who sends it, by India's DLT */
	const char *dlt_template;		  /* ... as which of its registered texts */
	const char *dlt_header;			  /* ... under which name, in the place of from_number */
	const char *message_id;			  /* FETCH_TEXT: the carrier's id of it */
	const char *facts;				  /* LOOKUP_NUMBER: line_type, reassigned, or both with a blank between them */
	const char *since;				  /* LOOKUP_NUMBER: reassigned after which day, YYYYMMDD */
} VaProviderRequest;

typedef struct VaCarrierNumber
{
	const char *number;	   /* E.164 */
	const char *number_id; /* the carrier's id of it, NULL while it is not ours */
	const char *name;
	const char *region;
	const char *monthly_cost; /* decimal text, or NULL */
	const char *currency;
} VaCarrierNumber;

typedef struct VaCarrierVoice
{
	const char *voice; /* the vendor's id of it */
	const char *name;
	const char *language; /* that it was made for, or NULL */
	const char *category; /* or NULL */
} VaCarrierVoice;

typedef struct VaProviderReply
{
	VaDialKind kind; /* ACCEPTED = done */
	int64_t retry_after_s;
	const char *cause;	 /* as VaDialOutcome's */
	const char *message; /* the carrier's own words, cut; or NULL */
	bool already; /* ACCEPTED: it was so before (the call is over, the number is ours); CHECK_PLAYBACK: it is over */
	/* CHECK_ACCOUNT: which account the carrier says it is; must be what VaDriver.account_name names, if that is given */
	const char *account_ref;
	const char *balance; /* decimal text */
	const char *currency;
	const char *cost; /* FETCH_COST; NULL with ACCEPTED: not rated yet, ask later */
	const VaCarrierNumber *numbers;
	int nnumbers;
	const char *next_page;	   /* LIST: there are more; NULL = that was all */
	const char *number_id;	   /* BUY, CREATE_NUMBER */
	const char *credential_id; /* CREATE_CREDENTIAL */
	const char *recording_url; /* FETCH_RECORDING: where the media lies; NULL: the response's body is it */
	const char *content_type;
	const char *next; /* ACCEPTED: a further step follows, the same with this as control_url; NULL: it was the last */
	const VaCarrierVoice *voices; /* LIST_VOICES */
	int nvoices;
	const char *carrier_assistant_id; /* CREATE_ASSISTANT, ...; FIND_ASSISTANT: NULL = not on this page */
	const char *assistant;			  /* CREATE, UPDATE: JSON of what was sent, without secrets */
	bool stale;						  /* UPDATE: something is there that is not sent any more */
	const char *differences;		  /* FETCH: JSON array of the members that are not as they were sent */
	const char *text_id;			  /* SEND_TEXT, FETCH_TEXT: the carrier's id of the message */
	const VaEvent *text;			  /* FETCH_TEXT: as its webhook would say it; status NULL: nothing yet */
	const char *line_type;	/* LOOKUP_NUMBER: landline, mobile, voip, toll_free, other, unknown; NULL: not given */
	const char *reassigned; /* LOOKUP_NUMBER: yes, no, unknown; NULL: not given */
} VaProviderReply;

/* The arguments of what builds a request, and of what reads its answer; a driver has many of both. */
#define VA_REQUEST_ARGS const VaProviderRequest *order, VaArena *arena, VaHttpRequest *request, const char **why
#define VA_REPLY_ARGS \
	const VaProviderRequest *order, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply
#define VA_PROVIDER_REQUEST(driver, name)               \
	extern bool driver##_build_##name(VA_REQUEST_ARGS); \
	extern void driver##_read_##name(VA_REPLY_ARGS)

typedef struct VaProviderRequestDriver
{
	bool (*build)(VA_REQUEST_ARGS);
	void (*read)(VA_REPLY_ARGS);
} VaProviderRequestDriver;

/* "check_account", "balance", ... */
extern const char *va_provider_request_name(VaProviderRequestKind kind);
/* By its name; VA_PROVIDER_REQUEST_KINDS: there is none. */
extern VaProviderRequestKind va_provider_request_kind(const char *name);
/* A reply as a JSON object with the struct's field names; absent fields are left out. */
extern char *va_provider_reply_text(const VaProviderReply *reply, VaArena *arena);

/*
 * The credible part of events whose sender is not proved (VA_PROOF_PEER):
 * that something has happened, and that it rings at most.  An incoming call
 * and a question what to do stay as they are.
 */
extern void va_events_unproven(VaEvents *events);

/* ---- the driver ---- */

typedef enum VaProof
{
	VA_PROOF_NONE,	 /* no webhooks come over HTTP */
	VA_PROOF_SCHEME, /* as the account's setting "webhook" says (signature.h) */
	VA_PROOF_VENDOR, /* the carrier's own way, with the credential webhook_secret */
	VA_PROOF_PEER	 /* the unguessable URL and the sender's network; what it says is confirmed by a lookup */
} VaProof;

#define VA_LIST_MAX 20

typedef struct VaDriver
{
	const char *name;				   /* as users write it */
	const char *title;				   /* for people */
	const VaAccountField *credentials; /* ends with a name of NULL */
	const VaAccountField *settings;
	/* Conditions that the lists cannot express, e.g. "a key or a token"; NULL = none. */
	bool (*check_carrier)(const VaProviderAccount *carrier, VaArena *arena, const char **why);

	VaProof proof;
	const char *webhook_secret; /* name of the credential that webhooks are verified with; NULL = none */
	const char *shared_secret;	/* ... and of those that say that another key signs them; NULL = none do */
	/* Name of the setting or credential that an event's account_ref must equal; NULL = events do not say. */
	const char *account_name;

	/* How often it may be asked to dial without complaint, per second; 0 = not known. */
	double calls_per_second;
	/* For how long the same request, with the same attempt_ref, dials once however often it is sent; 0 = never. */
	int dial_repeatable_s;
	/* True: when the carrier knows no such call, for lookup and list alike, it was never placed. */
	bool absence_proves;
	/* The carrier takes the attempt's reference as its own id of the call: replies and lookups need no other. */
	bool refs_are_ids;
	bool list_pages_by_offset;
	/*
	 * build_list names every call of its time that we placed by its attempt_ref, whatever number it goes to: read to its end, it says of
	 * all lost calls of that time what it says of the one it was asked for.
	 */
	bool lists_all_calls;
	int list_max; /* calls that it lists on a page at most, whatever is asked for; 0 = VA_LIST_MAX */
	/* Events come over a socket that we open (see socket_url), not by webhooks. */
	bool (*socket_url)(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char **why);
	/* Whose events it brings: what an event's account_ref must be. */
	const char *(*socket_account)(const VaProviderAccount *carrier);
	/* The reply to build_list() of everything, asked for when the socket has opened. */
	bool (*read_waiting)(const VaProviderAccount *carrier, const VaHttpResponse *response, VaArena *arena,
		VaWaiting *waiting, const char **why);

	bool (*build_call)(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read_call_response)(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome);
	bool (*build_lookup)(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read_lookup_response)(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup);
	bool (*build_list)(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
	void (*read_list_response)(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup);
	/* now in seconds */
	bool (*verify)(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why);
	/* read does not verify: call verify first, on the same message */
	bool (*read_webhook)(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
	/* The reply to an event that wants_answer; NULL = orders go by provider requests (SAY, PLAY, ...). */
	bool (*build_answer)(
		const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why);
	/*
	 * The longest text that it can say for us, but for the first words of the side that
	 * converses; 0 = any.  A campaign's texts are refused at its start; what a lead's own
	 * variables add beyond that is cut.
	 */
	int spoken_max_chars;
	bool converses;					 /* it holds the conversation itself: what the assistant says goes with the order */
	bool has_dtmf;					 /* it tells of keys pressed in a call that says a text (VaAnswer.opt_out_key) */
	bool has_no_voice;				 /* what it says for us is a recording: no word of ours is heard */
	bool (*plays)(const char *said); /* there: whether this names a recording, which is played; NULL = nothing does */
	bool has_amd;
	bool whispers;		   /* it says VaAnswer.whisper */
	bool rings_first;	   /* an incoming call that it puts through comes back when it is not taken: an UNTAKEN event */
	bool machine_asks;	   /* a machine event wants_answer when a message may be left; without it every one says so */
	bool records;		   /* from the dial on; without it by RECORD, once it is answered */
	bool takes_dlt;		   /* SEND_TEXT: the ids of India's DLT */
	bool tells_reassigned; /* LOOKUP_NUMBER: whether a number has another owner now */
	const VaProviderRequestDriver *provider_requests; /* VA_PROVIDER_REQUEST_KINDS of them */
} VaDriver;

/* Defines a driver: the declaration goes before it, as no header names carriers. */
#define VA_DRIVER(carrier)                     \
	extern const VaDriver va_driver_##carrier; \
	const VaDriver va_driver_##carrier

/* By its name, or NULL. */
extern const VaDriver *va_driver(const char *name);
/* All, in the order in which they are shown; NULL behind the last. */
extern const VaDriver *va_driver_at(int position);

/*
 * A VaCallOrder from a JSON object with the struct's field names (assistant
 * and answer are objects with VaAssistant's and VaAnswer's; variables, settings
 * and webhook_headers are objects; carrier is {"base_url", "credentials": {},
 * "settings": {}}).  Strings live in the arena.
 */
extern bool va_call_order_read(const char *json, size_t len, VaArena *arena, VaCallOrder *order, const char **why);

/* By its word: off, detect, message; NULL is off. */
extern VaMachineDetection va_machine_detection(const char *word);

/*
 * A VaAnswer, and a VaProviderRequest without its carriers, from JSON objects with
 * the structs' field names; answer.kind is say, play, stream, forward, reject,
 * or converse, whose order's assistant, variables and customer_name are members
 * of the answer.
 */
extern bool va_answer_read(const char *json, size_t len, VaArena *arena, VaAnswer *answer, const char **why);
/* The word that va_answer_read() takes for a kind. */
extern const char *va_answer_kind_name(VaAnswerKind kind);
extern bool va_provider_request_order_read(
	const char *json, size_t len, VaArena *arena, VaProviderRequest *order, const char **why);

/*
 * The same request with every secret as "****": the Authorization header and
 * any other that holds a credential, in a JSON body the values of every object named "headers", and wherever else
 * they stand the carrier's credentials.
 */
extern void va_request_mask(
	const VaHttpRequest *request, const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *masked);

#endif /* VOICEAGENT_PURE_PROVIDER_H */
