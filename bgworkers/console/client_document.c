/*-------------------------------------------------------------------------
 * client_document.c
 *		Fetches for a request (contract in console.h).
 *
 * No locks.  Callbacks of the HTTP client only queue; a turn answers.
 */
#include "postgres.h"

#include <stdlib.h>

#include "mb/pg_wchar.h"

#include "console.h"
#include "http/client.h"

/*
 * At a time.  Nothing is proved yet, so one slow server must not cost the others: providers and programs have places
 * of their own, one server few of them, and of these each network its share.
 */
#define FETCHES_MAX 64
#define FETCHES_OF_SERVER 4
#define SERVER_MAX 256
#define FETCH_MS 5000

typedef struct Fetch
{
	struct Fetch *next;
	VaHttpdRequest *request;
	int64 whose;
	bool program;			 /* it is a program's document; else a step at a provider */
	char server[SERVER_MAX]; /* the tenant whose provider it is; a program's host */
	size_t longest;
	char *carry;
	void (*found)(VaHttpdRequest *request, const char *document, const char *carry);
	VaHttpResult *result; /* that has come; NULL: it is under way */
} Fetch;

static VaWorker *our_worker = NULL;
static VaHttp *http = NULL;
static Fetch *fetches = NULL;

static void
note_io(void *arg)
{
	va_loop_note_io(arg);
}

static void
note_result(void *ctx, VaHttpResult *result)
{
	((Fetch *) ctx)->result = result;
}

/* The client is made when it is first needed. */
static void
make_client(void)
{
	char why[200];
	VaHttpOptions options = { .max_in_flight = 2 * FETCHES_MAX,
		.max_response_bytes = VA_DOCUMENT_MAX,
		.timeout_ms = FETCH_MS,
		.connect_timeout_ms = FETCH_MS,
		.user_agent = "voiceagent",
		.note_io = note_io,
		.note_io_arg = our_worker->loop };

	http = va_http_create(va_loop_uv(our_worker->loop), &options, why, sizeof(why));
	if (http == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an HTTP client: %s", why)));
}

/* The start of a tenant's path, or the host of an address. */
static void
read_server(const char *url, const char *provider, char *server)
{
	const char *from = provider != NULL ? provider : strstr(url, "//");

	from = from == NULL ? url : from + strspn(from, "/");
	strlcpy(server, from, Min(strcspn(from, "/?#") + 1, SERVER_MAX));
	for (; *server != '\0'; server++)
		*server = pg_ascii_tolower(*server);
}

static bool
has_room(const char *server, bool program, int64 whose)
{
	int kind = 0;
	int kind_own = 0;
	int here = 0;
	int here_own = 0;

	for (const Fetch *fetch = fetches; fetch != NULL; fetch = fetch->next)
	{
		bool same = fetch->program == program && strcmp(fetch->server, server) == 0;
		bool own = fetch->whose == whose;

		kind += fetch->program == program;
		kind_own += fetch->program == program && own;
		here += same;
		here_own += same && own;
	}
	/* Programs can have as many hosts as they like, so networks share all of their places as well. */
	return kind < FETCHES_MAX && va_share_left(FETCHES_OF_SERVER, here_own, here - here_own) > 0 &&
		   (!program || va_share_left(FETCHES_MAX, kind_own, kind - kind_own) > 0);
}

bool
va_document_is_free(const VaCaller *caller, const char *provider)
{
	char server[SERVER_MAX];

	read_server("", provider, server);
	return has_room(server, false, caller->whose);
}

void
va_deny_document(VaHttpdRequest *request)
{
	va_deny(request, &(VaDenial){ 503, "53400", "too many programs are being looked up", NULL,
						 "Send the request again in a moment." });
}

/* It may have what a provider gave for its eyes and ours. */
static void
free_fetch(Fetch *fetch)
{
	if (fetch->result != NULL)
		va_http_result_free(fetch->result);
	if (fetch->carry != NULL)
		explicit_bzero(fetch->carry, strlen(fetch->carry));
	free(fetch->carry);
	free(fetch);
}

static bool
submit(Fetch *fetch, const VaDocumentAsk *ask)
{
	const char *headers[3] = { "accept: application/json", ask->authorization };
	VaHttpClientRequest call = { .method = ask->form != NULL ? "POST" : "GET",
		.url = ask->url,
		.headers = headers,
		.nheaders = ask->authorization != NULL ? 2 : 1,
		.body = ask->form,
		.body_len = ask->form != NULL ? strlen(ask->form) : 0,
		.timeout_ms = FETCH_MS,
		.allow_loopback = ask->private_host,
		.allow_private = ask->private_host };
	char why[200];

	if (ask->form != NULL)
		headers[call.nheaders++] = "content-type: application/x-www-form-urlencoded";
	return va_http_submit(http, &call, note_result, fetch, why, sizeof(why));
}

void
va_client_document(VaHttpdRequest *request, const VaCaller *caller, const VaDocumentAsk *ask)
{
	Fetch *fetch;
	char server[SERVER_MAX];

	if (http == NULL)
		make_client();
	read_server(ask->url, ask->provider, server);
	fetch = has_room(server, ask->provider == NULL, caller->whose) ? calloc(1, sizeof(Fetch)) : NULL;
	if (fetch == NULL || (fetch->carry = strdup(ask->carry)) == NULL)
	{
		free(fetch);
		va_deny_document(request);
		return;
	}
	fetch->program = ask->provider == NULL;
	strcpy(fetch->server, server);
	fetch->request = request;
	fetch->whose = caller->whose;
	fetch->longest = ask->longest;
	fetch->found = ask->found;
	if (!submit(fetch, ask))
	{
		free_fetch(fetch);
		ask->found(request, "", ask->carry);
		return;
	}
	fetch->next = fetches;
	fetches = fetch;
}

/* ----- the task's part ----- */

void
va_client_documents_open(VaWorker *worker)
{
	our_worker = worker;
}

void
va_client_documents_turn(void)
{
	Fetch **link = &fetches;

	while (*link != NULL)
	{
		Fetch *fetch = *link;
		VaHttpResult *result = fetch->result;
		bool good;

		if (result == NULL)
		{
			link = &fetch->next;
			continue;
		}
		*link = fetch->next;
		good = result->outcome == VA_HTTP_OK && result->status == 200 && result->body_len <= fetch->longest &&
			   pg_verify_mbstr(PG_UTF8, result->body, (int) result->body_len, true);
		fetch->found(fetch->request, good ? result->body : "", fetch->carry);
		free_fetch(fetch);
	}
}

void
va_client_documents_close(void)
{
	if (http != NULL)
		va_http_destroy(http);
	http = NULL;
	while (fetches != NULL)
	{
		Fetch *fetch = fetches;

		fetches = fetch->next;
		free_fetch(fetch);
	}
}
