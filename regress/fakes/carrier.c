/*
 * A carrier as a process of its own: the sandbox's engine without a server.
 *
 *	.build/carrier --port-file F --witness W [--seed N] [--time-scale N] [--key K] [--webhook-secret S] [faults]
 *
 * --port-file is written when it listens.  --witness is appended to, and synced, before an accepted dial is
 * answered: "MILLISECONDS REFERENCE NUMBER ID REQUEST" per dial, so it survives whatever the crash tests kill, this
 * program too: started again with the same file it goes on with the calls in it.  GET /stats tells what happened so far.  SIGTERM ends it.
 *
 * Faults, in percent of POST /call: --refuse-percent (400), --500-percent, --429-percent, not taken;
 * --drop-after-accept-percent, --garbage-percent (200 and no JSON), --stall-percent (no answer for --stall-ms, default for ever):
 * taken.  --outgoing webhooks F: takes outgoing webhooks too (POST /outgoing webhooks), and appends the id of each to F.
 * --delay-ms: every answer to a dial that late; --unlisted: lists do not have the call before it either.
 * --no-webhooks: none are sent.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <sodium.h>
#include <uv.h>

#include "pure/net/backoff.h"
#include "sandbox/engine.h"

#define BUCKETS 65536

typedef struct Stored
{
	VaSandboxRecord record;
	struct Stored *hash_next;
} Stored;

typedef struct Delayed
{
	uv_timer_t timer;
	VaSandboxAsk ask;
} Delayed;

static struct
{
	int port;
	const char *port_file;
	const char *witness;
	const char *deliveries;
	uint32_t seed;
	double time_scale;
	const char *key;
	const char *webhook_secret;
	int refuse, fail, limit, drop, garbage, stall;
	int stall_ms;
	int delay_ms;
	bool no_webhooks;
	bool unlisted;
} options = {.seed = 42, .time_scale = 3600, .key = "test-key", .webhook_secret = "test-webhook-secret"};

static uv_loop_t *loop;
static VaSandbox *sandbox;
static VaHttpd *httpd;
static FILE *witness;
static FILE *deliveries;
static VaHttpdRequest *queue_first;
static VaHttpdRequest **queue_last = &queue_first;
static Stored **stored; /* in order of creation */
static int nstored, stored_size;
static Stored *buckets[BUCKETS];
static uint64_t dice;
static uint64_t placed, refused;

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "carrier: %s: %s\n", what, why);
	exit(1);
}

static int64_t
now_hook(void *arg)
{
	struct timeval tv;

	gettimeofday(&tv, NULL);
	return (int64_t) tv.tv_sec * 1000 + tv.tv_usec / 1000;
}

static bool
authenticate_hook(void *arg, const char *key, int64_t *tenant_id, int64_t *provider_account_id)
{
	*tenant_id = *provider_account_id = 1;
	return strcmp(key, options.key) == 0;
}

static bool
secret_hook(void *arg, int64_t tenant_id, int64_t provider_account_id, char *out, size_t size)
{
	snprintf(out, size, "%s", options.webhook_secret);
	return true;
}

/* ---- memory ---- */

static unsigned
bucket_of(const char *id)
{
	return (unsigned) strtoul((char[]) {id[0], id[1], id[2], id[3], 0}, NULL, 16) % BUCKETS;
}

static void *
checked(void *memory)
{
	if (memory == NULL)
		die("memory", "out of it");
	return memory;
}

static void
store(const VaSandboxRecord *record)
{
	Stored *copy = checked(calloc(1, sizeof(Stored)));

	if (nstored == stored_size)
	{
		stored_size = stored_size == 0 ? 1024 : stored_size * 2;
		stored = checked(realloc(stored, sizeof(*stored) * (size_t) stored_size));
	}
	copy->record = *record;
	copy->record.reference = checked(strdup(record->reference));
	copy->record.number = checked(strdup(record->number));
	copy->record.request = checked(strdup(record->request));
	copy->hash_next = buckets[bucket_of(record->id)];
	buckets[bucket_of(record->id)] = copy;
	stored[nstored++] = copy;
}

static Stored *
find(const char *id)
{
	Stored *one = buckets[bucket_of(id)];

	while (one != NULL && strcmp(one->record.id, id) != 0)
		one = one->hash_next;
	return one;
}

/* ---- answers ---- */

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void
on_delayed(uv_timer_t *timer)
{
	Delayed *delayed = timer->data;

	va_sandbox_placed(sandbox, &delayed->ask);
	uv_close((uv_handle_t *) timer, on_closed);
}

