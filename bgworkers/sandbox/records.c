/*-------------------------------------------------------------------------
 * records.c
 *		The sandbox carrier's record of calls, in the table sandbox_calls.
 *
 * All of it runs inside a transaction of the caller's; the caller answers no
 * request before that has committed.
 */
#include "postgres.h"

#include "core/statement.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "records.h"

/* Which call with its reference it is: more than 1 means that somebody was dialled twice. */
static VaStatement accept_statement = {
	"WITH s AS MATERIALIZED (SELECT voiceagent.current_tenant() AS tenant_id,"
	" voiceagent_private.setting_integer('sandbox_seed') AS seed,"
	" voiceagent_private.setting_number('sandbox_time_scale') AS time_scale,"
	" date_trunc('milliseconds', voiceagent.clock()) AS created_at,"
	" voiceagent_private.setting_text('sandbox_analysis') <> 'none' AS analysed)"
	" INSERT INTO voiceagent_private.sandbox_calls AS i (tenant_id, provider_account_id, carrier_call_id, reference,"
	" accepted, number, dial, seed, time_scale, request, created_at, analysed)"
	" SELECT s.tenant_id, n.account, n.call_id, n.reference, (SELECT count(*) FROM voiceagent_private.sandbox_calls c"
	" WHERE c.tenant_id = s.tenant_id AND c.reference = n.reference) + row_number() OVER (PARTITION BY n.reference),"
	" n.number, n.dial, s.seed, s.time_scale, n.request, s.created_at, s.analysed"
	" FROM s, unnest($1, $2::uuid[], $3, $4, $5, $6) AS n(account, call_id, reference, number, dial, request)"
	" RETURNING i.seed, i.time_scale::text AS time_scale, i.created_at, i.analysed",
	6, { INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT4ARRAYOID, TEXTARRAYOID }, NULL
};
static VaStatement finish_statement = {
	"UPDATE voiceagent_private.sandbox_calls c SET done_at = voiceagent.clock()"
	" FROM unnest($1, $2::uuid[]) AS n(account, call_id) WHERE c.tenant_id = voiceagent.current_tenant()"
	" AND c.provider_account_id = n.account AND c.carrier_call_id = n.call_id",
	2, { INT8ARRAYOID, TEXTARRAYOID }, NULL
};
/* The assistants of calls whose people are to be played; not of test calls, which have no attempt. */
static VaStatement assistants_statement = {
	"WITH placed AS MATERIALIZED (SELECT u.n, c.assistant_id, c.assistant_version"
	" FROM unnest($1) WITH ORDINALITY AS u(reference, n)"
	" CROSS JOIN LATERAL (SELECT t.call_id FROM voiceagent.attempts t WHERE t.tenant_id = voiceagent.current_tenant()"
	" AND t.attempt_id = voiceagent_private.attempt_of_reference(u.reference) AND t.reference = u.reference OFFSET 0) a"
	" CROSS JOIN LATERAL (SELECT d.assistant_id, d.assistant_version FROM voiceagent.calls d WHERE d.tenant_id ="
	" voiceagent.current_tenant() AND d.call_id = a.call_id AND d.direction <> 'inbound' OFFSET 0) c)"
	" SELECT p.n::integer AS n, t.assistant FROM placed p JOIN (SELECT d.assistant_id, d.assistant_version,"
	" voiceagent_private.talker_assistant(d.assistant_id, d.assistant_version, 'outbound')::text AS assistant"
	" FROM (SELECT DISTINCT assistant_id, assistant_version FROM placed) d) t USING (assistant_id, assistant_version)",
	1, { TEXTARRAYOID }, NULL
};
static VaStatement order_statement = {
	"UPDATE voiceagent_private.sandbox_calls SET hung_up_at = $4, commands = $5"
	" WHERE tenant_id = $1 AND provider_account_id = $2 AND carrier_call_id = $3::uuid",
	5, { INT8OID, INT8OID, TEXTOID, TIMESTAMPTZOID, TEXTOID }, NULL
};
#define RECORD_COLUMNS                                                                                              \
	"SELECT c.tenant_id, c.provider_account_id, c.carrier_call_id::text AS call_id, c.reference, c.number, c.dial," \
	" c.seed, c.time_scale::text AS time_scale, c.request, c.created_at, c.hung_up_at, c.commands, c.analysed"      \
	" FROM voiceagent_private.sandbox_calls c "

