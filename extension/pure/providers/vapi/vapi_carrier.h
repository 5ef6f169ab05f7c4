/*-------------------------------------------------------------------------
 * vapi_carrier.h
 *		The other side of Vapi's driver: what a carrier that speaks it reads
 *		and writes.  The embedded sandbox and the stand-alone fake carrier of
 *		the crash tests are made of it, so both speak one language, and what
 *		they say is read back by vapi.c (a unit test holds the two together).
 *
 * Times are milliseconds since 1970, 0 = none; texts live in the arena.
 */
#ifndef VOICEAGENT_PURE_VAPI_CARRIER_H
#define VOICEAGENT_PURE_VAPI_CARRIER_H

#include "pure/providers/common/provider.h"
#include "pure/text/json.h"

/* An incoming POST /call. */
typedef struct VaCarrierOrder
{
	const char *phone_number_id;
	const char *number;
	const char *customer_name;
	const char *external_id;
	const char *name;			 /* the caller's attempt reference */
	const char *metadata;		 /* JSON object of assistantOverrides.metadata */
	const char *attempt;		 /* metadata.attempt */
	const char *server_url;		 /* where to send webhooks; NULL = nowhere */
	VaHeader server_headers[16]; /* to send with each webhook */
	int nserver_headers;
	double max_duration_s; /* 600 when not named */
	int ring_timeout_s;	   /* 0 when not named */
	bool record;
	const char *variable_values; /* JSON object */
	const char *first_message;	 /* variables filled in */
	const char *system_prompt;	 /* variables filled in */
	const char
		*extraction; /* JSON: what is to be read out of the talk beside the usual, {name: schema}; NULL = nothing */
} VaCarrierOrder;

/* False: answer 400 with va_carrier_error_body(400, *why). */
extern bool va_carrier_read_order(
	const void *body, size_t len, VaArena *arena, VaCarrierOrder *order, const char **why);

typedef struct VaCarrierMessage
{
	const char *role; /* bot, user, system, tool_calls, tool_call_result */
	const char *text;
	int64_t at;
	int64_t ends_at;
	double seconds_from_start;
	double duration; /* seconds of speech */
} VaCarrierMessage;

typedef struct VaCarrierCall
{
	const char *id;
	const char *status; /* queued, ringing, in-progress, ended */
	const char *name;
	const char *external_id;
	const char *phone_number_id;
	const char *number;
	const char *customer_name;
	const char *metadata;		 /* JSON object */
	const char *variable_values; /* JSON object */
	const char *control_url;
	int64_t created_at;
	int64_t updated_at;
	int64_t started_at; /* answered */
	int64_t ended_at;
	double duration_s; /* of the conversation; 0 = as the times say */
	const char *ended_reason;
	const char *cost;			/* decimal text, USD; NULL = not known yet */
	const char *cost_transport; /* decimal text, or NULL */
	const char *cost_model;
	const char *cost_voice;
	const char *cost_transcriber;
	const VaCarrierMessage *messages;
	int nmessages;
	const char *summary;
	const char *structured_data; /* JSON object */
	const char *success_evaluation;
	const char *recording_url;
	const char *stereo_recording_url;
} VaCarrierCall;

/* The Call object: the body of the 201 and of GET /call/{id}. */
extern char *va_carrier_call_body(const VaCarrierCall *call, VaArena *arena);
/* GET /call: an array of them. */
extern char *va_carrier_list_body(const VaCarrierCall *calls, int ncalls, VaArena *arena);
/* Webhooks.  timestamp = when the carrier says it happened. */
extern char *va_carrier_status_body(const VaCarrierCall *call, const char *status, int64_t timestamp, VaArena *arena);
extern char *va_carrier_report_body(const VaCarrierCall *call, int64_t timestamp, VaArena *arena);
/* {"statusCode","message","error"} */
extern char *va_carrier_error_body(int status, const char *message, VaArena *arena);

#endif /* VOICEAGENT_PURE_VAPI_CARRIER_H */
