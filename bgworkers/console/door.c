/*-------------------------------------------------------------------------
 * door.c
 *		Requests that wait for a process api (contract in console.h).
 *
 * No locks.  The queue lives in a memory context of its own; callbacks of the
 * loop only say that there is something to look at.
 */
#include "postgres.h"

#include <unistd.h>

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "console.h"

typedef struct Job
{
	struct Job *next;
	VaHttpdRequest *request;
	void (*answered)(VaHttpdRequest *request, const VaField *answer);
	struct Share *share;
	int64 session;
	int64 key;
	char *texts[VA_ASK_FIELDS]; /* those that are ours to free */
	TimestampTz since;
} Job;

typedef struct Queue
{
	Job *first;
	Job **last;
} Queue;

/* The processes' use by a tenant, a network of strangers, or all strangers of a lane. */
typedef struct Account
{
	int running;
	VaUsed used;
} Account;

/* The requests of one tenant, or of one network of strangers in one lane. */
typedef struct Share
{
	struct Share *next;
	int64 whose;
	Account own;
	Account *lane;	 /* of strangers, that of all in it; NULL: a tenant's */
	Queue queues[2]; /* the second one is behind all others */
	int waiting;
} Share;

/* Whose turn it is: the first of these, and of equals the one that used least, in turns. */
typedef enum Rank
{
	PROVEN,
	STRANGERS,
	BEHIND,
	HEAVY /* who used much */
} Rank;

/* More than anybody can have used; a place is a rank, what the lane used, and what the share itself used. */
#define MOST_US INT64CONST(100000000)
#define RANK_US (MOST_US * MOST_US)

/* A process api. */
typedef struct Server
{
	VaLink link;
	bool used;
	Job *job; /* that it works at */
	TimestampTz since;
} Server;

static MemoryContext memory = NULL;
static VaLoop *loop = NULL;
static uv_pipe_t listener;
static bool listening = false;
static char path[MAXPGPATH];
static Server servers[VA_API_PROCESSES_MAX + 1];
static Share *first_share = NULL; /* in the order of their turns */
/* Logins have a lane of their own, beside links and all else. */
static Account logins;
static Account visits;
static int waiting = 0;	  /* of tenants */
static int strangers = 0; /* that wait */

/* ----- links ----- */

static void
note_event(VaLink *link)
{
	Server *server = link->owner;

	if (!link->open && !link->closing)
		server->used = false;
	va_loop_note_io(loop);
}

static void
on_connection(uv_stream_t *stream, int status)
{
	for (int i = 0; status == 0 && i < (int) lengthof(servers); i++)
	{
		Server *server = &servers[i];

		if (server->used || server->job != NULL)
			continue;
		if (!va_link_init(&server->link, stream->loop, VA_TELL_FIELDS, note_event, server))
			return;
		server->used = true;
		if (uv_accept(stream, (uv_stream_t *) &server->link.pipe) != 0 || !va_link_opened(&server->link))
			va_link_close(&server->link);
		va_loop_note_io(loop);
		return;
	}
}

void
va_door_open(VaWorker *worker)
{
	int failed;

	if (memory == NULL)
		memory = AllocSetContextCreate(TopMemoryContext, "voiceagent door", ALLOCSET_DEFAULT_SIZES);
	loop = worker->loop;
	va_link_path(path, sizeof(path), (unsigned) MyDatabaseId);
	/* Left by a process that was killed. */
	(void) unlink(path);
	failed = uv_pipe_init(va_loop_uv(loop), &listener, 0);
	if (failed == 0)
		failed = uv_pipe_bind(&listener, path);
	if (failed == 0)
		failed = uv_listen((uv_stream_t *) &listener, VA_API_PROCESSES_MAX, on_connection);
	listening = failed == 0;
	if (!listening)
		ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR),
						   errmsg("could not listen on the socket \"%s\": %s", path, uv_strerror(failed))));
}

