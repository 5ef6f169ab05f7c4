/*-------------------------------------------------------------------------
 * link.c
 *		Messages between web and api (contract in link.h).
 *
 * No locks, no backend header.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

#define FIRST_BUFFER 16384
/* A buffer that a long message needed goes back after it. */
#define KEPT_BUFFER (256 * 1024)

typedef struct Write
{
	uv_write_t request;
	VaLink *link;
	char data[];
} Write;

void
va_link_path(char *path, size_t size, unsigned database)
{
	snprintf(path, size, "voiceagent/api.%u", database);
}

bool
va_link_init(VaLink *link, uv_loop_t *loop, int nfields, void (*on_event)(VaLink *), void *owner)
{
	memset(link, 0, sizeof(*link));
	link->nfields = nfields;
	link->on_event = on_event;
	link->owner = owner;
	if (uv_pipe_init(loop, &link->pipe, 0) != 0)
		return false;
	link->pipe.data = link;
	return true;
}

static void
on_closed(uv_handle_t *handle)
{
	VaLink *link = handle->data;

	free(link->buf);
	link->buf = NULL;
	link->len = link->cap = 0;
	link->taken = false;
	link->closing = false;
	link->on_event(link);
}

void
va_link_close(VaLink *link)
{
	if (link->closing || uv_is_closing((uv_handle_t *) &link->pipe))
		return;
	link->open = false;
	link->closing = true;
	uv_close((uv_handle_t *) &link->pipe, on_closed);
}

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	VaLink *link = handle->data;

	if (link->len == link->cap && link->cap < VA_LINK_MAX + sizeof(uint32_t) + 1)
	{
		size_t cap = link->cap == 0 ? FIRST_BUFFER : link->cap * 2;
		char *moved = realloc(link->buf, cap);

		if (moved != NULL)
		{
			link->buf = moved;
			link->cap = cap;
		}
	}
	/* Without room libuv reports UV_ENOBUFS, which closes the link. */
	*buf = uv_buf_init(link->buf + link->len, (unsigned) (link->cap - link->len));
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	VaLink *link = stream->data;

	if (n < 0)
		va_link_close(link);
	else
		link->len += (size_t) n;
	link->on_event(link);
}

bool
va_link_opened(VaLink *link)
{
	link->open = uv_read_start((uv_stream_t *) &link->pipe, on_alloc, on_read) == 0;
	return link->open;
}

static uint32_t
read_length(const char *at)
{
	uint32_t length;

	memcpy(&length, at, sizeof(length));
	return length;
}

/* The fields of a whole message; the length of each is where the NUL of the one before it may stand once it is read. */
static bool
split(char *at, size_t left, VaField *fields, int n)
{
	for (int i = 0; i < n; i++)
	{
		size_t len;

		if (left < sizeof(uint32_t))
			return false;
		len = read_length(at);
		at[0] = '\0';
		at += sizeof(uint32_t);
		left -= sizeof(uint32_t);
		if (len > left)
			return false;
		fields[i] = (VaField){ at, len };
		at += len;
		left -= len;
	}
	return left == 0;
}

bool
va_link_message(VaLink *link, VaField *fields)
{
	uint32_t length;

	if (!link->open || link->taken || link->len < sizeof(length))
		return false;
	length = read_length(link->buf);
	/* The last byte of a message is a NUL, so that its last field has one behind it. */
	if (length > VA_LINK_MAX || length == 0)
		va_link_close(link);
	if (!link->open || link->len < sizeof(length) + length)
		return false;
	link->taken = split(link->buf + sizeof(length), length - 1, fields, link->nfields);
	if (link->taken)
		return true;
	va_link_close(link);
	return false;
}

void
va_link_done(VaLink *link)
{
	link->len = 0;
	link->taken = false;
	if (link->cap <= KEPT_BUFFER)
		return;
	free(link->buf);
	link->buf = NULL;
	link->cap = 0;
}

static void
on_written(uv_write_t *request, int status)
{
	Write *write = (Write *) request;
	VaLink *link = write->link;

	free(write);
	if (status != 0)
		va_link_close(link);
}

bool
va_link_send(VaLink *link, const VaField *fields, int n)
{
	size_t total = 1;
	uint32_t length;
	Write *write;
	uv_buf_t buf;
	char *at;

	for (int i = 0; i < n; i++)
		total += sizeof(uint32_t) + fields[i].len;
	if (!link->open || total > VA_LINK_MAX)
		return false;
	write = malloc(sizeof(Write) + sizeof(length) + total);
	if (write == NULL)
		return false;
	write->link = link;
	at = write->data;
	length = (uint32_t) total;
	memcpy(at, &length, sizeof(length));
	at += sizeof(length);
	for (int i = 0; i < n; i++)
	{
		length = (uint32_t) fields[i].len;
		memcpy(at, &length, sizeof(length));
		at += sizeof(length);
		if (fields[i].len > 0)
			memcpy(at, fields[i].bytes, fields[i].len);
		at += fields[i].len;
	}
	*at = '\0';
	buf = uv_buf_init(write->data, (unsigned) (sizeof(length) + total));
	if (uv_write(&write->request, (uv_stream_t *) &link->pipe, &buf, 1, on_written) == 0)
		return true;
	free(write);
	return false;
}
