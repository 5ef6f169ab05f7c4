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
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "core/statement.h"
#include "core/voiceagent.h"
#include "dial_facts.h"
#include "pure/phone/dnc_list.h"

PG_FUNCTION_INFO_V1(va_sql_check_eligibility);
PG_FUNCTION_INFO_V1(va_sql_check_leads);
PG_FUNCTION_INFO_V1(va_sql_dial_verdicts);
PG_FUNCTION_INFO_V1(va_sql_missing_setting);

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
	return strcmp(va_place_of(f->number), text_of(f->pick, "jurisdiction")) != 0 ||
		   !DatumGetBool(OidFunctionCall2Coll(
			   F_ARRAY_EQ, C_COLLATION_OID, va_row_datum(f->number, "timezones"), va_row_datum(f->pick, "timezones")));
}

/* The facts of a lead that waits for no dial. */
static char *
status_of(TupleTableSlot *member)
{
	char *reason = member == NULL ? NULL : text_or_null(member, "reason");

	if (member == NULL || reason == NULL || va_row_says(member, "status", "calling"))
		return member == NULL ? NULL : text_of(member, "status");
	return psprintf("%s: %s", text_of(member, "status"), reason);
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

	if (f->lead == NULL || !f->waits)
		return say(f, VA_VERDICT_GONE, status_of(f->member), later);
	if (!judge->alone && !va_row_has(f->pick, "member_row"))
		return say(f, VA_VERDICT_BUSY, NULL, later);
	if (f->number == NULL)
		return say(f, VA_VERDICT_NO_NUMBER,
			psprintf("the lead has no number %d", DatumGetInt16(va_row_datum(f->pick, "number"))), later);
	/* Before lists and law: a lane's law says how long a consent lifts a list, and the lead may have left it. */
	if (!judge->alone && has_moved(f))
		return say(f, VA_VERDICT_MOVED, NULL, judge->at + USECS_PER_SEC);
	if (layer != NULL && strcmp(layer, "held") == 0)
		return say(f, VA_VERDICT_HELD, NULL, later);
	if (layer != NULL || va_row_says(f->lead, "status", "do_not_call"))
		return say(f, VA_VERDICT_DO_NOT_CALL, psprintf("do_not_call: %s", layer == NULL ? "tenant" : layer), later);
	if (DatumGetInt32(va_row_datum(f->member, "attempts")) >=
		DatumGetInt32(va_row_datum(f->turn, "attempt_limit")) + (f->callback ? PROMISED_DIALS : 0))
		return say(f, VA_VERDICT_ATTEMPTS, NULL, later);
	if (is_true(answer, "wrong"))
		return say(f, VA_VERDICT_WRONG, NULL, later);
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
	return !judge->alone && !va_row_has(f->pick, "lead_row") && say(f, VA_VERDICT_BUSY, NULL, later);
}

/* Whether a part ("number") is what law_terms.opening says ("number 30"). */
static bool
is_part(Datum part, Datum said)
{
	size_t length = VARSIZE_ANY_EXHDR(DatumGetPointer(part));
	const char *words = VARDATA_ANY(DatumGetPointer(said));
	size_t longest = VARSIZE_ANY_EXHDR(DatumGetPointer(said));

	return longest >= length && memcmp(words, VARDATA_ANY(DatumGetPointer(part)), length) == 0 &&
		   (longest == length || words[length] == ' ');
}

/* unsaid: unsaid_parts(), a part and a setting in turns.  The first setting that the law wants said; NULL: none. */
static char *
missing_setting(ArrayType *opening, bool names_caller, ArrayType *unsaid)
{
	Datum caller = CStringGetTextDatum("caller");
	Datum *parts = NULL;
	Datum *pairs;
	int nparts = 0, npairs;

	deconstruct_array(unsaid, TEXTOID, -1, false, TYPALIGN_INT, &pairs, NULL, &npairs);
	if (opening != NULL)
		deconstruct_array(opening, TEXTOID, -1, false, TYPALIGN_INT, &parts, NULL, &nparts);
	for (int i = 0; i + 1 < npairs; i += 2)
	{
		bool asked = names_caller && is_part(caller, pairs[i]);

		for (int j = 0; j < nparts && !asked; j++)
			asked = is_part(pairs[i], parts[j]);
		if (asked)
			return TextDatumGetCString(pairs[i + 1]);
	}
	return NULL;
}

