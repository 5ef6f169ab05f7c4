/*-------------------------------------------------------------------------
 * pages.c
 *		Web pages whose text becomes documents.
 *
 * SQL (39_knowledge/40_pages.sql) decides what an answer means.  A page whose
 * answer is lost is asked for again when its lease ends.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "sender.h"

/*
 * Pages on their way at a time, of all tenants, and the longest page: what they
 * may take of our memory. claim_pages() bounds those of a tenant, and those of a
 * host.
 */
#define PAGES_IN_FLIGHT_MAX 16
#define PAGE_MAX_BYTES (4 * 1024 * 1024)
/* A page that takes long to be read has its tenant's next one wait for so many times as long. */
#define LONG_PAGE_REST 9
#define POKE_REST_MS 50

/* Row of claim_pages(), in the claim's memory. */
typedef struct WebPage
{
	VaSending sending;
	char *url;
} WebPage;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_pages($1)", 1, { INT4OID }, NULL };
static VaStatement record_statement = {
	"SELECT voiceagent_private.record_page($1, nullif($2, 0), nullif($3, ''), $4, $5, nullif($6, -1))", 6,
	{ INT8OID, INT4OID, TEXTOID, TEXTOID, BYTEAOID, INT4OID }, NULL
};

static void
read_row(VaSending *sending, int row)
{
	((WebPage *) sending)->url = va_column_text(row, "url");
}

static bool
build_page(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	static const char *const lines[] = { "accept: text/html, application/xhtml+xml, text/plain, text/markdown" };
	const WebPage *page = (WebPage *) sending;

	call->method = "GET";
	call->url = page->url;
	call->headers = lines;
	call->nheaders = lengthof(lines);
	return true;
}

/* A server's words as text that the database takes; "" for none. */
static char *
printable(const char *text)
{
	char *copy = pstrdup(text != NULL ? text : "");

	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char) *c < 0x20 || (unsigned char) *c >= 0x7F)
			*c = '?';
	return copy;
}

static void
record_page(VaSending **sendings, int n)
{
	const VaHttpResult *result = sendings[0]->result;
	bool answer = result != NULL && result->outcome == VA_HTTP_OK;
	Datum values[6];

	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = Int32GetDatum(answer ? result->status : 0);
	values[2] = CStringGetTextDatum(printable(va_sending_problem(sendings[0])));
	values[3] = CStringGetTextDatum(printable(answer ? result->content_type : NULL));
	values[4] = va_sending_body(sendings[0], answer);
	values[5] = Int32GetDatum(result != NULL ? result->retry_after_s : -1);
	va_execute(&record_statement, values, NULL);
}

static VaSender pages = { VA_SENDER_WORDS("pages", "pages", "pages"), .recording = "record a page",
	VA_CLAIMS(claim_statement), .id = "document_id", .read = read_row, .build = build_page, .record = record_page,
	.size = sizeof(WebPage), .record_max = 1, .in_flight_max = PAGES_IN_FLIGHT_MAX, .answer_max = PAGE_MAX_BYTES,
	.rest_factor = LONG_PAGE_REST };

VA_SENDER_TASK(va_pages_task, pages, POKE_REST_MS);
