/*-------------------------------------------------------------------------
 * events.c
 *		GET /events (contract in events.h).
 *
 * No locks.  What is held lives in a memory context of its own.
 */
#include "postgres.h"

#include <time.h>

#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "door.h"
#include "events.h"

#define HOLD_MS 25000
/* Events wait for older transactions of their tenant, whose end need not be news: looked for so soon after news, then later. */
#define AGAIN_MS 1000
#define AGAIN_MAX_MS 8000
#define CURSOR_MAX 20
/* For so many tenants it is remembered that nothing has happened since a cursor, within what subscribe() promises. */
#define QUIET_PLACES 1024
#define QUIET_MS (30 * 60 * 1000)

typedef struct Listener
{
	struct Listener *next;
	VaHttpdRequest *request; /* its user member points here */
	VaCaller caller;
	char cursor[CURSOR_MAX + 1]; /* '' = from now on */
	bool asked;					 /* at the door */
	bool news;					 /* since it was asked about */
	int asks;
	TimestampTz until;
	TimestampTz again; /* DT_NOEND: when there are news */
	int again_ms;
} Listener;

static MemoryContext memory = NULL;
static Listener *listeners = NULL;
static int n_listeners = 0;

static struct
{
	int64 tenant;
	char cursor[CURSOR_MAX + 1];
	TimestampTz since;
} quiet[QUIET_PLACES];

static void
forget(Listener *listener)
{
	Listener **link = &listeners;

	while (*link != listener)
		link = &(*link)->next;
	*link = listener->next;
	n_listeners--;
	pfree(listener->caller.role);
	pfree(listener->caller.claims);
	pfree(listener->caller.headers);
	pfree(listener);
}

static void
reply_events(VaHttpdRequest *request, const char *body, size_t len)
{
	static const char *const headers[] = { "Cache-Control: no-store", "X-Accel-Buffering: no",
		"X-Content-Type-Options: nosniff" };

	va_httpd_reply(request, 200, "text/event-stream; charset=utf-8", headers, lengthof(headers), body, len);
}

static bool
is_quiet(const Listener *listener)
{
	int place = (int) (listener->caller.tenant % QUIET_PLACES);

	return listener->cursor[0] != '\0' && quiet[place].tenant == listener->caller.tenant &&
		   strcmp(quiet[place].cursor, listener->cursor) == 0 &&
		   !TimestampDifferenceExceeds(quiet[place].since, GetCurrentTimestamp(), QUIET_MS);
}

static void
note_quiet(const Listener *listener)
{
	int place = (int) (listener->caller.tenant % QUIET_PLACES);

	quiet[place].tenant = listener->caller.tenant;
	quiet[place].since = GetCurrentTimestamp();
	strlcpy(quiet[place].cursor, listener->cursor, sizeof(quiet[place].cursor));
}

static void note_answer(VaHttpdRequest *request, const VaField *answer);

/* What cannot be asked now is asked a second later. */
static void
ask(Listener *listener)
{
	VaDoorAsk question = { "events", listener->request, &listener->caller, listener->cursor, note_answer, NULL };
	VaDenial denial;

	listener->asked = va_door_ask(&question, &denial);
	listener->news = false;
	listener->asks++;
	listener->again = listener->asked ? DT_NOEND : TimestampTzPlusMilliseconds(GetCurrentTimestamp(), AGAIN_MS);
}

