/*-------------------------------------------------------------------------
 * events.c
 *		GET /events (contract in events.h).
 *
 * No locks.  Held requests live in a memory context of their own.
 *
 * An audience is the listeners of one tenant.  It has one question at the door
 * at most.  A question is asked as one of its listeners, for all that wait at
 * the same cursor, with the same rights and zone, and whose tokens have been
 * proved: each of them once by a question of its own, and its member's session
 * again by each question that it shares.
 */
#include "postgres.h"

#include <time.h>

#include "lib/ilist.h"
#include "lib/stringinfo.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "console.h"
#include "events.h"
#include "http/client.h"

#define HOLD_MS 25000
#define CURSOR_MAX 20
/* Events wait for older transactions of their tenant, whose end need not be news: looked for so soon after news, then later. */
#define AGAIN_MS 1000
#define AGAIN_MAX_MS 8000
/*
 * A tenant rests between two questions.  Beside thousands of listeners it rests longer: each answer is taken up with a request of
 * its own (50 us of the process web), each question takes a process api 2 ms, and both have the requests of people to serve.
 */
#define REST_MS 100
#define ANSWERS_PER_SECOND 2000
#define QUESTIONS_PER_SECOND 200
/* How long it is remembered what an audience knows: within what subscribe() promises. */
#define SUBSCRIBED_MS (30 * 60 * 1000)
/* Audiences that are remembered without a listener. */
#define AUDIENCES_IDLE 1024
/* Tokens that an audience remembers as proved: those of its listeners, and some that replaced others. */
#define PROOFS 128
/* How often those that are held are looked through for their ends. */
#define SWEEP_MS 1000

typedef struct Audience
{
	int64 tenant; /* the key */
	dlist_head listeners;
	int n;
	bool asked;		   /* a question is at the door */
	bool subscribed;   /* ... which was asked when the tenant had been subscribed already */
	uint64 asked_news; /* ... after so many news */
	uint64 news;
	char quiet[CURSOR_MAX + 1]; /* nothing was behind this cursor */
	uint64 quiet_news;			/* ... after so many news */
	TimestampTz since;			/* when it was subscribed; 0 = never */
	TimestampTz rest;			/* no question before */
	TimestampTz again;			/* nor before this one, unless there are news */
	int again_ms;
	int64 proofs[PROOFS];
	int next_proof;
} Audience;

typedef struct Listener
{
	dlist_node node;
	Audience *audience;
	VaHttpdRequest *request; /* its user member points here */
	VaCaller caller;
	char *prefer;				 /* the header, or '' */
	char cursor[CURSOR_MAX + 1]; /* '' = from now on */
	bool asks;					 /* the question at the door is asked as it */
	bool asked;					 /* ... or also for it */
	uint64 seen;				 /* nothing was behind its cursor after so many news; 0 = not known */
	TimestampTz until;
} Listener;

static MemoryContext memory = NULL;
static HTAB *audiences = NULL;
static int n_listeners = 0;
static int n_listening = 0; /* audiences that have a listener */
static TimestampTz sweep_at = 0;

/* ----- audiences ----- */

static bool
is_subscribed(const Audience *audience)
{
	return audience->since != 0 && !TimestampDifferenceExceeds(audience->since, GetCurrentTimestamp(), SUBSCRIBED_MS);
}

/* Those without a listener, when there are too many. */
static void
forget_idle(void)
{
	HASH_SEQ_STATUS all;
	Audience *audience;

	if (hash_get_num_entries(audiences) - n_listening <= AUDIENCES_IDLE)
		return;
	hash_seq_init(&all, audiences);
	while ((audience = hash_seq_search(&all)) != NULL)
		if (audience->n == 0)
			(void) hash_search(audiences, &audience->tenant, HASH_REMOVE, NULL);
}

