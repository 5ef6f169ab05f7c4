/*-------------------------------------------------------------------------
 * judge.c
 *		Whether the leads that a claim has picked may be dialled.
 *
 * Facts on a lead (dial_facts.c) are read in a snapshot that is later than the
 * claim's locks.  The first rule that holds names the verdict.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "dial_facts.h"
#include "pure/phone/dnc_list.h"

PG_FUNCTION_INFO_V1(va_sql_check_eligibility);
PG_FUNCTION_INFO_V1(va_sql_dial_verdicts);

#define WORD_OF_EFFECT(name, word) word,
#define ROW_OF_VERDICT(name, word, effect, of_number, reason, sentence) \
	{ word, VA_##effect, of_number, reason, sentence },

static const char *const effects[] = { VA_EFFECTS(WORD_OF_EFFECT) };
static const struct
{
	const char *word;
	VaEffect effect;
	bool of_number;
	const char *reason;
	const char *sentence;
} verdicts[] = { VA_VERDICTS(ROW_OF_VERDICT) };

/* A lead that waits for an operator is looked at again after this time. */
#define LATER (15 * USECS_PER_MINUTE)
/* The calls that count for a cap of each kind. */
static VaColumn counts[] = { { "dials_day", 0 }, { "dials_24h", 0 }, { "dials_lifetime", 0 } };

/* ---- the verdict: the first rule that holds ---- */

/* note: what the lead's reason will say; NULL: what it says with this verdict always. */
static bool
say(VaDialFacts *f, VaVerdict verdict, const char *note, TimestampTz due)
{
	f->verdict = verdict;
	f->note = note == NULL ? verdicts[verdict].reason : note;
	f->due = due;
	return true;
}

/* A lead that is being called, or calls us: it is looked at again soon. */
static TimestampTz
soon(const VaJudge *judge, const VaDialFacts *f)
{
	TimestampTz minute = judge->at + USECS_PER_MINUTE;

	return va_row_has(f->turn, "retry_delay") ? Min(minute, va_after(judge->at, f->turn, VA_COLUMN("retry_delay")))
											  : minute;
}

static bool
has_moved(const VaDialFacts *f)
{
	const char *place = text_or_null(f->number, "region");

	if (place == NULL || *place == '\0')
		place = text_or_null(f->number, "country");
	return strcmp(place == NULL ? "" : place, text_of(f->pick, "jurisdiction")) != 0 ||
		   !DatumGetBool(OidFunctionCall2Coll(
			   F_ARRAY_EQ, C_COLLATION_OID, va_row_datum(f->number, "timezones"), va_row_datum(f->pick, "timezones")));
}

static bool
waits(TupleTableSlot *member)
{
	return member != NULL && (va_row_says(member, "status", "pending") || va_row_says(member, "status", "queued") ||
								 va_row_says(member, "status", "retry"));
}

static bool
needs_consent(const VaJudge *judge, const VaDialFacts *f)
{
	return is_true(f->turn, "require_consent") || is_true(judge->law.slot, "require_consent");
}

/* A promised call back is no retry: so many dials more, as promised_dials() has it. */
#define PROMISED_DIALS 3