static void
note_answer(VaHttpdRequest *request, const VaField *answer)
{
	Listener *listener = request->user;
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;

	listener->asked = false;
	if (status == 0 && va_httpd_alive(request))
	{
		/* The first question may have been what subscribed: its answer does not know what came meanwhile. */
		if (listener->asks < 2)
			ask(listener);
		else if (listener->news)
			listener->again = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), listener->again_ms);
		else
			note_quiet(listener);
		return;
	}
	forget(listener);
	if (status == 200)
		reply_events(request, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
	else if (status == 503 || status == 0)
		va_deny(request, &(VaDenial){ 503, "57P01", "the request could not be served", NULL, "Send it again." });
	else
		va_httpd_reply(
			request, status, answer[VA_TELL_TYPE].bytes, NULL, 0, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
}

static bool
read_cursor(const VaHttpdRequest *request, Listener *listener)
{
	const char *last = va_httpd_header(request, "last-event-id");

	if (last == NULL)
		return true;
	if (strlen(last) > CURSOR_MAX - 2 || last[strspn(last, "0123456789")] != '\0')
		return false;
	strlcpy(listener->cursor, last, sizeof(listener->cursor));
	return true;
}

static int
count_of(int64 tenant)
{
	int n = 0;

	for (Listener *listener = listeners; listener != NULL; listener = listener->next)
		n += listener->caller.tenant == tenant;
	return n;
}

void
va_events_listen(VaHttpdRequest *request, const VaCaller *caller)
{
	Listener *listener;

	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "voiceagent events", ALLOCSET_DEFAULT_SIZES);
	if (strcmp(request->method, "GET") != 0)
	{
		va_deny(request, &(VaDenial){ 405, "PGRST101", "events are read by GET", NULL, NULL });
		return;
	}
	if (caller->tenant == 0)
	{
		va_deny(
			request, &(VaDenial){ 401, "PT401", "events need the token of a member", NULL, "Get one from login()." });
		return;
	}
	if (n_listeners >= VA_LISTENERS || count_of(caller->tenant) >= VA_LISTENERS_OF_ONE)
	{
		va_deny(request, &(VaDenial){ 429, "PT429", "too many listeners", NULL, "A browser needs one." });
		return;
	}
	listener = MemoryContextAllocZero(memory, sizeof(Listener));
	if (!read_cursor(request, listener))
	{
		pfree(listener);
		va_deny(
			request, &(VaDenial){ 400, "22P02", "Last-Event-ID is no cursor", NULL, "Send the id of the last event." });
		return;
	}
	listener->request = request;
	listener->caller = *caller;
	listener->caller.role = MemoryContextStrdup(memory, caller->role);
	listener->caller.claims = MemoryContextStrdup(memory, caller->claims);
	listener->caller.headers = MemoryContextStrdup(memory, caller->headers);
	listener->until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), HOLD_MS);
	listener->again = DT_NOEND;
	listener->again_ms = AGAIN_MS;
	request->user = listener;
	listener->next = listeners;
	listeners = listener;
	n_listeners++;
	if (!is_quiet(listener))
		ask(listener);
}

void
va_events_news(const int64 *tenants, int n, bool all)
{
	for (int i = 0; i < QUIET_PLACES && all; i++)
		quiet[i].tenant = 0;
	for (int i = 0; i < n; i++)
		if (quiet[tenants[i] % QUIET_PLACES].tenant == tenants[i])
			quiet[tenants[i] % QUIET_PLACES].tenant = 0;
	for (Listener *listener = listeners; listener != NULL; listener = listener->next)
	{
		bool mine = all;

		for (int i = 0; i < n && !mine; i++)
			mine = tenants[i] == listener->caller.tenant;
		if (!mine)
			continue;
		listener->again_ms = AGAIN_MS;
		if (!listener->asked)
			ask(listener);
		listener->news = true;
	}
}

TimestampTz
va_events_turn(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = DT_NOEND;
	Listener *following;

	for (Listener *listener = listeners; listener != NULL; listener = following)
	{
		VaHttpdRequest *request = listener->request;

		following = listener->next;
		/* The door has its request: it is looked at when the answer comes. */
		if (listener->asked)
			continue;
		if (!va_httpd_alive(request) || listener->until <= now)
		{
			forget(listener);
			reply_events(request, ": nothing\n\n", strlen(": nothing\n\n"));
		}
		else if (listener->caller.expires != 0 && listener->caller.expires <= (int64) time(NULL))
		{
			forget(listener);
			va_deny(request, &(VaDenial){ 401, "PGRST303", "JWT expired", NULL, NULL });
		}
		else if (listener->again <= now)
		{
			listener->again_ms = Min(listener->again_ms * 2, AGAIN_MAX_MS);
			ask(listener);
		}
		else
			next = Min(next, Min(listener->until, Min(listener->again, TimestampTzPlusMilliseconds(now, 1000))));
	}
	return next;
}