void
va_door_close(void)
{
	if (!listening)
		return;
	listening = false;
	uv_close((uv_handle_t *) &listener, NULL);
	(void) unlink(path);
}

/* ----- what waits ----- */

/* With what is running. */
static int64
used_by(const Account *account, TimestampTz now)
{
	int64 used = va_used(&account->used, now);

	for (int i = 0; account->running > 0 && i < (int) lengthof(servers); i++)
		if (servers[i].job != NULL &&
			(&servers[i].job->share->own == account || servers[i].job->share->lane == account))
			used += now - servers[i].since;
	return used;
}

static Share *
share_of(int64 whose, Account *lane)
{
	Share **link = &first_share;
	Share *share;

	while (*link != NULL && ((*link)->whose != whose || (*link)->lane != lane))
		link = &(*link)->next;
	if (*link != NULL)
		return *link;
	*link = share = MemoryContextAllocZero(memory, sizeof(Share));
	share->whose = whose;
	share->lane = lane;
	for (int i = 0; i < (int) lengthof(share->queues); i++)
		share->queues[i].last = &share->queues[i].first;
	return share;
}

static void
free_job(Job *job)
{
	for (int i = 0; i < VA_ASK_FIELDS; i++)
		if (job->texts[i] != NULL)
			pfree(job->texts[i]);
	pfree(job);
}

static Job *
make_job(const VaDoorAsk *ask, Share *share)
{
	Job *job = MemoryContextAllocZero(memory, sizeof(Job));

	job->request = ask->request;
	job->answered = ask->answered;
	job->share = share;
	job->session = ask->caller->session;
	job->key = ask->caller->key;
	job->since = GetCurrentTimestamp();
	job->texts[VA_ASK_KIND] = MemoryContextStrdup(memory, ask->kind);
	job->texts[VA_ASK_FUNCTION] = MemoryContextStrdup(memory, ask->subject);
	job->texts[VA_ASK_ROLE] = MemoryContextStrdup(memory, ask->caller->role);
	job->texts[VA_ASK_CLAIMS] = MemoryContextStrdup(memory, ask->caller->claims);
	job->texts[VA_ASK_HEADERS] = MemoryContextStrdup(memory, ask->caller->headers);
	if (ask->body != NULL)
	{
		job->texts[VA_ASK_TYPE] = MemoryContextStrdup(memory, "application/json");
		job->texts[VA_ASK_BODY] = MemoryContextStrdup(memory, ask->body);
	}
	return job;
}

static int *
count_of(const Share *share)
{
	return share->lane != NULL ? &strangers : &waiting;
}

static Job *
take_from(Share *share, Queue *queue, Job **link)
{
	Job *job = *link;

	*link = job->next;
	if (job->next == NULL)
		queue->last = link;
	job->next = NULL;
	share->waiting--;
	(*count_of(share))--;
	return job;
}

static void
give_up(Job *job)
{
	job->answered(job->request, NULL);
	free_job(job);
}

/* Where there is room no more, the one of whom most wait gives up its newest request for one of whom fewer do. */
static bool
make_room(const Share *newcomer)
{
	Share *most = NULL;
	Job **link;

	if (*count_of(newcomer) < (newcomer->lane != NULL ? VA_DOOR_STRANGERS : VA_DOOR_WAITING))
		return true;
	for (Share *share = first_share; share != NULL; share = share->next)
		if (count_of(share) == count_of(newcomer) && share->queues[0].first != NULL &&
			(most == NULL || share->waiting > most->waiting))
			most = share;
	if (most == NULL || most->waiting <= newcomer->waiting + 1)
		return false;
	for (link = &most->queues[0].first; (*link)->next != NULL;)
		link = &(*link)->next;
	give_up(take_from(most, &most->queues[0], link));
	return true;
}

/* NULL: a tenant's own. */
static Account *
lane_of(const VaDoorAsk *ask)
{
	bool login = strcmp(ask->kind, "rpc") == 0 &&
				 (strcmp(ask->subject, "login") == 0 || strcmp(ask->subject, "staff_login") == 0);

	return ask->caller->whose > 0 ? NULL : login ? &logins : &visits;
}