/* Verdicts that drop a lead for good come first. */
static bool
lead_is_out(const VaJudge *judge, VaDialFacts *f)
{
	TupleTableSlot *answer = judge->answer.slot;
	const char *layer = text_or_null(answer, "layer");
	TimestampTz later = judge->at + LATER;

	if (f->lead == NULL || !waits(f->member))
		return say(f, VA_VERDICT_GONE, NULL, later);
	if (!va_row_has(f->pick, "member_row"))
		return say(f, VA_VERDICT_BUSY, NULL, later);
	if (f->number == NULL)
		return say(f, VA_VERDICT_NO_NUMBER,
			psprintf("the lead has no number %d", DatumGetInt16(va_row_datum(f->pick, "number"))), later);
	if (layer != NULL && strcmp(layer, "held") == 0)
		return say(f, VA_VERDICT_HELD, NULL, later);
	if (layer != NULL || va_row_says(f->lead, "status", "do_not_call"))
		return say(f, VA_VERDICT_DO_NOT_CALL, psprintf("do_not_call: %s", layer == NULL ? "tenant" : layer), later);
	if (DatumGetInt32(va_row_datum(f->member, "attempts")) >=
		DatumGetInt32(va_row_datum(f->turn, "attempt_limit")) + (f->callback ? PROMISED_DIALS : 0))
		return say(f, VA_VERDICT_ATTEMPTS, NULL, later);
	if (is_true(answer, "wrong"))
		return say(f, VA_VERDICT_WRONG, NULL, later);
	/* Before the verdicts of the law, which is that of the lane: a place that was left drops no lead for good. */
	if (has_moved(f))
		return say(f, VA_VERDICT_MOVED, NULL, judge->at + USECS_PER_SEC);
	if (f->by_appointment && !f->callback)
		return say(f, VA_VERDICT_UNINVITED, text_or_null(answer, "uninvited"), later);
	if (needs_consent(judge, f) && f->consent_id == 0)
		return say(f, VA_VERDICT_NO_CONSENT, NULL, later);
	if (time_of(answer, "capped_until") == DT_NOEND)
		return say(f, VA_VERDICT_LIFETIME, psprintf("lifetime cap of %d calls to the number", f->caps[2]), later);
	if (f->live || is_true(answer, "rings"))
		return say(f, VA_VERDICT_LIVE, NULL, soon(judge, f));
	if (is_true(answer, "calls_us"))
		return say(f, VA_VERDICT_CALLS_US, NULL, soon(judge, f));
	/* Another transaction is changing it just now, whatever it fills or empties. */
	return !va_row_has(f->pick, "lead_row") && say(f, VA_VERDICT_BUSY, NULL, later);
}

static bool
dial_waits(const VaJudge *judge, VaDialFacts *f)
{
	TupleTableSlot *answer = judge->answer.slot;
	TupleTableSlot *law = judge->law.slot;
	TimestampTz later = judge->at + LATER;
	TimestampTz capped_until = Max(time_of(answer, "capped_until"), time_of(answer, "windows_until"));
	TimestampTz called_until = f->callback ? DT_NOBEGIN : time_of(answer, "called_until");
	TimestampTz paused_until = f->callback ? DT_NOBEGIN : time_of(answer, "paused_until");

	if (f->lacks || is_true(answer, "lacks"))
		return say(f, VA_VERDICT_MISSING, NULL, later);
	if (capped_until > judge->at)
		return say(f, is_true(answer, "refusal") ? VA_VERDICT_REFUSAL : VA_VERDICT_CAPPED, NULL, capped_until);
	if (called_until > judge->at)
		return say(f, VA_VERDICT_CALLED_US, NULL, called_until);
	if (paused_until > judge->at)
		return say(f, VA_VERDICT_RESTING, NULL, paused_until);
	if (va_row_has(law, "list_max_age") && f->consent_id == 0 &&
		(f->list_as_of == DT_NOEND || f->list_as_of < va_before(judge->at, law, VA_COLUMN("list_max_age"))))
		return say(f, VA_VERDICT_OLD_LIST, NULL, later);
	if (is_true(law, "disclose_caller") && !is_true(f->turn, "named"))
		return say(f, VA_VERDICT_NO_CALLER, NULL, later);
	/* require_opt_out_channel() asked for the places there were at the start: leads come to others since. */
	if (va_row_has(answer, "unheard"))
		return say(f, VA_VERDICT_UNHEARD, text_or_null(answer, "unheard"), later);
	if (va_row_has(answer, "special"))
		return say(f, VA_VERDICT_SPECIAL, text_or_null(answer, "special"), later);
	if (va_row_has(answer, "checked"))
		return say(f, is_true(answer, "checked_waits") ? VA_VERDICT_UNKNOWN : VA_VERDICT_CHECKED,
			text_or_null(answer, "checked"), later);
	if (is_true(answer, "refused"))
		return say(f, VA_VERDICT_REFUSED, text_or_null(answer, "refused_why"), time_of(answer, "refused_until"));
	if (va_row_has(f->turn, "before_dial") && !va_row_has(answer, "refused"))
		return say(f, VA_VERDICT_UNASKED, NULL, later);
	return is_true(answer, "unwritten") && say(f, VA_VERDICT_SCRIPT, NULL, later);
}

/* ---- the picks of a claim ---- */

