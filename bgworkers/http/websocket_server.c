/*-------------------------------------------------------------------------
 * websocket_server.c
 *		WebSockets that are opened to us: a vhost of libwebsockets' one context.
 *
 * A stranger is a connection that has not proved whose it is: it says nothing
 * yet, or has named a path that its owner does not know.  Strangers have places
 * apart from all others.  When these are taken, a newcomer has that of the
 * oldest silent one of the network with the most: a crowd hurts itself first, and
 * whoever waits for us, because we are busy, is none that keeps us waiting.
 *
 * The owner of the server takes the sockets that are open; until then a socket
 * is the server's, and what it sends waits in its queue. A request that is not
 * for a socket is refused with 404. TLS is the proxy's in front of us.
 */
#include "websocket_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "connection.h"
#include "pure/net/network.h"

#define NETWORK_BUCKETS 1024

struct VaSocketServer
{
	VaSocketServerOptions options;
	struct lws_protocols protocols[2];
	struct lws_vhost *vhost;
	int port;
	int64_t crowded_out;
	int nstrangers;
	int of_network[NETWORK_BUCKETS];
	VaSocket *strangers; /* the oldest first */
	VaSocket *accepted;	 /* not yet taken */
	VaSocket **last_accepted;
};

/* ---- strangers ---- */

/* A proxy stands for many clients that cannot be distinguished. */
static int
share_of(const VaSocket *socket)
{
	return socket->network == 0 ? 1 : socket->server->of_network[socket->network % NETWORK_BUCKETS];
}

static void
leave_strangers(VaSocket *socket)
{
	VaSocketServer *server = socket->server;
	VaSocket **at = &server->strangers;

	if (!socket->stranger)
		return;
	socket->stranger = false;
	server->nstrangers--;
	server->of_network[socket->network % NETWORK_BUCKETS]--;
	while (*at != socket)
		at = &(*at)->stranger_next;
	*at = socket->stranger_next;
}

static void
enter_strangers(VaSocket *socket, const char *peer)
{
	VaSocketServer *server = socket->server;
	VaSocket **at = &server->strangers;

	socket->stranger = true;
	socket->network = va_networks_hold(*server->options.trusted_proxies, peer) ? 0 : va_peer_key(peer);
	while (*at != NULL)
		at = &(*at)->stranger_next;
	*at = socket;
	socket->stranger_next = NULL;
	server->nstrangers++;
	server->of_network[socket->network % NETWORK_BUCKETS]++;
}

/* Its bytes are there, or it waits to be judged: it is we who are busy. */
static bool
waits_for_us(const VaSocket *socket)
{
	int n = 0;

	return socket->path[0] != '\0' || (ioctl(lws_get_socket_fd(socket->wsi), FIONREAD, &n) == 0 && n > 0);
}

/* The one with the least reason to stay goes. */
static void
make_room(VaSocketServer *server)
{
	VaSocket *out = NULL;

	if (server->nstrangers <= server->options.max_strangers)
		return;
	for (VaSocket *socket = server->strangers; socket != NULL; socket = socket->stranger_next)
		if ((out == NULL || share_of(socket) > share_of(out)) && !waits_for_us(socket))
			out = socket;
	if (out == NULL && server->nstrangers <= 2 * server->options.max_strangers)
		return;
	out = out == NULL ? server->strangers : out;
	leave_strangers(out);
	server->crowded_out++;
	va_socket_break(out, out->wsi, "there were too many sockets of strangers");
}

void
va_socket_proven(VaSocket *socket)
{
	leave_strangers(socket);
}

int64_t
va_socket_owner(const VaSocket *socket)
{
	return socket->owner;
}

/* ---- the callbacks ---- */

/* The pieces of the query, as libwebsockets keeps them; false: it is too long. */
static bool
read_query(struct lws *wsi, char *query, size_t size)
{
	size_t used = 0;
	int len;

	query[0] = '\0';
	for (int i = 0;; i++)
	{
		if (used + 2 > size)
			return false;
		len = lws_hdr_copy_fragment(
			wsi, query + used + (used > 0), (int) (size - used - 1), WSI_TOKEN_HTTP_URI_ARGS, i);
		if (len == -2)
			return false;
		if (len < 0)
			return true;
		if (used > 0)
			query[used++] = '&';
		used += (size_t) len;
	}
}

/* A connection, before it has said anything; NULL without memory. */
static VaSocket *
connect_stranger(VaSocketServer *server, struct lws *wsi)
{
	VaSocket *socket = va_socket_new();
	char peer[64] = "";

	if (socket == NULL)
		return NULL;
	socket->server = server;
	socket->wsi = wsi;
	socket->frame_max = server->options.frame_max;
	socket->frames_max = server->options.frames_max;
	socket->send_max = server->options.send_max;
	socket->note_io = server->options.note_io;
	socket->note_io_arg = server->options.note_io_arg;
	(void) lws_get_peer_simple(wsi, peer, sizeof(peer));
	enter_strangers(socket, peer);
	make_room(server);
	return socket;
}

/* Behind a proxy of ours it comes from where that says. */
static void
name_client(VaSocket *socket, struct lws *wsi)
{
	char peer[64] = "";
	char forwarded[512];

	if (socket->network != 0 || lws_hdr_copy(wsi, forwarded, sizeof(forwarded), WSI_TOKEN_X_FORWARDED_FOR) <= 0)
		return;
	(void) lws_get_peer_simple(wsi, peer, sizeof(peer));
	(void) va_forwarded_client(*socket->server->options.trusted_proxies, forwarded, peer, sizeof(peer));
	leave_strangers(socket);
	enter_strangers(socket, peer);
}

