/*-------------------------------------------------------------------------
 * calendar_writes.c
 *		Appointments, written into calendars elsewhere: CalDAV, and Google's.
 *
 * SQL decides what is asked and what an answer means (75_calendar/65_write.sql, 70_google.sql).
 * A request whose answer is lost is made again when its lease ends: the event's address is
 * ours, so it is written once.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "pure/auth/mac.h"
#include "sender.h"
#include "tenancy/vault.h"

/* Requests on their way at a time, of all tenants; claim_calendar_writes() bounds those of a tenant and of a host. */
#define WRITES_IN_FLIGHT_MAX 16
/* The list of a user's calendars is the longest answer that is read. */
#define ANSWER_MAX_BYTES 262144
#define POKE_REST_MS 50
#define LINES 3

/* Row of claim_calendar_writes(), in the claim's memory; what is said again with the answer in the request's own. */
typedef struct CalendarWrite
{
	VaSending sending;
	int64 appointment_id;
	int version;
	char *deed;
	char *url;
	char *method;
	char *condition; /* a header; NULL: none */
	char *content;	 /* NULL: none */
	char *content_type;
	char *username;	 /* NULL: of none */
	char *password;	 /* the name of its secret, until it is opened */
	char *platforms; /* ... and of the platform's own part of a form; NULL: none */
	bool bearer;	 /* the password is a token */
} CalendarWrite;

static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_calendar_writes($1, $2)", 2,
	{ INT4OID, BOOLOID }, NULL };
static VaStatement record_statement = { "SELECT voiceagent_private.record_calendar_write($1, nullif($2, 0), $3, $4, $5,"
										" nullif($6, 0), nullif($7, ''), $8, $9, $10, nullif($11, -1))",
	11, { INT8OID, INT8OID, TEXTOID, INT4OID, TEXTOID, INT4OID, TEXTOID, TEXTOID, TEXTOID, BYTEAOID, INT4OID }, NULL };

static void
read_row(VaSending *sending, int row)
{
	CalendarWrite *write = (CalendarWrite *) sending;

	write->appointment_id = va_column_int(row, "appointment_id", 0);
	write->version = (int) va_column_int(row, "version", 0);
	write->deed = va_arena_strdup(&write->sending.kept, va_column_text(row, "deed"));
	write->url = va_arena_strdup(&write->sending.kept, va_column_text(row, "url"));
	write->method = va_column_text(row, "method");
	write->condition = va_column_text(row, "condition");
	write->content = va_column_text(row, "content");
	write->content_type = va_column_text(row, "content_type");
	write->bearer = va_column_bool(row, "bearer");
	write->username = va_column_text(row, "username");
	write->password = va_column_text(row, "secret");
	write->platforms = va_column_text(row, "platform_secret");
	if (write->sending.kept.oom)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
open_secrets(VaSending *sending)
{
	CalendarWrite *write = (CalendarWrite *) sending;

	write->password = va_signing_secret(sending, write->password);
	if (sending->error[0] == '\0')
		write->platforms = va_sending_secret(sending, true, write->platforms, "the platform's client has no secret");
}

/* "authorization: Basic ...", in the arena; NULL: out of memory. */
static const char *
authorization(const CalendarWrite *write, VaArena *arena)
{
	char *both;
	char *encoded;

	if (write->bearer)
		return va_arena_printf(arena, "authorization: Bearer %s", write->password);
	both = va_arena_printf(arena, "%s:%s", write->username, write->password);
	encoded = both != NULL ? va_arena_alloc(arena, strlen(both) / 3 * 4 + 5) : NULL;
	if (encoded == NULL)
		return NULL;
	encoded[va_base64_encode(both, strlen(both), encoded)] = '\0';
	return va_arena_printf(arena, "authorization: Basic %s", encoded);
}

static bool
build_write(VaSending *sending, VaArena *arena, VaHttpClientRequest *call)
{
	CalendarWrite *write = (CalendarWrite *) sending;
	const char **lines = va_arena_alloc(arena, sizeof(char *) * (LINES + 2));
	const char *content = write->content;
	const char **secrets;

	if (write->password == NULL || lines == NULL)
		return false;
	secrets = lines + LINES;
	if (write->platforms != NULL)
		content = va_arena_printf(arena, "%s&%s&%s", content, write->password, write->platforms);
	else if (write->bearer || write->username != NULL)
		lines[call->nheaders++] = authorization(write, arena);
	if (write->condition != NULL)
		lines[call->nheaders++] = write->condition;
	if (content != NULL)
		lines[call->nheaders++] = va_arena_printf(arena, "content-type: %s", write->content_type);
	secrets[call->nsecrets++] = va_arena_strdup(arena, write->password);
	if (write->platforms != NULL)
		secrets[call->nsecrets++] = va_arena_strdup(arena, write->platforms);
	call->method = write->method;
	call->url = write->url;
	call->headers = lines;
	call->secrets = secrets;
	call->body = content;
	call->body_len = content != NULL ? strlen(content) : 0;
	return true;
}

static void
wipe_password(VaSending *sending)
{
	va_wipe(((CalendarWrite *) sending)->password);
	va_wipe(((CalendarWrite *) sending)->platforms);
}

static void
record_write(VaSending **sendings, int n)
{
	const CalendarWrite *write = (CalendarWrite *) sendings[0];
	const VaHttpResult *result = sendings[0]->result;
	bool answer = result != NULL && result->outcome == VA_HTTP_OK;
	const char *problem = va_sending_problem(sendings[0]);
	Datum values[11];

	values[0] = Int64GetDatum(sendings[0]->id);
	values[1] = Int64GetDatum(write->appointment_id);
	values[2] = CStringGetTextDatum(write->deed);
	values[3] = Int32GetDatum(write->version);
	values[4] = CStringGetTextDatum(write->url);
	values[5] = Int32GetDatum(answer ? result->status : 0);
	values[6] = CStringGetTextDatum(problem != NULL ? problem : "");
	values[7] = CStringGetTextDatum(answer ? result->etag : "");
	values[8] = CStringGetTextDatum(answer ? result->location : "");
	values[9] = va_sending_body(sendings[0], answer);
	values[10] = Int32GetDatum(result != NULL ? result->retry_after_s : -1);
	va_execute(&record_statement, values, NULL);
}

static VaSender calendar_writes = { VA_SENDER_WORDS(
										"calendar_writes", "appointments for other calendars", "calendar_writes"),
	.recording = "record what another calendar answers", VA_CLAIMS(claim_statement), .id = "calendar_connection_id",
	.read = read_row, .open = open_secrets, .build = build_write, .record = record_write, .wipe = wipe_password,
	.size = sizeof(CalendarWrite), .record_max = 1, .in_flight_max = WRITES_IN_FLIGHT_MAX,
	.answer_max = ANSWER_MAX_BYTES };

VA_SENDER_TASK(va_calendar_writes_task, calendar_writes, POKE_REST_MS);
