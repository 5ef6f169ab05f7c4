/*-------------------------------------------------------------------------
 * http1.c
 *		A strict reader of HTTP/1.1 requests.  No locking, no allocation: the
 *		caller owns the buffer and the struct.
 *
 * The head is scanned for its end first (each byte once), then parsed in one
 * go; positions are kept as offsets, because the caller's buffer may move
 * while the body comes in.
 */
#include "http1.h"

#include <stdio.h>
#include <string.h>

enum
{
	CHUNK_SIZE = 0,
	CHUNK_DATA,
	CHUNK_DATA_END,
	CHUNK_TRAILER
};

#define MAX_TARGET 8192
#define MAX_CHUNK_LINE 64
#define MAX_TRAILER 4096

static const char no_text[] = "";

void
va_http1_init(VaHttp1 *request, size_t max_head, size_t max_body)
{
	memset(request, 0, sizeof(*request));
	request->max_head = max_head;
	request->max_body = max_body;
	request->reason = no_text;
}

/* Returns false, so that a reader can return it. */
static bool
refuse(VaHttp1 *request, int status, const char *reason)
{
	request->state = VA_HTTP1_ERROR;
	request->status = status;
	request->reason = reason;
	return false;
}

/* RFC 9110: the characters of a method or a header's name. */
static bool
is_token_char(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return true;
	return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool
is_value_char(unsigned char c)
{
	return c == '\t' || (c >= 0x20 && c != 0x7f);
}

static bool
is_target_char(unsigned char c)
{
	return c > 0x20 && c < 0x7f;
}

/* Does the comma-separated list hold the word (lower case), in any case? */
static bool
lists_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	while (*list != '\0')
	{
		size_t i = 0;

		while (*list == ' ' || *list == '\t' || *list == ',')
			list++;
		while (i < length && (list[i] | 0x20) == word[i])
			i++;
		if (i == length && (list[i] == '\0' || list[i] == ',' || list[i] == ' ' || list[i] == '\t' || list[i] == ';'))
			return true;
		while (*list != '\0' && *list != ',')
			list++;
	}
	return false;
}

/* ----- the head ----- */

/* The first line: METHOD SP target SP HTTP/1.x, in line[0 .. end). */
static bool
parse_request_line(VaHttp1 *request, char *buf, size_t end)
{
	size_t i = 0;

	request->method_off = 0;
	while (i < end && is_token_char((unsigned char) buf[i]))
		i++;
	if (i == 0 || i > 16 || i >= end || buf[i] != ' ')
		return refuse(request, 400, "malformed request line");
	buf[i++] = '\0';

	request->path_off = i;
	request->query_off = 0;
	while (i < end && is_target_char((unsigned char) buf[i]))
	{
		if (buf[i] == '?' && request->query_off == 0)
		{
			buf[i] = '\0';
			request->query_off = i + 1;
		}
		i++;
	}
	if (i - request->path_off > MAX_TARGET)
		return refuse(request, 414, "target too long");
	if (i >= end || buf[i] != ' ' || (buf[request->path_off] != '/' && buf[request->path_off] != '*'))
		return refuse(request, 400, "malformed request target");
	buf[i++] = '\0';

	if (end - i != 8 || memcmp(buf + i, "HTTP/", 5) != 0)
		return refuse(request, 400, "malformed request line");
	if (memcmp(buf + i, "HTTP/1.1", 8) == 0)
		request->minor_version = 1;
	else if (memcmp(buf + i, "HTTP/1.0", 8) == 0)
		request->minor_version = 0;
	else
		return refuse(request, 505, "version not supported");
	request->keep_alive = request->minor_version == 1;
	return true;
}

