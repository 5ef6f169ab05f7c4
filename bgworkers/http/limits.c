/*-------------------------------------------------------------------------
 * limits.c
 *		Which clients may be connected to the server, and how many bytes they
 *		may hold. See http/connection.h; no locking, everything runs on the
 *		loop's thread.
 *
 * When there is no room, the connection with the least reason to stay is
 * closed: of the peer with the most connections, the one that has kept us
 * waiting longest. So a crowd of few peers hurts only itself.
 */
#include "connection.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* Refused connections that may still read why; more are closed at once. */
#define REFUSED_OPEN_MAX 16
/* A client that has kept us waiting for less may just be sending; many bytes take longer. */
#define GRACE_MS 10
#define BYTES_GRACE_MS 100
/* ... and for a peer with fewer connections than the newcomer's, which cannot be part of a crowd. */
#define FEW_GRACE_MS 1000
/* Connections that are looked at to find one to close. */
#define LOOKS_MAX 32

void
va_limits_refused(VaHttpd *httpd, VaRefusal why)
{
	httpd->refused[why]++;
	if (httpd->options.on_refused != NULL)
		httpd->options.on_refused(httpd->ctx);
}

/* ----- those of a peer ----- */

static void
name_peer(VaConnection *connection)
{
	struct sockaddr_storage address;
	int length = sizeof(address);

	if (uv_tcp_getpeername(&connection->tcp, (struct sockaddr *) &address, &length) != 0)
		return;
	if (address.ss_family == AF_INET)
		uv_ip4_name((struct sockaddr_in *) &address, connection->peer, sizeof(connection->peer));
	else if (address.ss_family == AF_INET6)
		uv_ip6_name((struct sockaddr_in6 *) &address, connection->peer, sizeof(connection->peer));
}

/* Finds or makes the place of the connection's peer; NULL without memory. */
static VaPeerPlace *
find_place(VaConnection *connection)
{
	bool is_proxy = va_networks_hold(connection->httpd->options.trusted_proxies, connection->peer);
	/* A proxy of ours is none of its network's. */
	uint64_t key = va_peer_key(connection->peer) ^ is_proxy;
	VaPeerPlace **bucket = &connection->httpd->peer_bucket[key % VA_PEER_BUCKETS];
	VaPeerPlace *place = *bucket;

	while (place != NULL && place->key != key)
		place = place->next;
	if (place != NULL)
		return place;
	place = calloc(1, sizeof(VaPeerPlace));
	if (place == NULL)
		return NULL;
	place->key = key;
	place->is_proxy = is_proxy;
	place->next = *bucket;
	*bucket = place;
	return place;
}

bool
va_limits_enter(VaConnection *connection)
{
	name_peer(connection);
	connection->place = find_place(connection);
	if (connection->place == NULL)
		return false;
	connection->place->nopen++;
	return true;
}

void
va_limits_leave(VaConnection *connection)
{
	VaPeerPlace *place = connection->place;
	VaPeerPlace **link;

	va_limits_wait(connection, false);
	connection->place = NULL;
	if (place == NULL || --place->nopen > 0)
		return;
	link = &connection->httpd->peer_bucket[place->key % VA_PEER_BUCKETS];
	while (*link != place)
		link = &(*link)->next;
	*link = place->next;
	free(place);
}

/* How much room its peer takes; a trusted proxy stands for many clients that cannot be distinguished. */
static int
share_of(const VaConnection *connection)
{
	return connection->place->is_proxy ? 1 : connection->place->nopen;
}

/* ----- those that wait for their client ----- */

void
va_limits_wait(VaConnection *connection, bool for_client)
{
	VaHttpd *httpd = connection->httpd;

	if (connection->waiting)
	{
		if (connection->waiting_previous != NULL)
			connection->waiting_previous->waiting_next = connection->waiting_next;
		else
			httpd->waiting_first = connection->waiting_next;
		if (connection->waiting_next != NULL)
			connection->waiting_next->waiting_previous = connection->waiting_previous;
		else
			httpd->waiting_last = connection->waiting_previous;
	}
	connection->waiting = for_client;
	if (!for_client)
		return;
	connection->waiting_since = uv_now(httpd->loop);
	connection->waiting_next = NULL;
	connection->waiting_previous = httpd->waiting_last;
	if (httpd->waiting_last != NULL)
		httpd->waiting_last->waiting_next = connection;
	else
		httpd->waiting_first = connection;
	httpd->waiting_last = connection;
}

static bool
is_new(const VaConnection *connection, uint64_t ms)
{
	return connection->waiting_since + ms > uv_now(connection->httpd->loop);
}

static void
close_for_another(VaConnection *connection)
{
	va_limits_refused(connection->httpd, VA_REFUSED_TOO_MANY);
	va_connection_close(connection);
}

/* ----- letting in ----- */

/* Its bytes may be in the socket already, if it was we who were busy. */
static bool
has_unread_bytes(const VaConnection *connection)
{
	uv_os_fd_t fd;
	int n = 0;

	return uv_fileno((const uv_handle_t *) &connection->tcp, &fd) == 0 && ioctl(fd, FIONREAD, &n) == 0 && n > 0;
}

