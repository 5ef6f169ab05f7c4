/*-------------------------------------------------------------------------
 * client.c
 *		Outbound HTTP: one curl multi handle on the loop (socket_action), easy
 *		handles and connections reused.  Single-threaded, no backend header.
 *
 * Locking: none.  Signals are blocked around everything that may start a
 * thread (the resolver's); the loop's own callbacks run with them blocked.
 */
#include "client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "transfer.h"
#include "signals.h"

typedef struct Socket
{
	uv_poll_t poll;
	VaHttp *http;
	curl_socket_t fd;
} Socket;

struct VaHttp
{
	uv_loop_t *loop;
	uv_timer_t timer;
	CURLM *multi;
	VaHttpOptions options;
	VaTransfer *first_waiting;
	VaTransfer *last_waiting;
	VaTransfer *running;
	int nwaiting;
	int nrunning;
	CURL **idle; /* easy handles for reuse; as many as max_in_flight at most */
	int nidle;
	int idle_cap;
	bool destroyed;
};

/* Every option is checked: the first that fails names itself. */
#define SET_MULTI(multi, option, value)                                              \
	do                                                                               \
	{                                                                                \
		CURLMcode set_code = curl_multi_setopt(multi, option, value);                \
		if (set_code != CURLM_OK)                                                    \
		{                                                                            \
			snprintf(err, errlen, "%s: %s", #option, curl_multi_strerror(set_code)); \
			return false;                                                            \
		}                                                                            \
	} while (0)

static void start_waiting(VaHttp *http);

/* ----- handles ----- */

static CURL *
take_easy(VaHttp *http)
{
	if (http->nidle > 0)
		return http->idle[--http->nidle];
	return curl_easy_init();
}

static void
give_back_easy(VaHttp *http, CURL *easy)
{
	if (http->nidle < http->idle_cap)
	{
		curl_easy_reset(easy);
		http->idle[http->nidle++] = easy;
	}
	else
		curl_easy_cleanup(easy);
}

static void
link_running(VaHttp *http, VaTransfer *transfer)
{
	transfer->previous = NULL;
	transfer->next = http->running;
	if (http->running != NULL)
		http->running->previous = transfer;
	http->running = transfer;
	http->nrunning++;
}

static void
unlink_running(VaHttp *http, VaTransfer *transfer)
{
	if (transfer->previous != NULL)
		transfer->previous->next = transfer->next;
	else
		http->running = transfer->next;
	if (transfer->next != NULL)
		transfer->next->previous = transfer->previous;
	http->nrunning--;
}

/* ----- results ----- */

static void
deliver(VaHttp *http, VaTransfer *transfer)
{
	transfer->done(transfer->ctx, va_transfer_take_result(transfer));
	va_transfer_free(transfer);
	if (http->options.note_io != NULL)
		http->options.note_io(http->options.note_io_arg);
}

static void
finish_transfer(VaHttp *http, VaTransfer *transfer, CURLcode code)
{
	CURL *easy = transfer->easy;

	unlink_running(http, transfer);
	(void) curl_multi_remove_handle(http->multi, easy);
	va_transfer_end(transfer, code);
	deliver(http, transfer);
	give_back_easy(http, easy);
}

static void
collect_finished(VaHttp *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL)
	{
		char *arg = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		(void) curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &arg);
		finish_transfer(http, (VaTransfer *) (void *) arg, code);
	}
	start_waiting(http);
}

/* ----- curl on the loop ----- */

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	Socket *sock = poll->data;
	VaHttp *http = sock->http;
	int flags = 0;
	int running;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	(void) curl_multi_socket_action(http->multi, sock->fd, flags, &running);
	collect_finished(http);
}

static void
on_timer(uv_timer_t *timer)
{
	VaHttp *http = timer->data;
	int running;

	(void) curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect_finished(http);
}

static int
on_curl_timer(CURLM *multi, long timeout_ms, void *arg)
{
	VaHttp *http = arg;

	(void) multi;
	if (http->destroyed)
		return 0;
	if (timeout_ms < 0)
		uv_timer_stop(&http->timer);
	else
		uv_timer_start(&http->timer, on_timer, (uint64_t) timeout_ms, 0);
	return 0;
}