bool
va_door_ask(const VaDoorAsk *ask, VaDenial *denial)
{
	Share *share = share_of(ask->caller->whose, lane_of(ask));
	Queue *queue;
	Job *job;

	if (share->waiting >= VA_DOOR_WAITING_OF_ONE)
	{
		*denial = (VaDenial){ 429, "PT429",
			share->lane != NULL ? "too many requests of this network at once"
								: "too many requests of this tenant at once",
			"100 of them wait.", "Send the request again when one of the others has been answered." };
		return false;
	}
	if (!make_room(share))
	{
		*denial = (VaDenial){ 503, "53400", "too many requests wait", NULL, "Send the request again in a moment." };
		return false;
	}
	job = make_job(ask, share);
	queue = &share->queues[ask->behind_others ? 1 : 0];
	*queue->last = job;
	queue->last = &job->next;
	share->waiting++;
	(*count_of(share))++;
	return true;
}

static void
move_back(Share *share)
{
	Share **link = &first_share;

	while (*link != share)
		link = &(*link)->next;
	*link = share->next;
	share->next = NULL;
	while (*link != NULL)
		link = &(*link)->next;
	*link = share;
}

/* ----- a turn ----- */

static void
charge(Account *account, int64 us)
{
	account->running--;
	va_use(&account->used, us, VA_DOOR_REMEMBERED_US, GetCurrentTimestamp());
}

static void
finish(Server *server, const VaField *answer)
{
	Job *job = server->job;
	int64 us = GetCurrentTimestamp() - server->since;

	server->job = NULL;
	charge(&job->share->own, us);
	if (job->share->lane != NULL)
		charge(job->share->lane, us);
	if (answer != NULL && job->key != 0)
		va_note_key(job->key, strtoll(answer[VA_TELL_TENANT].bytes, NULL, 10));
	job->answered(job->request, answer);
	free_job(job);
}

static void
take_answers(void)
{
	VaField answer[VA_TELL_FIELDS];

	for (int i = 0; i < (int) lengthof(servers); i++)
	{
		Server *server = &servers[i];

		if (server->used && va_link_message(&server->link, answer))
		{
			if (server->job != NULL)
				finish(server, answer);
			va_link_done(&server->link);
		}
		else if (server->job != NULL && !server->link.open)
			finish(server, NULL);
	}
}

static bool
send_job(Server *server, Job *job)
{
	VaField fields[VA_ASK_FIELDS];
	const char *type = va_httpd_header(job->request, "content-type");
	const char *accept = va_httpd_header(job->request, "accept");
	char session[32];

	snprintf(session, sizeof(session), INT64_FORMAT, job->session);
	for (int i = 0; i < VA_ASK_FIELDS; i++)
	{
		const char *text = i == VA_ASK_METHOD	 ? job->request->method
						   : i == VA_ASK_PATH	 ? job->request->path
						   : i == VA_ASK_QUERY	 ? job->request->query
						   : i == VA_ASK_TYPE	 ? (job->texts[i] != NULL ? job->texts[i] : type)
						   : i == VA_ASK_ACCEPT	 ? accept
						   : i == VA_ASK_SESSION ? session
												 : job->texts[i];

		fields[i] = (VaField){ text != NULL ? text : "", text != NULL ? strlen(text) : 0 };
	}
	if (job->texts[VA_ASK_BODY] == NULL)
		fields[VA_ASK_BODY] = (VaField){ job->request->body, job->request->body_len };
	return va_link_send(&server->link, fields, VA_ASK_FIELDS);
}

static bool
used_much(const Share *share, TimestampTz now)
{
	return used_by(&share->own, now) > (share->lane != NULL ? VA_DOOR_MUCH_OF_NETWORK_US : VA_DOOR_MUCH_US);
}