static VaStatement fetch_statement = { RECORD_COLUMNS
	"WHERE c.tenant_id = $1 AND c.provider_account_id = $2 AND c.carrier_call_id = $3::uuid",
	3, { INT8OID, INT8OID, TEXTOID }, NULL };
static VaStatement list_statement = { RECORD_COLUMNS
	"WHERE c.tenant_id = $1 AND c.provider_account_id = $2 AND c.created_at BETWEEN $3 AND $4"
	" ORDER BY c.created_at DESC, c.carrier_call_id LIMIT $5",
	5, { INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT4OID }, NULL };
static VaStatement unfinished_statement = { RECORD_COLUMNS "WHERE c.done_at IS NULL ORDER BY c.created_at", 0, { 0 },
	NULL };
static VaStatement dials_statement = {
	"SELECT c.tenant_id, c.number, max(c.dial) AS dials FROM voiceagent_private.sandbox_calls c"
	" WHERE c.dial > 0 GROUP BY 1, 2",
	0, { 0 }, NULL
};

#define EPOCH_SHIFT_MS ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY * 1000)

int64
va_sandbox_ms(TimestampTz at)
{
	return at / 1000 + EPOCH_SHIFT_MS;
}

TimestampTz
va_sandbox_timestamp(int64 ms)
{
	return (ms - EPOCH_SHIFT_MS) * 1000;
}

static VaSandboxCall *
load_row(uint64 row)
{
	VaSandboxRecord record = { 0 };
	TimestampTz hung_up = va_column_time(row, "hung_up_at");

	strlcpy(record.id, va_column_text(row, "call_id"), sizeof(record.id));
	record.tenant_id = va_column_int(row, "tenant_id", 0);
	record.provider_account_id = va_column_int(row, "provider_account_id", 0);
	record.reference = va_column_text(row, "reference");
	record.number = va_column_text(row, "number");
	record.request = va_column_text(row, "request");
	record.commands = va_column_text(row, "commands");
	record.dial = (int) va_column_int(row, "dial", 0);
	record.seed = (uint32) va_column_int(row, "seed", 0);
	record.time_scale = strtod(va_column_text(row, "time_scale"), NULL);
	record.unanalysed = !va_column_bool(row, "analysed");
	record.created_at = va_sandbox_ms(va_column_time(row, "created_at"));
	record.hung_up_at = hung_up == DT_NOEND ? 0 : va_sandbox_ms(hung_up);
	return va_sandbox_load(&record);
}

void
va_sandbox_count_stored(VaSandbox *sandbox)
{
	uint64 n = va_execute(&dials_statement, NULL, NULL);

	for (uint64 i = 0; i < n; i++)
		va_sandbox_count_dials(
			sandbox, va_column_int(i, "tenant_id", 0), va_column_text(i, "number"), (int) va_column_int(i, "dials", 0));
}

VaSandboxCall *
va_sandbox_stored_unfinished(void)
{
	VaSandboxCall *calls = NULL;
	uint64 n = va_execute(&unfinished_statement, NULL, NULL);

	for (uint64 i = 0; i < n; i++)
	{
		VaSandboxCall *call = load_row(i);

		if (call == NULL)
			continue;
		call->next = calls;
		calls = call;
	}
	return calls;
}

VaSandboxCall *
va_sandbox_stored_call(const VaSandboxAsk *ask)
{
	Datum values[3] = { Int64GetDatum(ask->tenant_id), Int64GetDatum(ask->provider_account_id),
		CStringGetTextDatum(ask->id) };

	return va_execute(&fetch_statement, values, NULL) == 0 ? NULL : load_row(0);
}

