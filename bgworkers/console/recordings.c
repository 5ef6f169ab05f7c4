/*-------------------------------------------------------------------------
 * recordings.c
 *		The recordings of calls (contract in console.h).
 *
 * No locks.  Callbacks of the HTTP client only queue; a turn answers.
 */
#include "postgres.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "utils/timestamp.h"

#include "console.h"
#include "http/client.h"

/* Our memory that its fetches may take: so many at a time, each at most VA_RECORDING_MAX; a tenant has its share. */
#define FETCHES_MAX 4
/* Where all are taken, the tenant that has used them for so much longer gives one to a tenant that has none. */
#define LONGER_US (5 * USECS_PER_SEC)
#define REMEMBERED_US (60 * USECS_PER_SEC)
#define LOOK_MS 500
/* Tenants are distinguished by what they used. */
#define USERS 1024
/* Requests of one tenant that wait for a fetch, and those of one address, for which one fetch is made; one more is 429. */
#define WAITING_OF_TENANT 16
#define WAITING_OF_ADDRESS 4
#define FETCH_MS 40000
#define REDIRECTS_MAX 3
#define KEPT_MAX 8
#define KEPT_MS (10 * 60 * 1000)
/* Nothing of it is copied by a base backup, and it has no name. */
#define FILE_NAME "pgsql_tmp.recording.XXXXXX"

typedef struct Fetch
{
	struct Fetch *next;
	VaHttpdRequest *request;
	char *asked; /* the address by which it is kept */
	int64 whose;
	bool asks;		   /* the others of its address wait with it */
	char *lines;	   /* by which it is asked for, until it begins */
	TimestampTz since; /* when it began */
	bool ended;		   /* for another tenant's */
	int redirects;
	VaHttpResult *result; /* that has come; NULL: it is under way */
} Fetch;

typedef struct Kept
{
	char *asked; /* NULL: the place is free */
	int64 whose;
	char type[80];
	int file;
	uint64 size;
	TimestampTz until;
} Kept;

static VaWorker *our_worker = NULL;
static VaHttp *http = NULL;
static Fetch *fetches = NULL;
static Kept kept[KEPT_MAX];
static VaUsed users[USERS];

static void
refuse(VaHttpdRequest *request, int status, const char *code, const char *message, const char *details)
{
	va_deny(request, &(VaDenial){ status, code, message, details, NULL });
}

/* They may have credentials. */
static void
forget_lines(Fetch *fetch)
{
	if (fetch->lines == NULL)
		return;
	explicit_bzero(fetch->lines, strlen(fetch->lines));
	free(fetch->lines);
	fetch->lines = NULL;
}

static void
drop_fetch(Fetch *fetch)
{
	Fetch **link = &fetches;

	while (*link != fetch)
		link = &(*link)->next;
	*link = fetch->next;
	if (fetch->since != 0)
		va_use(
			&users[fetch->whose % USERS], GetCurrentTimestamp() - fetch->since, REMEMBERED_US, GetCurrentTimestamp());
	if (fetch->result != NULL)
		va_http_result_free(fetch->result);
	forget_lines(fetch);
	free(fetch->asked);
	free(fetch);
}

/* ----- what is kept ----- */

static void
forget(Kept *one)
{
	if (one->asked == NULL)
		return;
	(void) close(one->file);
	free(one->asked);
	memset(one, 0, sizeof(*one));
}

static void
send_kept(VaHttpdRequest *request, const Kept *one)
{
	int file = dup(one->file);

	if (file < 0)
		refuse(request, 503, "53000", "too many files are open", NULL);
	else
		va_send_file(request, file, one->size, one->type, "inline");
}

static Kept *
find_kept(const char *asked)
{
	for (int i = 0; i < KEPT_MAX; i++)
		if (kept[i].asked != NULL && strcmp(kept[i].asked, asked) == 0)
			return &kept[i];
	return NULL;
}