static Audience *
audience_of(int64 tenant)
{
	HASHCTL control = { .keysize = sizeof(int64), .entrysize = sizeof(Audience), .hcxt = memory };
	Audience *audience;
	bool found;

	if (audiences == NULL)
		audiences = hash_create("voiceagent audiences", 128, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	forget_idle();
	audience = hash_search(audiences, &tenant, HASH_ENTER, &found);
	if (!found)
	{
		memset(audience, 0, sizeof(*audience));
		audience->tenant = tenant;
		dlist_init(&audience->listeners);
		audience->news = 1;
		audience->again_ms = AGAIN_MS;
	}
	return audience;
}

static bool
is_proved(const Audience *audience, int64 token)
{
	for (int i = 0; i < PROOFS; i++)
		if (audience->proofs[i] == token)
			return true;
	return false;
}

static void
note_proof(Audience *audience, int64 token, bool good)
{
	for (int i = 0; i < PROOFS; i++)
		if (audience->proofs[i] == token)
			audience->proofs[i] = 0;
	if (good)
		audience->proofs[audience->next_proof++ % PROOFS] = token;
}

/* ----- listeners ----- */

static void
forget(Listener *listener)
{
	dlist_delete(&listener->node);
	n_listeners--;
	if (--listener->audience->n == 0)
		n_listening--;
	pfree(listener->caller.role);
	pfree(listener->caller.claims);
	pfree(listener->caller.headers);
	pfree(listener->prefer);
	pfree(listener);
}

static void
reply_events(Listener *listener, const char *body, size_t len)
{
	static const char *const headers[] = { "Cache-Control: no-store", "X-Accel-Buffering: no",
		"X-Content-Type-Options: nosniff" };
	VaHttpdRequest *request = listener->request;

	forget(listener);
	va_httpd_reply(request, 200, "text/event-stream; charset=utf-8", headers, lengthof(headers), body, len);
}

static void
refuse(Listener *listener, const VaDenial *denial)
{
	VaHttpdRequest *request = listener->request;

	forget(listener);
	va_deny(request, denial);
}

/* True: it has been answered. */
static bool
has_expired(Listener *listener)
{
	if (listener->caller.expires == 0 || listener->caller.expires > (int64) time(NULL))
		return false;
	refuse(listener, &(VaDenial){ 401, "PGRST303", "JWT expired", NULL, NULL });
	return true;
}

/* ----- a question ----- */

static bool
is_due(const Listener *listener)
{
	return listener->seen < listener->audience->news || !is_proved(listener->audience, listener->caller.token);
}

/* Whether an event that one may read may be read by the other. */
static bool
share_question(const Listener *a, const Listener *b)
{
	if (strcmp(a->cursor, b->cursor) != 0 || strcmp(a->prefer, b->prefer) != 0 || a->caller.rights != b->caller.rights)
		return false;
	return a->caller.token == b->caller.token || is_proved(b->audience, b->caller.token);
}

/* The sessions of the members that it is asked for: "MEMBER SESSION " of each. */
static char *
gather(Audience *audience, const Listener *first)
{
	StringInfoData sessions;
	int64 last = 0;
	dlist_iter each;

	initStringInfo(&sessions);
	dlist_foreach(each, &audience->listeners)
	{
		Listener *listener = dlist_container(Listener, node, each.cur);

		listener->asked = share_question(first, listener);
		/* A member's tabs mostly stand together. */
		if (!listener->asked || listener->caller.member == 0 || listener->caller.token == last)
			continue;
		last = listener->caller.token;
		appendStringInfo(
			&sessions, INT64_FORMAT " " INT64_FORMAT " ", listener->caller.member, listener->caller.member_session);
	}
	return sessions.data;
}

static void note_answer(VaHttpdRequest *request, const VaField *answer);

/* When it has to be looked at again; what the door does not take now is asked a second later. */
static TimestampTz
ask(Audience *audience)
{
	TimestampTz now = GetCurrentTimestamp();
	Listener *first = NULL;
	bool proved = true;
	VaDenial denial;
	dlist_iter each;

	if (audience->asked)
		return DT_NOEND;
	dlist_foreach(each, &audience->listeners)
	{
		Listener *listener = dlist_container(Listener, node, each.cur);

		if (!is_due(listener) || !va_httpd_alive(listener->request))
			continue;
		if (first != NULL && is_proved(audience, listener->caller.token) &&
			(!proved || listener->until >= first->until))
			continue;
		first = listener;
		proved = is_proved(audience, listener->caller.token);
	}
	if (first == NULL)
		return DT_NOEND;
	/* A caller whose token is not proved does not wait: a page has just been opened. */
	if (proved && (audience->rest > now || audience->again > now))
		return Max(audience->rest, audience->again);
	audience->asked = va_door_ask(&(VaDoorAsk){ .kind = "events",
									  .request = first->request,
									  .caller = &first->caller,
									  .subject = first->cursor,
									  .answered = note_answer,
									  .body = gather(audience, first),
									  .behind_others = true },
		&denial);
	if (!audience->asked)
		return audience->rest = TimestampTzPlusMilliseconds(now, AGAIN_MS);
	first->asks = true;
	audience->subscribed = is_subscribed(audience);
	audience->asked_news = audience->news;
	audience->rest = TimestampTzPlusMilliseconds(
		now, REST_MS + n_listeners * 1000 / ANSWERS_PER_SECOND + n_listening * 1000 / QUESTIONS_PER_SECOND);
	return DT_NOEND;
}

/* ----- its answer ----- */

/* Is the member's session among those that were refused? */
static bool
is_refused(const Listener *listener, const char *refused)
{
	char *end;

	for (int64 member; (member = strtoll(refused, &end, 10)) != 0; refused = end)
		if (strtoll(end, &end, 10) == listener->caller.member_session && member == listener->caller.member)
			return true;
	return false;
}

/* Its answer for those that asked: they get it, or go on waiting. */
static void
tell(Audience *audience, int status, const VaField *answer)
{
	TimestampTz now = GetCurrentTimestamp();
	const char *quiet = answer[VA_TELL_QUIET].bytes;
	dlist_mutable_iter each;

	/* The first question was what subscribed: it does not know what came meanwhile. */
	if (audience->subscribed && quiet[0] != '\0')
	{
		strlcpy(audience->quiet, quiet, sizeof(audience->quiet));
		audience->quiet_news = audience->asked_news;
	}
	audience->since = now;
	dlist_foreach_modify(each, &audience->listeners)
	{
		Listener *listener = dlist_container(Listener, node, each.cur);

		if (!listener->asked)
			continue;
		if (is_refused(listener, answer[VA_TELL_REFUSED].bytes))
		{
			note_proof(audience, listener->caller.token, false);
			refuse(listener, &(VaDenial){ 401, "PT401", "the token is not valid", "Reason: its session was ended.",
								 "Get a new token from voiceagent.login()." });
		}
		else if (!has_expired(listener) && status == 200)
			reply_events(listener, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
	}
	if (status == 200)
		return;
	dlist_foreach_modify(each, &audience->listeners)
	{
		Listener *listener = dlist_container(Listener, node, each.cur);

		if (listener->asked && strcmp(listener->cursor, audience->quiet) == 0)
			listener->seen = audience->quiet_news;
		listener->asked = false;
	}
	if (quiet[0] != '\0')
		return;
	audience->again = TimestampTzPlusMilliseconds(now, audience->again_ms);
	audience->again_ms = Min(audience->again_ms * 2, AGAIN_MAX_MS);
}

/* A proof that does not hold is that of its token alone; anything else goes to all. */
static void
tell_failure(Audience *audience, int64 token, int status, const VaField *answer)
{
	bool proof = status == 401 || status == 403;
	dlist_mutable_iter each;

	note_proof(audience, token, false);
	dlist_foreach_modify(each, &audience->listeners)
	{
		Listener *listener = dlist_container(Listener, node, each.cur);
		VaHttpdRequest *request = listener->request;

		if (!listener->asked || (proof && listener->caller.token != token))
			continue;
		forget(listener);
		if (answer == NULL || status == 503)
			va_deny(request, &(VaDenial){ 503, "57P01", "the request could not be served", NULL, "Send it again." });
		else
			va_httpd_reply(request, status, answer[VA_TELL_TYPE].bytes, NULL, 0, answer[VA_TELL_BODY].bytes,
				answer[VA_TELL_BODY].len);
	}
}

static void
note_answer(VaHttpdRequest *request, const VaField *answer)
{
	Listener *asker = request->user;
	Audience *audience = asker->audience;
	int64 token = asker->caller.token;
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;

	audience->asked = false;
	asker->asks = false;
	/* Its client has gone before it was asked. */
	if (answer == NULL && !va_httpd_alive(request))
		reply_events(asker, "", 0);
	else if (status == 0 || status == 200)
	{
		if (!is_proved(audience, token))
			note_proof(audience, token, true);
		tell(audience, status, answer);
	}
	else
		tell_failure(audience, token, status, answer);
	sweep_at = Min(sweep_at, ask(audience));
}

/* ----- what comes in ----- */

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

static Listener *
make_listener(VaHttpdRequest *request, const VaCaller *caller, Audience *audience)
{
	Listener *listener = MemoryContextAllocZero(memory, sizeof(Listener));
	const char *prefer = va_httpd_header(request, "prefer");

	listener->request = request;
	listener->audience = audience;
	listener->caller = *caller;
	listener->caller.role = MemoryContextStrdup(memory, caller->role);
	listener->caller.claims = MemoryContextStrdup(memory, caller->claims);
	listener->caller.headers = MemoryContextStrdup(memory, caller->headers);
	listener->prefer = MemoryContextStrdup(memory, prefer != NULL ? prefer : "");
	listener->until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), HOLD_MS);
	request->user = listener;
	dlist_push_tail(&audience->listeners, &listener->node);
	if (audience->n++ == 0)
		n_listening++;
	n_listeners++;
	return listener;
}

