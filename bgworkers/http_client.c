/*-------------------------------------------------------------------------
 * http_client.c
 *		Outbound HTTP: one curl multi handle on the loop (socket_action), easy
 *		handles and connections reused.  Single-threaded, no backend header.
 *
 * Three things curl would do by itself are taken from it, because a request
 * may ring somebody's phone:
 *
 * - It repeats a request whose reused connection died without an answer.  The
 *   callback before each sending refuses the second one when a byte of the
 *   first has left (curl before 7.80 has no such callback: there every request
 *   that changes something gets a fresh connection).
 * - It follows the environment's proxies, and (asked to) redirects: neither.
 * - It connects wherever a name points: the address is judged after the name
 *   was resolved, when a socket is opened and again before each request (a
 *   reused connection opens none).
 *
 * Locking: none.  Signals are blocked around everything that may start a thread (the
 * resolver's): a thread must not take a signal that is meant for the process.
 *-------------------------------------------------------------------------
 */
#include "http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pure/address.h"

#define MAX_HEADER_BYTES 65536
#define MAX_CONNECTION_AGE_S 30L
#define FIRST_BODY 2048

typedef struct Request
{
	VaHttp *http;
	CURL *easy;
	struct curl_slist *headers;
	char *method;
	char *url;
	char *body;
	size_t body_len;
	int timeout_ms;
	bool allow_loopback;
	bool allow_private;
	VaHttpDone done;
	void *ctx;

	VaHttpResult *result;
	size_t result_cap;
	size_t header_bytes;
	bool too_large;
	bool refused_address;
	bool harmless; /* GET: may be repeated */
	bool begun;	   /* sending has begun, perhaps without a byte */
	bool repeated; /* curl wanted to send it again */
	struct Request *previous; /* of those under way */
	struct Request *next;
} Request;

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
	Request *first_waiting;
	Request *last_waiting;
	Request *running;
	int nwaiting;
	int nrunning;
	CURL **idle; /* easy handles for reuse; as many as max_in_flight at most */
	int nidle;
	int idle_cap;
	bool destroyed;
};

/* Every curl call is checked: the first that fails names itself. */
#define SET(easy, option, value)                                                                             \
	do                                                                                                       \
	{                                                                                                        \
		CURLcode set_code = curl_easy_setopt(easy, option, value);                                           \
		if (set_code != CURLE_OK)                                                                            \
		{                                                                                                    \
			snprintf(err, errlen, "%s: %s", #option, curl_easy_strerror(set_code));                          \
			return false;                                                                                    \
		}                                                                                                    \
	} while (0)

#define SET_MULTI(multi, option, value)                                                                      \
	do                                                                                                       \
	{                                                                                                        \
		CURLMcode set_code = curl_multi_setopt(multi, option, value);                                        \
		if (set_code != CURLM_OK)                                                                            \
		{                                                                                                    \
			snprintf(err, errlen, "%s: %s", #option, curl_multi_strerror(set_code));                         \
			return false;                                                                                    \
		}                                                                                                    \
	} while (0)

static void start_waiting(VaHttp *http);

static void
block_signals(sigset_t *saved)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &all, saved);
}

/* ----- which addresses ----- */

static bool
allows(const Request *request, VaAddressKind kind)
{
	return kind == VA_ADDRESS_PUBLIC || (kind == VA_ADDRESS_LOOPBACK && request->allow_loopback) ||
		   (kind == VA_ADDRESS_PRIVATE && request->allow_private);
}