/* Carriers that do not name a type send one of these two. */
static const char *
type_of(const VaHttpResult *result)
{
	if (pg_strncasecmp(result->content_type, "audio/", strlen("audio/")) == 0)
		return result->content_type;
	if (result->body_len > 12 && memcmp(result->body, "RIFF", 4) == 0 && memcmp(result->body + 8, "WAVE", 4) == 0)
		return "audio/wav";
	if (result->body_len > 3 && (memcmp(result->body, "ID3", 3) == 0 ||
									((unsigned char) result->body[0] == 0xFF && (result->body[1] & 0xE0) == 0xE0)))
		return "audio/mpeg";
	return NULL;
}

static bool
write_file(int file, const char *bytes, size_t len)
{
	while (len > 0)
	{
		ssize_t n = write(file, bytes, len);

		if (n <= 0)
			return false;
		bytes += n;
		len -= n;
	}
	return true;
}

static int
n_kept(int64 whose)
{
	int n = 0;

	for (int i = 0; i < KEPT_MAX; i++)
		n += kept[i].asked != NULL && kept[i].whose == whose;
	return n;
}

/* In the place that is free, or else of the oldest of whom most are kept; NULL when it cannot be written. */
static Kept *
keep(const Fetch *fetch, const VaHttpResult *result, const char *type)
{
	char name[] = FILE_NAME;
	Kept *one = &kept[0];

	for (int i = 1; i < KEPT_MAX && one->asked != NULL; i++)
	{
		int more = kept[i].asked == NULL ? 1 : n_kept(kept[i].whose) - n_kept(one->whose);

		if (more > 0 || (more == 0 && kept[i].until < one->until))
			one = &kept[i];
	}
	forget(one);
	one->file = mkstemp(name);
	if (one->file < 0)
		return NULL;
	(void) unlink(name);
	(void) fcntl(one->file, F_SETFD, FD_CLOEXEC);
	one->asked = strdup(fetch->asked);
	one->whose = fetch->whose;
	if (one->asked == NULL || !write_file(one->file, result->body, result->body_len))
	{
		(void) close(one->file);
		free(one->asked);
		one->asked = NULL;
		return NULL;
	}
	one->size = result->body_len;
	one->until = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), KEPT_MS);
	strlcpy(one->type, type, sizeof(one->type));
	return one;
}

/* ----- the fetch ----- */

static void
note_result(void *ctx, VaHttpResult *result)
{
	((Fetch *) ctx)->result = result;
}

#define HEADERS_MAX 8

static bool
submit(Fetch *fetch, const char *url, const char *const *headers, int nheaders, bool private_host)
{
	char why[200];
	VaHttpClientRequest call = { .method = "GET",
		.url = url,
		.headers = headers,
		.nheaders = nheaders,
		.timeout_ms = FETCH_MS,
		.binary = true,
		.urgent = true, /* its places are counted here */
		.allow_loopback = private_host,
		.allow_private = private_host };

	return va_http_submit(http, &call, note_result, fetch, why, sizeof(why));
}

/* Requests that wait for recordings of a tenant; of one address, unless that is NULL. */
static int
n_waiting(int64 whose, const char *asked)
{
	int n = 0;

	for (const Fetch *fetch = fetches; fetch != NULL; fetch = fetch->next)
		n += fetch->whose == whose && (asked == NULL || strcmp(fetch->asked, asked) == 0);
	return n;
}

/* Takes a request in for what the lines of recording_request.c say. */
static void
ask_fetch(VaHttpdRequest *request, int64 whose, const char *lines)
{
	/* No other account gets the same. */
	char *asked = psprintf(INT64_FORMAT " %.*s", whose, (int) strcspn(lines + 2, "\n"), lines + 2);
	int of_address = n_waiting(whose, asked);
	Kept *one = find_kept(asked);
	Fetch *fetch;

	if (one != NULL)
	{
		send_kept(request, one);
		return;
	}
	if (of_address >= WAITING_OF_ADDRESS || n_waiting(whose, NULL) >= WAITING_OF_TENANT)
	{
		refuse(request, 429, "PT429", "too many recordings of this tenant are being fetched", NULL);
		return;
	}
	fetch = calloc(1, sizeof(Fetch));
	if (fetch == NULL || (fetch->asked = strdup(asked)) == NULL || (fetch->lines = strdup(lines)) == NULL)
	{
		if (fetch != NULL)
			free(fetch->asked);
		free(fetch);
		refuse(request, 503, "53000", "out of memory", NULL);
		return;
	}
	fetch->request = request;
	fetch->whose = whose;
	fetch->asks = of_address == 0;
	fetch->next = fetches;
	fetches = fetch;
}