/* Name ":" OWS value OWS, in buf[start .. end). */
static bool
parse_header_line(VaHttp1 *request, char *buf, size_t start, size_t end)
{
	size_t i = start;
	size_t value;

	while (i < end && is_token_char((unsigned char) buf[i]))
	{
		if (buf[i] >= 'A' && buf[i] <= 'Z')
			buf[i] |= 0x20;
		i++;
	}
	/* A leading space (folding) and a space before the colon end here, too. */
	if (i == start || i >= end || buf[i] != ':')
		return refuse(request, 400, "malformed header");
	if (request->nheaders >= VA_HTTP1_MAX_HEADERS)
		return refuse(request, 431, "too many headers");
	buf[i++] = '\0';
	while (i < end && (buf[i] == ' ' || buf[i] == '\t'))
		i++;
	while (end > i && (buf[end - 1] == ' ' || buf[end - 1] == '\t'))
		end--;
	value = i;
	for (; i < end; i++)
	{
		if (!is_value_char((unsigned char) buf[i]))
			return refuse(request, 400, "forbidden character in a header");
	}
	/* The byte behind the value is part of its own line end: free to take. */
	buf[end] = '\0';
	request->name_off[request->nheaders] = start;
	request->value_off[request->nheaders] = value;
	request->nheaders++;
	return true;
}

static bool
parse_content_length(VaHttp1 *request, const char *text)
{
	size_t length = 0;

	if (*text == '\0' || strlen(text) > 15)
		return false;
	for (; *text != '\0'; text++)
	{
		if (*text < '0' || *text > '9')
			return false;
		length = length * 10 + (size_t) (*text - '0');
	}
	request->content_length = length;
	return true;
}

/* The headers on the body and the connection. */
static bool
judge_headers(VaHttp1 *request, const char *buf)
{
	int lengths = 0;
	int codings = 0;
	int hosts = 0;

	for (int i = 0; i < request->nheaders; i++)
	{
		const char *name = buf + request->name_off[i];
		const char *value = buf + request->value_off[i];

		if (strcmp(name, "content-length") == 0)
		{
			if (lengths++ > 0 || !parse_content_length(request, value))
				return refuse(request, 400, "malformed content-length");
		}
		else if (strcmp(name, "transfer-encoding") == 0)
		{
			codings++;
			if (strlen(value) != 7 || !lists_word(value, "chunked") || codings > 1)
				return refuse(request, 501, "transfer coding not supported");
			request->chunked = true;
		}
		else if (strcmp(name, "host") == 0)
			hosts++;
		else if (strcmp(name, "connection") == 0)
		{
			if (lists_word(value, "close"))
				request->keep_alive = false;
			else if (lists_word(value, "keep-alive") && request->minor_version == 0)
				request->keep_alive = true;
		}
		else if (strcmp(name, "expect") == 0)
		{
			if (!lists_word(value, "100-continue"))
				return refuse(request, 417, "expectation not supported");
			request->expect_continue = request->minor_version == 1;
		}
	}
	if (lengths > 0 && codings > 0)
		return refuse(request, 400, "both content-length and transfer-encoding");
	if (hosts > 1 || (hosts == 0 && request->minor_version == 1))
		return refuse(request, 400, "exactly one host header is needed");
	if (codings > 0 && request->minor_version == 0)
		return refuse(request, 400, "transfer-encoding in HTTP/1.0");
	if (request->content_length > request->max_body)
		return refuse(request, 413, "body too large");
	return true;
}

/* The head lies in buf[0 .. head_len), the empty line included. */
static bool
parse_head(VaHttp1 *request, char *buf)
{
	size_t start = 0;
	bool first = true;

	while (start + 2 < request->head_len)
	{
		char *end = memchr(buf + start, '\r', request->head_len - start);
		size_t line_end = (size_t) (end - buf);

		if (buf[line_end + 1] != '\n')
			return refuse(request, 400, "bare carriage return");
		if (first ? !parse_request_line(request, buf, line_end) : !parse_header_line(request, buf, start, line_end))
			return false;
		first = false;
		start = line_end + 2;
	}
	if (first)
		return refuse(request, 400, "malformed request line");
	return judge_headers(request, buf);
}

/* The first line ends at buf[end]: what speaks another protocol need not be waited for. */
static bool
ends_as_http(const char *buf, size_t end)
{
	return end > 9 && memcmp(buf + end - 9, "HTTP/", 5) == 0;
}

