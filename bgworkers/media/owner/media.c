/*-------------------------------------------------------------------------
 * media.c
 *		The task that holds calls whose audio comes over a carrier's socket.
 *
 * Audio waits for nothing, not even for the disk (durable.c).  Two kinds of statement are executed: one opens the
 * sessions of the sockets that have arrived, one keeps what was said, each
 * 250 ms and when somebody waits for an answer.  Neither waits for a lock; what
 * somebody holds is tried again at the next.  Each call is a unit of its own.
 *
 * A call's audio is taken at the pace of speech; each turn takes a bounded amount of all calls, shared among
 * tenants: no call's sound waits for another's.  When its turns come too late, or a tenant has its share of the
 * calls, it takes no further one; those that it has go on.
 */
#include "postgres.h"

#include <sys/time.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/statement.h"
#include "http/signals.h"
#include "media/call/line.h"
#include "media/call/said.h"
#include "media/engines/speech.h"
#include "owner.h"
#include "pure/text/json.h"
#include "runtime/worker.h"
#include "tenancy/log_redaction.h"

#define KEEP_EVERY_MS 250
#define STATE_EVERY_MS 1000
/* Each of opening, keeping, reporting and burying takes so much of a turn, and goes on in the next: the frames of calls do not wait for it. */
#define PART_MS 5
#define REPORTS_EVERY_MS 1000
/* Requests of engines on their way at a time, and what is read of a refusal. */
#define REQUESTS_MAX 256
#define REFUSAL_MAX_BYTES (64 * 1024)
/* Words that cannot be kept for so long are lost, and the log says so; an answer does not wait for them longer than that. */
#define KEEP_FOR_MS 30000
#define ANSWER_WITHOUT_MS 1000
/* A mean lag above which no further call is taken. */
#define LAG_MAX_MS 40
/* Two sockets for a call: the first is the live one while it has brought something within this time. */
#define LIVE_MS 2000
/* Connections of strangers; see http/websocket_server.c. */
#define STRANGERS_MAX 128
#define LOCK_TIMEOUT "20ms"
/* A tenant's lock is waited for this rarely, for all calls wait meanwhile. */
#define PUT_OFF_MS 500

static VaStatement keep_statement = {
	"SELECT k.result, k.answer FROM voiceagent_private.keep_media_turns($1, $2::jsonb, $3, $4::jsonb) k", 4,
	{ INT8OID, TEXTOID, BOOLOID, TEXTOID }, NULL
};
static VaStatement state_statement = {
	"SELECT voiceagent_private.save_media_state($1, $2, $3::jsonb, $4, $5, $6, $7, $8, $9)", 9,
	{ INT4OID, INT8OID, TEXTOID, INT8OID, INT8OID, INT8OID, INT4OID, TEXTOID, TEXTOID }, NULL
};

static VaSocketServer *server = NULL;
static VaMediaCall *calls = NULL;
static int ncalls = 0;
static int64 kept_ms = 0;
static int64 told_ms = 0;
static int64 reported_ms = 0;
static bool armed = false; /* real servers may be asked */
static bool told_anything = false;
static bool told_all = false; /* as it is now */
static int64 wanted_ms = 0;	  /* when this turn was to come; 0: at no time */
static double lag_ms = 0;

/* Counts of calls that are gone, besides those that are there. */
static struct
{
	int64 opened;
	VaCallFigures past;
} figures;

static int64
now_ms(void)
{
	return (int64) (uv_hrtime() / 1000000);
}

static int64
unix_ms(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64) now.tv_sec * 1000 + now.tv_usec / 1000;
}

void
va_media_begin(const char *activity)
{
	va_begin(activity);
	va_set_local("synchronous_commit", "off");
}

/* ----- opening ----- */

/* The call that this socket belongs to, where another socket has it already. */
static VaMediaCall *
same_call(const VaMediaCall *newer)
{
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call != newer && call->call_id == newer->call_id && call->tenant_id == newer->tenant_id &&
			va_talk_lasts(&call->talk))
			return call;
	return NULL;
}

