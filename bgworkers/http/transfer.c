/*-------------------------------------------------------------------------
 * transfer.c
 *		One request of http/client.h and what comes back, on a curl easy handle.
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
 * No locking: everything runs on the loop's thread.
 */
#include "transfer.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "pure/net/address.h"

#define MAX_HEADER_BYTES 65536
#define MAX_LIMITS_BYTES 2048
#define MAX_CONNECTION_AGE_S 30L
#define MAX_RETRY_AFTER_S 86400
#define FIRST_BODY 2048

/* Every option is checked: the first that fails names itself. */
#define SET(easy, option, value)                                                    \
	do                                                                              \
	{                                                                               \
		CURLcode set_code = curl_easy_setopt(easy, option, value);                  \
		if (set_code != CURLE_OK)                                                   \
		{                                                                           \
			snprintf(err, errlen, "%s: %s", #option, curl_easy_strerror(set_code)); \
			return false;                                                           \
		}                                                                           \
	} while (0)

/* ----- which addresses ----- */

static bool
allows(const VaTransfer *transfer, VaAddressClass address_class)
{
	if (address_class == VA_ADDRESS_PUBLIC)
		return true;
	return address_class == VA_ADDRESS_LOOPBACK ? transfer->allow_loopback : transfer->allow_private;
}

static curl_socket_t
on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	VaTransfer *transfer = arg;
	VaAddressClass address_class = VA_ADDRESS_RESERVED;

	if (purpose != CURLSOCKTYPE_IPCXN)
		return CURL_SOCKET_BAD;
	if (address->family == AF_INET)
		address_class = va_address_class(
			(unsigned char *) &((struct sockaddr_in *) (void *) &address->addr)->sin_addr, 4);
	else if (address->family == AF_INET6)
		address_class = va_address_class(((struct sockaddr_in6 *) (void *) &address->addr)->sin6_addr.s6_addr, 16);
	if (!allows(transfer, address_class))
	{
		transfer->refused_address = true;
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
	VaTransfer *transfer = arg;
	long sent = 0;

	(void) local;
	(void) remote_port;
	(void) local_port;
	if (!allows(transfer, va_address_class_text(remote)))
	{
		transfer->refused_address = true;
		return CURL_PREREQFUNC_ABORT;
	}
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
	if (transfer->begun && !transfer->harmless && sent > 0)
	{
		transfer->repeated = true;
		return CURL_PREREQFUNC_ABORT;
	}
	transfer->begun = true;
	return CURL_PREREQFUNC_OK;
}
#endif

/* ----- the answer ----- */

static size_t
on_write_body(char *from, size_t size, size_t count, void *arg)
{
	VaTransfer *transfer = arg;
	VaHttpResult *result = transfer->result;
	size_t n = size * count;
	long status = 0;

	(void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	if (transfer->piece != NULL && status == 200)
		return transfer->piece(transfer->ctx, from, n) ? n : 0;
	if (result->body_len + n > transfer->options->max_response_bytes)
	{
		transfer->too_large = transfer->cut = true;
		return 0;
	}
	if (result->body_len + n + 1 > transfer->result_cap)
	{
		size_t cap = transfer->result_cap ? transfer->result_cap * 2 : FIRST_BODY;
		char *moved;

		while (cap < result->body_len + n + 1)
			cap *= 2;
		moved = realloc(result->body, cap);
		if (moved == NULL)
			return 0;
		result->body = moved;
		transfer->result_cap = cap;
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

/* The line that ends a head: is it that of the final answer? */
static bool
ends_head(const VaTransfer *transfer, const char *line, size_t length)
{
	long status = 0;

	if (length > 2 || (line[0] != '\r' && line[0] != '\n'))
		return false;
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200;
}

/* The header that says how many requests are left, and when there are more: as it came, up to a bound. */
static void
keep_limit(VaHttpResult *result, const char *line, size_t length)
{
	static const char *const parts[] = { "ratelimit", "retry-after", "should-retry" };
	const char *colon = memchr(line, ':', length);
	size_t used = result->limits != NULL ? strlen(result->limits) : 0;
	char name[64];

	if (colon == NULL || (size_t) (colon - line) >= sizeof(name) || memchr(line, '\0', length) != NULL)
		return;
	memcpy(name, line, (size_t) (colon - line));
	name[colon - line] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		if (strcasestr(name, parts[i]) == NULL)
			continue;
		if (result->limits == NULL)
			result->limits = calloc(1, MAX_LIMITS_BYTES);
		if (result->limits != NULL && used + length < MAX_LIMITS_BYTES)
			memcpy(result->limits + used, line, length);
		return;
	}
}

static size_t
on_header(char *line, size_t size, size_t count, void *arg)
{
	VaTransfer *transfer = arg;
	size_t n = size * count;
	char date[64] = "";
	time_t theirs;

	transfer->header_bytes += n;
	if (transfer->header_bytes > MAX_HEADER_BYTES)
	{
		transfer->too_large = true;
		return 0;
	}
	if (ends_head(transfer, line, n))
		transfer->has_head = true;
	copy_header(line, n, "content-type", transfer->result->content_type, sizeof(transfer->result->content_type));
	copy_header(line, n, "x-request-id", transfer->result->request_id, sizeof(transfer->result->request_id));
	copy_header(line, n, "location", transfer->result->location, sizeof(transfer->result->location));
	copy_header(line, n, "etag", transfer->result->etag, sizeof(transfer->result->etag));
	copy_header(line, n, "date", date, sizeof(date));
	theirs = date[0] != '\0' ? curl_getdate(date, NULL) : -1;
	if (theirs >= 0)
		transfer->result->clock_lead_s = (int64_t) theirs - (int64_t) time(NULL);
	if (transfer->keep_limits)
		keep_limit(transfer->result, line, n);
	/* A truncated link would lead elsewhere, and a truncated version is no version. */
	if (strlen(transfer->result->location) == sizeof(transfer->result->location) - 1)
		transfer->result->location[0] = '\0';
	if (strlen(transfer->result->etag) == sizeof(transfer->result->etag) - 1)
		transfer->result->etag[0] = '\0';
	return n;
}

/* ----- making the handle ready ----- */

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
set_method(VaTransfer *transfer, char *err, size_t errlen)
{
	CURL *easy = transfer->easy;

	if (transfer->harmless)
	{
		SET(easy, CURLOPT_HTTPGET, 1L);
		return true;
	}
	SET(easy, CURLOPT_POST, 1L);
	SET(easy, CURLOPT_POSTFIELDS, transfer->body);
	SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) transfer->body_len);
	if (strcmp(transfer->method, "POST") != 0)
		SET(easy, CURLOPT_CUSTOMREQUEST, transfer->method);
#if LIBCURL_VERSION_NUM < 0x075000
	SET(easy, CURLOPT_FRESH_CONNECT, 1L);
#endif
	return true;
}

static bool
set_security(VaTransfer *transfer, char *err, size_t errlen)
{
	CURL *easy = transfer->easy;

#if LIBCURL_VERSION_NUM >= 0x075500
	SET(easy, CURLOPT_PROTOCOLS_STR, transfer->mail != NULL ? "smtp,smtps" : "http,https");
#else
	SET(easy, CURLOPT_PROTOCOLS,
		(long) (transfer->mail != NULL ? CURLPROTO_SMTP | CURLPROTO_SMTPS : CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075000
	SET(easy, CURLOPT_PREREQFUNCTION, on_prerequest);
	SET(easy, CURLOPT_PREREQDATA, transfer);
#endif
	SET(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	SET(easy, CURLOPT_OPENSOCKETDATA, transfer);
	SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	SET(easy, CURLOPT_PROXY, "");
	SET(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	return true;
}

static size_t
on_read_mail(char *to, size_t size, size_t count, void *arg)
{
	VaTransfer *transfer = arg;
	size_t n = transfer->body_len - transfer->body_read;

	if (n > size * count)
		n = size * count;
	memcpy(to, transfer->body + transfer->body_read, n);
	transfer->body_read += n;
	return n;
}

static bool
set_mail(VaTransfer *transfer, char *err, size_t errlen)
{
	const VaHttpMail *mail = transfer->mail;
	CURL *easy = transfer->easy;

	SET(easy, CURLOPT_UPLOAD, 1L);
	SET(easy, CURLOPT_READFUNCTION, on_read_mail);
	SET(easy, CURLOPT_READDATA, transfer);
	SET(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t) transfer->body_len);
	SET(easy, CURLOPT_MAIL_FROM, mail->sender);
	SET(easy, CURLOPT_MAIL_RCPT, transfer->rcpt);
	SET(easy, CURLOPT_USE_SSL, (long) (mail->plain ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	/* The server's last words stay what they are: the connection of another account is not reused. */
	SET(easy, CURLOPT_FORBID_REUSE, 1L);
	if (mail->username != NULL)
	{
		SET(easy, CURLOPT_USERNAME, mail->username);
		SET(easy, CURLOPT_PASSWORD, mail->password);
	}
	return true;
}

bool
va_transfer_set_up(VaTransfer *transfer, char *err, size_t errlen)
{
	CURL *easy = transfer->easy;
	const VaHttpOptions *options = transfer->options;

	SET(easy, CURLOPT_PRIVATE, transfer);
	transfer->curl_error[0] = '\0';
	SET(easy, CURLOPT_ERRORBUFFER, transfer->curl_error);
	SET(easy, CURLOPT_URL, transfer->url);
	SET(easy, CURLOPT_NOSIGNAL, 1L);
	SET(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
	SET(easy, CURLOPT_MAXAGE_CONN, MAX_CONNECTION_AGE_S);
	SET(easy, CURLOPT_TCP_NODELAY, 1L);
	SET(easy, CURLOPT_HTTPHEADER, transfer->headers);
	SET(easy, CURLOPT_TIMEOUT_MS, (long) transfer->timeout_ms);
	SET(easy, CURLOPT_CONNECTTIMEOUT_MS, (long) options->connect_timeout_ms);
	SET(easy, CURLOPT_WRITEFUNCTION, on_write_body);
	SET(easy, CURLOPT_WRITEDATA, transfer);
	SET(easy, CURLOPT_HEADERFUNCTION, on_header);
	SET(easy, CURLOPT_HEADERDATA, transfer);
	if (options->user_agent != NULL)
		SET(easy, CURLOPT_USERAGENT, options->user_agent);
	if (!set_security(transfer, err, errlen))
		return false;
	return transfer->mail != NULL ? set_mail(transfer, err, errlen) : set_method(transfer, err, errlen);
}

/* ----- results ----- */

/*
 * Nothing was sent when curl has not written a byte of the transfer, whatever
 * went wrong; it counts what it wrote (the head first).
 */
static VaHttpOutcome
judge_outcome(const VaTransfer *transfer, CURLcode code, long request_size)
{
	if (code == CURLE_OK)
		return VA_HTTP_OK;
	if (transfer->refused_address && !transfer->begun)
		return VA_HTTP_NOT_SENT;
	return request_size > 0 ? VA_HTTP_UNCERTAIN : VA_HTTP_NOT_SENT;
}

static const char *
describe_failure(const VaTransfer *transfer, CURLcode code)
{
	/* In one sentence: a client must not learn which names exist in our network. */
	if (transfer->refused_address || code == CURLE_COULDNT_RESOLVE_HOST)
		return "the host's address is not allowed, or there is none";
	if (transfer->too_large)
		return "the answer is too large";
	if (transfer->repeated)
		return "the connection died after the request was sent";
	/* curl's name for it */
	if (code == CURLE_OUT_OF_MEMORY && transfer->header_bytes > 0)
		return "a header of the answer is too long";
	/* Expired, of another name, or of an unknown authority: curl's name is the same for all. */
	if ((code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR) && transfer->curl_error[0] != '\0')
		return transfer->curl_error;
	return curl_easy_strerror(code);
}

void
va_transfer_end(VaTransfer *transfer, CURLcode code)
{
	VaHttpResult *result = transfer->result;
	long status = 0;
	long request_size = 0;
	curl_off_t elapsed = 0;
	curl_off_t retry_after = 0;

	(void) curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request_size);
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME_T, &elapsed);
	(void) curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after);
	if (transfer->mail != NULL)
	{
		/* Its status is the server's last word; nothing was taken before all of it was read. */
		result->outcome = code == CURLE_OK ? VA_HTTP_OK : VA_HTTP_NOT_SENT;
		result->status = (int) status;
		result->curl_code = (int) code;
		result->elapsed_us = elapsed;
		if (code != CURLE_OK)
			snprintf(result->error, sizeof(result->error), "%s", describe_failure(transfer, code));
		return;
	}
	/* The rest of a refusal would say no more than its status; and some callers want no more of any answer. */
	if ((transfer->cut && status >= 300) || (transfer->status_only && transfer->has_head))
		code = CURLE_OK;
	/* Newer releases of curl take a truncated head for a whole answer; what its rest would have said is unknown. */
	else if (code == CURLE_OK && !transfer->has_head)
		code = CURLE_RECV_ERROR;
	result->outcome = judge_outcome(transfer, code, request_size);
	result->sent = result->outcome != VA_HTTP_NOT_SENT;
	result->status = code == CURLE_OK ? (int) status : 0;
	result->curl_code = (int) code;
	result->elapsed_us = elapsed;
	if (retry_after > 0)
		result->retry_after_s = retry_after < MAX_RETRY_AFTER_S ? (int) retry_after : MAX_RETRY_AFTER_S;
	if (code != CURLE_OK)
		snprintf(result->error, sizeof(result->error), "%s", describe_failure(transfer, code));
}

void
va_transfer_fail(VaTransfer *transfer, const char *reason)
{
	VaHttpResult *result = transfer->result;

	result->outcome = VA_HTTP_NOT_SENT;
	result->curl_code = (int) CURLE_FAILED_INIT;
	snprintf(result->error, sizeof(result->error), "%s", reason);
}

bool
va_transfer_is_late(VaTransfer *transfer)
{
	if (transfer->begin_by == 0 || uv_hrtime() <= transfer->begin_by)
		return false;
	va_transfer_fail(transfer, "its turn came too late");
	transfer->result->late = true;
	return true;
}

static void
mask_text(const VaTransfer *transfer, char *text)
{
	if (text != NULL)
		text[va_mask_apply(transfer->mask, text, strlen(text))] = '\0';
}

/*
 * The one place where answers come in. Control characters stay in a page, say,
 * whose encoding may need them; who was sent a secret answers in text.
 */
static void
mask_result(const VaTransfer *transfer)
{
	VaHttpResult *result = transfer->result;

	if (!va_mask_needed(transfer->mask))
		return;
	if (result->body != NULL)
	{
		result->body_len = va_mask_apply(transfer->mask, result->body, result->body_len);
		result->body[result->body_len] = '\0';
	}
	if (!transfer->binary)
		va_mask_controls(result->body, result->body_len);
	mask_text(transfer, result->error);
	mask_text(transfer, result->content_type);
	mask_text(transfer, result->request_id);
	mask_text(transfer, result->location);
	mask_text(transfer, result->etag);
	mask_text(transfer, result->limits);
}

VaHttpResult *
va_transfer_take_result(VaTransfer *transfer)
{
	VaHttpResult *result = transfer->result;

	mask_result(transfer);
	if (result->body == NULL)
		result->body = calloc(1, 1);
	transfer->result = NULL;
	return result;
}

/* ----- life ----- */

void
va_http_result_free(VaHttpResult *result)
{
	if (result == NULL)
		return;
	free(result->body);
	free(result->note);
	free(result->limits);
	free(result);
}

void
va_transfer_free(VaTransfer *transfer)
{
	curl_slist_free_all(transfer->headers);
	va_mask_free(transfer->mask);
	if (transfer->mail != NULL)
	{
		curl_slist_free_all(transfer->rcpt);
		free((char *) transfer->mail->sender);
		free((char *) transfer->mail->username);
		if (transfer->mail->password != NULL)
			memset((char *) transfer->mail->password, 0, strlen(transfer->mail->password));
		free((char *) transfer->mail->password);
		free(transfer->mail);
	}
	free(transfer->method);
	free(transfer->url);
	free(transfer->body);
	va_http_result_free(transfer->result);
	free(transfer);
}

static bool
add_header(VaTransfer *transfer, const char *line)
{
	struct curl_slist *longer = curl_slist_append(transfer->headers, line);

	if (longer == NULL)
		return false;
	transfer->headers = longer;
	return true;
}

static bool
copy_headers(VaTransfer *transfer, const VaHttpClientRequest *call, char *err, size_t errlen)
{
	bool added = true;

	for (int i = 0; i < call->nheaders; i++)
	{
		if (strpbrk(call->headers[i], "\r\n") != NULL || strchr(call->headers[i], ':') == NULL)
		{
			snprintf(err, errlen, "malformed header");
			return false;
		}
		added = added && add_header(transfer, call->headers[i]);
	}
	/* No "100 Continue" round trip, and no content type that the caller did not choose. */
	added = added && add_header(transfer, "Expect:");
	if (!has_header(transfer->headers, "content-type"))
		added = added && add_header(transfer, "Content-Type:");
	if (!added)
		snprintf(err, errlen, "out of memory");
	return added;
}

static bool
note_secrets(VaTransfer *transfer, const VaHttpClientRequest *call)
{
	bool noted;

	transfer->mask = va_mask_make();
	noted = transfer->mask != NULL;
	for (int i = 0; noted && i < call->nheaders; i++)
		noted = va_mask_header(transfer->mask, call->headers[i]);
	for (int i = 0; noted && i < call->nsecrets; i++)
		noted = va_mask_secret(transfer->mask, call->secrets[i]);
	return noted;
}

/* Everything that a mail is sent with; false: no memory. */
static bool
copy_mail(VaTransfer *transfer, const VaHttpMail *from)
{
	VaHttpMail *mail;

	if (from == NULL)
		return true;
	mail = transfer->mail = calloc(1, sizeof(VaHttpMail));
	if (mail == NULL)
		return false;
	mail->plain = from->plain;
	mail->sender = strdup(from->sender);
	transfer->rcpt = curl_slist_append(NULL, from->recipient);
	if (from->username != NULL)
	{
		mail->username = strdup(from->username);
		mail->password = strdup(from->password);
	}
	return mail->sender != NULL && transfer->rcpt != NULL &&
		   (from->username == NULL || (mail->username != NULL && mail->password != NULL));
}

static bool
is_mail_url(const char *url)
{
	return strncasecmp(url, "smtps://", 8) == 0 || strncasecmp(url, "smtp://", 7) == 0;
}

static bool
is_http_url(const char *url)
{
	return strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0;
}

static bool
copy_note(VaHttpResult *result, const VaHttpClientRequest *call)
{
	if (call->note_len == 0)
		return true;
	result->note = malloc(call->note_len);
	if (result->note == NULL)
		return false;
	memcpy(result->note, call->note, call->note_len);
	result->note_len = call->note_len;
	return true;
}

VaTransfer *
va_transfer_make(
	const VaHttpOptions *options, const VaHttpClientRequest *call, VaHttpDone done, void *ctx, char *err, size_t errlen)
{
	VaTransfer *transfer;

	/* A missing value is its row's error, never the end of the process. */
	if (call->url == NULL)
	{
		snprintf(err, errlen, "there is no URL");
		return NULL;
	}
	transfer = calloc(1, sizeof(VaTransfer));
	if (transfer == NULL)
	{
		snprintf(err, errlen, "out of memory");
		return NULL;
	}
	transfer->options = options;
	transfer->done = done;
	transfer->piece = call->piece;
	transfer->ctx = ctx;
	transfer->method = strdup(call->method);
	transfer->url = strdup(call->url);
	transfer->result = calloc(1, sizeof(VaHttpResult));
	transfer->body_len = call->body != NULL ? call->body_len : 0;
	transfer->body = malloc(transfer->body_len + 1);
	transfer->timeout_ms = call->timeout_ms > 0 ? call->timeout_ms : options->timeout_ms;
	if (call->begin_within_ms > 0)
		transfer->begin_by = uv_hrtime() + (uint64_t) call->begin_within_ms * 1000000;
	transfer->harmless = strcmp(call->method, "GET") == 0;
	transfer->allow_loopback = call->allow_loopback;
	transfer->allow_private = call->allow_private;
	transfer->status_only = call->status_only;
	transfer->binary = call->binary;
	transfer->lane = call->lane;
	transfer->weight = call->weight > 0 ? call->weight : 1;
	transfer->urgent = call->urgent;
	transfer->keep_limits = call->keep_limits;
	if (transfer->result != NULL)
		transfer->result->retry_after_s = -1;
	if (transfer->method == NULL || transfer->url == NULL || transfer->result == NULL || transfer->body == NULL ||
		!copy_note(transfer->result, call) || !note_secrets(transfer, call) || !copy_mail(transfer, call->mail))
		snprintf(err, errlen, "out of memory");
	else if (call->mail != NULL && !is_mail_url(call->url))
		snprintf(err, errlen, "the URL is not one of a mail server");
	else if (call->mail == NULL && !is_http_url(call->url))
		snprintf(err, errlen, "the URL is not an http or https URL");
	else if (copy_headers(transfer, call, err, errlen))
	{
		if (transfer->body_len > 0)
			memcpy(transfer->body, call->body, transfer->body_len);
		return transfer;
	}
	va_transfer_free(transfer);
	return NULL;
}