VaSandboxCall **
va_sandbox_stored_list(const VaSandboxAsk *ask, int *n)
{
	Datum values[5] = { Int64GetDatum(ask->tenant_id), Int64GetDatum(ask->provider_account_id),
		TimestampTzGetDatum(va_sandbox_timestamp(ask->from)), TimestampTzGetDatum(va_sandbox_timestamp(ask->to) + 999),
		Int32GetDatum(ask->limit) };
	uint64 rows = va_execute(&list_statement, values, NULL);
	VaSandboxCall **calls = palloc(sizeof(VaSandboxCall *) * (rows + 1));

	*n = 0;
	for (uint64 i = 0; i < rows; i++)
		if ((calls[*n] = load_row(i)) != NULL)
			(*n)++;
	return calls;
}

/* Puts into each call's request what its assistant is, so that a talk goes on as it began. */
static void
add_assistants(VaSandboxCall **calls, Datum references)
{
	uint64 rows = va_execute(&assistants_statement, &references, NULL);

	for (uint64 row = 0; row < rows; row++)
		va_sandbox_set_assistant(calls[va_column_int(row, "n", 1) - 1], va_column_text(row, "assistant"));
}

void
va_sandbox_store_placed(VaSandboxCall **calls, int n)
{
	int64 *accounts = palloc(sizeof(int64) * (n + 1));
	int32 *dials = palloc(sizeof(int32) * (n + 1));
	const char **texts[4]; /* ids, references, numbers, requests */
	Datum values[6];

	for (int i = 0; i < 4; i++)
		texts[i] = palloc(sizeof(char *) * (n + 1));
	for (int i = 0; i < n; i++)
	{
		accounts[i] = calls[i]->record.provider_account_id;
		dials[i] = calls[i]->record.dial;
		texts[0][i] = calls[i]->record.id;
		texts[1][i] = calls[i]->record.reference;
		texts[2][i] = calls[i]->record.number;
	}
	values[0] = va_array_of_int8(accounts, n);
	for (int i = 0; i < 3; i++)
		values[1 + i] = va_array_of_text(texts[i], n);
	add_assistants(calls, values[2]);
	for (int i = 0; i < n; i++)
		texts[3][i] = calls[i]->record.request;
	values[4] = va_array_of_int4(dials, NULL, n);
	values[5] = va_array_of_text(texts[3], n);
	va_execute(&accept_statement, values, NULL);
	for (int i = 0; i < n; i++)
	{
		VaSandboxRecord *record = &calls[i]->record;

		record->seed = (uint32) va_column_int(0, "seed", 0);
		record->time_scale = strtod(va_column_text(0, "time_scale"), NULL);
		record->unanalysed = !va_column_bool(0, "analysed");
		record->created_at = va_sandbox_ms(va_column_time(0, "created_at"));
	}
}

void
va_sandbox_store_finished(VaSandboxCall *const *calls, int n)
{
	int64 *accounts = palloc(sizeof(int64) * (n + 1));
	const char **ids = palloc(sizeof(char *) * (n + 1));
	Datum values[2];

	for (int i = 0; i < n; i++)
	{
		accounts[i] = calls[i]->record.provider_account_id;
		ids[i] = calls[i]->record.id;
	}
	values[0] = va_array_of_int8(accounts, n);
	values[1] = va_array_of_text(ids, n);
	va_execute(&finish_statement, values, NULL);
}

void
va_sandbox_store_order(const VaSandboxRecord *record)
{
	Datum values[5];
	char nulls[] = "     ";

	values[0] = Int64GetDatum(record->tenant_id);
	values[1] = Int64GetDatum(record->provider_account_id);
	values[2] = CStringGetTextDatum(record->id);
	values[3] = TimestampTzGetDatum(va_sandbox_timestamp(record->hung_up_at));
	nulls[3] = record->hung_up_at == 0 ? 'n' : ' ';
	values[4] = record->commands == NULL ? (Datum) 0 : CStringGetTextDatum(record->commands);
	nulls[4] = record->commands == NULL ? 'n' : ' ';
	va_execute(&order_statement, values, nulls);
}
