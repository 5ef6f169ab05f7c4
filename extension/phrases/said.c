/*-------------------------------------------------------------------------
 * said.c
 *		SQL face of what people say: read_field(), read_intents(), entails(),
 *		parse_stop().
 *
 * No state and no locks.  The words are judged in extension/pure/phrases/.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/compat.h"
#include "core/errors.h"
#include "phrases/reference.h"
#include "phrases/turns.h"
#include "pure/phrases/entail.h"
#include "pure/phrases/fields.h"
#include "pure/phrases/intents.h"

PG_FUNCTION_INFO_V1(va_sql_read_field);
PG_FUNCTION_INFO_V1(va_sql_read_intents);
PG_FUNCTION_INFO_V1(va_sql_entails);
PG_FUNCTION_INFO_V1(va_sql_parse_stop);

static Datum
text_of(const char *bytes, size_t len)
{
	return PointerGetDatum(cstring_to_text_with_len(bytes, (int) len));
}

/* (turns, kind, language) -> (value, turn, quote) */
Datum
va_sql_read_field(PG_FUNCTION_ARGS)
{
	VaSpokenTurns talk = va_spoken_turns(PG_GETARG_JSONB_P(0), false);
	VaFieldKind kind = va_field_kind(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	const VaLexicon *lexicon = va_lexicon(text_to_cstring(PG_GETARG_TEXT_PP(2)));
	VaArena *arena = va_arena_here();
	VaFieldValue found = { 0 };
	TupleDesc desc;
	Datum values[3] = { 0 };
	bool nulls[3] = { true, true, true };

	if (kind == VA_FIELD_KINDS)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("a field cannot be of this kind"),
						   errhint("A kind is one of name, email, phone, number, date, address.")));
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (lexicon != NULL && !va_read_field(arena, lexicon, talk.turns, talk.count, kind, &found))
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	if (found.value != NULL)
	{
		values[0] = CStringGetTextDatum(found.value);
		values[1] = Int32GetDatum(talk.places[found.turn]);
		values[2] = text_of(talk.turns[found.turn].text + found.offset, found.len);
		memset(nulls, 0, sizeof(nulls));
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* (turns, language) -> rows of turn, intent, sense, quote */
Datum
va_sql_read_intents(PG_FUNCTION_ARGS)
{
	VaSpokenTurns talk = va_spoken_turns(PG_GETARG_JSONB_P(0), false);
	const char *language = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < talk.count; i++)
	{
		VaFindings findings;

		CHECK_FOR_INTERRUPTS();
		if (!talk.turns[i].person || !va_read_intents(language, talk.turns[i].text, talk.turns[i].len, &findings))
			continue;
		for (size_t j = 0; j < findings.count; j++)
		{
			const VaFinding *finding = &findings.items[j];
			Datum values[4] = { Int32GetDatum(talk.places[i]), CStringGetTextDatum(va_intent_name(finding->intent)),
				CStringGetTextDatum(va_sense_name(finding->sense)),
				text_of(talk.turns[i].text + finding->offset, finding->len) };
			bool nulls[4] = { false, false, false, false };

			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			for (int k = 1; k < 4; k++)
				pfree(DatumGetPointer(values[k]));
		}
	}
	return (Datum) 0;
}

/* (kind, value, quote, language, question or NULL, reference or NULL) -> verdict */
Datum
va_sql_entails(PG_FUNCTION_ARGS)
{
	text *quote;
	text *question = NULL;
	VaTimeReference reference;
	bool referenced = PG_NARGS() > 5 && !PG_ARGISNULL(5);
	VaEntailment verdict;

	for (int i = 0; i < 4; i++)
	{
		if (PG_ARGISNULL(i))
			PG_RETURN_TEXT_P(cstring_to_text(va_entailment_name(VA_UNSUPPORTED_EMPTY)));
	}
	quote = PG_GETARG_TEXT_PP(2);
	if (!PG_ARGISNULL(4))
		question = PG_GETARG_TEXT_PP(4);
	if (referenced)
		reference = va_time_reference(PG_GETARG_TIMESTAMP(5));
	verdict = va_entails_at(va_arena_here(), text_to_cstring(PG_GETARG_TEXT_PP(0)),
		text_to_cstring(PG_GETARG_TEXT_PP(1)), VARDATA_ANY(quote), VARSIZE_ANY_EXHDR(quote),
		text_to_cstring(PG_GETARG_TEXT_PP(3)), question == NULL ? NULL : VARDATA_ANY(question),
		question == NULL ? 0 : VARSIZE_ANY_EXHDR(question), referenced ? &reference : NULL);
	PG_RETURN_TEXT_P(cstring_to_text(va_entailment_name(verdict)));
}

/* (said) -> boolean */
Datum
va_sql_parse_stop(PG_FUNCTION_ARGS)
{
	text *said = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(va_asks_to_stop(VARDATA_ANY(said), VARSIZE_ANY_EXHDR(said)));
}