void
va_events_listen(VaHttpdRequest *request, const VaCaller *caller)
{
	VaDenial denial = { 0 };
	Audience *audience;
	Listener read = { 0 };
	Listener *listener;
	bool knows;

	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "voiceagent events", ALLOCSET_DEFAULT_SIZES);
	audience = caller->tenant != 0 ? audience_of(caller->tenant) : NULL;
	if (strcmp(request->method, "GET") != 0)
		denial = (VaDenial){ 405, "PGRST101", "events are read by GET", NULL, NULL };
	else if (audience == NULL)
		denial = (VaDenial){ 401, "PT401", "events need the token of a member", NULL, "Get one from login()." };
	else if (audience->n >= VA_LISTENERS_OF_ONE ||
			 va_share_left(VA_LISTENERS, audience->n, n_listeners - audience->n) == 0)
		denial = (VaDenial){ 429, "PT429", "too many listeners", NULL, "A browser needs one." };
	else if (!read_cursor(request, &read))
		denial = (VaDenial){ 400, "22P02", "Last-Event-ID is no cursor", NULL, "Send the id of the last event." };
	if (denial.status != 0)
	{
		va_deny(request, &denial);
		return;
	}
	listener = make_listener(request, caller, audience);
	strlcpy(listener->cursor, read.cursor, sizeof(listener->cursor));
	knows = audience->quiet[0] != '\0' && is_subscribed(audience);
	if (knows && strcmp(listener->cursor, audience->quiet) == 0)
		listener->seen = audience->quiet_news;
	/* Later events go out next. */
	if (knows && listener->cursor[0] == '\0' && is_proved(audience, caller->token))
	{
		const char *now = psprintf("id: %s\ndata: []\n\n", audience->quiet);

		reply_events(listener, now, strlen(now));
	}
	else
		sweep_at = Min(sweep_at, ask(audience));
}