static Rank
rank_of(const Share *share, bool behind, TimestampTz now)
{
	return used_much(share, now) ? HEAVY : share->lane != NULL ? STRANGERS : behind ? BEHIND : PROVEN;
}

/* Each leaves a process to the others, and so do all that used much; strangers have one at most. */
static bool
may_run(const Share *share, Rank rank, int open, TimestampTz now)
{
	int most = Max(open - 1, 1);
	int heavy = 0;

	for (int i = 0; i < (int) lengthof(servers); i++)
		heavy += servers[i].job != NULL && used_much(servers[i].job->share, now);
	if (share->lane != NULL && logins.running + visits.running > 0)
		return false;
	return share->own.running < most && (rank != HEAVY || heavy < most);
}

/* The request whose turn it is.  Every other turn goes to the longest waiting, so that none waits for ever. */
static Job *
next_job(int open, Share **whose)
{
	static bool was_first = false;
	TimestampTz now = GetCurrentTimestamp();
	int64 best = PG_INT64_MAX;
	Queue *found = NULL;

	for (Share *share = first_share; share != NULL; share = share->next)
		for (int i = 0; share->waiting > 0 && i < (int) lengthof(share->queues); i++)
		{
			Job *job = share->queues[i].first;
			Rank rank = rank_of(share, i == 1, now);
			int64 place;

			if (job == NULL || !may_run(share, rank, open, now))
				continue;
			place = rank * RANK_US + (rank == STRANGERS ? used_by(share->lane, now) * MOST_US : 0) +
					(rank == STRANGERS || rank == HEAVY ? used_by(&share->own, now) : 0);
			if (was_first && rank != PROVEN && TimestampDifferenceExceeds(job->since, now, VA_DOOR_BEHIND_MS))
				place -= (HEAVY + 1) * RANK_US;
			if (place >= best)
				continue;
			best = place;
			*whose = share;
			found = &share->queues[i];
		}
	was_first = found != NULL && best >= 0 && best < RANK_US;
	return found != NULL ? take_from(*whose, found, &found->first) : NULL;
}

static void
hand_on(void)
{
	int open = 0;

	for (int i = 0; i < (int) lengthof(servers); i++)
		open += servers[i].used && servers[i].link.open;
	for (int i = 0; i < (int) lengthof(servers); i++)
	{
		Server *server = &servers[i];
		Share *share = NULL;
		Job *job;

		while (server->used && server->link.open && server->job == NULL && (job = next_job(open, &share)) != NULL)
		{
			share->own.running++;
			if (share->lane != NULL)
				share->lane->running++;
			server->job = job;
			server->since = GetCurrentTimestamp();
			move_back(share);
			if (!va_httpd_alive(job->request) || !send_job(server, job))
				finish(server, NULL);
		}
	}
}

/* Until it is forgotten what it used. */
static bool
is_idle(const Share *share, TimestampTz now)
{
	return share->waiting == 0 && share->own.running == 0 && va_used(&share->own.used, now) == 0;
}

/* Those at the heads of the queues have waited longest. */
static TimestampTz
give_up_old(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = DT_NOEND;
	Share **link = &first_share;
	Share *share;

	for (share = first_share; share != NULL; share = share->next)
		for (int i = 0; i < (int) lengthof(share->queues); i++)
		{
			Queue *queue = &share->queues[i];

			while (queue->first != NULL && TimestampDifferenceExceeds(queue->first->since, now, VA_DOOR_WAIT_MS))
				give_up(take_from(share, queue, &queue->first));
			if (queue->first != NULL)
				next = Min(next, TimestampTzPlusMilliseconds(queue->first->since, VA_DOOR_WAIT_MS + 1));
		}
	while ((share = *link) != NULL)
		if (is_idle(share, now))
		{
			*link = share->next;
			pfree(share);
		}
		else
			link = &share->next;
	return next;
}

TimestampTz
va_door_turn(void)
{
	take_answers();
	hand_on();
	return give_up_old();
}