static curl_socket_t
on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	Request *request = arg;
	VaAddressKind kind = VA_ADDRESS_PRIVATE;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (address->family == AF_INET)
		kind = va_judge_ipv4((unsigned char *) &((struct sockaddr_in *) &address->addr)->sin_addr);
	else if (address->family == AF_INET6)
		kind = va_judge_ipv6(((struct sockaddr_in6 *) (void *) &address->addr)->sin6_addr.s6_addr);
	if (!allows(request, kind))
	{
		request->refused_address = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

#if LIBCURL_VERSION_NUM >= 0x075000
/*
 * Before each sending.  A reused connection was opened for another request,
 * which may have been allowed more; and nothing is sent twice.
 */
static int
on_prerequest(void *arg, char *remote, char *local, int remote_port, int local_port)
{
	Request *request = arg;
	unsigned char bytes[16];
	VaAddressKind kind = VA_ADDRESS_PRIVATE;
	long sent = 0;

	(void) local;
	(void) remote_port;
	(void) local_port;
	if (inet_pton(AF_INET, remote, bytes) == 1)
		kind = va_judge_ipv4(bytes);
	else if (inet_pton(AF_INET6, remote, bytes) == 1)
		kind = va_judge_ipv6(bytes);
	if (!allows(request, kind))
	{
		request->refused_address = true;
		return CURL_PREREQFUNC_ABORT;
	}
	(void) curl_easy_getinfo(request->easy, CURLINFO_REQUEST_SIZE, &sent);
	if (request->begun && !request->harmless && sent > 0)
	{
		request->repeated = true;
		return CURL_PREREQFUNC_ABORT;
	}
	request->begun = true;
	return CURL_PREREQFUNC_OK;
}
#endif

/* ----- a request's own callbacks ----- */

static size_t
on_write_body(char *from, size_t size, size_t count, void *arg)
{
	Request *request = arg;
	VaHttpResult *result = request->result;
	size_t n = size * count;

	if (result->body_len + n > request->http->options.max_response_bytes)
	{
		request->too_large = true;
		return 0;
	}
	if (result->body_len + n + 1 > request->result_cap)
	{
		size_t cap = request->result_cap ? request->result_cap * 2 : FIRST_BODY;
		char *moved;

		while (cap < result->body_len + n + 1)
			cap *= 2;
		moved = realloc(result->body, cap);
		if (moved == NULL)
			return 0;
		result->body = moved;
		request->result_cap = cap;
	}
	memcpy(result->body + result->body_len, from, n);
	result->body_len += n;
	result->body[result->body_len] = '\0';
	return n;
}

static void
copy_header(const char *line, size_t length, const char *name, char *to, size_t size)
{
	size_t name_len = strlen(name);
	size_t n;

	if (length <= name_len || line[name_len] != ':' || strncasecmp(line, name, name_len) != 0)
		return;
	line += name_len + 1;
	length -= name_len + 1;
	while (length > 0 && (*line == ' ' || *line == '\t'))
	{
		line++;
		length--;
	}
	while (length > 0 && (unsigned char) line[length - 1] <= ' ')
		length--;
	n = length < size - 1 ? length : size - 1;
	memcpy(to, line, n);
	to[n] = '\0';
}

static size_t
on_header(char *line, size_t size, size_t count, void *arg)
{
	Request *request = arg;
	size_t n = size * count;

	request->header_bytes += n;
	if (request->header_bytes > MAX_HEADER_BYTES)
	{
		request->too_large = true;
		return 0;
	}
	copy_header(line, n, "content-type", request->result->content_type, sizeof(request->result->content_type));
	copy_header(line, n, "x-request-id", request->result->request_id, sizeof(request->result->request_id));
	return n;
}

/* ----- requests ----- */

void
va_http_result_free(VaHttpResult *result)
{
	if (result == NULL)
		return;
	free(result->body);
	free(result);
}

static void
free_request(Request *request)
{
	curl_slist_free_all(request->headers);
	free(request->method);
	free(request->url);
	free(request->body);
	va_http_result_free(request->result);
	free(request);
}

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

static bool
has_header(const struct curl_slist *headers, const char *name)
{
	size_t length = strlen(name);

	for (; headers != NULL; headers = headers->next)
		if (strncasecmp(headers->data, name, length) == 0 && headers->data[length] == ':')
			return true;
	return false;
}

static bool
set_method(Request *request, char *err, size_t errlen)
{
	CURL *easy = request->easy;

	if (request->harmless)
	{
		SET(easy, CURLOPT_HTTPGET, 1L);
		return true;
	}
	SET(easy, CURLOPT_POST, 1L);
	SET(easy, CURLOPT_POSTFIELDS, request->body);
	SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body_len);
	if (strcmp(request->method, "POST") != 0)
		SET(easy, CURLOPT_CUSTOMREQUEST, request->method);
#if LIBCURL_VERSION_NUM < 0x075000
	SET(easy, CURLOPT_FRESH_CONNECT, 1L);
#endif
	return true;
}