/* Look for the end of the head; bare line feeds are refused at once. */
static bool
read_head(VaHttp1 *request, char *buf, size_t len)
{
	while (request->scanned < len)
	{
		size_t i = request->scanned;

		if (i >= request->max_head)
			return refuse(request, 431, "head too large");
		if (buf[i] == '\0')
			return refuse(request, 400, "zero byte in the head");
		if (i == 0 && buf[i] != '\r' && buf[i] != '\n' && !is_token_char((unsigned char) buf[i]))
			return refuse(request, 400, "malformed request line");
		if (buf[i] == '\n')
		{
			if (i == 0 || buf[i - 1] != '\r')
				return refuse(request, 400, "bare line feed");
			if (i == 1)
				return refuse(request, 400, "empty request line");
			if (!request->first_line && !ends_as_http(buf, i))
				return refuse(request, 400, "malformed request line");
			request->first_line = true;
			if (i >= 3 && buf[i - 2] == '\n' && buf[i - 3] == '\r')
			{
				request->head_len = i + 1;
				request->chunk_read = request->chunk_write = request->head_len;
				if (!parse_head(request, buf))
					return false;
				request->state = VA_HTTP1_BODY;
				return true;
			}
		}
		request->scanned++;
	}
	return true;
}

/* ----- the body ----- */

