/*-------------------------------------------------------------------------
 * confirmation.c
 *		Whether somebody has confirmed that a campaign may call real people.
 *
 * Each claim asks it, with its picks at hand; nothing remembers the answer.
 * sql/53_campaign_run/50_confirm.sql says what the rule is for.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "tenancy/rows.h"

PG_FUNCTION_INFO_V1(va_sql_lacks_confirmation);

/* In all, whatever became of them, by the campaign's counters: a few rows, not one a lead. */
static int64
leads_in_campaign(int64 campaign_id)
{
	static VaColumn counts[] = { { "waiting_leads", 0 }, { "calling_leads", 0 }, { "completed_leads", 0 },
		{ "failed_leads", 0 }, { "skipped_leads", 0 }, { "expired_leads", 0 } };
	int64 leads = 0;
	VaRows counters;

	va_open_rows(&counters, VA_SCHEMA, "campaign_counters", "campaign_counters_pkey", 2, AccessShareLock);
	for (bool found = va_find_row(&counters, campaign_id); found; found = va_next_row(&counters))
		for (int i = 0; i < (int) lengthof(counts); i++)
			leads += DatumGetInt64(va_row_datum_of(counters.slot, &counts[i]));
	va_close_rows(&counters);
	return leads;
}

/* More than a tenth, but for those that came by themselves, as it was confirmed. */
static bool
has_grown(int64 campaign_id, TupleTableSlot *confirmation)
{
	int64 confirmed = DatumGetInt64(va_row_datum(confirmation, "leads"));

	return leads_in_campaign(campaign_id) - DatumGetInt64(va_row_datum(confirmation, "arrived")) >
		   confirmed + confirmed / 10;
}

/* A person asked for each call of a direct one, and a test calls own numbers. */
static bool
needs_none(int64 campaign_id, TupleTableSlot *campaign)
{
	NullableDatum asked = { .value = Int64GetDatum(campaign_id) };
	bool isnull;

	return va_row_says(campaign, "type", "direct") ||
		   (va_row_says(campaign, "type", "test") &&
			   DatumGetBool(va_call_sql("calls_own_numbers", 1, &asked, &isnull)));
}

static const char *
why_unconfirmed(int64 campaign_id, TupleTableSlot *campaign, VaRows *confirmations)
{
	if (needs_none(campaign_id, campaign))
		return NULL;
	if (!va_find_row(confirmations, campaign_id))
		return "nobody has confirmed that it may call real people";
	if (va_row_datum(confirmations->slot, "provider_account_id") != va_row_datum(campaign, "provider_account_id"))
		return "its carrier account was changed after it was confirmed";
	return has_grown(campaign_id, confirmations->slot)
			   ? "more than a tenth was added to its leads after it was confirmed"
			   : NULL;
}

/* lacks_confirmation(campaign_id bigint) */
Datum
va_sql_lacks_confirmation(PG_FUNCTION_ARGS)
{
	int64 campaign_id = PG_GETARG_INT64(0);
	const char *why = NULL;
	VaRows campaigns;
	VaRows accounts;
	VaRows confirmations;

	va_open_rows(&campaigns, VA_SCHEMA, "campaigns", "campaigns_pkey", 2, AccessShareLock);
	va_open_rows(&accounts, VA_SCHEMA, "provider_accounts", "provider_accounts_pkey", 2, AccessShareLock);
	va_open_rows(
		&confirmations, VA_SCHEMA, "campaign_confirmations", "campaign_confirmations_pkey", 2, AccessShareLock);
	if (va_find_row(&campaigns, campaign_id) && va_row_has(campaigns.slot, "provider_account_id") &&
		va_find_row(&accounts, DatumGetInt64(va_row_datum(campaigns.slot, "provider_account_id"))) &&
		!va_row_says(accounts.slot, "provider", "sandbox"))
		why = why_unconfirmed(campaign_id, campaigns.slot, &confirmations);
	va_close_rows(&campaigns);
	va_close_rows(&accounts);
	va_close_rows(&confirmations);
	VA_RETURN_TEXT(why);
}
