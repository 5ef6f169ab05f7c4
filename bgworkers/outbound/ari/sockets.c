/*-------------------------------------------------------------------------
 * sockets.c
 *		The task of carriers whose events come over a socket that we open.
 *
 * One socket for each account that may dial for real. Its frames go to the inbox
 * (socket_frames.c). A frame that was read but not committed is lost with the process,
 * and so is what the carrier says while the socket is closed; so whenever a socket
 * opens, the carrier is asked about every live call of the account (by lookups), about
 * incoming calls (socket_waiting.c), and whether what is played in these calls has ended
 * (by provider requests). While it is closed the account rests.
 *
 * With no such account nothing is opened, not even the library.
 */
#include "postgres.h"

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "runtime/account.h"
#include "core/arena.h"
#include "pure/net/backoff.h"
#include "core/clock.h"
#include "core/counters.h"
#include "tenancy/log_redaction.h"
#include "http/signals.h"
#include "outbound/dialer.h"
#include "sockets.h"
#include "core/statement.h"
#include "runtime/worker.h"

/* Between two tries to connect: half of it is random. */
#define FIRST_BACKOFF_MS 500
#define MAX_BACKOFF_MS 30000
/* A socket that was open for this long counts as well again: its next failure is a first one. */
#define WELL_AFTER_US (60 * USECS_PER_SEC)
/* However often we are poked, the accounts are read at most this often. */
#define LOOK_EVERY_US (200 * 1000)
/* ... when one of them could not be read; and how long a line rests after a statement for it has failed. */
#define LOOK_AGAIN_US USECS_PER_SEC
#define FIRST_REST_MS 1000
#define MAX_REST_MS 60000
/* Every call that ends pokes us: it may have been the last call of an account that needs its socket no more. */
#define POKE_REST_MS 1000
/* Another listener has taken our place: taking it back at once would only start a fight. */
#define REPLACED_WAIT_MS 60000
/* After this many unreadable frames and no readable one, the other side is not the carrier. */
#define UNREADABLE_MAX 100
/* Between two questions about live calls, while they are not answered. */
#define FIRST_ASK_MS 1000
#define MAX_ASK_MS 60000

static Line *lines = NULL;
static bool was_armed = false;
static TimestampTz no_look_before = 0;
static bool look_wanted = true;

static VaStatement accounts_statement = {
	"SELECT tenant_id, provider_account_id FROM voiceagent_private.socket_accounts($1)", 1, { TEXTARRAYOID }, NULL
};
static VaStatement state_statement = { "SELECT wanted, version FROM voiceagent_private.socket_state($1, $2)", 2,
	{ INT8OID, BOOLOID }, NULL };
static VaStatement opened_statement = { "SELECT voiceagent_private.socket_opened($1)", 1, { INT8OID }, NULL };
static VaStatement closed_statement = { "SELECT voiceagent_private.socket_closed($1, $2)", 2, { INT8OID, TEXTOID },
	NULL };
static void
note_io(void *arg)
{
	va_loop_note_io((VaLoop *) arg);
}

/* ---- which accounts ---- */