static void
take_session(VaMediaCall *call)
{
	VaMediaCall *older;

	call->call_id = va_column_int(0, "call_id", 0);
	older = same_call(call);
	if (older != NULL && now_ms() - older->heard_ms < LIVE_MS)
	{
		va_entrance_refuse(VA_REFUSED_SESSION);
		call->call_id = 0;
		va_call_end(call, "another socket has this call");
	}
	else if (older != NULL)
	{
		va_call_take_over(older, call, now_ms());
		call->call_id = 0;
		call->refusal_kept = true; /* there is none */
		va_call_end(call, "another socket has taken the call over");
	}
	else
	{
		va_media_read_script(&call->script);
		va_media_recall(call, va_column_text(0, "turns"), calls);
		figures.opened++;
		va_call_opened(call, now_ms());
	}
}

static void
open_session(void *arg)
{
	VaMediaCall *call = arg;
	const char *refused = va_media_find_session(call);

	if (refused == NULL)
		take_session(call);
	else
	{
		va_entrance_refuse(VA_REFUSED_SESSION);
		va_call_end(call, refused);
	}
}

/* ----- engines ----- */

/* The calls of a tenant of which something could not be kept. */
static void
put_off(int64 tenant_id)
{
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call->tenant_id == tenant_id)
			call->keep_again_ms = now_ms() + PUT_OFF_MS;
}

static void
keep_reports(int64 now)
{
	bool all = now - reported_ms >= REPORTS_EVERY_MS;
	int64 began = now_ms();
	VaMediaCall *call = calls;

	for (; call != NULL && now_ms() - began <= PART_MS; call = call->next)
		if ((all || call->talk.state == VA_TALK_OVER) && now >= call->keep_again_ms && va_media_has_reports(call) &&
			!va_media_keep_reports(calls, call->tenant_id))
			put_off(call->tenant_id);
	if (all && call == NULL)
		reported_ms = now;
}

/* ----- opening, all of them ----- */

