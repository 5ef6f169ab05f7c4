/*-------------------------------------------------------------------------
 * websocket_server.c
 *		WebSockets that are opened to us: a vhost of libwebsockets' one context.
 *
 * The owner of the server takes the sockets that are open; until then a socket
 * is the server's, and what it sends waits in its queue. A request that is not
 * for a socket is refused with 404. TLS is the proxy's in front of us.
 *-------------------------------------------------------------------------
 */
#include "websocket_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct VaSocketServer
{
	VaSocketServerOptions options;
	struct lws_protocols protocols[2];
	struct lws_vhost *vhost;
	int port;
	int nsockets;
	uint64_t refused;
	VaSocket *accepted; /* that nobody has taken yet */
	VaSocket **last_accepted;
};

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

static VaSocket *
admit(VaSocketServer *server, struct lws *wsi)
{
	VaSocket *socket;

	if (server->nsockets >= server->options.max_sockets)
		return NULL;
	socket = va_socket_new();
	if (socket == NULL)
		return NULL;
	if (lws_hdr_copy(wsi, socket->path, sizeof(socket->path), WSI_TOKEN_GET_URI) <= 0 ||
		!read_query(wsi, socket->query, sizeof(socket->query)))
	{
		va_socket_free(socket);
		return NULL;
	}
	socket->server = server;
	socket->wsi = wsi;
	socket->frame_max = server->options.frame_max;
	socket->frames_max = server->options.frames_max;
	socket->send_max = server->options.send_max;
	socket->note_io = server->options.note_io;
	socket->note_io_arg = server->options.note_io_arg;
	server->nsockets++;
	return socket;
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
	server->nsockets--;
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
		case LWS_CALLBACK_HTTP:
			server->refused++;
			(void) lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL);
			return -1;
		case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
			socket = admit(server, wsi);
			if (socket == NULL)
			{
				server->refused++;
				return -1;
			}
			lws_set_opaque_user_data(wsi, socket);
			break;
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
	server->protocols[0] = (struct lws_protocols){ options->subprotocol, on_server_event, 0, 65536, 0, NULL, 0 };
	memset(&info, 0, sizeof(info));
	info.port = options->port;
	info.iface = options->host;
	info.vhost_name = "media";
	info.protocols = server->protocols;
	info.user = server;
	info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
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

uint64_t
va_socket_server_refused(const VaSocketServer *server)
{
	return server->refused;
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