static void
on_socket_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static Socket *
make_socket(VaHttp *http, curl_socket_t fd)
{
	Socket *sock = calloc(1, sizeof(Socket));

	if (sock == NULL)
		return NULL;
	if (uv_poll_init(http->loop, &sock->poll, fd) != 0)
	{
		free(sock);
		return NULL;
	}
	sock->poll.data = sock;
	sock->http = http;
	sock->fd = fd;
	(void) curl_multi_assign(http->multi, fd, sock);
	return sock;
}

static int
on_curl_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	VaHttp *http = arg;
	Socket *sock = socket_arg;
	int events = 0;

	(void) easy;
	if (what == CURL_POLL_REMOVE)
	{
		if (sock != NULL)
		{
			(void) curl_multi_assign(http->multi, fd, NULL);
			uv_poll_stop(&sock->poll);
			uv_close((uv_handle_t *) &sock->poll, on_socket_closed);
		}
		return 0;
	}
	if (sock == NULL && (sock = make_socket(http, fd)) == NULL)
		return -1;
	if (what & CURL_POLL_IN)
		events |= UV_READABLE;
	if (what & CURL_POLL_OUT)
		events |= UV_WRITABLE;
	return uv_poll_start(&sock->poll, events, on_poll) == 0 ? 0 : -1;
}

/* ----- starting ----- */

/* A request that curl refuses fails like any other, from the loop. */
static bool
start_transfer(VaHttp *http, VaTransfer *transfer, char *err, size_t errlen)
{
	CURLMcode code;

	transfer->easy = take_easy(http);
	if (transfer->easy == NULL)
	{
		snprintf(err, errlen, "out of memory");
		return false;
	}
	if (va_transfer_set_up(transfer, err, errlen))
	{
		code = curl_multi_add_handle(http->multi, transfer->easy);
		if (code == CURLM_OK)
		{
			link_running(http, transfer);
			return true;
		}
		snprintf(err, errlen, "%s", curl_multi_strerror(code));
	}
	give_back_easy(http, transfer->easy);
	transfer->easy = NULL;
	return false;
}

int
va_weighted_share_left(int max, int own, int others, int weight)
{
	int left = (max - others + 1) * weight / (weight + 1) - own;

	return left > 0 ? left : 0;
}

int
va_share_left(int max, int own, int others)
{
	return va_weighted_share_left(max, own, others, 1);
}

/* Urgent requests take no places: their submitter bounds them. */
static bool
may_begin(const VaHttp *http, int64_t lane, int weight)
{
	int own = 0;
	int others = 0;

	if (http->nrunning >= http->options.max_in_flight)
		return false;
	if (lane == 0)
		return true;
	for (const VaTransfer *transfer = http->running; transfer != NULL; transfer = transfer->next)
	{
		own += !transfer->urgent && transfer->lane == lane;
		others += !transfer->urgent && transfer->lane != lane;
	}
	return va_weighted_share_left(http->options.max_in_flight, own, others, weight) > 0;
}

/* The first that may begin leaves the list; NULL: none. */
static VaTransfer *
take_waiting(VaHttp *http)
{
	VaTransfer *before = NULL;
	int64_t full = 0; /* requests of one lane come many together */

	for (VaTransfer *transfer = http->first_waiting; transfer != NULL; before = transfer, transfer = transfer->next)
	{
		if (transfer->lane != 0 && transfer->lane == full)
			continue;
		if (!may_begin(http, transfer->lane, transfer->weight))
		{
			full = transfer->lane;
			continue;
		}
		if (before != NULL)
			before->next = transfer->next;
		else
			http->first_waiting = transfer->next;
		if (http->last_waiting == transfer)
			http->last_waiting = before;
		http->nwaiting--;
		return transfer;
	}
	return NULL;
}

static void
start_waiting(VaHttp *http)
{
	VaTransfer *transfer;

	while (http->nrunning < http->options.max_in_flight && (transfer = take_waiting(http)) != NULL)
	{
		char reason[120];

		if (va_transfer_is_late(transfer))
			deliver(http, transfer);
		else if (!start_transfer(http, transfer, reason, sizeof(reason)))
		{
			va_transfer_fail(transfer, reason);
			deliver(http, transfer);
		}
	}
}

