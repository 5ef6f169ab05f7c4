/*-------------------------------------------------------------------------
 * calendar_fetches.c
 *		Calendars elsewhere that tenants follow, fetched.
 *
 * When each is due and what an answer means is decided by SQL
 * (75_calendar/45_read.sql); what the file says is read by the process exporter
 * (bgworkers/exporter/calendar_files.c).  Its address opens the calendar to
 * anybody, so it lies in the vault until it is asked for.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "calendar/program.h"
#include "sender.h"
#include "tenancy/vault.h"

/* Files on their way at a time, of all tenants; claim_calendar_fetches() bounds those of a tenant and of a host. */
#define FETCHES_IN_FLIGHT_MAX 16
#define POKE_REST_MS 50

/* Row of claim_calendar_fetches(), in the claim's memory. */
typedef struct CalendarFetch
{
	VaSending sending;
	char *url; /* the name of its secret, until it is opened */
} CalendarFetch;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_calendar_fetches($1, $2)", 2,
	{ INT4OID, BOOLOID }, NULL };
static VaStatement record_statement = {
	"SELECT voiceagent_private.record_calendar_fetch($1, nullif($2, 0), nullif($3, ''), $4, nullif($5, -1))", 5,
	{ INT8OID, INT4OID, TEXTOID, BYTEAOID, INT4OID }, NULL
};

static void
read_row(VaSending *sending, int row)
{
	((CalendarFetch *) sending)->url = va_column_text(row, "secret");
}

static void
open_url(VaSending *sending)
{
	((CalendarFetch *) sending)->url = va_signing_secret(sending, ((CalendarFetch *) sending)->url);
}

static bool
build_fetch(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	static const char *const lines[] = { "accept: text/calendar, */*;q=0.1" };
	const CalendarFetch *fetch = (CalendarFetch *) sending;

	if (fetch->url == NULL)
		return false;
	call->method = "GET";
	call->url = fetch->url;
	call->headers = lines;
	call->nheaders = lengthof(lines);
	return true;
}

static void
wipe_url(VaSending *sending)
{
	va_wipe(((CalendarFetch *) sending)->url);
}

static void
record_fetch(VaSending **sendings, int n)
{
	const VaHttpResult *result = sendings[0]->result;
	bool answer = result != NULL && result->outcome == VA_HTTP_OK;
	const char *problem = va_sending_problem(sendings[0]);
	Datum values[5];

	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = Int32GetDatum(answer ? result->status : 0);
	values[2] = CStringGetTextDatum(problem != NULL ? problem : "");
	values[3] = va_sending_body(sendings[0], answer && problem == NULL);
	values[4] = Int32GetDatum(result != NULL ? result->retry_after_s : -1);
	va_execute(&record_statement, values, NULL);
}

static VaSender calendar_fetches = { VA_SENDER_WORDS("calendar_fetches", "calendars to follow", "calendar_fetches"),
	.recording = "record the fetch of a calendar", VA_CLAIMS(claim_statement), .id = "followed_id", .read = read_row,
	.open = open_url, .build = build_fetch, .record = record_fetch, .wipe = wipe_url, .size = sizeof(CalendarFetch),
	.record_max = 1, .in_flight_max = FETCHES_IN_FLIGHT_MAX, .answer_max = VA_CALENDAR_BYTES };

VA_SENDER_TASK(va_calendar_fetches_task, calendar_fetches, POKE_REST_MS);