static void
open_sessions(void)
{
	int64 began = now_ms();
	bool begun = false;
	char sqlstate[6];
	char *message;
	VaMediaCall *call;

	while (now_ms() - began < PART_MS && (call = va_call_to_open(calls)) != NULL)
	{
		if (!va_speech_ready())
		{
			va_entrance_refuse(VA_REFUSED_SESSION);
			va_call_end(call, va_speech_state());
			ereport(LOG, (errmsg("could not hold a call: %s", va_speech_state())));
			continue;
		}
		if (!begun)
			va_media_begin("open sessions of calls");
		begun = true;
		if (!va_try(open_session, call, sqlstate, &message))
		{
			ereport(LOG, (errmsg("could not open the session of a call of tenant " INT64_FORMAT ": %s: %s",
							 call->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
			va_call_end(call, "its session could not be opened");
		}
		else if (va_talk_is_open(&call->talk))
			va_media_prepare_engines(call, calls, va_clock_offset_us() == 0, armed);
		va_set_tenant(0);
	}
	if (begun)
		va_commit();
}

/* ----- keeping ----- */

typedef struct Keeping
{
	VaMediaCall *call;
	const char *turns;
	char result[20];
} Keeping;

static void
keep_call(void *arg)
{
	Keeping *keeping = arg;
	VaArena arena = { 0 };
	/* At the end they go with the end. */
	const char *times = keeping->call->talk.state == VA_TALK_OVER ? NULL : va_call_turn_times(keeping->call, &arena);
	Datum values[4] = { Int64GetDatum(keeping->call->call_id), CStringGetTextDatum(keeping->turns),
		BoolGetDatum(keeping->call->talk.owes == VA_OWES_FAREWELL), CStringGetTextDatum(times != NULL ? times : "[]") };

	va_arena_free(&arena);
	va_set_tenant(keeping->call->tenant_id);
	va_execute(&keep_statement, values, NULL);
	strlcpy(keeping->result, va_column_text(0, "result"), sizeof(keeping->result));
	va_call_own_answer(keeping->call, va_column_text(0, "answer"));
}

/* Whether its words are kept, or are not to be kept any more. */
static bool
keep_words(VaMediaCall *call, bool *stopped)
{
	VaArena arena = { 0 };
	Keeping keeping = { call, va_media_turns_json(call, &arena), "later" };
	char sqlstate[6];
	char *message;

	if (keeping.turns != NULL && !va_try(keep_call, &keeping, sqlstate, &message))
	{
		put_off(call->tenant_id);
		strlcpy(keeping.result, "later", sizeof(keeping.result));
		if (call->talk.state == VA_TALK_OVER && now_ms() - call->heard_ms > KEEP_FOR_MS)
		{
			ereport(LOG, (errmsg("words of a call of tenant " INT64_FORMAT " could not be kept: %s: %s",
							 call->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
			strlcpy(keeping.result, "gone", sizeof(keeping.result));
		}
	}
	va_set_tenant(0);
	va_arena_free(&arena);
	*stopped = strcmp(keeping.result, "stopped") == 0;
	return strcmp(keeping.result, "later") != 0;
}

/* Turns that no crash takes back are kept, and their answers said; where more was said meanwhile, it is kept first. */
static void
go_on(int64 now)
{
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		if (!call->keeping || !va_media_is_durable(call, now))
			continue;
		call->keeping = false;
		if (call->stopped || !va_call_has_words(call))
			va_call_kept(call, call->stopped, now);
	}
}

/* Whether a call's person waits for an answer, or for a farewell, until its words are kept. */
static bool
is_awaited(const VaMediaCall *call)
{
	return call->talk.owes == VA_OWES_KEEPING || call->talk.owes == VA_OWES_FAREWELL;
}

/* Keeps the words of those that are awaited, or of the others; false: time was up before all of them were. */
static bool
keep_those(bool awaited, int64 now, int64 began, bool *begun)
{
	bool all = true;

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		if (call->keeping || is_awaited(call) != awaited)
			continue;
		if (!va_call_has_words(call) || (now - kept_ms < KEEP_EVERY_MS && !awaited))
			continue;
		all = all && now_ms() - began < PART_MS;
		if (all && now >= call->keep_again_ms)
		{
			if (!*begun)
				va_media_begin("keep what is said in calls");
			*begun = true;
			call->keeping = keep_words(call, &call->stopped);
			call->stopped = call->stopped || call->talk.owes == VA_OWES_FAREWELL;
			call->kept_at = 0;
		}
		if (!call->keeping && call->talk.owes == VA_OWES_KEEPING && now - call->spoke_ms > ANSWER_WITHOUT_MS)
			va_call_kept(call, false, now);
	}
	return all;
}

static void
keep_turns(int64 now)
{
	int64 began = now_ms();
	bool begun = false;
	bool all = keep_those(true, now, began, &begun);
	char sqlstate[6];
	char *message;

	all = keep_those(false, now, began, &begun) && all;
	if (!begun)
		return;
	if (all)
		kept_ms = now;
	if (va_try_commit(sqlstate, &message))
	{
		va_media_committed(calls, now);
		return;
	}
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		call->keeping = call->keeping && call->kept_at != 0;
	ereport(LOG, (errmsg("what is said in calls could not be kept, and is tried again: %s: %s", sqlstate,
					 va_mask_caught(message, sqlstate))));
}

/* ----- the end ----- */

static void
add_figures(VaCallFigures *sum, const VaCallFigures *more)
{
	sum->frames_in += more->frames_in;
	sum->frames_out += more->frames_out;
	sum->frames_late += more->frames_late;
	sum->frames_lost += more->frames_lost;
}

/* This goes with a call: somebody has held its row, or its tenant's, for a minute. */
static void
tell_what_is_lost(VaMediaCall *call)
{
	if (va_call_has_words(call))
		ereport(LOG, (errmsg("words of a call of tenant " INT64_FORMAT " could not be kept in time", call->tenant_id)));
	if (va_media_has_reports(call))
		ereport(LOG, (errmsg("what engines of a call of tenant " INT64_FORMAT " have done could not be kept in time",
						 call->tenant_id)));
}

/* Those that are over, and whose words are kept. */
static void
bury_calls(int64 now)
{
	VaMediaCall **at = &calls;
	int64 began = now_ms();
	bool begun = false;

	while (*at != NULL)
	{
		VaMediaCall *call = *at;

		if (call->talk.state != VA_TALK_OVER || call->socket != NULL || va_talk_awaits_words(&call->talk, now) ||
			((va_call_has_words(call) || va_media_has_reports(call)) && now - call->heard_ms < 2 * KEEP_FOR_MS) ||
			now_ms() - began > PART_MS)
		{
			at = &call->next;
			continue;
		}
		if (!call->end_noted && (call->call_id != 0 || !call->refusal_kept))
		{
			if (!begun)
				va_media_begin("end sessions of calls");
			begun = true;
			va_media_note_end(call);
		}
		va_media_count_refusal(calls, call);
		tell_what_is_lost(call);
		add_figures(&figures.past, &call->figures);
		*at = call->next;
		ncalls--;
		va_call_free(call);
	}
	if (begun)
		va_commit();
}

static int
talking(void)
{
	int n = 0;

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		n += call->call_id != 0;
	return n;
}

static void
tell_state(int64 now)
{
	static char last[400];
	char state[400];
	const char *refused = va_entrance_refused(server);
	VaCallFigures sum = figures.past;
	Datum values[9];

	told_all = !told_anything || now - told_ms >= STATE_EVERY_MS;
	if (!told_all)
		return;
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		add_figures(&sum, &call->figures);
	snprintf(state, sizeof(state), "%d " INT64_FORMAT " %s " INT64_FORMAT " %s %s", talking(), figures.opened, refused,
		sum.frames_in, va_activity_name(), va_speech_state());
	if (strcmp(state, last) == 0)
		return;
	strlcpy(last, state, sizeof(last));
	values[0] = Int32GetDatum(talking());
	values[1] = Int64GetDatum(figures.opened);
	values[2] = CStringGetTextDatum(refused);
	values[3] = Int64GetDatum(sum.frames_in);
	values[4] = Int64GetDatum(sum.frames_out);
	values[5] = Int64GetDatum(sum.frames_late);
	values[6] = Int32GetDatum((int32) lag_ms);
	values[7] = CStringGetTextDatum(va_speech_state());
	values[8] = CStringGetTextDatum(va_activity_name());
	va_media_begin("tell the state of the process media");
	va_execute(&state_statement, values, NULL);
	va_commit();
	told_anything = true;
	told_ms = now;
}

/* ----- the sockets ----- */

static void
note_io(void *arg)
{
	va_loop_note_io(arg);
}

static void
open_server(VaWorker *worker)
{
	VaSocketServerOptions options = { .host = va_guc_media_host,
		.port = va_guc_media_port,
		.trusted_proxies = &va_guc_gateway_trusted_proxies,
		.judge = va_entrance_judge,
		.left = va_entrance_left,
		.max_strangers = STRANGERS_MAX,
		.frame_max = 128 * 1024,
		.frames_max = 128 * 1024,
		.send_max = 512 * 1024,
		.subprotocol = "media",
		.note_io = note_io,
		.note_io_arg = worker->loop };
	char err[200];
	sigset_t saved;

	va_signals_block(&saved);
	server = va_socket_server_open(va_loop_uv(worker->loop), &options, err, sizeof(err));
	va_signals_restore(&saved);
	if (server == NULL)
		ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("could not open the sockets of calls: %s", err),
						   errhint("Set voiceagent.media_port to a free port, to 0 for any, or to -1 for none.")));
	va_slot_set_listener(va_guc_media_host, va_socket_server_port(server));
}

static void
accept_sockets(int64 now)
{
	VaSocket *socket;

	while ((socket = va_socket_server_accept(server)) != NULL)
	{
		int64 owner = va_socket_owner(socket);
		VaMediaCall *call = NULL;

		if (lag_ms > LAG_MAX_MS)
			va_socket_close(socket);
		else
			call = va_call_new(socket, now);
		if (call == NULL)
		{
			va_entrance_refuse(VA_REFUSED_LATE);
			if (owner != 0)
				va_entrance_left(owner);
			continue;
		}
		call->owner = owner;
		call->proven = owner != 0;
		call->share = VA_SHARE_WAITING;
		call->voice.network = va_activity_network();
		call->next = calls;
		calls = call;
		ncalls++;
	}
}

static void
take_answers(int64 now)
{
	VaSpeechAnswer *answer;

	while ((answer = va_speech_take()) != NULL)
	{
		VaMediaCall *call = calls;

		while (call != NULL && !va_engines_answered(call, answer, now))
			call = call->next;
		va_speech_free(answer);
	}
}

/* The first of a turn is the last of the next one: what a turn has room for is for each of them in turn. */
static void
let_next_begin(void)
{
	VaMediaCall *was_first = calls;
	VaMediaCall **end = &calls;

	if (calls == NULL)
		return;
	calls = calls->next;
	while (*end != NULL)
		end = &(*end)->next;
	was_first->next = NULL;
	*end = was_first;
}

static void
hear_calls(int64 now)
{
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		if (call->talk.state == VA_TALK_OVER)
			continue;
		va_call_hear(call, now, unix_ms());
		if (call->talk.state != VA_TALK_OVER || strcmp(call->why, VA_TOO_FAST) != 0)
			continue;
		va_entrance_refuse(VA_REFUSED_FAST);
		ereport(LOG, (errmsg("a call of tenant " INT64_FORMAT " has ended: %s", call->tenant_id, call->why)));
	}
	va_share_empty(VA_SHARE_AUDIO);
	let_next_begin();
}

/* How late the turns are that had a time. */
static void
measure_lag(int64 now)
{
	if (wanted_ms != 0 && now >= wanted_ms)
		lag_ms += ((double) (now - wanted_ms) - lag_ms) / 50;
	else if (ncalls == 0)
		lag_ms = 0;
}

static TimestampTz
next_turn(int64 now)
{
	int64 next = now + STATE_EVERY_MS;

	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		next = Min(next, va_call_speak(call, now, unix_ms()));
		next = Min(next, va_call_hears_next(call, now));
		if (call->keeping || call->end_noted)
			next = Min(next, now + VA_FRAME_MS);
		else if (va_call_has_words(call))
			next = Min(next, Max(is_awaited(call) ? now : kept_ms + KEEP_EVERY_MS, call->keep_again_ms));
		if (va_media_is_to_be_closed(call, now) || call->talk.state == VA_TALK_ASKED)
			next = now;
		else if (call->talk.state == VA_TALK_OVER)
			next = Min(next, now + KEEP_EVERY_MS);
	}
	wanted_ms = calls == NULL ? 0 : Max(next, now + 1);
	/* Nothing happens but by a socket, or when the program may be started again. */
	if (calls == NULL && va_speech_ready() && told_all)
		return DT_NOEND;
	return GetCurrentTimestamp() + Max(next - now, 1) * 1000;
}