static void
note_news(Audience *audience)
{
	audience->news++;
	audience->again = 0;
	audience->again_ms = AGAIN_MS;
	sweep_at = Min(sweep_at, ask(audience));
}

void
va_events_news(const int64 *tenants, int n, bool all)
{
	HASH_SEQ_STATUS every;
	Audience *audience;

	if (audiences == NULL)
		return;
	if (all)
	{
		hash_seq_init(&every, audiences);
		while ((audience = hash_seq_search(&every)) != NULL)
			note_news(audience);
		return;
	}
	for (int i = 0; i < n; i++)
		if ((audience = hash_search(audiences, &tenants[i], HASH_FIND, NULL)) != NULL)
			note_news(audience);
}

TimestampTz
va_events_turn(void)
{
	TimestampTz now = GetCurrentTimestamp();
	HASH_SEQ_STATUS every;
	Audience *audience;
	dlist_mutable_iter each;

	if (audiences == NULL || now < sweep_at)
		return audiences == NULL || n_listeners == 0 ? DT_NOEND : sweep_at;
	sweep_at = TimestampTzPlusMilliseconds(now, SWEEP_MS);
	hash_seq_init(&every, audiences);
	while ((audience = hash_seq_search(&every)) != NULL)
	{
		dlist_foreach_modify(each, &audience->listeners)
		{
			Listener *listener = dlist_container(Listener, node, each.cur);

			/* The door has the request of the one that asks: it is looked at when the answer comes. */
			if (!listener->asks && !has_expired(listener) &&
				(listener->until <= now || !va_httpd_alive(listener->request)))
				reply_events(listener, ": nothing\n\n", strlen(": nothing\n\n"));
		}
		sweep_at = Min(sweep_at, ask(audience));
	}
	return n_listeners == 0 ? DT_NOEND : sweep_at;
}