bool
va_http_submit(VaHttp *http, const VaHttpClientRequest *call, VaHttpDone done, void *ctx, char *err, size_t errlen)
{
	VaTransfer *transfer;
	sigset_t saved;

	transfer = va_transfer_make(&http->options, call, done, ctx, err, errlen);
	if (transfer == NULL)
		return false;
	/* Those that wait may not begin, nor may another of their lanes. */
	if (!call->urgent && ((call->lane == 0 && http->first_waiting != NULL) ||
							 !may_begin(http, call->lane, call->weight > 0 ? call->weight : 1)))
	{
		transfer->next = NULL;
		if (http->last_waiting != NULL)
			http->last_waiting->next = transfer;
		else
			http->first_waiting = transfer;
		http->last_waiting = transfer;
		http->nwaiting++;
		return true;
	}
	va_signals_block(&saved);
	/* curl arms its timer here; everything else happens when the loop runs. */
	if (!start_transfer(http, transfer, err, errlen))
	{
		va_transfer_free(transfer);
		transfer = NULL;
	}
	va_signals_restore(&saved);
	return transfer != NULL;
}

void
va_http_cancel(VaHttp *http, const void *ctx)
{
	VaTransfer *transfer = http->running;
	sigset_t saved;

	while (transfer != NULL && transfer->ctx != ctx)
		transfer = transfer->next;
	if (transfer == NULL)
		return;
	va_signals_block(&saved);
	finish_transfer(http, transfer, CURLE_OPERATION_TIMEDOUT);
	start_waiting(http);
	va_signals_restore(&saved);
}

int
va_http_in_flight(const VaHttp *http)
{
	return http->nrunning;
}

int
va_http_waiting(const VaHttp *http)
{
	return http->nwaiting;
}

/* ----- life ----- */

static bool
set_up_multi(VaHttp *http, char *err, size_t errlen)
{
	CURLM *multi = http->multi;

	SET_MULTI(multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
	SET_MULTI(multi, CURLMOPT_SOCKETDATA, http);
	SET_MULTI(multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
	SET_MULTI(multi, CURLMOPT_TIMERDATA, http);
	SET_MULTI(multi, CURLMOPT_MAXCONNECTS, (long) http->options.max_in_flight);
	if (http->options.max_per_host > 0)
		SET_MULTI(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long) http->options.max_per_host);
	return true;
}

static bool
reserve_idle(VaHttp *http, int wanted)
{
	CURL **moved;

	if (wanted <= http->idle_cap)
		return true;
	moved = realloc(http->idle, (size_t) wanted * sizeof(CURL *));
	if (moved == NULL)
		return false;
	http->idle = moved;
	http->idle_cap = wanted;
	return true;
}

VaHttp *
va_http_create(uv_loop_t *loop, const VaHttpOptions *options, char *err, size_t errlen)
{
	VaHttp *http;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
	{
		snprintf(err, errlen, "curl_global_init has failed");
		return NULL;
	}
	http = calloc(1, sizeof(VaHttp));
	if (http == NULL || !reserve_idle(http, options->max_in_flight) || (http->multi = curl_multi_init()) == NULL)
	{
		snprintf(err, errlen, "out of memory");
		if (http != NULL)
			free(http->idle);
		free(http);
		return NULL;
	}
	http->loop = loop;
	http->options = *options;
	if (!set_up_multi(http, err, errlen))
	{
		(void) curl_multi_cleanup(http->multi);
		free(http->idle);
		free(http);
		return NULL;
	}
	uv_timer_init(loop, &http->timer);
	http->timer.data = http;
	return http;
}

void
va_http_configure(VaHttp *http, const VaHttpOptions *options)
{
	sigset_t saved;

	http->options = *options;
	(void) reserve_idle(http, options->max_in_flight);
	va_signals_block(&saved);
	(void) curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long) options->max_in_flight);
	start_waiting(http);
	va_signals_restore(&saved);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
va_http_destroy(VaHttp *http)
{
	while (http->running != NULL)
	{
		VaTransfer *transfer = http->running;

		unlink_running(http, transfer);
		(void) curl_multi_remove_handle(http->multi, transfer->easy);
		curl_easy_cleanup(transfer->easy);
		va_transfer_free(transfer);
	}
	while (http->first_waiting != NULL)
	{
		VaTransfer *transfer = http->first_waiting;

		http->first_waiting = transfer->next;
		va_transfer_free(transfer);
	}
	while (http->nidle > 0)
		curl_easy_cleanup(http->idle[--http->nidle]);
	(void) curl_multi_cleanup(http->multi);
	http->destroyed = true;
	free(http->idle);
	uv_timer_stop(&http->timer);
	uv_close((uv_handle_t *) &http->timer, on_timer_closed);
}
