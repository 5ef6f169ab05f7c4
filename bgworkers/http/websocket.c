/*-------------------------------------------------------------------------
 * websocket.c
 *		WebSockets that we open: libwebsockets on the worker's loop.
 *
 * The name is resolved here and not by libwebsockets, which would block the
 * loop meanwhile; and so its addresses are checked as the HTTP client checks
 * them. Its addresses are tried one after the other, until one takes the
 * connection. A redirect is not followed, TLS is verified against the name.
 *
 * A socket whose owner has let go of it is freed by the last callback that
 * knows it.
 *-------------------------------------------------------------------------
 */
#include "websocket.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libwebsockets.h>
#include <sodium.h>

#include "pure/net/address.h"
#include "pure/net/url.h"

struct VaSocket
{
	VaUrl url;
	char host[300];	  /* as the header has it */
	char address[64]; /* that of those below which is tried */
	char *authorization;
	bool allow_private;
	void (*note_io)(void *arg);
	void *note_io_arg;

	uv_getaddrinfo_t resolving;
	bool is_resolving;
	struct addrinfo *addresses;		/* what the name resolved to */
	const struct addrinfo *untried; /* the rest of them */
	uv_timer_t *next_try;			/* at the next address: not from a callback of the last one's connection */
	bool asked;						/* the request has left: the server that answers is the right one */
	struct lws *wsi;
	VaSocketState state;
	bool abandoned; /* by its owner */
	char error[160];

	/* the message that is being read */
	VaFrame *partial;
	size_t partial_size;

	/* the messages that wait */
	VaFrame *first;
	VaFrame **last;
	size_t queued; /* bytes */
	bool held;	   /* the other side is left waiting */
};

static struct lws_context *context = NULL;

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

static const struct lws_protocols protocols[] = { { "events", on_event, 0, 65536, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 } };

static const lws_retry_bo_t liveness = { .secs_since_valid_ping = VA_SOCKET_PING_S,
	.secs_since_valid_hangup = VA_SOCKET_DEAD_S };

/* ---- life and death ---- */

static void
forget_authorization(VaSocket *socket)
{
	if (socket->authorization == NULL)
		return;
	sodium_memzero(socket->authorization, strlen(socket->authorization));
	free(socket->authorization);
	socket->authorization = NULL;
}

static void
free_timer(uv_handle_t *handle)
{
	free(handle);
}

static void
free_socket(VaSocket *socket)
{
	forget_authorization(socket);
	if (socket->next_try != NULL)
		uv_close((uv_handle_t *) socket->next_try, free_timer);
	uv_freeaddrinfo(socket->addresses);
	while (socket->first != NULL)
		va_socket_drop_first(socket);
	free(socket->partial);
	free(socket);
}

/* Only its owner still refers to it, unless the owner has let go. */
static void
set_closed(VaSocket *socket, const char *why)
{
	socket->wsi = NULL;
	if (socket->state != VA_SOCKET_CLOSED && socket->error[0] == '\0')
		snprintf(socket->error, sizeof(socket->error), "%s", why);
	socket->state = VA_SOCKET_CLOSED;
	if (socket->abandoned)
		free_socket(socket);
	else
		socket->note_io(socket->note_io_arg);
}

static void
set_error(VaSocket *socket, const char *why)
{
	if (socket->error[0] == '\0')
		snprintf(socket->error, sizeof(socket->error), "%s", why);
}

/* ---- messages ---- */

static bool
add_bytes(VaSocket *socket, const void *bytes, size_t len, size_t to_come)
{
	size_t have = socket->partial == NULL ? 0 : socket->partial->len;
	size_t need = have + len + to_come;
	VaFrame *moved;

	if (need > VA_FRAME_MAX)
		return false;
	if (socket->partial == NULL || need > socket->partial_size)
	{
		moved = realloc(socket->partial, sizeof(VaFrame) + need + 1);
		if (moved == NULL)
			return false;
		socket->partial = moved;
		socket->partial_size = need;
	}
	memcpy(socket->partial->data + have, bytes, len);
	socket->partial->len = have + len;
	socket->partial->data[have + len] = '\0';
	return true;
}

static void
queue_partial(VaSocket *socket)
{
	VaFrame *frame = socket->partial;

	socket->partial = NULL;
	socket->partial_size = 0;
	frame->next = NULL;
	*socket->last = frame;
	socket->last = &frame->next;
	socket->queued += frame->len;
	if (socket->queued > VA_FRAMES_MAX && !socket->held && socket->wsi != NULL)
	{
		socket->held = true;
		(void) lws_rx_flow_control(socket->wsi, 0);
	}
	socket->note_io(socket->note_io_arg);
}