static Line *
find_line(int64 tenant_id, int64 provider_account_id)
{
	Line *line = lines;

	while (line != NULL && (line->tenant_id != tenant_id || line->provider_account_id != provider_account_id))
		line = line->next;
	if (line != NULL)
		return line;
	line = calloc(1, sizeof(Line));
	if (line == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	line->tenant_id = tenant_id;
	line->provider_account_id = provider_account_id;
	line->ask_at = DT_NOEND;
	line->next = lines;
	lines = line;
	return line;
}

static void
close_line(Line *line)
{
	if (line->socket != NULL)
		va_socket_close(line->socket);
	if (line->question != NULL)
		va_waiting_forget(line->question);
	line->socket = NULL;
	line->question = NULL;
	line->ask_at = DT_NOEND;
	line->asked_in_vain = 0;
}

/* The work for one line. */
typedef struct Step
{
	Line *line;
	bool real_carriers;
	bool wanted;
	char *version;
	const char *why; /* it is closed */
	VaOpenAccount *account;
} Step;

static void
read_state(void *arg)
{
	Step *step = arg;
	Datum values[2] = { Int64GetDatum(step->line->provider_account_id), BoolGetDatum(step->real_carriers) };

	va_set_tenant(step->line->tenant_id);
	step->wanted = va_execute(&state_statement, values, NULL) == 1 && va_column_bool(0, "wanted");
	step->version = step->wanted ? va_column_text(0, "version") : NULL;
}

/*
 * The account's present settings; a socket to another place, or with
 * another password, is opened anew. False: the account cannot be read, and
 * the line stays as it is.
 */
static bool
look_at_line(Line *line, bool real_carriers)
{
	Step step = { .line = line, .real_carriers = real_carriers };
	char sqlstate[6];
	char *message;
	char *version;

	if (!va_try(read_state, &step, sqlstate, &message))
	{
		if (!line->look_failed)
			ereport(
				LOG, (errmsg("could not look whether provider account " INT64_FORMAT " is to be listened to: %s: %s",
						 line->provider_account_id, sqlstate, va_mask_caught(message, sqlstate))));
		line->look_failed = true;
		return false;
	}
	line->look_failed = false;
	line->wanted = step.wanted;
	version = step.version;
	if (version == NULL || strcmp(version, line->version) != 0)
	{
		close_line(line);
		line->failures = 0;
		line->next_try_at = 0;
	}
	strlcpy(line->version, version != NULL ? version : "", sizeof(line->version));
	return true;
}

static void
forget_unseen(void)
{
	Line **at = &lines;

	while (*at != NULL)
	{
		Line *line = *at;

		if (line->seen)
		{
			at = &line->next;
			continue;
		}
		*at = line->next;
		close_line(line);
		free(line);
	}
}

/* False: at some of them it is to be looked again. */
static bool
look_at_accounts(bool real_carriers)
{
	bool good = true;
	Datum values[1];
	int n;
	int64 *ids;

	for (Line *line = lines; line != NULL; line = line->next)
		line->seen = false;
	va_begin("look for carriers that are to be listened to");
	values[0] = va_socket_providers();
	n = (int) va_execute(&accounts_statement, values, NULL);
	ids = palloc(sizeof(int64) * 2 * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		ids[2 * i] = va_column_int(i, "tenant_id", 0);
		ids[2 * i + 1] = va_column_int(i, "provider_account_id", 0);
	}
	for (int i = 0; i < n; i++)
	{
		Line *line = find_line(ids[2 * i], ids[2 * i + 1]);

		line->seen = true;
		good = look_at_line(line, real_carriers) && good;
	}
	va_commit();
	forget_unseen();
	return good;
}

/*
 * One line's statements, in a commit of their own. False: they have failed, and
 * the line rests, longer each time; other lines are not affected.
 */
static bool
try_step(const char *what, void (*unit)(void *arg), Step *step)
{
	Line *line = step->line;
	char sqlstate[6];
	char *message;
	bool done;

	va_begin(what);
	done = va_try(unit, step, sqlstate, &message);
	va_commit();
	if (done)
	{
		line->failures_of_ours = 0;
		return true;
	}
	if (line->failures_of_ours++ == 0)
		ereport(LOG, (errmsg("could not %s, provider account " INT64_FORMAT ": %s: %s", what, line->provider_account_id,
						 sqlstate, va_mask_caught(message, sqlstate))));
	line->paused_until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
		va_backoff_ms(line->failures_of_ours, FIRST_REST_MS, MAX_REST_MS, pg_prng_uint64(&pg_global_prng_state)));
	return false;
}

/* The account outlives the commit. */
static void
load_account(void *arg)
{
	Step *step = arg;
	MemoryContext old = MemoryContextSwitchTo(va_this_worker()->scratch);

	va_set_tenant(step->line->tenant_id);
	step->account = va_account_load(step->line->tenant_id, step->line->provider_account_id);
	MemoryContextSwitchTo(old);
}

/* ---- connect ---- */

static void
failed(Line *line)
{
	if (line->opened_at != 0 && GetCurrentTimestamp() > line->opened_at + WELL_AFTER_US)
		line->failures = 0;
	line->failures++;
	va_count(VA_COUNT_ERROR_SOCKET, 1);
	line->opened_at = 0;
	line->next_try_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
		va_backoff_ms(line->failures, FIRST_BACKOFF_MS, MAX_BACKOFF_MS, pg_prng_uint64(&pg_global_prng_state)));
}

static bool
build_request(const VaOpenAccount *account, VaArena *arena, VaHttpRequest *request, const char **why)
{
	*why = account->problem;
	return account->problem == NULL && account->driver->socket_url(&account->carrier, arena, request, why);
}