static void
answer_later(const VaSandboxAsk *ask, int ms)
{
	Delayed *delayed = checked(calloc(1, sizeof(Delayed)));

	delayed->ask = *ask;
	uv_timer_init(loop, &delayed->timer);
	delayed->timer.data = delayed;
	uv_update_time(loop);
	uv_timer_start(&delayed->timer, on_delayed, (uint64_t) ms, 0);
}

static bool
rolls(int percent)
{
	dice = va_mix64(dice + 0x9e3779b97f4a7c15ULL);
	return percent > 0 && (int) (dice % 100) < percent;
}

static void
answer_placed(VaSandboxAsk *ask)
{
	if (rolls(options.drop))
	{
		va_httpd_abandon(ask->request);
		ask->request = NULL;
	}
	else if (rolls(options.garbage))
	{
		va_httpd_reply(ask->request, 200, "text/html", NULL, 0, "<html>it works", 14);
		ask->request = NULL;
	}
	else if (rolls(options.stall))
	{
		VaSandboxAsk silent = *ask;

		/* The call goes on; its answer does not come, or comes late. */
		if (options.stall_ms > 0)
		{
			answer_later(ask, options.stall_ms);
			return;
		}
		silent.request = NULL;
		va_sandbox_placed(sandbox, &silent);
		return;
	}
	if (options.delay_ms > 0)
		answer_later(ask, options.delay_ms);
	else
		va_sandbox_placed(sandbox, ask);
}

/* True when it was refused, before anything was looked at. */
static bool
refuse(VaHttpdRequest *request)
{
	static const char *const later[] = {"Retry-After: 1"};
	int status = rolls(options.refuse) ? 400 : rolls(options.fail) ? 500 : rolls(options.limit) ? 429 : 0;
	static const char body[] = "{\"statusCode\":0,\"message\":\"refused by the test\",\"error\":\"fault\"}";

	if (status == 0 || strcmp(request->method, "POST") != 0 || strcmp(request->path, "/call") != 0)
		return false;
	va_httpd_reply(request, status, "application/json", later, status == 429, body, sizeof(body) - 1);
	refused++;
	return true;
}

static void
fetch(VaSandboxAsk *ask)
{
	Stored *one = find(ask->id);
	VaSandboxCall *call = ask->call != NULL || one == NULL ? NULL : va_sandbox_load(&one->record);

	if (ask->call != NULL || call != NULL)
		va_sandbox_answer_call(sandbox, ask, ask->call != NULL ? ask->call : call);
	else
		va_sandbox_refuse(ask, 404, "There is no call of this id");
	va_sandbox_free(call);
}

static void
list(VaSandboxAsk *ask)
{
	VaSandboxCall **calls = checked(calloc((size_t) ask->limit + 1, sizeof(*calls)));
	int64_t listed = now_hook(NULL) - (options.unlisted ? options.delay_ms : 0);
	int n = 0;

	for (int i = nstored - 1; i >= 0 && n < ask->limit; i--)
		if (stored[i]->record.created_at >= ask->from && stored[i]->record.created_at <= ask->to &&
			stored[i]->record.created_at <= listed)
			calls[n++] = checked(va_sandbox_load(&stored[i]->record));
	va_sandbox_answer_list(sandbox, ask, calls, n);
	while (n > 0)
		va_sandbox_free(calls[--n]);
	free(calls);
}

static void
hang_up(VaSandboxAsk *ask)
{
	if (va_sandbox_hang_up(sandbox, ask->call))
		find(ask->call->record.id)->record.hung_up_at = ask->call->record.hung_up_at;
	va_sandbox_done(ask);
}

static void
stats(VaHttpdRequest *request)
{
	const VaSandboxCounts *counts = &sandbox->counts;
	char body[300];
	int n = snprintf(body, sizeof(body),
					 "{\"placed\":%llu,\"refused\":%llu,\"live\":%d,\"webhooks_sent\":%llu,\"webhooks_acknowledged\":%llu,\"webhooks_given_up\":%llu}",
					 (unsigned long long) placed, (unsigned long long) refused, counts->live,
					 (unsigned long long) counts->sent, (unsigned long long) counts->acknowledged,
					 (unsigned long long) counts->given_up);

	va_httpd_reply(request, 200, "application/json", NULL, 0, body, (size_t) n);
}

static void
take_delivery(VaHttpdRequest *request)
{
	const char *id = va_httpd_header(request, "webhook-id");

	if (deliveries != NULL)
	{
		fprintf(deliveries, "%s\n", id == NULL ? "" : id);
		fflush(deliveries);
	}
	va_httpd_reply(request, 204, NULL, NULL, 0, "", 0);
}