const VaFrame *
va_socket_first(const VaSocket *socket)
{
	return socket->first;
}

void
va_socket_drop_first(VaSocket *socket)
{
	VaFrame *frame = socket->first;

	socket->first = frame->next;
	if (socket->first == NULL)
		socket->last = &socket->first;
	socket->queued -= frame->len;
	free(frame);
	if (socket->held && socket->queued < VA_FRAMES_MAX / 2 && socket->wsi != NULL)
	{
		socket->held = false;
		(void) lws_rx_flow_control(socket->wsi, 1);
	}
}

/* ---- addresses ---- */

static bool
allows(const VaSocket *socket, const struct sockaddr *address)
{
	VaAddressClass address_class = VA_ADDRESS_RESERVED;

	if (address->sa_family == AF_INET)
		address_class = va_address_class(
			(const unsigned char *) &((const struct sockaddr_in *) (const void *) address)->sin_addr, 4);
	else if (address->sa_family == AF_INET6)
		address_class = va_address_class(((const struct sockaddr_in6 *) (const void *) address)->sin6_addr.s6_addr, 16);
	if (address_class == VA_ADDRESS_PUBLIC)
		return true;
	return socket->allow_private && (address_class == VA_ADDRESS_LOOPBACK || address_class == VA_ADDRESS_PRIVATE);
}

/* The next that may be used; false: there is none left. */
static bool
take_address(VaSocket *socket)
{
	while (socket->untried != NULL)
	{
		const struct addrinfo *at = socket->untried;

		socket->untried = at->ai_next;
		if (allows(socket, at->ai_addr) && getnameinfo(at->ai_addr, at->ai_addrlen, socket->address,
											   sizeof(socket->address), NULL, 0, NI_NUMERICHOST) == 0)
			return true;
	}
	return false;
}

static void on_next_try(uv_timer_t *timer);

/* The connection has ended. Was that the fault of its address, and is there another? */
static void
end_try(VaSocket *socket, const char *why)
{
	socket->wsi = NULL;
	if (socket->state == VA_SOCKET_CONNECTING && !socket->asked && !socket->abandoned && take_address(socket))
		uv_timer_start(socket->next_try, on_next_try, 0, 0);
	else
		set_closed(socket, why);
}

/* ---- libwebsockets ---- */

/*
 * Refusing a message by this callback's result would crash libwebsockets 4.1
 * when the message is larger than its buffer: the connection is ended by a
 * timeout instead, and what still comes is not looked at.
 */
static void
end_connection(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void
receive(VaSocket *socket, struct lws *wsi, const void *bytes, size_t len)
{
	if (socket->abandoned || socket->error[0] != '\0')
		return;
	if (!add_bytes(socket, bytes, len, lws_remaining_packet_payload(wsi)))
	{
		set_error(socket, VA_FRAME_TOO_LARGE);
		end_connection(wsi);
	}
	else if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0)
		queue_partial(socket);
}

static int
add_headers(VaSocket *socket, struct lws *wsi, unsigned char **at, size_t len)
{
	int failed = 0;

	if (socket->authorization != NULL)
		failed = lws_add_http_header_by_name(wsi,
			(const unsigned char *) "authorization:", (const unsigned char *) socket->authorization,
			(int) strlen(socket->authorization), at, *at + len);
	forget_authorization(socket);
	return failed;
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	VaSocket *socket = user;
	char why[160];

	switch (reason)
	{
		case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
			socket->asked = true;
			return add_headers(socket, wsi, in, len);
		case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
			snprintf(why, sizeof(why), "could not connect: %.*s", in == NULL ? 7 : (int) len,
				in == NULL ? "refused" : (const char *) in);
			set_error(socket, why);
			break;
		case LWS_CALLBACK_CLIENT_ESTABLISHED:
			/* If its owner has let go of it, its end has been asked for already. */
			socket->state = VA_SOCKET_OPEN;
			if (!socket->abandoned)
				socket->note_io(socket->note_io_arg);
			break;
		case LWS_CALLBACK_CLIENT_RECEIVE:
			receive(socket, wsi, in, len);
			break;
		case LWS_CALLBACK_WSI_DESTROY:
			if (socket != NULL)
				end_try(socket, socket->state == VA_SOCKET_OPEN ? "the connection was closed" : "could not connect");
			break;
		default:
			break;
	}
	return 0;
}

/* Once per process; it logs nothing by itself, and leaves signals alone on a loop that is not its own. */
static bool
make_context(uv_loop_t *loop)
{
	struct lws_context_creation_info info;
	void *loops[1] = { loop };

	if (context != NULL)
		return true;
	lws_set_log_level(0, NULL);
	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.foreign_loops = loops;
	info.gid = info.uid = -1;
	info.timeout_secs = VA_SOCKET_CONNECT_S;
	info.connect_timeout_secs = VA_SOCKET_CONNECT_S;
	info.pt_serv_buf_size = 65536;
	context = lws_create_context(&info);
	return context != NULL;
}