/* The path is known, and so may be whose it is; false: it is refused. */
static bool
admit(VaSocketServer *server, VaSocket *socket, struct lws *wsi)
{
	if (socket == NULL || !socket->stranger)
		return false;
	name_client(socket, wsi);
	if (lws_hdr_copy(wsi, socket->path, sizeof(socket->path), WSI_TOKEN_GET_URI) <= 0 ||
		!read_query(wsi, socket->query, sizeof(socket->query)))
		return false;
	socket->owner = server->options.judge(socket->path, socket->query);
	if (socket->owner > 0)
		leave_strangers(socket);
	return socket->owner >= 0;
}

static void
open_socket(VaSocketServer *server, VaSocket *socket)
{
	socket->state = VA_SOCKET_OPEN;
	socket->next_accepted = NULL;
	*server->last_accepted = socket;
	server->last_accepted = &socket->next_accepted;
	server->options.note_io(server->options.note_io_arg);
}

/* The connection has gone before, or after, its socket was open. */
static void
lose(VaSocketServer *server, VaSocket *socket)
{
	leave_strangers(socket);
	if (socket->state == VA_SOCKET_CONNECTING && socket->owner > 0)
		server->options.left(socket->owner);
	if (socket->state == VA_SOCKET_CONNECTING)
		va_socket_free(socket);
	else
		va_socket_set_closed(socket, "the other side has closed it");
}

static int
on_server_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct lws_vhost *vhost = wsi == NULL ? NULL : lws_get_vhost(wsi);
	VaSocketServer *server = vhost == NULL ? NULL : lws_vhost_user(vhost);
	VaSocket *socket = wsi == NULL ? NULL : lws_get_opaque_user_data(wsi);

	switch (reason)
	{
		case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
			socket = connect_stranger(server, wsi);
			if (socket == NULL)
				return -1;
			lws_set_opaque_user_data(wsi, socket);
			break;
		case LWS_CALLBACK_HTTP:
			(void) server->options.judge("", "");
			(void) lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL);
			return -1;
		case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
			return admit(server, socket, wsi) ? 0 : -1;
		case LWS_CALLBACK_ESTABLISHED:
			if (socket != NULL)
				open_socket(server, socket);
			break;
		case LWS_CALLBACK_RECEIVE:
			if (socket != NULL)
				va_socket_receive(socket, wsi, in, len);
			break;
		case LWS_CALLBACK_SERVER_WRITEABLE:
			return socket == NULL ? 0 : va_socket_write(socket, wsi);
		case LWS_CALLBACK_WSI_DESTROY:
			if (socket != NULL)
			{
				lws_set_opaque_user_data(wsi, NULL);
				lose(server, socket);
			}
			break;
		default:
			break;
	}
	return 0;
}

/* ---- the owner's side ---- */

VaSocketServer *
va_socket_server_open(uv_loop_t *loop, const VaSocketServerOptions *options, char *err, size_t errlen)
{
	struct lws_context *context = va_socket_context(loop);
	struct lws_context_creation_info info;
	VaSocketServer *server = calloc(1, sizeof(VaSocketServer));

	if (context == NULL || server == NULL)
	{
		snprintf(err, errlen, "%s",
			server == NULL ? "out of memory" : "could not start libwebsockets (is its plugin for libuv installed?)");
		free(server);
		return NULL;
	}
	server->options = *options;
	server->last_accepted = &server->accepted;
	server->protocols[0] = (struct lws_protocols){ options->subprotocol, on_server_event, 0, VA_SOCKET_PIECE, 0, NULL,
		0 };
	memset(&info, 0, sizeof(info));
	info.port = options->port;
	info.iface = options->host;
	info.vhost_name = "media";
	info.protocols = server->protocols;
	info.user = server;
	/* With IPv6, libwebsockets takes an address of IPv4 for none, and listens on all. */
	info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
				   (strchr(options->host, ':') == NULL ? LWS_SERVER_OPTION_DISABLE_IPV6 : 0);
	info.retry_and_idle_policy = &va_socket_liveness;
	info.timeout_secs = VA_SOCKET_CONNECT_S;
	info.keepalive_timeout = VA_SOCKET_CONNECT_S;
	server->vhost = lws_create_vhost(context, &info);
	if (server->vhost == NULL)
	{
		snprintf(err, errlen, "could not listen on %s port %d", options->host, options->port);
		free(server);
		return NULL;
	}
	server->port = lws_get_vhost_listen_port(server->vhost);
	return server;
}

int
va_socket_server_port(const VaSocketServer *server)
{
	return server->port;
}

VaSocket *
va_socket_server_accept(VaSocketServer *server)
{
	VaSocket *socket = server->accepted;

	if (socket == NULL)
		return NULL;
	server->accepted = socket->next_accepted;
	if (server->accepted == NULL)
		server->last_accepted = &server->accepted;
	return socket;
}

int64_t
va_socket_server_crowded_out(const VaSocketServer *server)
{
	return server->crowded_out;
}

const char *
va_socket_path(const VaSocket *socket)
{
	return socket->path;
}

const char *
va_socket_query(const VaSocket *socket)
{
	return socket->query;
}
