/*-------------------------------------------------------------------------
 * listener.c
 *		An HTTP server of a task (contract in listener.h).
 *
 * No locks, no statement: a listener is its process's alone.
 */
#include "postgres.h"

#include "listener.h"
#include "runtime.h"

static void
take_request(void *ctx, VaHttpdRequest *request)
{
	VaListener *listener = ctx;

	request->next = NULL;
	if (listener->first == NULL)
		listener->first = request;
	else
		listener->last->next = request;
	listener->last = request;
	va_loop_note_io(listener->loop);
}

/* The next turn counts it, and logs it. */
static void
note_refusal(void *ctx)
{
	va_loop_note_io(((VaListener *) ctx)->loop);
}

bool
va_listener_open(VaListener *listener, VaLoop *loop, VaHttpdOptions *options, char *err, size_t errlen)
{
	listener->loop = loop;
	options->on_refused = note_refusal;
	listener->httpd = va_httpd_start(va_loop_uv(loop), options, take_request, listener, err, errlen);
	if (listener->httpd == NULL)
		return false;
	strlcpy(listener->host, options->host, sizeof(listener->host));
	listener->port = options->port;
	return true;
}

void
va_listener_close(VaListener *listener)
{
	va_slot_set_address(NULL);
	if (listener->httpd == NULL)
		return;
	va_listener_refused(listener, listener->refused_before);
	va_httpd_stop(listener->httpd);
	listener->httpd = NULL;
}

bool
va_listener_is_elsewhere(const VaListener *listener, const char *host, int port)
{
	return listener->port != port || strcmp(listener->host, host) != 0;
}

VaHttpdRequest *
va_listener_take(VaListener *listener)
{
	VaHttpdRequest *request = listener->first;

	if (request != NULL)
		listener->first = request->next;
	return request;
}

void
va_listener_put_back(VaListener *listener, VaHttpdRequest *request)
{
	request->next = listener->first;
	if (listener->first == NULL)
		listener->last = request;
	listener->first = request;
}

void
va_listener_refused(const VaListener *listener, uint64 counts[VA_REFUSALS])
{
	for (int why = 0; why < VA_REFUSALS; why++)
		counts[why] = listener->refused_before[why] +
					  (listener->httpd != NULL ? va_httpd_refused(listener->httpd, (VaRefusal) why) : 0);
}