static bool
set_security(Request *request, char *err, size_t errlen)
{
	CURL *easy = request->easy;

#if LIBCURL_VERSION_NUM >= 0x075500
	SET(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	SET(easy, CURLOPT_PROTOCOLS, (long) (CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075000
	SET(easy, CURLOPT_PREREQFUNCTION, on_prerequest);
	SET(easy, CURLOPT_PREREQDATA, request);
#endif
	SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	SET(easy, CURLOPT_OPENSOCKETDATA, request);
	SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(easy, CURLOPT_PROXY, "");
	SET(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	return true;
}

static bool
set_up(Request *request, char *err, size_t errlen)
{
	CURL *easy = request->easy;
	const VaHttpOptions *options = &request->http->options;

	SET(easy, CURLOPT_PRIVATE, request);
	SET(easy, CURLOPT_URL, request->url);
	SET(easy, CURLOPT_NOSIGNAL, 1L);
	SET(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
	SET(easy, CURLOPT_MAXAGE_CONN, MAX_CONNECTION_AGE_S);
	SET(easy, CURLOPT_TCP_NODELAY, 1L);
	SET(easy, CURLOPT_HTTPHEADER, request->headers);
	SET(easy, CURLOPT_TIMEOUT_MS, (long) request->timeout_ms);
	SET(easy, CURLOPT_CONNECTTIMEOUT_MS, (long) options->connect_timeout_ms);
	SET(easy, CURLOPT_WRITEFUNCTION, on_write_body);
	SET(easy, CURLOPT_WRITEDATA, request);
	SET(easy, CURLOPT_HEADERFUNCTION, on_header);
	SET(easy, CURLOPT_HEADERDATA, request);
	if (options->user_agent != NULL)
		SET(easy, CURLOPT_USERAGENT, options->user_agent);
	return set_security(request, err, errlen) && set_method(request, err, errlen);
}

static void
link_running(VaHttp *http, Request *request)
{
	request->previous = NULL;
	request->next = http->running;
	if (http->running != NULL)
		http->running->previous = request;
	http->running = request;
	http->nrunning++;
}

static void
unlink_running(VaHttp *http, Request *request)
{
	if (request->previous != NULL)
		request->previous->next = request->next;
	else
		http->running = request->next;
	if (request->next != NULL)
		request->next->previous = request->previous;
	http->nrunning--;
}

/* ----- results ----- */

/*
 * Nothing was sent when curl has not written a byte of the request, whatever
 * went wrong; it counts what it wrote (the head first).
 */
static VaHttpOutcome
judge_outcome(const Request *request, CURLcode code, long request_size)
{
	if (code == CURLE_OK)
		return VA_HTTP_OK;
	if (request->refused_address && !request->begun)
		return VA_HTTP_NOT_SENT;
	return request_size > 0 ? VA_HTTP_UNCERTAIN : VA_HTTP_NOT_SENT;
}

static const char *
describe_failure(const Request *request, CURLcode code)
{
	if (request->refused_address)
		return "the host's address is not allowed";
	if (request->too_large)
		return "the answer is too large";
	if (request->repeated)
		return "the connection died after the request was sent";
	return curl_easy_strerror(code);
}

static void
deliver(Request *request, CURLcode code)
{
	VaHttp *http = request->http;
	VaHttpResult *result = request->result;
	long status = 0;
	long request_size = 0;
	curl_off_t elapsed = 0;
	curl_off_t retry_after = 0;

	(void) curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
	(void) curl_easy_getinfo(request->easy, CURLINFO_REQUEST_SIZE, &request_size);
	(void) curl_easy_getinfo(request->easy, CURLINFO_TOTAL_TIME_T, &elapsed);
	(void) curl_easy_getinfo(request->easy, CURLINFO_RETRY_AFTER, &retry_after);
	result->outcome = judge_outcome(request, code, request_size);
	result->sent = result->outcome != VA_HTTP_NOT_SENT;
	result->status = code == CURLE_OK ? (int) status : 0;
	result->curl_code = (int) code;
	result->elapsed_us = elapsed;
	result->retry_after_s = retry_after > 0 ? (int) (retry_after < 86400 ? retry_after : 86400) : -1;
	if (code != CURLE_OK)
		snprintf(result->error, sizeof(result->error), "%s", describe_failure(request, code));
	if (result->body == NULL)
		result->body = calloc(1, 1);

	request->result = NULL;
	request->done(request->ctx, result);
	free_request(request);
	if (http->options.note_io != NULL)
		http->options.note_io(http->options.note_io_arg);
}

static void
finish_request(Request *request, CURLcode code)
{
	VaHttp *http = request->http;
	CURL *easy = request->easy;

	unlink_running(http, request);
	(void) curl_multi_remove_handle(http->multi, easy);
	deliver(request, code);
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
		finish_request((Request *) (void *) arg, code);
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

/* A request that curl does not take fails like any other, from the loop. */
static bool
start_request(VaHttp *http, Request *request, char *err, size_t errlen)
{
	CURLMcode code;

	request->easy = take_easy(http);
	if (request->easy == NULL)
	{
		snprintf(err, errlen, "out of memory");
		return false;
	}
	if (set_up(request, err, errlen))
	{
		code = curl_multi_add_handle(http->multi, request->easy);
		if (code == CURLM_OK)
		{
			link_running(http, request);
			return true;
		}
		snprintf(err, errlen, "%s", curl_multi_strerror(code));
	}
	give_back_easy(http, request->easy);
	request->easy = NULL;
	return false;
}

static void
fail_unsent(Request *request, const char *reason)
{
	VaHttp *http = request->http;
	VaHttpResult *result = request->result;

	result->outcome = VA_HTTP_NOT_SENT;
	result->retry_after_s = -1;
	result->curl_code = (int) CURLE_FAILED_INIT;
	snprintf(result->error, sizeof(result->error), "%s", reason);
	if (result->body == NULL)
		result->body = calloc(1, 1);
	request->result = NULL;
	request->done(request->ctx, result);
	free_request(request);
	if (http->options.note_io != NULL)
		http->options.note_io(http->options.note_io_arg);
}

static void
start_waiting(VaHttp *http)
{
	while (http->first_waiting != NULL && http->nrunning < http->options.max_in_flight)
	{
		Request *request = http->first_waiting;
		char reason[120];

		http->first_waiting = request->next;
		if (http->first_waiting == NULL)
			http->last_waiting = NULL;
		http->nwaiting--;
		if (!start_request(http, request, reason, sizeof(reason)))
			fail_unsent(request, reason);
	}
}

static bool
add_header(Request *request, const char *line)
{
	struct curl_slist *longer = curl_slist_append(request->headers, line);

	if (longer == NULL)
		return false;
	request->headers = longer;
	return true;
}

static bool
copy_headers(Request *request, const VaHttpCall *call, char *err, size_t errlen)
{
	bool added = true;

	for (int i = 0; i < call->nheaders; i++)
	{
		if (strpbrk(call->headers[i], "\r\n") != NULL || strchr(call->headers[i], ':') == NULL)
		{
			snprintf(err, errlen, "malformed header");
			return false;
		}
		added = added && add_header(request, call->headers[i]);
	}
	/* No "100 Continue" round trip, and no content type that the caller did not choose. */
	added = added && add_header(request, "Expect:");
	if (!has_header(request->headers, "content-type"))
		added = added && add_header(request, "Content-Type:");
	if (!added)
		snprintf(err, errlen, "out of memory");
	return added;
}

static bool
is_http_url(const char *url)
{
	return strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0;
}

static Request *
copy_call(VaHttp *http, const VaHttpCall *call, char *err, size_t errlen)
{
	Request *request = calloc(1, sizeof(Request));

	if (request == NULL)
	{
		snprintf(err, errlen, "out of memory");
		return NULL;
	}
	request->http = http;
	request->method = strdup(call->method);
	request->url = strdup(call->url);
	request->result = calloc(1, sizeof(VaHttpResult));
	request->body_len = call->body != NULL ? call->body_len : 0;
	request->body = malloc(request->body_len + 1);
	request->timeout_ms = call->timeout_ms > 0 ? call->timeout_ms : http->options.timeout_ms;
	request->harmless = strcmp(call->method, "GET") == 0;
	request->allow_loopback = call->allow_loopback;
	request->allow_private = call->allow_private;
	if (request->method == NULL || request->url == NULL || request->result == NULL || request->body == NULL)
		snprintf(err, errlen, "out of memory");
	else if (!is_http_url(call->url))
		snprintf(err, errlen, "the URL is not an http or https URL");
	else if (copy_headers(request, call, err, errlen))
	{
		if (request->body_len > 0)
			memcpy(request->body, call->body, request->body_len);
		return request;
	}
	free_request(request);
	return NULL;
}

bool
va_http_submit(VaHttp *http, const VaHttpCall *call, VaHttpDone done, void *ctx, char *err, size_t errlen)
{
	Request *request;
	sigset_t saved;

	request = copy_call(http, call, err, errlen);
	if (request == NULL)
		return false;
	request->done = done;
	request->ctx = ctx;
	if (http->nrunning >= http->options.max_in_flight || http->first_waiting != NULL)
	{
		if (http->last_waiting != NULL)
			http->last_waiting->next = request;
		else
			http->first_waiting = request;
		http->last_waiting = request;
		http->nwaiting++;
		return true;
	}
	block_signals(&saved);
	/* curl arms its timer here; everything else happens when the loop runs. */
	if (!start_request(http, request, err, errlen))
	{
		free_request(request);
		request = NULL;
	}
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return request != NULL;
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
	http->options = *options;
	(void) reserve_idle(http, options->max_in_flight);
	(void) curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long) options->max_in_flight);
	start_waiting(http);
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
		Request *request = http->running;

		unlink_running(http, request);
		(void) curl_multi_remove_handle(http->multi, request->easy);
		curl_easy_cleanup(request->easy);
		free_request(request);
	}
	while (http->first_waiting != NULL)
	{
		Request *request = http->first_waiting;

		http->first_waiting = request->next;
		free_request(request);
	}
	while (http->nidle > 0)
		curl_easy_cleanup(http->idle[--http->nidle]);
	(void) curl_multi_cleanup(http->multi);
	http->destroyed = true;
	free(http->idle);
	uv_timer_stop(&http->timer);
	uv_close((uv_handle_t *) &http->timer, on_timer_closed);
}
