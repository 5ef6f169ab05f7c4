/*-------------------------------------------------------------------------
 * websocket.c
 *		WebSockets: libwebsockets on the worker's loop; what both ends have in
 *		common, and those that we open. websocket_server.c has those that are
 *		opened to us.
 *
 * The name is resolved here and not by libwebsockets, which would block the
 * loop meanwhile; and so its addresses are checked as the HTTP client checks
 * them. Its addresses are tried one after the other, until one takes the
 * connection. A redirect is not followed, TLS is verified against the name.
 *
 * A socket whose owner has let go of it is freed by the last callback that
 * knows it.
 */
#include "websocket_internal.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "pure/net/address.h"

static struct lws_context *context = NULL;

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

static const struct lws_protocols protocols[] = { { "events", on_event, 0, VA_SOCKET_PIECE, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 } };

const lws_retry_bo_t va_socket_liveness = { .secs_since_valid_ping = VA_SOCKET_PING_S,
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
drop_sent(VaSocket *socket)
{
	VaOutFrame *frame = socket->send_first;

	socket->send_first = frame->next;
	if (socket->send_first == NULL)
		socket->send_last = &socket->send_first;
	socket->send_queued -= frame->len;
	free(frame);
}

VaSocket *
va_socket_new(void)
{
	VaSocket *socket = calloc(1, sizeof(VaSocket));

	if (socket == NULL)
		return NULL;
	socket->last = &socket->first;
	socket->send_last = &socket->send_first;
	socket->frame_max = VA_FRAME_MAX;
	socket->frames_max = VA_FRAMES_MAX;
	socket->send_max = VA_SEND_MAX;
	return socket;
}

void
va_socket_free(VaSocket *socket)
{
	forget_authorization(socket);
	if (socket->next_try != NULL)
		uv_close((uv_handle_t *) socket->next_try, free_timer);
	uv_freeaddrinfo(socket->addresses);
	while (socket->first != NULL)
		va_socket_drop_first(socket);
	while (socket->send_first != NULL)
		drop_sent(socket);
	free(socket->partial);
	free(socket);
}

/* Only its owner still refers to it, unless the owner has let go. */
void
va_socket_set_closed(VaSocket *socket, const char *why)
{
	socket->wsi = NULL;
	if (socket->state != VA_SOCKET_CLOSED && socket->error[0] == '\0')
		snprintf(socket->error, sizeof(socket->error), "%s", why);
	socket->state = VA_SOCKET_CLOSED;
	if (socket->abandoned)
		va_socket_free(socket);
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

	if (need > socket->frame_max)
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
queue_partial(VaSocket *socket, bool binary)
{
	VaFrame *frame = socket->partial;

	socket->partial = NULL;
	socket->partial_size = 0;
	frame->next = NULL;
	frame->binary = binary;
	*socket->last = frame;
	socket->last = &frame->next;
	socket->queued += frame->len;
	if (socket->queued > socket->frames_max && !socket->held && socket->wsi != NULL)
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
	if (socket->held && socket->queued < socket->frames_max / 2 && socket->wsi != NULL)
	{
		socket->held = false;
		(void) lws_rx_flow_control(socket->wsi, 1);
		/* Its answers to our pings are behind what we did not read. */
		lws_validity_confirmed(socket->wsi);
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
		va_socket_set_closed(socket, why);
}

/* ---- libwebsockets ---- */

/*
 * Refusing a message by this callback's result would crash libwebsockets 4.1
 * when the message is larger than its buffer: the connection is ended by a
 * timeout instead, and what still comes is not looked at.
 */
void
va_socket_break(VaSocket *socket, struct lws *wsi, const char *why)
{
	set_error(socket, why);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

void
va_socket_receive(VaSocket *socket, struct lws *wsi, const void *bytes, size_t len)
{
	if (socket->abandoned || socket->error[0] != '\0')
		return;
	if (!add_bytes(socket, bytes, len, lws_remaining_packet_payload(wsi)))
		va_socket_break(socket, wsi, VA_FRAME_TOO_LARGE);
	else if (lws_is_final_fragment(wsi) && lws_remaining_packet_payload(wsi) == 0)
		queue_partial(socket, lws_frame_is_binary(wsi) != 0);
}

/* A socket that is finished is closed when all is out. */
int
va_socket_write(VaSocket *socket, struct lws *wsi)
{
	while (socket->send_first != NULL && !lws_send_pipe_choked(wsi))
	{
		VaOutFrame *frame = socket->send_first;

		if (lws_write(wsi, (unsigned char *) frame->data + LWS_PRE, frame->len,
				frame->binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT) < (int) frame->len)
			return -1;
		drop_sent(socket);
	}
	if (socket->send_first != NULL)
		(void) lws_callback_on_writable(wsi);
	else if (socket->finishing)
	{
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	}
	return 0;
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
		case LWS_CALLBACK_CLIENT_WRITEABLE:
			return va_socket_write(socket, wsi);
		case LWS_CALLBACK_CLIENT_RECEIVE:
			va_socket_receive(socket, wsi, in, len);
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
struct lws_context *
va_socket_context(uv_loop_t *loop)
{
	struct lws_context_creation_info info;
	void *loops[1] = { loop };

	if (context != NULL)
		return context;
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
	return context;
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
	info.retry_and_idle_policy = &va_socket_liveness;
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
		va_socket_free(socket);
	else if (status != 0)
		va_socket_set_closed(socket, uv_strerror(status));
	else if (!take_address(socket))
		va_socket_set_closed(socket, "the host has no address that may be used");
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
	VaSocket *socket = va_socket_new();
	const char *why = "out of memory";
	int failed;

	if (socket == NULL || va_socket_context(loop) == NULL)
	{
		snprintf(err, errlen, "%s",
			socket == NULL ? why : "could not start libwebsockets (is its plugin for libuv installed?)");
		free(socket);
		return NULL;
	}
	socket->allow_private = request->allow_private;
	socket->note_io = request->note_io;
	socket->note_io_arg = request->note_io_arg;
	socket->resolving.data = socket;
	if (request->authorization != NULL)
		socket->authorization = strdup(request->authorization);
	if (!read_url(socket, request->url, &why) || (request->authorization != NULL && socket->authorization == NULL))
	{
		snprintf(err, errlen, "%s", why);
		va_socket_free(socket);
		return NULL;
	}
	socket->next_try = calloc(1, sizeof(uv_timer_t));
	if (socket->next_try == NULL)
	{
		snprintf(err, errlen, "out of memory");
		va_socket_free(socket);
		return NULL;
	}
	uv_timer_init(loop, socket->next_try);
	socket->next_try->data = socket;
	failed = uv_getaddrinfo(loop, &socket->resolving, on_resolved, socket->url.host, NULL, &hints);
	if (failed != 0)
	{
		snprintf(err, errlen, "%s", uv_strerror(failed));
		va_socket_free(socket);
		return NULL;
	}
	socket->is_resolving = true;
	return socket;
}

bool
va_socket_send(VaSocket *socket, const void *bytes, size_t len, bool binary)
{
	VaOutFrame *frame;

	if (socket->state != VA_SOCKET_OPEN || socket->wsi == NULL || socket->error[0] != '\0')
		return false;
	frame = socket->send_queued + len > socket->send_max ? NULL : malloc(sizeof(VaOutFrame) + LWS_PRE + len);
	if (frame == NULL)
	{
		va_socket_break(socket, socket->wsi, "the other side does not read what is sent");
		return false;
	}
	frame->next = NULL;
	frame->len = len;
	frame->binary = binary;
	memcpy(frame->data + LWS_PRE, bytes, len);
	*socket->send_last = frame;
	socket->send_last = &frame->next;
	socket->send_queued += len;
	(void) lws_callback_on_writable(socket->wsi);
	return true;
}

void
va_socket_finish(VaSocket *socket)
{
	if (socket->state != VA_SOCKET_OPEN || socket->wsi == NULL || socket->error[0] != '\0')
	{
		va_socket_close(socket);
		return;
	}
	socket->abandoned = socket->finishing = true;
	lws_set_timeout(socket->wsi, PENDING_TIMEOUT_USER_OK, VA_SOCKET_FINISH_S);
	(void) lws_callback_on_writable(socket->wsi);
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
		va_socket_break(socket, socket->wsi, "closed");
	else
		va_socket_free(socket);
}