static void
media_start(VaWorker *worker)
{
	VaHttpOptions options = { .max_in_flight = REQUESTS_MAX,
		.max_response_bytes = REFUSAL_MAX_BYTES,
		.timeout_ms = va_guc_http_timeout_ms,
		.connect_timeout_ms = va_guc_http_connect_timeout_ms,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = worker->loop };
	char reason[200];
	VaHttp *http;

	SetConfigOption("lock_timeout", LOCK_TIMEOUT, PGC_SUSET, PGC_S_OVERRIDE);
	http = va_http_create(va_loop_uv(worker->loop), &options, reason, sizeof(reason));
	if (http == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
	va_engines_open(va_loop_uv(worker->loop), http, va_talk_tell, note_io, worker->loop);
	va_speech_open(va_loop_uv(worker->loop), psprintf("%s/voiceagent-speech", pkglib_path), note_io, worker->loop);
}

static TimestampTz
media_turn(VaWorker *worker, VaWake why)
{
	int64 now = now_ms();
	sigset_t saved;

	measure_lag(now);
	if (server == NULL)
		open_server(worker);
	va_signals_block(&saved);
	va_speech_turn(now);
	va_signals_restore(&saved);
	accept_sockets(now);
	va_entrance_turn(calls, unix_ms());
	hear_calls(now);
	take_answers(now);
	armed = worker->real_carriers;
	open_sessions();
	keep_turns(now);
	go_on(now);
	keep_reports(now);
	va_media_end_over(calls, now, unix_ms());
	va_media_tools_turn(calls, (why & VA_WAKE_POKE) != 0, now, armed);
	va_media_show(calls, now);
	va_media_close_calls(calls, now);
	bury_calls(now);
	tell_state(now);
	return next_turn(now_ms());
}

/* The carriers come back, or their calls end; what was said is kept. */
static void
end_all(void)
{
	bool stopped;

	va_begin("end the sessions of all calls");
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		va_call_end(call, "the process media has ended");
		if (va_call_has_words(call))
			(void) keep_words(call, &stopped);
		if (call->call_id != 0)
			va_media_note_end(call);
	}
	va_commit();
}

static void
media_stop(VaWorker *worker)
{
	bool told = ProcDiePending;

	/* Asked to end, we could execute nothing; nothing here waits for a lock. */
	ProcDiePending = false;
	if (calls != NULL)
		end_all();
	va_media_show(NULL, now_ms());
	ProcDiePending = told;
	InterruptPending = told;
	va_speech_close();
	va_slot_set_listener(NULL, 0);
}

const VaTask va_media_task = { "media", media_start, media_turn, media_stop, 0 };