static Datum
made_proof(VaJudge *judge, const VaDialFacts *f)
{
	VaTarget *proof = &judge->proof;
	TupleTableSlot *answer = judge->answer.slot;

	va_begin_insert(proof);
	va_set_or_null(proof, "terms", judge->terms, judge->terms == 0);
	va_set(proof, "consent_required", BoolGetDatum(needs_consent(judge, f)));
	va_set_or_null(proof, "list_as_of", TimestampTzGetDatum(f->list_as_of), f->list_as_of == DT_NOEND);
	for (int i = 0; i < (int) VA_CAPS; i++)
	{
		va_set_of(proof, &va_caps[i], Int32GetDatum(f->caps[i]), f->caps[i] < 0);
		va_set_of(proof, &counts[i],
			va_row_has_of(answer, &counts[i]) ? va_row_datum_of(answer, &counts[i]) : Int32GetDatum(0), false);
	}
	va_set_from(proof, "call_windows", answer, "windows_said");
	va_set_from(proof, "special", answer, "said");
	return va_made_value(proof);
}

static Datum
made_pick(VaJudge *judge, const VaDialFacts *f)
{
	VaTarget *made = &judge->made;

	va_begin_update(made, f->pick);
	/* One that is not queued would be queued for this. */
	if (!va_row_has(f->pick, "reason"))
		va_set_from(made, "reason", f->member, "last_outcome");
	va_set_from(made, "attempts", f->member, "attempts");
	va_set_from(made, "phone", f->number, "phone");
	va_set_from(made, "extension", f->number, "extension");
	va_set_or_null(made, "consent_id", Int64GetDatum(f->consent_id), f->consent_id == 0);
	va_set(made, "proof", made_proof(judge, f));
	va_set(made, "verdict", CStringGetTextDatum(verdicts[f->verdict].word));
	va_set(made, "due_at", TimestampTzGetDatum(f->due));
	if (f->note != NULL)
		va_set(made, "note", CStringGetTextDatum(f->note));
	return va_made_value(made);
}

static void
read_facts(VaJudge *judge, VaDialFacts *f, Datum turn)
{
	ExecStoreAllNullTuple(judge->answer.slot);
	va_read_facts(judge, f);
	if (f->n_hints == 0)
		return;
	ExecStoreHeapTupleDatum(FunctionCall5(&judge->ask, made_pick(judge, f), turn, va_row_datum(f->lead, "phone"),
								va_array_of_text(f->hints, f->n_hints), TimestampTzGetDatum(judge->at)),
		judge->answer.slot);
	f->consent_id = va_row_has(judge->answer.slot, "consent_id") ? id_of(judge->answer.slot, "consent_id") : 0;
}

/* A non-number counts as any other; no phone: below 0. */
static int64
number_of(const char *phone)
{
	return phone == NULL ? -1 : va_dnc_list_number(phone, strlen(phone));
}

/* As numbers: a claim may look at many thousands of leads that it does not dial. */
static void
compare_with_taken(const VaJudge *judge, VaDialFacts *f, int64 number)
{
	for (int i = 0; i < judge->n_taken; i++)
	{
		bool same = number >= 0 && number == judge->taken_numbers[i];

		f->live = f->live || judge->taken[i] == f->lead_id || (same && i < judge->n_placed);
		f->shares = f->shares || same;
	}
}

static void
take(VaJudge *judge, int64 lead_id, int64 number)
{
	judge->taken[judge->n_taken] = lead_id;
	judge->taken_numbers[judge->n_taken++] = number;
}

static Datum
judged_pick(VaJudge *judge, Datum pick, const Datum *turns)
{
	TupleTableSlot *given = judge->given.slot;
	VaDialFacts f = { .pick = given, .list_as_of = DT_NOEND, .caps = { -1, -1, -1 } };
	int turn = 0;
	int64 number;

	ExecStoreHeapTupleDatum(pick, given);
	f.campaign_id = id_of(given, "campaign_id");
	f.lead_id = id_of(given, "lead_id");
	f.callback = va_row_says(given, "reason", "callback");
	while (turn < judge->n_turns && id_of(judge->turns[turn].slot, "campaign_id") != f.campaign_id)
		turn++;
	if (turn == judge->n_turns)
		elog(ERROR, "a lead was picked of a campaign that has no turn");
	f.turn = judge->turns[turn].slot;
	f.lawful = is_true(f.turn, "lawful");
	read_facts(judge, &f, turns[turn]);
	if (!va_row_has(given, "reason"))
		f.callback = f.member != NULL && va_row_says(f.member, "last_outcome", "callback");
	number = number_of(f.phone);
	if (!judge->alone)
	{
		compare_with_taken(judge, &f, number);
		take(judge, f.lead_id, number);
	}
	/* Two leads may share a number. */
	if (!lead_is_out(judge, &f) && !(f.shares && say(&f, VA_VERDICT_LIVE, NULL, soon(judge, &f))) &&
		!dial_waits(judge, &f))
		(void) say(&f, VA_VERDICT_OK, NULL, judge->at + LATER);
	return made_pick(judge, &f);
}