static void
finish(VaHttp1 *request, char *buf, size_t body_len, size_t consumed)
{
	request->method = buf + request->method_off;
	request->path = buf + request->path_off;
	request->query = request->query_off != 0 ? buf + request->query_off : (char *) no_text;
	for (int i = 0; i < request->nheaders; i++)
	{
		request->headers[i].name = buf + request->name_off[i];
		request->headers[i].value = buf + request->value_off[i];
	}
	request->body = buf + request->head_len;
	request->body_len = body_len;
	request->consumed = consumed;
	request->state = VA_HTTP1_DONE;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* "SIZE[;extension]" in buf[start .. end). */
static bool
parse_chunk_size(VaHttp1 *request, const char *buf, size_t start, size_t end)
{
	size_t size = 0;
	size_t i = start;

	while (i < end && hex_digit(buf[i]) >= 0)
	{
		if (i - start >= 8)
			return false;
		size = size * 16 + (size_t) hex_digit(buf[i]);
		i++;
	}
	if (i == start || (i < end && buf[i] != ';' && buf[i] != ' '))
		return false;
	request->chunk_left = size;
	return true;
}

/* The end of the line that starts at chunk_read, 0 = not there yet. */
static size_t
find_line_end(VaHttp1 *request, const char *buf, size_t len, size_t limit)
{
	size_t end = request->chunk_read;

	while (end < len && end - request->chunk_read <= limit && buf[end] != '\n')
		end++;
	if (end - request->chunk_read <= limit && end >= len)
		return 0;
	if (end - request->chunk_read <= limit && end > request->chunk_read && buf[end - 1] == '\r')
		return end;
	refuse(request, 400, "malformed chunk");
	return 0;
}

/* Move what has come of the running chunk to the end of the decoded body. */
static void
take_chunk_data(VaHttp1 *request, char *buf, size_t len)
{
	size_t n = len - request->chunk_read;

	if (n > request->chunk_left)
		n = request->chunk_left;
	memmove(buf + request->chunk_write, buf + request->chunk_read, n);
	request->chunk_write += n;
	request->chunk_read += n;
	request->chunk_left -= n;
}

/* One step; false when more bytes are needed, or it is over. */
static bool
step_chunk(VaHttp1 *request, char *buf, size_t len)
{
	size_t end;

	switch (request->chunk_phase)
	{
		case CHUNK_SIZE:
			end = find_line_end(request, buf, len, MAX_CHUNK_LINE);
			if (end == 0)
				return false;
			if (!parse_chunk_size(request, buf, request->chunk_read, end - 1))
				return refuse(request, 400, "malformed chunk");
			if (request->chunk_write - request->head_len + request->chunk_left > request->max_body)
				return refuse(request, 413, "body too large");
			request->chunk_read = end + 1;
			request->chunk_phase = request->chunk_left > 0 ? CHUNK_DATA : CHUNK_TRAILER;
			return true;
		case CHUNK_DATA:
			take_chunk_data(request, buf, len);
			if (request->chunk_left > 0)
				return false;
			request->chunk_phase = CHUNK_DATA_END;
			return true;
		case CHUNK_DATA_END:
			if (len - request->chunk_read < 2)
				return false;
			if (buf[request->chunk_read] != '\r' || buf[request->chunk_read + 1] != '\n')
				return refuse(request, 400, "malformed chunk");
			request->chunk_read += 2;
			request->chunk_phase = CHUNK_SIZE;
			return true;
		default: /* trailers are read and forgotten */
			end = find_line_end(request, buf, len, MAX_TRAILER);
			if (end == 0)
				return false;
			if (end == request->chunk_read + 1)
			{
				size_t consumed = end + 1;

				buf[request->chunk_write] = '\0';
				finish(request, buf, request->chunk_write - request->head_len, consumed);
				return false;
			}
			request->scanned += end - request->chunk_read;
			if (request->scanned > request->max_head + MAX_TRAILER)
				return refuse(request, 431, "trailer too large");
			request->chunk_read = end + 1;
			return true;
	}
}

static void
read_body(VaHttp1 *request, char *buf, size_t len)
{
	if (request->chunked)
		while (request->state == VA_HTTP1_BODY && step_chunk(request, buf, len))
			;
	else if (len - request->head_len >= request->content_length)
		finish(request, buf, request->content_length, request->head_len + request->content_length);
}

VaHttp1State
va_http1_read(VaHttp1 *request, char *buf, size_t len)
{
	if (request->state == VA_HTTP1_HEAD)
		(void) read_head(request, buf, len);
	if (request->state == VA_HTTP1_BODY)
		read_body(request, buf, len);
	return request->state;
}

const char *
va_http1_header(const VaHttp1Header *headers, int nheaders, const char *name)
{
	for (int i = 0; i < nheaders; i++)
		if (strcmp(headers[i].name, name) == 0)
			return headers[i].value;
	return NULL;
}

const char *
va_http1_reason(int status)
{
	static const struct
	{
		int status;
		const char *reason;
	} reasons[] = { { 100, "Continue" }, { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 206, "Partial Content" }, { 304, "Not Modified" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 402, "Payment Required" }, { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 408, "Request Timeout" }, { 409, "Conflict" }, { 410, "Gone" }, { 413, "Content Too Large" },
		{ 414, "URI Too Long" }, { 415, "Unsupported Media Type" }, { 416, "Range Not Satisfiable" },
		{ 417, "Expectation Failed" }, { 421, "Misdirected Request" }, { 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
		{ 501, "Not Implemented" }, { 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" } };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Status";
}

size_t
va_http1_format_head(char *head, size_t size, int status, const char *content_type, const char *const *headers,
	int nheaders, size_t body_len, bool keep_alive, time_t now)
{
	int used = snprintf(head, size, "HTTP/1.1 %d %s\r\n", status, va_http1_reason(status));
	struct tm at;

	/* In English: a server of PostgreSQL keeps LC_TIME at C. */
	if (now != 0 && gmtime_r(&now, &at) != NULL)
		used += (int) strftime(head + used, size - (size_t) used, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &at);
	/* Neither has a body, and a length would be that of another answer. */
	if (status != 204 && status != 304)
		used += snprintf(head + used, size - (size_t) used, "Content-Length: %zu\r\n", body_len);
	if (content_type != NULL)
		used += snprintf(head + used, size - (size_t) used, "Content-Type: %s\r\n", content_type);
	for (int i = 0; i < nheaders; i++)
	{
		/* A value that does not fit, or would start a new line, is left out. */
		if ((size_t) used + strlen(headers[i]) + 64 < size && strpbrk(headers[i], "\r\n") == NULL)
			used += snprintf(head + used, size - (size_t) used, "%s\r\n", headers[i]);
	}
	used += snprintf(head + used, size - (size_t) used, "%s\r\n", keep_alive ? "" : "Connection: close\r\n");
	return (size_t) used;
}
