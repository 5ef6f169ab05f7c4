/*-------------------------------------------------------------------------
 * downloads.c
 *		The files of exports (contract in console.h).
 *
 * No locks.  A process api judges the link, in the database; the file is read
 * here, piece by piece, as its client takes it.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/exports.h"
#include "console.h"

/* As browsers ask for a part of a file: one range; of several, or of what is none, the whole is sent. */
typedef struct Range
{
	bool asked;
	bool good; /* there is such a part */
	uint64 from;
	uint64 length;
} Range;

static uint64
read_number(const char **at, bool *there)
{
	char *end;
	uint64 value;

	*there = **at >= '0' && **at <= '9';
	value = *there ? strtoull(*at, &end, 10) : 0;
	if (*there)
		*at = end;
	return value;
}

static Range
read_range(const VaHttpdRequest *request, uint64 size)
{
	const char *at = va_httpd_header(request, "range");
	Range range = { false, true, 0, size };
	uint64 from;
	uint64 to;
	bool has_from;
	bool has_to;

	if (at == NULL || strncmp(at, "bytes=", strlen("bytes=")) != 0)
		return range;
	at += strlen("bytes=");
	from = read_number(&at, &has_from);
	if (*at++ != '-')
		return range;
	to = read_number(&at, &has_to);
	if (*at != '\0' || (!has_from && !has_to) || (has_from && has_to && to < from))
		return range;
	range.asked = true;
	/* "-500": the last so many. */
	range.from = has_from ? from : size - Min(to, size);
	range.good = range.from < size;
	range.length = has_from && has_to ? Min(to, size - 1) - range.from + 1 : size - range.from;
	return range;
}

void
va_send_file(VaHttpdRequest *request, int file, uint64 size, const char *type, const char *disposition)
{
	Range range = read_range(request, size);
	const char *headers[7] = { "Cache-Control: private, no-store", "X-Content-Type-Options: nosniff",
		"Accept-Ranges: bytes", "Content-Security-Policy: default-src 'none'; sandbox",
		"Referrer-Policy: no-referrer" };

	headers[5] = psprintf("Content-Disposition: %s", disposition);
	if (!range.good)
	{
		(void) close(file);
		headers[6] = psprintf("Content-Range: bytes */" UINT64_FORMAT, size);
		va_httpd_reply(request, 416, NULL, headers, lengthof(headers), "", 0);
		return;
	}
	if (range.asked)
		headers[6] = psprintf("Content-Range: bytes " UINT64_FORMAT "-" UINT64_FORMAT "/" UINT64_FORMAT, range.from,
			range.from + range.length - 1, size);
	va_httpd_reply_file(
		request, range.asked ? 206 : 200, type, headers, range.asked ? 7 : 6, file, range.from, range.length);
}

/* The body of the answer: the file's name, and below it the name to save it under. */
static void
note_answer(VaHttpdRequest *request, const VaField *answer)
{
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;
	char *name = status == 200 ? pstrdup(answer[VA_TELL_BODY].bytes) : NULL;
	char *saved_as = name != NULL ? strchr(name, '\n') : NULL;
	char path[MAXPGPATH];
	struct stat what;
	int file = -1;

	if (status != 200 && answer != NULL)
	{
		va_httpd_reply(
			request, status, answer[VA_TELL_TYPE].bytes, NULL, 0, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
		return;
	}
	if (saved_as != NULL)
	{
		*saved_as++ = '\0';
		if (va_export_path(path, name))
			file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (file >= 0 && fstat(file, &what) == 0 && S_ISREG(what.st_mode))
		va_send_file(request, file, (uint64) what.st_size, answer[VA_TELL_TYPE].bytes,
			psprintf("attachment; filename=\"%s\"", saved_as));
	else if (answer == NULL)
		va_deny(request, &(VaDenial){ 503, "57P01", "the request could not be served", NULL, "Send it again." });
	else
	{
		if (file >= 0)
			(void) close(file);
		va_deny(request, &(VaDenial){ 410, "PT410", "the file is not on this server any more",
							 "The database was restored, or taken over by another server.", "Have it made again." });
	}
}

void
va_download(VaHttpdRequest *request, const VaCaller *caller)
{
	const char *link = request->path + strlen(VA_DOWNLOADS);
	VaDenial denial;
	VaDoorAsk question = { "link", request, caller, pnstrdup(link, strcspn(link, "/")), note_answer, NULL, false };

	if (!va_door_ask(&question, &denial))
		va_deny(request, &denial);
}