static void answer_fetch(Fetch *fetch);

/* The lines are cut in place. */
static void
begin_fetch(Fetch *fetch)
{
	const char *headers[HEADERS_MAX];
	size_t len = strlen(fetch->lines);
	char *rest = fetch->lines + 2;
	char *url = strsep(&rest, "\n");
	bool begun;
	int n = 0;

	while (rest != NULL && n < HEADERS_MAX)
		headers[n++] = strsep(&rest, "\n");
	fetch->since = GetCurrentTimestamp();
	begun = submit(fetch, url, headers, n, fetch->lines[0] == '1');
	explicit_bzero(fetch->lines, len);
	forget_lines(fetch);
	if (!begun)
		answer_fetch(fetch);
}

/* ----- whose turn it is ----- */

static bool
is_running(const Fetch *fetch)
{
	return fetch->since != 0 && fetch->result == NULL;
}

static int64
used_by(int64 whose, TimestampTz now)
{
	int64 used = va_used(&users[whose % USERS], now);

	for (const Fetch *fetch = fetches; fetch != NULL; fetch = fetch->next)
		used += fetch->whose == whose && is_running(fetch) ? now - fetch->since : 0;
	return used;
}

/* The longest of the tenant that used most is ended for another, unless they used nearly the same. */
static bool
end_another(int64 used, TimestampTz now)
{
	Fetch *most = NULL;

	for (Fetch *fetch = fetches; fetch != NULL; fetch = fetch->next)
		if (is_running(fetch) && (most == NULL || used_by(fetch->whose, now) >= used_by(most->whose, now)))
			most = fetch;
	if (most == NULL || used_by(most->whose, now) < used + LONGER_US)
		return false;
	most->ended = true;
	va_http_cancel(http, most);
	return true;
}

/* How many more its tenant may have; *own: those that it has. */
static int
left_of(int64 whose, int *own)
{
	int others = 0;

	*own = 0;
	for (const Fetch *each = fetches; each != NULL; each = each->next)
	{
		*own += is_running(each) && each->whose == whose;
		others += is_running(each) && each->whose != whose;
	}
	return va_share_left(FETCHES_MAX, *own, others);
}

/* The oldest of the tenant that used least; false: none may begin. */
static bool
begin_next(TimestampTz now)
{
	Fetch *next = NULL;
	int64 least = PG_INT64_MAX;
	int own;

	for (Fetch *fetch = fetches; fetch != NULL; fetch = fetch->next)
	{
		int64 used = used_by(fetch->whose, now);

		if (!fetch->asks || fetch->since != 0 || used > least || (left_of(fetch->whose, &own) == 0 && own > 0))
			continue;
		next = fetch;
		least = used;
	}
	if (next == NULL || (left_of(next->whose, &own) == 0 && !end_another(least, now)))
		return false;
	begin_fetch(next);
	return true;
}

static void
note_answer(VaHttpdRequest *request, const VaField *answer)
{
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;
	char *lines;

	if (answer == NULL || status != 200 || answer[VA_TELL_BODY].len < 3)
	{
		va_httpd_reply(request, status == 200 ? 503 : status, answer != NULL ? answer[VA_TELL_TYPE].bytes : NULL, NULL,
			0, answer != NULL ? answer[VA_TELL_BODY].bytes : "", answer != NULL ? answer[VA_TELL_BODY].len : 0);
		return;
	}
	lines = unconstify(char *, answer[VA_TELL_BODY].bytes);
	ask_fetch(request, strtoll(request->path + strlen(VA_RECORDINGS), NULL, 10), lines);
	explicit_bzero(lines, answer[VA_TELL_BODY].len);
}