/* Has it kept us waiting long enough to be closed for that newcomer? */
static bool
may_go(const VaConnection *connection, bool silent, const VaConnection *newcomer, bool newcomer_speaks)
{
	int more = share_of(connection) - share_of(newcomer);

	if (more > 0)
		return true;
	if (more < 0)
		return !is_new(connection, FEW_GRACE_MS);
	return (silent && newcomer_speaks) || !is_new(connection, GRACE_MS);
}

/*
 * The connection to close for a newcomer: among those without unread bytes, of
 * the peer with the most connections, the one that has kept us waiting longest.
 * A newcomer that brings its request along takes the place of a silent one of
 * its own peer; NULL when there is none.
 */
static VaConnection *
find_dispensable(const VaConnection *newcomer)
{
	bool speaks = has_unread_bytes(newcomer);
	VaConnection *best = NULL;
	bool best_silent = false;
	int looks = 0;

	for (VaConnection *other = newcomer->httpd->waiting_first; other != NULL && looks < LOOKS_MAX;
		 other = other->waiting_next, looks++)
	{
		bool silent;

		if (best_silent && share_of(other) <= share_of(best))
			continue;
		silent = !has_unread_bytes(other);
		if (!may_go(other, silent, newcomer, speaks))
			continue;
		if (best == NULL || silent > best_silent || (silent == best_silent && share_of(other) > share_of(best)))
		{
			best = other;
			best_silent = silent;
		}
	}
	return best;
}

/* Peers may be many: however few refused connections each has, their total is bounded as well. */
static void
turn_away(VaConnection *connection, int over_of_peer, const char *reason)
{
	int over = connection->httpd->nopen - connection->httpd->options.max_connections;

	if (over > REFUSED_OPEN_MAX || over_of_peer > REFUSED_OPEN_MAX)
		close_for_another(connection);
	else
		va_connection_refuse(connection, 503, reason, VA_REFUSED_TOO_MANY);
}

bool
va_limits_admit(VaConnection *connection)
{
	VaHttpd *httpd = connection->httpd;
	const VaHttpdOptions *options = &httpd->options;

	if (options->max_per_peer > 0)
	{
		int over = share_of(connection) - options->max_per_peer;

		if (over > 0)
		{
			turn_away(connection, over, "too many connections from one address");
			return false;
		}
	}
	if (httpd->nopen > options->max_connections)
	{
		VaConnection *other = find_dispensable(connection);

		if (other == NULL)
		{
			turn_away(connection, 0, "too many connections");
			return false;
		}
		close_for_another(other);
	}
	return true;
}

/* ----- bytes ----- */

bool
va_limits_grow(VaConnection *connection, size_t more)
{
	VaHttpd *httpd = connection->httpd;
	size_t limit = httpd->options.max_buffered;
	VaConnection *next;

	if (limit == 0 || connection->cap + more <= VA_FIRST_BUFFER)
		return true;
	for (VaConnection *other = httpd->waiting_first; other != NULL && httpd->buffered + more > limit; other = next)
	{
		next = other->waiting_next;
		if (is_new(other, BYTES_GRACE_MS))
			break;
		if (other != connection && other->cap > VA_FIRST_BUFFER)
			close_for_another(other);
	}
	return httpd->buffered + more <= limit;
}

/* ----- behind a proxy ----- */

/* text[0 .. len) without the white space around it, if it is an address; false otherwise. */
static bool
copy_address(const char *text, size_t len, char *to, size_t size)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	while (len > 0 && (*text == ' ' || *text == '\t'))
	{
		text++;
		len--;
	}
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len >= size)
		return false;
	memcpy(to, text, len);
	to[len] = '\0';
	return uv_inet_pton(AF_INET, to, bytes) == 0 || uv_inet_pton(AF_INET6, to, bytes) == 0;
}

/*
 * From its end: the last element is what the proxy that is connected to us
 * wrote; as long as that is a proxy of ours again, the one before is what that
 * proxy wrote.  The first that is none is the client: what stands before it, the
 * client may have written.
 */
bool
va_forwarded_client(const char *proxies, const char *forwarded, char *peer, size_t size)
{
	size_t end = strlen(forwarded);

	while (va_networks_hold(proxies, peer))
	{
		size_t start = end;
		char client[INET6_ADDRSTRLEN];

		while (start > 0 && forwarded[start - 1] != ',')
			start--;
		if (!copy_address(forwarded + start, end - start, client, sizeof(client)))
			return false;
		snprintf(peer, size, "%s", client);
		if (start == 0)
			break;
		end = start - 1;
	}
	return true;
}

void
va_limits_name_client(VaConnectionRequest *request)
{
	const VaHttpdRequest *pub = &request->pub;

	for (int i = pub->nheaders - 1; i >= 0; i--)
		if (strcmp(pub->headers[i].name, "x-forwarded-for") == 0 &&
			!va_forwarded_client(
				request->httpd->options.trusted_proxies, pub->headers[i].value, request->peer, sizeof(request->peer)))
			return;
}