/* The types follow from those of the arguments. */
static void
open_values(VaJudge *judge, Oid pick, Oid turn, const Datum *turns)
{
	Oid types[] = { pick, turn, TEXTOID, TEXTARRAYOID, TIMESTAMPTZOID };
	Oid ask = LookupFuncName(
		list_make2(makeString(VA_PRIVATE_SCHEMA), makeString("ask_rules")), lengthof(types), types, false);
	TupleDesc desc;

	fmgr_info(ask, &judge->ask);
	va_open_value(&judge->answer, get_func_rettype(ask));
	va_open_value(&judge->given, pick);
	va_open_value(&judge->made, pick);
	desc = judge->given.slot->tts_tupleDescriptor;
	va_open_value(&judge->proof, SPI_gettypeid(desc, SPI_fnumber(desc, "proof")));
	desc = judge->proof.slot->tts_tupleDescriptor;
	va_open_value(&judge->law, SPI_gettypeid(desc, SPI_fnumber(desc, "terms")));
	judge->turns = palloc(sizeof(VaTarget) * Max(judge->n_turns, 1));
	judge->n_sources = BLOCKS;
	for (int i = 0; i < judge->n_turns; i++)
	{
		va_open_value(&judge->turns[i], turn);
		ExecStoreHeapTupleDatum(turns[i], judge->turns[i].slot);
		if (is_true(judge->turns[i].slot, "lawful"))
			judge->n_sources = N_SOURCES;
	}
}

/*
 * check_eligibility(picks queue_pick[], turns claim_turn[], placed queue_pick[], at timestamptz); placed is null: each pick alone,
 * which is not dialled
 */
Datum
va_sql_check_eligibility(PG_FUNCTION_ARGS)
{
	VaJudge judge = { .alone = PG_ARGISNULL(2) };
	Oid pick;
	Oid turn;
	int n;
	Datum *picks;
	Datum *turns;
	Datum *placed = NULL;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	pick = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(0));
	turn = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(1));
	judge.at = PG_GETARG_TIMESTAMPTZ(3);
	picks = va_elements_of(PG_GETARG_DATUM(0), pick, NULL, &n);
	turns = va_elements_of(PG_GETARG_DATUM(1), turn, NULL, &judge.n_turns);
	if (!judge.alone)
		placed = va_elements_of(PG_GETARG_DATUM(2), pick, NULL, &judge.n_placed);
	/* Later than the locks. */
	PushActiveSnapshot(GetTransactionSnapshot());
	open_values(&judge, pick, turn, turns);
	va_open_facts(&judge);
	judge.taken = palloc(sizeof(int64) * (n + judge.n_placed + 1));
	judge.taken_numbers = palloc(sizeof(int64) * (n + judge.n_placed + 1));
	for (int i = 0; i < judge.n_placed; i++)
	{
		ExecStoreHeapTupleDatum(placed[i], judge.given.slot);
		take(&judge, id_of(judge.given.slot, "lead_id"), number_of(text_or_null(judge.given.slot, "phone")));
	}
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		picks[i] = judged_pick(&judge, picks[i], turns);
	}
	va_close_facts(&judge);
	PopActiveSnapshot();
	PG_RETURN_DATUM(va_array_of(picks, NULL, n, pick));
}

/* dial_verdicts() -> verdict, effect, of_number, reason, sentence */
Datum
va_sql_dial_verdicts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < (int) VA_VERDICT_COUNT; i++)
	{
		const char *words[] = { verdicts[i].word, effects[verdicts[i].effect], NULL, verdicts[i].reason,
			verdicts[i].sentence };
		Datum values[lengthof(words)];
		bool nulls[lengthof(words)];

		for (int j = 0; j < (int) lengthof(words); j++)
		{
			nulls[j] = words[j] == NULL;
			values[j] = nulls[j] ? 0 : CStringGetTextDatum(words[j]);
		}
		values[2] = BoolGetDatum(verdicts[i].of_number);
		nulls[2] = false;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