/* True: it goes on, at another address. */
static bool
is_redirected(Fetch *fetch)
{
	VaHttpResult *result = fetch->result;
	int status = result->status;
	bool goes_on;

	if ((status != 301 && status != 302 && status != 303 && status != 307 && status != 308) ||
		fetch->redirects++ >= REDIRECTS_MAX || pg_strncasecmp(result->location, "http", strlen("http")) != 0)
		return false;
	fetch->result = NULL;
	/* A server that may be in our own network names no other that may, and no other server gets credentials. */
	goes_on = submit(fetch, result->location, NULL, 0, false);
	if (goes_on)
		va_http_result_free(result);
	else
		fetch->result = result;
	return goes_on;
}

/* result is NULL where its address is none. */
static void
answer_one(VaHttpdRequest *request, bool ended, const VaHttpResult *result, const char *type, const Kept *one)
{
	if (ended)
		va_deny(request, &(VaDenial){ 503, "53400", "the recording took too long while others waited", NULL,
							 "Send the request again in a moment." });
	else if (result == NULL || result->outcome != VA_HTTP_OK || result->status != 200)
		refuse(request, 502, "PT502", "the recording could not be fetched",
			result == NULL					? "Its address is none."
			: result->outcome == VA_HTTP_OK ? psprintf("The carrier answered %d.", result->status)
											: "The carrier did not answer, or the recording is too large.");
	else if (type == NULL)
		refuse(request, 502, "PT502", "what the carrier keeps is no recording", NULL);
	else if (one == NULL)
		refuse(request, 503, "53100", "the recording could not be kept", NULL);
	else
		send_kept(request, one);
}

/* All that wait for its address. */
static void
answer_fetch(Fetch *fetch)
{
	VaHttpResult *result = fetch->result;
	const char *type = result != NULL && result->outcome == VA_HTTP_OK && result->status == 200 ? type_of(result)
																								: NULL;
	Kept *one = type != NULL ? keep(fetch, result, type) : NULL;
	char *asked = pstrdup(fetch->asked);
	bool ended = fetch->ended;
	Fetch *following;

	fetch->result = NULL;
	for (Fetch *each = fetches; each != NULL; each = following)
	{
		following = each->next;
		if (strcmp(each->asked, asked) != 0)
			continue;
		answer_one(each->request, ended, result, type, one);
		drop_fetch(each);
	}
	if (result != NULL)
		va_http_result_free(result);
}

static void
note_io(void *arg)
{
	va_loop_note_io(arg);
}

/* The client is made when it is first needed. */
static void
make_client(void)
{
	char reason[200];
	VaHttpOptions options = { .max_in_flight = FETCHES_MAX,
		.max_response_bytes = VA_RECORDING_MAX,
		.timeout_ms = FETCH_MS,
		.connect_timeout_ms = va_guc_http_connect_timeout_ms,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = our_worker->loop };

	http = va_http_create(va_loop_uv(our_worker->loop), &options, reason, sizeof(reason));
	if (http == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", reason)));
}

void
va_recording(VaHttpdRequest *request, const VaCaller *caller)
{
	VaDenial denial;
	VaDoorAsk question = { "recording", request, caller, request->path + strlen(VA_RECORDINGS), note_answer, NULL,
		false };

	if (http == NULL)
		make_client();
	if (!va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

/* ----- the task's part ----- */

void
va_recordings_open(VaWorker *worker)
{
	our_worker = worker;
}

void
va_recordings_close(void)
{
	if (http != NULL)
		va_http_destroy(http);
	http = NULL;
	while (fetches != NULL)
		drop_fetch(fetches);
	for (int i = 0; i < KEPT_MAX; i++)
		forget(&kept[i]);
}

TimestampTz
va_recordings_turn(void)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz next = DT_NOEND;
	Fetch *fetch;

	while (begin_next(now))
		;
	for (fetch = fetches; fetch != NULL;)
		if (fetch->result != NULL && !is_redirected(fetch))
		{
			answer_fetch(fetch);
			fetch = fetches;
		}
		else
			fetch = fetch->next;
	for (fetch = fetches; fetch != NULL; fetch = fetch->next)
		if (fetch->asks && fetch->since == 0)
			next = TimestampTzPlusMilliseconds(now, LOOK_MS);
	for (int i = 0; i < KEPT_MAX; i++)
		if (kept[i].asked != NULL && kept[i].until <= now)
			forget(&kept[i]);
		else if (kept[i].asked != NULL)
			next = Min(next, kept[i].until);
	return next;
}
