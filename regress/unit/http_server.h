/*-------------------------------------------------------------------------
 * http_server.h
 *		A server of the workers' own under a test: what its handler saw, and when
 *		it answers.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TEST_HTTP_SERVER_H
#define VOICEAGENT_TEST_HTTP_SERVER_H

#include "http/server.h"

#include "tap.h"

/* More than the sockets of a connection hold. */
#define BIG (16 * 1024 * 1024)

static uv_loop_t loop;
static VaHttpd *server;
static VaHttpdOptions options;

/* What the handler saw. */
static VaHttpdRequest *held[64];
static int nheld = 0;
static int seen = 0;
static int answered = 0;
static int most_at_once = 0;
static char last_body[256];
static char last_path[256];
static size_t last_body_len;

/*
 * Requests are held until answer_all(), as a worker's turn would answer them;
 * the path says how.
 */
static void
handler(void *ctx, VaHttpdRequest *request)
{
	(void) ctx;
	seen++;
	snprintf(last_path, sizeof(last_path), "%s", request->path);
	last_body_len = request->body_len;
	snprintf(last_body, sizeof(last_body), "%s", request->body);
	if (strcmp(request->path, "/drop") == 0)
	{
		va_httpd_abandon(request);
		return;
	}
	held[nheld++] = request;
	if (nheld > most_at_once)
		most_at_once = nheld;
}

static void
answer_one(VaHttpdRequest *request)
{
	static char big[BIG];
	static const char *const later[] = {"Retry-After: 7", "X-Request-Id: r1"};

	answered++;
	if (strcmp(request->path, "/big") == 0)
	{
		memset(big, 'b', sizeof(big));
		va_httpd_reply(request, 200, "text/plain", NULL, 0, big, sizeof(big));
	}
	else if (strcmp(request->path, "/redirect") == 0)
	{
		static const char *const there[] = {"Location: /elsewhere"};

		va_httpd_reply(request, 302, NULL, there, 1, "", 0);
	}
	else if (strcmp(request->path, "/busy") == 0)
		va_httpd_reply(request, 429, "application/json", later, 2, "{}", 2);
	else
		va_httpd_reply(request, 200, "text/plain", NULL, 0, request->path, strlen(request->path));
}

static void
answer_all(void)
{
	int n = nheld;
	VaHttpdRequest *now[64];

	memcpy(now, held, sizeof(now));
	nheld = 0;
	for (int i = 0; i < n; i++)
		answer_one(now[i]);
}

static void
pump(int ms)
{
	uint64_t until = uv_hrtime() + (uint64_t) ms * 1000000;

	do
	{
		uv_run(&loop, UV_RUN_NOWAIT);
		usleep(500);
	} while (uv_hrtime() < until);
}

static void
start_server(void)
{
	char reason[200] = "";

	server = va_httpd_start(&loop, &options, handler, NULL, reason, sizeof(reason));
	if (!ok(server != NULL && va_httpd_port(server) > 0, "a server on a free port"))
		diag("%s", reason);
	seen = answered = nheld = most_at_once = 0;
}

#endif /* VOICEAGENT_TEST_HTTP_SERVER_H */