/* ---- requests, many to one sync ---- */

static void
on_request(void *ctx, VaHttpdRequest *request)
{
	request->next = NULL;
	*queue_last = request;
	queue_last = &request->next;
}

static void
take(VaSandboxAsk *ask)
{
	VaSandboxRecord *record = &ask->call->record;

	record->seed = options.seed;
	record->time_scale = options.time_scale;
	record->created_at = now_hook(NULL);
	store(record);
	placed++;
	if (witness != NULL)
		fprintf(witness, "%lld %s %s %s %s\n", (long long) record->created_at, record->reference, record->number, record->id,
				record->request);
}

static void
free_finished(void)
{
	VaSandboxCall *call = va_sandbox_take_finished(sandbox);

	while (call != NULL)
	{
		VaSandboxCall *next = call->next;

		va_sandbox_free(call);
		call = next;
	}
}

static void
on_check(uv_check_t *check)
{
	VaSandboxAsk *asks = NULL;
	int n = 0, size = 0;

	free_finished();
	while (queue_first != NULL)
	{
		VaHttpdRequest *request = queue_first;
		VaSandboxAsk ask;

		queue_first = request->next;
		if (queue_first == NULL)
			queue_last = &queue_first;
		if (strcmp(request->path, "/stats") == 0)
		{
			stats(request);
			continue;
		}
		if (strcmp(request->path, "/deliveries") == 0)
		{
			take_delivery(request);
			continue;
		}
		if (refuse(request))
			continue;
		va_sandbox_read(sandbox, request, &ask);
		if (ask.kind == VA_ASK_FETCH)
			fetch(&ask);
		else if (ask.kind == VA_ASK_LIST)
			list(&ask);
		else if (ask.kind == VA_ASK_HANG_UP)
			hang_up(&ask);
		else if (ask.kind == VA_ASK_COMMAND)
		{
			const char *why;
			int status = va_sandbox_command(sandbox, ask.call, ask.command, &why);

			if (status == 200)
				va_sandbox_done(&ask);
			else
				va_sandbox_refuse(&ask, status, why);
		}
		if (ask.kind != VA_ASK_PLACE)
			continue;
		if (n == size)
		{
			size = size == 0 ? 64 : size * 2;
			asks = checked(realloc(asks, sizeof(*asks) * (size_t) size));
		}
		take(&ask);
		asks[n++] = ask;
	}
	if (n > 0 && witness != NULL && (fflush(witness) != 0 || fsync(fileno(witness)) != 0))
		die(options.witness, "cannot be written");
	for (int i = 0; i < n; i++)
		answer_placed(&asks[i]);
	free(asks);
}

static void
on_signal(uv_signal_t *handle, int number)
{
	exit(0);
}

/* ---- start ---- */

/* The calls of a former life, all of them before the first goes on; a line that was not finished was not answered. */
static void
remember(void)
{
	FILE *file = options.witness == NULL ? NULL : fopen(options.witness, "r+");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	off_t whole = 0;
	int n;

	if (file == NULL)
		return;
	while ((length = getline(&line, &size, file)) > 0 && line[length - 1] == '\n')
	{
		VaSandboxRecord record = {.tenant_id = 1, .provider_account_id = 1, .seed = options.seed, .time_scale = options.time_scale};
		char *rest = line, *fields[5];
		int i;

		whole += length;
		line[length - 1] = '\0';
		for (i = 0; i < 5 && rest != NULL; i++)
			fields[i] = i < 4 ? strsep(&rest, " ") : rest;
		if (i < 5 || strlen(fields[3]) != VA_SANDBOX_ID_LEN)
			die(options.witness, "has a line that is none");
		record.created_at = atoll(fields[0]);
		record.reference = fields[1];
		record.number = fields[2];
		strcpy(record.id, fields[3]);
		record.request = fields[4];
		store(&record);
	}
	free(line);
	if (ftruncate(fileno(file), whole) != 0 || fclose(file) != 0)
		die(options.witness, "cannot be cut");
	n = nstored;
	for (int i = 0; i < n; i++)
	{
		VaSandboxCall *call = checked(va_sandbox_load(&stored[i]->record));

		va_sandbox_start(sandbox, call);
	}
}