static void
connect_now(VaSocket *socket)
{
	struct lws_client_connect_info info;

	/* The error of the last address is the one that is reported. */
	socket->error[0] = '\0';
	memset(&info, 0, sizeof(info));
	info.context = context;
	info.address = socket->address;
	info.port = socket->url.port;
	info.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (socket->url.https ? LCCSCF_USE_SSL : 0);
	info.path = socket->url.target;
	info.host = socket->host;
	info.ietf_version_or_minus_one = -1;
	info.userdata = socket;
	info.pwsi = &socket->wsi;
	info.retry_and_idle_policy = &liveness;
	info.local_protocol_name = protocols[0].name;
	/* If it fails at once, the callbacks have reported it. */
	if (lws_client_connect_via_info(&info) == NULL && socket->state == VA_SOCKET_CONNECTING &&
		!uv_is_active((uv_handle_t *) socket->next_try))
		end_try(socket, "could not connect");
}

static void
on_next_try(uv_timer_t *timer)
{
	connect_now(timer->data);
}

/* ---- names ---- */

static void
on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
	VaSocket *socket = request->data;

	socket->is_resolving = false;
	socket->untried = socket->addresses = addresses;
	if (socket->abandoned)
		free_socket(socket);
	else if (status != 0)
		set_closed(socket, uv_strerror(status));
	else if (!take_address(socket))
		set_closed(socket, "the host has no address that may be used");
	else
		connect_now(socket);
}

/* ---- the owner's side ---- */

static bool
read_url(VaSocket *socket, const char *text, const char **why)
{
	char url[VA_URL_MAX_LEN + 8];
	bool is_default;
	bool is_ipv6;

	*why = "the URL is not that of a socket";
	if (strncmp(text, "ws", 2) != 0 || strlen(text) > VA_URL_MAX_LEN)
		return false;
	snprintf(url, sizeof(url), "http%s", text + 2);
	if (!va_url_parse(url, strlen(url), &socket->url, why))
		return false;
	is_default = socket->url.port == (socket->url.https ? 443 : 80);
	is_ipv6 = strchr(socket->url.host, ':') != NULL;
	snprintf(socket->host, sizeof(socket->host), is_default ? "%s%s%s" : "%s%s%s:%d", is_ipv6 ? "[" : "",
		socket->url.host, is_ipv6 ? "]" : "", (int) socket->url.port);
	return true;
}

VaSocket *
va_socket_open(uv_loop_t *loop, const VaSocketRequest *request, char *err, size_t errlen)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	VaSocket *socket = calloc(1, sizeof(VaSocket));
	const char *why = "out of memory";
	int failed;

	if (socket == NULL || !make_context(loop))
	{
		snprintf(err, errlen, "%s",
			socket == NULL ? why : "could not start libwebsockets (is its plugin for libuv installed?)");
		free(socket);
		return NULL;
	}
	socket->last = &socket->first;
	socket->allow_private = request->allow_private;
	socket->note_io = request->note_io;
	socket->note_io_arg = request->note_io_arg;
	socket->resolving.data = socket;
	if (request->authorization != NULL)
		socket->authorization = strdup(request->authorization);
	if (!read_url(socket, request->url, &why) || (request->authorization != NULL && socket->authorization == NULL))
	{
		snprintf(err, errlen, "%s", why);
		free_socket(socket);
		return NULL;
	}
	socket->next_try = calloc(1, sizeof(uv_timer_t));
	if (socket->next_try == NULL)
	{
		snprintf(err, errlen, "out of memory");
		free_socket(socket);
		return NULL;
	}
	uv_timer_init(loop, socket->next_try);
	socket->next_try->data = socket;
	failed = uv_getaddrinfo(loop, &socket->resolving, on_resolved, socket->url.host, NULL, &hints);
	if (failed != 0)
	{
		snprintf(err, errlen, "%s", uv_strerror(failed));
		free_socket(socket);
		return NULL;
	}
	socket->is_resolving = true;
	return socket;
}

VaSocketState
va_socket_state(const VaSocket *socket)
{
	return socket->state;
}

const char *
va_socket_error(const VaSocket *socket)
{
	return socket->error;
}

void
va_socket_close(VaSocket *socket)
{
	socket->abandoned = true;
	if (socket->is_resolving)
		(void) uv_cancel((uv_req_t *) &socket->resolving); /* on_resolved() frees it, then or later */
	else if (socket->wsi != NULL)
		end_connection(socket->wsi);
	else
		free_socket(socket);
}
