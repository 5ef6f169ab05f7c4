/*-------------------------------------------------------------------------
 * answer.c
 *		The reply when a carrier asks what to do with a call.
 *
 * The plan comes from voiceagent_private.answer_plan(), which says the same
 * however often it is asked about a call; the words are the driver's.  Takes
 * no locks.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "runtime/account.h"
#include "inbound.h"
#include "tenancy/log_redaction.h"
#include "core/statement.h"

static VaStatement plan_statement = { "SELECT voiceagent_private.answer_plan($1, $2, $3, $4, $5, $6, $7, $8)::text "
									  "AS plan",
	8, { INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, BOOLOID }, NULL };

static Datum
text_or_null(const char *text, char *null)
{
	*null = text == NULL ? 'n' : ' ';
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

typedef struct Planning
{
	const VaEndpoint *endpoint;
	const VaEvent *event;
	VaArena *arena;
	VaAnswer answer;
	VaCallOrder order;		/* CONVERSE: the plan's, with the account that holds it */
	VaOpenAccount *account; /* ... which has its secrets; NULL = none is needed */
} Planning;

/* A carrier that converses reports this call like one that we dialled: at our endpoint, signed. */
static void
give_account(Planning *planning)
{
	VaOpenAccount *account = va_account_load(planning->endpoint->tenant_id, planning->endpoint->provider_account_id);

	planning->account = account;
	if (account->problem != NULL)
		ereport(ERROR, (errmsg("%s", account->problem)));
	planning->order = *planning->answer.order;
	planning->order.carrier = &account->carrier;
	planning->order.server_url = account->webhook_url;
	planning->order.webhook_headers = account->webhook_headers;
	planning->answer.order = &planning->order;
}

static void
read_plan(void *arg)
{
	Planning *planning = arg;
	const VaEvent *event = planning->event;
	bool untaken = event->kind == VA_EVENT_UNTAKEN;
	Datum values[8];
	char nulls[8];
	const char *plan;
	const char *why;

	va_set_tenant(planning->endpoint->tenant_id);
	values[0] = Int64GetDatum(planning->endpoint->endpoint_id);
	nulls[0] = ' ';
	values[1] = text_or_null(event->attempt_ref, &nulls[1]);
	values[2] = text_or_null(event->from_number, &nulls[2]);
	values[3] = text_or_null(event->to_number, &nulls[3]);
	values[4] = text_or_null(event->machine, &nulls[4]);
	values[5] = text_or_null(
		event->kind == VA_EVENT_INCOMING || event->kind == VA_EVENT_STREAM || event->kind == VA_EVENT_KEY || untaken
			? event->provider_call_id
			: NULL,
		&nulls[5]);
	values[6] = text_or_null(event->key, &nulls[6]);
	values[7] = BoolGetDatum(untaken);
	nulls[7] = ' ';
	va_execute(&plan_statement, values, nulls);
	plan = va_column_text(0, "plan");
	if (plan == NULL)
		return;
	if (!va_answer_read(plan, strlen(plan), planning->arena, &planning->answer, &why))
		ereport(ERROR, (errmsg("the plan cannot be read: %s", why)));
	if (planning->answer.order != NULL)
		give_account(planning);
}

/* False: *why says what the driver cannot express. */
static bool
build_document(const Planning *planning, VaDocument *document, const char **why)
{
	bool good = planning->endpoint->driver->build_answer(
		planning->event, &planning->answer, planning->arena, document, why);

	if (planning->account != NULL)
		va_account_wipe(planning->account);
	return good;
}

void
va_write_document(const VaEndpoint *endpoint, const VaEvent *event, VaArena *arena, VaDocument *document)
{
	static const VaAnswer reject = { .kind = VA_ANSWER_REJECT };
	Planning planning = { .endpoint = endpoint, .event = event, .arena = arena, .answer = reject };
	char sqlstate[6];
	char *message;
	const char *why = NULL;

	/* The call lasts as long as the words and the time for a key after them, or as long as whoever took it talks. */
	bool over = (event->kind == VA_EVENT_KEY && event->key == NULL) ||
				(event->kind == VA_EVENT_OTHER && event->attempt_ref == NULL);

	*document = (VaDocument){ 0 };
	if (!over && !va_try(read_plan, &planning, sqlstate, &message))
	{
		ereport(LOG, (errmsg("could not decide what to do with a call of tenant " INT64_FORMAT ": %s",
						 endpoint->tenant_id, va_mask_caught(message, sqlstate))));
		planning.answer = reject;
	}
	if (build_document(&planning, document, &why))
		return;
	ereport(LOG, (errmsg("could not write what to do with a call of tenant " INT64_FORMAT ": %s", endpoint->tenant_id,
					 why != NULL ? why : "no reason")));
	if (!endpoint->driver->build_answer(event, &reject, arena, document, &why))
		*document = (VaDocument){ 0 };
}
