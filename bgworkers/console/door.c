/*-------------------------------------------------------------------------
 * door.c
 *		Requests that wait for a process api (contract in door.h).
 *
 * No locks.  What is queued lives in a memory context of its own; callbacks of
 * the loop only say that there is something to look at.
 */
#include "postgres.h"

#include <unistd.h>

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "door.h"

typedef struct Job
{
	struct Job *next;
	VaHttpdRequest *request;
	void (*answered)(VaHttpdRequest *request, const VaField *answer);
	int64 whose;
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

/* The requests of one tenant. */
typedef struct Share
{
	struct Share *next;
	int64 whose;
	Queue queues[2]; /* the second one is behind all others */
	int waiting;
	int running;
} Share;

/* A process api. */
typedef struct Server
{
	VaLink link;
	bool used;
	Job *job; /* that it works at */
} Server;

static MemoryContext memory = NULL;
static VaLoop *loop = NULL;
static uv_pipe_t listener;
static bool listening = false;
static char path[MAXPGPATH];
static Server servers[VA_API_PROCESSES_MAX + 1];
static Share *first_share = NULL; /* in the order of their turns */
static int waiting = 0;

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

static Share *
share_of(int64 whose)
{
	Share **link = &first_share;

	while (*link != NULL && (*link)->whose != whose)
		link = &(*link)->next;
	if (*link == NULL)
	{
		*link = MemoryContextAllocZero(memory, sizeof(Share));
		(*link)->whose = whose;
		for (int i = 0; i < (int) lengthof((*link)->queues); i++)
			(*link)->queues[i].last = &(*link)->queues[i].first;
	}
	return *link;
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
make_job(const VaDoorAsk *ask)
{
	Job *job = MemoryContextAllocZero(memory, sizeof(Job));

	job->request = ask->request;
	job->answered = ask->answered;
	job->whose = ask->caller->whose;
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

bool
va_door_ask(const VaDoorAsk *ask, VaDenial *denial)
{
	Share *share;
	Queue *queue;
	Job *job;

	if (waiting >= VA_DOOR_WAITING)
	{
		*denial = (VaDenial){ 503, "53400", "too many requests wait", NULL, "Send the request again in a moment." };
		return false;
	}
	share = share_of(ask->caller->whose);
	if (share->waiting >= VA_DOOR_WAITING_OF_ONE)
	{
		*denial = (VaDenial){ 429, "PT429", "too many requests of this tenant at once", "100 of them wait.",
			"Send the request again when one of the others has been answered." };
		return false;
	}
	job = make_job(ask);
	queue = &share->queues[ask->behind_others ? 1 : 0];
	*queue->last = job;
	queue->last = &job->next;
	share->waiting++;
	waiting++;
	return true;
}

static Job *
take_first(Share *share, Queue *queue)
{
	Job *job = queue->first;

	queue->first = job->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	job->next = NULL;
	share->waiting--;
	waiting--;
	return job;
}

static void
give_up(Job *job)
{
	job->answered(job->request, NULL);
	free_job(job);
}

/* Behind all others; one that has nothing is forgotten. */
static void
move_back(Share *share)
{
	Share **link = &first_share;

	while (*link != share)
		link = &(*link)->next;
	*link = share->next;
	share->next = NULL;
	if (share->waiting == 0 && share->running == 0)
	{
		pfree(share);
		return;
	}
	while (*link != NULL)
		link = &(*link)->next;
	*link = share;
}

/* ----- a turn ----- */

static void
finish(Server *server, const VaField *answer)
{
	Job *job = server->job;
	Share *share = share_of(job->whose);

	server->job = NULL;
	share->running--;
	if (share->running == 0 && share->waiting == 0)
		move_back(share);
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

/*
 * The request whose turn it is: of the first tenant that has one, and not its share of the processes.  What is behind all
 * others has its turn with them when it has waited long.
 */
static Job *
next_job(int most, Share **whose)
{
	TimestampTz now = GetCurrentTimestamp();

	for (int behind = 0; behind < 2; behind++)
		for (Share *share = first_share; share != NULL; share = share->next)
			for (int i = 0; share->running < most && i < (int) lengthof(share->queues); i++)
			{
				Job *job = share->queues[i].first;

				if (job == NULL || (i > behind && !TimestampDifferenceExceeds(job->since, now, VA_DOOR_BEHIND_MS)))
					continue;
				*whose = share;
				return take_first(share, &share->queues[i]);
			}
	return NULL;
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
		Share *share;
		Job *job;

		while (server->used && server->link.open && server->job == NULL &&
			   (job = next_job(Max(open - 1, 1), &share)) != NULL)
		{
			share->running++;
			server->job = job;
			move_back(share);
			if (!va_httpd_alive(job->request) || !send_job(server, job))
				finish(server, NULL);
		}
	}
}

/* Those at the heads of the queues have waited longest. */
static TimestampTz
give_up_old(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = DT_NOEND;
	Share *following;

	for (Share *share = first_share; share != NULL; share = following)
	{
		following = share->next;
		for (int i = 0; i < (int) lengthof(share->queues); i++)
		{
			Queue *queue = &share->queues[i];

			while (queue->first != NULL && TimestampDifferenceExceeds(queue->first->since, now, VA_DOOR_WAIT_MS))
				give_up(take_first(share, queue));
			if (queue->first != NULL)
				next = Min(next, TimestampTzPlusMilliseconds(queue->first->since, VA_DOOR_WAIT_MS + 1));
		}
		if (share->waiting == 0 && share->running == 0)
			move_back(share);
	}
	return next;
}

TimestampTz
va_door_turn(void)
{
	take_answers();
	hand_on();
	return give_up_old();
}