static void
read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{"port", 1, NULL, 'p'}, {"port-file", 1, NULL, 'f'}, {"witness", 1, NULL, 'w'}, {"deliveries", 1, NULL, 'o'}, {"seed", 1, NULL, 's'},
		{"time-scale", 1, NULL, 't'}, {"key", 1, NULL, 'k'}, {"webhook-secret", 1, NULL, 'h'},
		{"refuse-percent", 1, NULL, '4'}, {"500-percent", 1, NULL, '5'}, {"429-percent", 1, NULL, '9'},
		{"drop-after-accept-percent", 1, NULL, 'd'}, {"garbage-percent", 1, NULL, 'g'},
		{"stall-percent", 1, NULL, 'l'}, {"stall-ms", 1, NULL, 'm'}, {"delay-ms", 1, NULL, 'y'},
		{"no-webhooks", 0, NULL, 'n'}, {"unlisted", 0, NULL, 'u'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
	{
		switch (c)
		{
			case 'p': options.port = atoi(optarg); break;
			case 'f': options.port_file = optarg; break;
			case 'w': options.witness = optarg; break;
			case 'o': options.deliveries = optarg; break;
			case 's': options.seed = (uint32_t) atol(optarg); break;
			case 't': options.time_scale = atof(optarg); break;
			case 'k': options.key = optarg; break;
			case 'h': options.webhook_secret = optarg; break;
			case '4': options.refuse = atoi(optarg); break;
			case '5': options.fail = atoi(optarg); break;
			case '9': options.limit = atoi(optarg); break;
			case 'd': options.drop = atoi(optarg); break;
			case 'g': options.garbage = atoi(optarg); break;
			case 'l': options.stall = atoi(optarg); break;
			case 'm': options.stall_ms = atoi(optarg); break;
			case 'y': options.delay_ms = atoi(optarg); break;
			case 'n': options.no_webhooks = true; break;
			case 'u': options.unlisted = true; break;
			default: exit(2);
		}
	}
}

static void
write_port(void)
{
	char name[4096];
	FILE *file;

	if (options.port_file == NULL)
	{
		printf("%d\n", va_httpd_port(httpd));
		fflush(stdout);
		return;
	}
	/* A process that waits for the file never sees half of it. */
	snprintf(name, sizeof(name), "%s.tmp", options.port_file);
	file = fopen(name, "w");
	if (file == NULL)
		die(name, "cannot be written");
	fprintf(file, "%d\n", va_httpd_port(httpd));
	if (fclose(file) != 0 || rename(name, options.port_file) != 0)
		die(options.port_file, "cannot be written");
}

int
main(int argc, char **argv)
{
	const VaSandboxHooks hooks = {.now = now_hook, .authenticate = authenticate_hook, .webhook_secret = secret_hook};
	const VaHttpOptions http_options = {.max_in_flight = 500, .max_response_bytes = 65536, .timeout_ms = 15000,
		.connect_timeout_ms = 5000, .user_agent = "carrier"};
	VaHttpdOptions httpd_options;
	static uv_check_t check;
	static uv_signal_t on_term;
	char reason[200];
	VaHttp *http;

	if (sodium_init() < 0)
		die("libsodium", "does not start");
	read_options(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	dice = va_mix64(options.seed);
	if (options.witness != NULL && (witness = fopen(options.witness, "a")) == NULL)
		die(options.witness, "cannot be opened");
	if (options.deliveries != NULL && (deliveries = fopen(options.deliveries, "a")) == NULL)
		die(options.deliveries, "cannot be opened");
	loop = uv_default_loop();
	http = va_http_create(loop, &http_options, reason, sizeof(reason));
	if (http == NULL || (sandbox = va_sandbox_create(loop, http, &hooks)) == NULL)
		die("HTTP client", http == NULL ? reason : "out of memory");
	va_httpd_default_options(&httpd_options);
	httpd_options.host = "127.0.0.1";
	httpd_options.port = options.port;
	httpd_options.requests_per_second = 0;
	httpd_options.max_connections = 4000;
	httpd_options.reply_timeout_ms = 0;
	httpd = va_httpd_start(loop, &httpd_options, on_request, NULL, reason, sizeof(reason));
	if (httpd == NULL)
		die("cannot listen", reason);
	va_sandbox_set_addresses(sandbox, va_httpd_port(httpd), NULL);
	sandbox->mute = options.no_webhooks;
	remember();
	uv_check_init(loop, &check);
	uv_check_start(&check, on_check);
	uv_signal_init(loop, &on_term);
	uv_signal_start(&on_term, on_signal, SIGTERM);
	write_port();
	return uv_run(loop, UV_RUN_DEFAULT);
}