/* Why it cannot be opened; NULL: it is being opened. */
static const char *
open_socket(VaWorker *worker, Line *line, const VaOpenAccount *account)
{
	VaArena *arena = va_arena_here();
	VaHttpRequest request = { 0 };
	VaSocketRequest wish = { .note_io = note_io, .note_io_arg = worker->loop, .allow_private = account->private_host };
	const char *why = NULL;
	char err[160];
	sigset_t saved;

	if (build_request(account, arena, &request, &why))
	{
		wish.url = request.url;
		wish.authorization = va_header_find(request.headers, request.nheaders, "authorization");
		va_signals_block(&saved);
		line->socket = va_socket_open(va_loop_uv(worker->loop), &wish, err, sizeof(err));
		va_signals_restore(&saved);
		why = line->socket != NULL ? NULL : pstrdup(err);
	}
	else
		why = pstrdup(why != NULL ? why : "the request could not be built");
	va_arena_free(arena);
	return why;
}

static void
tell_closed(void *arg)
{
	Step *step = arg;
	Datum values[2] = { Int64GetDatum(step->line->provider_account_id), CStringGetTextDatum(step->why) };

	va_set_tenant(step->line->tenant_id);
	va_execute(&closed_statement, values, NULL);
}

static void
load_and_tell_closed(void *arg)
{
	load_account(arg);
	tell_closed(arg);
}

static void
connect_line(VaWorker *worker, Line *line)
{
	/* Before it is open, and after a crash, the account may still say that it is. */
	Step step = { .line = line, .why = line->told[0] != '\0' ? line->told : "not connected yet" };
	VaOpenAccount *account;
	const char *why;

	if (!try_step("open the socket of a carrier", load_and_tell_closed, &step))
		return;
	account = step.account;
	line->driver = account->driver;
	line->endpoint_id = account->endpoint_id;
	strlcpy(line->source, line->driver->socket_account != NULL ? line->driver->socket_account(&account->carrier) : "",
		sizeof(line->source));
	line->silenced = NULL;
	line->read_one = false;
	line->unreadable = 0;
	line->told_open = false;
	why = open_socket(worker, line, account);
	va_account_wipe(account);
	if (why == NULL)
		return;
	failed(line);
	if (strcmp(why, line->told) != 0)
		ereport(LOG, (errmsg("could not open the socket of provider account " INT64_FORMAT ": %s",
						 line->provider_account_id, why)));
	strlcpy(line->told, why, sizeof(line->told));
}

/* ---- what has become of them ---- */

static void
tell_opened(void *arg)
{
	Step *step = arg;
	Datum values[1] = { Int64GetDatum(step->line->provider_account_id) };

	va_set_tenant(step->line->tenant_id);
	va_execute(&opened_statement, values, NULL);
}

/* It is open: the account dials again, and the carrier is asked for what we did not hear. */
static void
note_opened(Line *line)
{
	Step step = { .line = line };

	/* First, or the dialer could take it for a mark that a dead process has left. */
	va_slot_set_listening();
	if (!try_step("note that a carrier can be heard", tell_opened, &step))
		return;
	line->told_open = true;
	line->opened_at = GetCurrentTimestamp();
	if (line->driver->read_waiting != NULL)
		line->ask_at = line->opened_at;
	line->told[0] = '\0';
	ereport(LOG, (errmsg("the socket of provider account " INT64_FORMAT " is open", line->provider_account_id)));
}

static void
note_closed(Line *line, const char *error)
{
	/* While nothing changes it need not be read again. */
	if (line->told_open || strcmp(error, line->told) != 0)
	{
		Step step = { .line = line, .why = error };

		if (!try_step("note that a carrier cannot be heard", tell_closed, &step))
			return;
		ereport(LOG, (errmsg("the socket of provider account " INT64_FORMAT " is closed: %s", line->provider_account_id,
						 error)));
	}
	if (strcmp(error, VA_FRAME_TOO_LARGE) == 0)
		va_count(VA_COUNT_FRAME_TOO_LARGE, 1);
	strlcpy(line->told, error, sizeof(line->told));
	line->told_open = false;
	close_line(line);
	failed(line);
	if (line->silenced != NULL)
		line->next_try_at = TimestampTzPlusMilliseconds(
			GetCurrentTimestamp(), REPLACED_WAIT_MS + pg_prng_uint64(&pg_global_prng_state) % REPLACED_WAIT_MS);
}

/* ---- what goes on there ---- */

/* It is asked again, at growing intervals, and logged once. */
static void
asked_in_vain(Line *line, const char *why)
{
	if (line->asked_in_vain++ == 0)
		ereport(LOG, (errmsg("provider account " INT64_FORMAT " does not list its live calls: %s",
						 line->provider_account_id, why)));
	line->ask_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
		va_backoff_ms(line->asked_in_vain, FIRST_ASK_MS, MAX_ASK_MS, pg_prng_uint64(&pg_global_prng_state)));
}