/* missing_setting(opening, names_caller, unsaid) -> the setting */
Datum
va_sql_missing_setting(PG_FUNCTION_ARGS)
{
	VA_RETURN_TEXT(PG_ARGISNULL(2) ? NULL
								   : missing_setting(PG_ARGISNULL(0) ? NULL : PG_GETARG_ARRAYTYPE_P(0),
										 !PG_ARGISNULL(1) && PG_GETARG_BOOL(1), PG_GETARG_ARRAYTYPE_P(2)));
}

/* The places come while the campaign runs, so a start cannot have asked for all that their law wants said. */
static bool
lacks_words(const VaJudge *judge, VaDialFacts *f, TimestampTz later)
{
	TupleTableSlot *law = judge->law.slot;
	ArrayType *parts = va_row_has(law, "opening") ? DatumGetArrayTypeP(va_row_datum(law, "opening")) : NULL;
	const char *setting = NULL;

	if (va_row_has(f->turn, "unsaid"))
		setting = missing_setting(
			parts, is_true(law, "disclose_caller"), DatumGetArrayTypeP(va_row_datum(f->turn, "unsaid")));
	return setting != NULL &&
		   say(f, VA_VERDICT_NO_CALLER,
			   strcmp(setting, "caller_name") == 0 ? NULL
												   : psprintf("the law wants more said at the start: set %s", setting),
			   later);
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
	const char *unheard = judge->alone ? judge->in_force->unheard : text_or_null(answer, "unheard");
	const char *special = judge->alone ? judge->in_force->special : text_or_null(answer, "special");

	if (f->lacks)
		return say(f, VA_VERDICT_MISSING, NULL, later);
	if (capped_until > judge->at)
		return say(f, is_true(answer, "refusal") ? VA_VERDICT_REFUSAL : VA_VERDICT_CAPPED, NULL, capped_until);
	if (called_until > judge->at)
		return say(f, VA_VERDICT_CALLED_US, NULL, called_until);
	if (paused_until > judge->at)
		return say(f, VA_VERDICT_RESTING, NULL, paused_until);
	if (va_row_has(law, "list_max_age") && f->consent_id == 0 &&
		(judge->in_force->list_as_of == DT_NOEND ||
			judge->in_force->list_as_of < va_before(judge->at, law, VA_COLUMN("list_max_age"))))
		return say(f, VA_VERDICT_OLD_LIST, NULL, later);
	if (lacks_words(judge, f, later))
		return true;
	/* require_opt_out_channel() asked for the places there were at the start: leads come to others since. */
	if (unheard != NULL)
		return say(f, VA_VERDICT_UNHEARD, unheard, later);
	if (special != NULL)
		return say(f, VA_VERDICT_SPECIAL, special, later);
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
	va_set_or_null(proof, "terms", judge->in_force->terms, judge->in_force->terms == 0);
	va_set(proof, "consent_required", BoolGetDatum(needs_consent(judge, f)));
	va_set_or_null(
		proof, "list_as_of", TimestampTzGetDatum(judge->in_force->list_as_of), judge->in_force->list_as_of == DT_NOEND);
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

/* Keeps the answers for a place, which only its first pick asks for. */
static void
keep_answers(VaJudge *judge)
{
	VaLaw *law = judge->in_force;
	TupleTableSlot *answer = judge->answer.slot;
	MemoryContext before = MemoryContextSwitchTo(judge->context);

	law->unheard = text_or_null(answer, "unheard");
	law->special = text_or_null(answer, "special");
	law->asked = true;
	MemoryContextSwitchTo(before);
}

static void
read_facts(VaJudge *judge, VaDialFacts *f, Datum turn)
{
	ExecStoreAllNullTuple(judge->answer.slot);
	va_read_facts(judge, f);
	if (f->number == NULL || !f->waits)
		return;
	if (f->n_hints > 0)
	{
		ExecStoreHeapTupleDatum(FunctionCall5(&judge->ask, made_pick(judge, f), turn, va_row_datum(f->lead, "phone"),
									va_array_of_text(f->hints, f->n_hints), TimestampTzGetDatum(judge->at)),
			judge->answer.slot);
		f->consent_id = va_row_has(judge->answer.slot, "consent_id") ? id_of(judge->answer.slot, "consent_id") : 0;
	}
	if (judge->alone && !judge->in_force->asked)
		keep_answers(judge);
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

static void
judge_facts(VaJudge *judge, VaDialFacts *f)
{
	/* Two leads may share a number. */
	if (!lead_is_out(judge, f) && !(f->shares && say(f, VA_VERDICT_LIVE, NULL, soon(judge, f))) &&
		!dial_waits(judge, f))
		(void) say(f, VA_VERDICT_OK, NULL, judge->at + LATER);
}

static Datum
judged_pick(VaJudge *judge, Datum pick, const Datum *turns)
{
	TupleTableSlot *given = judge->given.slot;
	VaDialFacts f = { .pick = given, .caps = { -1, -1, -1 } };
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
	number = number_of(f.phone);
	compare_with_taken(judge, &f, number);
	take(judge, f.lead_id, number);
	judge_facts(judge, &f);
	return made_pick(judge, &f);
}

/* The types follow from what is asked. */
static void
open_judge(VaJudge *judge, const Datum *turns)
{
	Oid ask = LookupFuncName(list_make2(makeString(VA_PRIVATE_SCHEMA), makeString("ask_rules")), -1, NULL, false);
	Oid *types;
	int n;
	TupleDesc desc;

	(void) get_func_signature(ask, &types, &n);
	judge->context = CurrentMemoryContext;
	fmgr_info(ask, &judge->ask);
	va_open_value(&judge->answer, get_func_rettype(ask));
	va_open_value(&judge->given, types[0]);
	va_open_value(&judge->made, types[0]);
	desc = judge->given.slot->tts_tupleDescriptor;
	va_open_value(&judge->proof, SPI_gettypeid(desc, SPI_fnumber(desc, "proof")));
	desc = judge->proof.slot->tts_tupleDescriptor;
	va_open_value(&judge->law, SPI_gettypeid(desc, SPI_fnumber(desc, "terms")));
	judge->turns = palloc(sizeof(VaTarget) * Max(judge->n_turns, 1));
	for (int i = 0; i < judge->n_turns; i++)
	{
		va_open_value(&judge->turns[i], types[1]);
		ExecStoreHeapTupleDatum(turns[i], judge->turns[i].slot);
	}
}

/* check_eligibility(picks queue_pick[], turns claim_turn[], placed queue_pick[], at timestamptz) */
Datum
va_sql_check_eligibility(PG_FUNCTION_ARGS)
{
	Oid pick = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(0));
	Oid turn = ARR_ELEMTYPE(PG_GETARG_ARRAYTYPE_P(1));
	VaJudge judge = { .at = PG_GETARG_TIMESTAMPTZ(3) };
	int n;
	Datum *picks = va_elements_of(PG_GETARG_DATUM(0), pick, NULL, &n);
	Datum *turns = va_elements_of(PG_GETARG_DATUM(1), turn, NULL, &judge.n_turns);
	Datum *placed = va_elements_of(PG_GETARG_DATUM(2), pick, NULL, &judge.n_placed);

	/* Later than the locks. */
	PushActiveSnapshot(GetTransactionSnapshot());
	open_judge(&judge, turns);
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

/* ---- leads that no claim has picked ---- */

static void
judge_alone(VaJudge *judge, VaDialFacts *f, int64 lead_id, Datum number, Datum turn)
{
	TupleTableSlot *shown = judge->turns[0].slot;
	VaTarget *given = &judge->given;

	*f = (VaDialFacts){ .pick = given->slot,
		.turn = shown,
		.campaign_id = id_of(shown, "campaign_id"),
		.lead_id = lead_id,
		.lawful = is_true(shown, "lawful"),
		.caps = { -1, -1, -1 } };
	ExecStoreAllNullTuple(given->slot);
	va_set(given, "campaign_id", Int64GetDatum(f->campaign_id));
	va_set(given, "lead_id", Int64GetDatum(lead_id));
	va_set(given, "number", Int16GetDatum(1));
	va_read_queued(judge, f);
	if (number != 0)
		va_set(given, "number", number);
	read_facts(judge, f, turn);
	judge_facts(judge, f);
}

/* As pick_others() does: each number of the lead is tried once. */
static void
settle_alone(VaJudge *judge, VaDialFacts *f, Datum turn)
{
	uint32 tried = 0;

	while (verdicts[f->verdict].of_number)
	{
		int16 number = DatumGetInt16(va_row_datum(f->pick, "number"));
		bool none;
		Datum next;

		if (number == 1 && !f->others)
			return;
		next = va_call_sql("other_number", 3,
			(NullableDatum[]){ { Int64GetDatum(f->campaign_id), false }, { Int64GetDatum(f->lead_id), false },
				{ Int16GetDatum(number), false } },
			&none);

		tried |= 1U << number;
		if (none || (tried & (1U << DatumGetInt16(next))) != 0)
			return;
		judge_alone(judge, f, f->lead_id, next, turn);
	}
}

static void
show_alone(const VaJudge *judge, const VaDialFacts *f, ReturnSetInfo *result)
{
	NullableDatum values[] = { { Int64GetDatum(f->lead_id), false }, va_row_nullable(f->pick, "number"),
		{ f->phone == NULL ? 0 : CStringGetTextDatum(f->phone), f->phone == NULL },
		va_row_nullable(f->pick, "jurisdiction"), va_row_nullable(f->pick, "timezones"),
		{ BoolGetDatum(f->callback), false },
		{ f->member == NULL ? 0 : va_row_datum(f->member, "attempts"), f->member == NULL },
		{ CStringGetTextDatum(verdicts[f->verdict].word), false },
		{ f->note == NULL ? 0 : CStringGetTextDatum(f->note), f->note == NULL }, { TimestampTzGetDatum(f->due), false },
		va_row_nullable(judge->answer.slot, "dials_24h") };
	Datum datums[lengthof(values)];
	bool nulls[lengthof(values)];

	for (int i = 0; i < (int) lengthof(values); i++)
	{
		datums[i] = values[i].value;
		nulls[i] = values[i].isnull;
	}
	tuplestore_putvalues(result->setResult, result->setDesc, datums, nulls);
}

/*
 * check_leads(turn claim_turn, lead_ids bigint[], settled boolean, at timestamptz) -> lead_id, number, phone,
 * jurisdiction, timezones, callback, attempts, verdict, note, due_at, dials_24h
 */
Datum
va_sql_check_leads(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	/* Flat: the first function in PL/pgSQL that an expanded one is passed to would take it over. */
	Datum turn = HeapTupleHeaderGetDatum(PG_GETARG_HEAPTUPLEHEADER(0));
	bool settled = PG_GETARG_BOOL(2);
	VaJudge judge = { .at = PG_GETARG_TIMESTAMPTZ(3), .alone = true, .n_turns = 1 };
	MemoryContext each = AllocSetContextCreate(CurrentMemoryContext, "a lead", ALLOCSET_DEFAULT_SIZES);
	MemoryContext before;
	int n;
	Datum *leads = va_elements_of(PG_GETARG_DATUM(1), INT8OID, NULL, &n);

	InitMaterializedSRF(fcinfo, 0);
	open_judge(&judge, &turn);
	before = MemoryContextSwitchTo(each);
	for (int i = 0; i < n; i++)
	{
		VaDialFacts f;

		CHECK_FOR_INTERRUPTS();
		judge_alone(&judge, &f, DatumGetInt64(leads[i]), 0, turn);
		if (settled)
			settle_alone(&judge, &f, turn);
		show_alone(&judge, &f, result);
		MemoryContextReset(each);
	}
	MemoryContextSwitchTo(before);
	va_close_facts(&judge);
	return (Datum) 0;
}

/* dial_verdicts() -> verdict, effect, of_number, reason, sentence */
Datum
va_sql_dial_verdicts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttInMetadata *row;

	InitMaterializedSRF(fcinfo, 0);
	row = TupleDescGetAttInMetadata(result->setDesc);
	for (int i = 0; i < (int) VA_VERDICT_COUNT; i++)
	{
		const char *words[] = { verdicts[i].word, effects[verdicts[i].effect], verdicts[i].of_number ? "t" : "f",
			verdicts[i].reason, verdicts[i].sentence };

		tuplestore_puttuple(result->setResult, BuildTupleFromCStrings(row, (char **) words));
	}
	return (Datum) 0;
}