static void
ask_waiting(VaWorker *worker, Line *line)
{
	Step step = { .line = line };
	char err[160];

	if (!try_step("ask a carrier what goes on there", load_account, &step))
		return;
	line->question = va_waiting_ask(worker, step.account, err, sizeof(err));
	line->ask_at = DT_NOEND;
	if (line->question == NULL)
		asked_in_vain(line, err);
	va_account_wipe(step.account);
}

/* Waiting calls are reported as the socket would have reported them. */
static void
take_waiting(Line *line)
{
	Step step = { .line = line };
	VaArena *arena = va_arena_here();
	VaWaiting waiting;
	const char *why;
	Storing storing = STORE_FAILED;

	if (!try_step("read what goes on at a carrier", load_account, &step))
	{
		va_arena_free(arena);
		return;
	}
	if (va_waiting_read(line->question, step.account, arena, &waiting, &why))
	{
		storing = va_line_store_waiting(line, &waiting, va_waiting_asked_at(line->question), arena);
		why = "what it said could not be stored";
	}
	va_account_wipe(step.account);
	if (storing == STORE_FAILED)
		asked_in_vain(line, why);
	/* Kept until it is stored, unless it never will be. */
	if (storing != STORE_LATER)
	{
		va_waiting_forget(line->question);
		line->question = NULL;
	}
	va_arena_free(arena);
}

/* ---- the task ---- */

static void
serve_line(VaWorker *worker, Line *line)
{
	if (line->socket != NULL && va_socket_state(line->socket) == VA_SOCKET_OPEN && !line->told_open)
		note_opened(line);
	if (line->socket != NULL && va_socket_first(line->socket) != NULL)
		va_line_store_frames(line);
	/* Frames that came before it closed are handled first. */
	if (line->socket != NULL && va_socket_state(line->socket) == VA_SOCKET_CLOSED &&
		va_socket_first(line->socket) == NULL)
		note_closed(line, va_socket_error(line->socket));
	else if (line->socket != NULL && line->silenced != NULL)
		note_closed(line, line->silenced);
	else if (line->socket != NULL && !line->read_one && line->unreadable >= UNREADABLE_MAX)
		note_closed(line, "it sends nothing that can be read");
	if (line->question == NULL && line->ask_at <= GetCurrentTimestamp())
		ask_waiting(worker, line);
	if (line->question != NULL && va_waiting_is_over(line->question) && !va_line_is_put_off(line))
		take_waiting(line);
	if (line->socket == NULL && line->wanted && line->next_try_at <= GetCurrentTimestamp())
		connect_line(worker, line);
}

static TimestampTz
next_turn_of(const Line *line)
{
	if (line->socket == NULL)
		return line->wanted ? line->next_try_at : DT_NOEND;
	if (va_socket_first(line->socket) == NULL && (line->question == NULL || !va_waiting_is_over(line->question)))
		return line->ask_at;
	return va_line_is_put_off(line) ? va_line_comes_up_at(line) : DT_NOBEGIN;
}

static void
sockets_start(VaWorker *worker)
{
}

static TimestampTz
sockets_turn(VaWorker *worker, VaWake why)
{
	/* A copy knows the original's accounts; it must not listen in on its calls, nor take its socket away. */
	bool armed = worker->real_carriers && va_clock_offset_us() == 0;
	TimestampTz next = DT_NOEND;

	if ((why & ~(VA_WAKE_IO | VA_WAKE_TIMER)) != 0 || armed != was_armed)
		look_wanted = true;
	if (look_wanted && no_look_before <= GetCurrentTimestamp())
	{
		was_armed = armed;
		look_wanted = !look_at_accounts(armed);
		no_look_before = GetCurrentTimestamp() + (look_wanted ? LOOK_AGAIN_US : LOOK_EVERY_US);
	}
	for (Line *line = lines; line != NULL; line = line->next)
	{
		if (line->paused_until <= GetCurrentTimestamp())
			serve_line(worker, line);
		next = Min(next, Max(next_turn_of(line), line->paused_until));
		CHECK_FOR_INTERRUPTS();
	}
	if (!look_wanted)
		va_slot_set_listening();
	return look_wanted ? Min(next, no_look_before) : next;
}

const VaTask va_sockets_task = { "sockets", sockets_start, sockets_turn, NULL, POKE_REST_MS };
