/*-------------------------------------------------------------------------
 * session.c
 *		The session of a call in the database: found by the address and the
 *		start of its stream, ended with what was measured, or refused.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/statement.h"
#include "core/voiceagent.h"
#include "media/call/said.h"
#include "owner.h"
#include "runtime/transaction.h"

static VaStatement route_statement = {
	"SELECT r.tenant_id, r.provider_account_id FROM voiceagent_private.endpoint_routes r "
	"WHERE r.token = $1 AND r.provider = $2",
	2, { TEXTOID, TEXTOID }, NULL
};
static VaStatement open_statement = {
	"SELECT s.refused, s.call_id, s.language, s.voice, s.law_words, s.first_message, s.system_prompt, s.opt_out_key, "
	"s.opt_out_words, s.phrases ->> 'silence' AS silence, s.phrases ->> 'repeat' AS repeat, "
	"s.phrases ->> 'moment' AS moment, s.phrases ->> 'goodbye' AS goodbye, "
	"s.phrases ->> 'return' AS return, s.phrases ->> 'machine' AS machine, s.tools, s.turns, s.max_duration_s, "
	"s.same_law, s.same_first_message, (s.manners ->> 'silence_ms')::integer AS silence_ms, "
	"(s.manners ->> 'barge_in_ms')::integer AS barge_in_ms, "
	"(s.manners ->> 'keeps_first_message')::boolean AS keeps_first_message, s.local_s "
	"FROM voiceagent_private.open_media_session($1, $2, $3, $4) s",
	4, { INT8OID, TEXTOID, TEXTOID, TEXTOID }, NULL
};
static VaStatement end_statement = { "SELECT voiceagent_private.end_media_session($1, $2, $3, $4::jsonb)", 4,
	{ INT8OID, TEXTOID, BOOLOID, TEXTOID }, NULL };
static VaStatement refuse_statement = { "SELECT voiceagent_private.note_media_refusal($1, $2, $3, $4, $5) AS call_id",
	5, { INT8OID, TEXTOID, TEXTOID, TEXTOID, TEXTOID }, NULL };

/* Calls of a tenant that was never armed, and so pays for nothing. */
#define TRIAL_CALLS 5

static VaStatement armed_statement = {
	"SELECT 1 AS armed FROM voiceagent.provider_accounts a WHERE a.tenant_id = $1 AND a.armed_at IS NOT NULL LIMIT 1",
	1, { INT8OID }, NULL
};

/* ----- opening ----- */

/* The account whose address the socket has, and its tenant, whose turn it is then; 0: none. */
static int64
find_account(VaMediaCall *call)
{
	Datum route[2] = { CStringGetTextDatum(call->address.token),
		CStringGetTextDatum(va_dialect_name(call->stream.dialect)) };
	int64 account_id;

	if (va_execute(&route_statement, route, NULL) != 1)
		return 0;
	call->tenant_id = va_column_int(0, "tenant_id", 0);
	account_id = va_column_int(0, "provider_account_id", 0);
	va_set_tenant(call->tenant_id);
	return account_id;
}

int64
va_media_owner(int64 tenant_id)
{
	Datum values[1] = { Int64GetDatum(tenant_id) };

	va_set_tenant(tenant_id);
	return va_execute(&armed_statement, values, NULL) > 0 ? tenant_id : VA_NEVER_ARMED;
}

/* The place of a socket that waits becomes that of a call. */
static bool
take_place(VaMediaCall *call)
{
	int64 owner = va_media_owner(call->tenant_id);
	bool trial = owner == VA_NEVER_ARMED;

	if (trial && (va_share_taken(VA_SHARE_TRIALS, call->tenant_id) >= TRIAL_CALLS ||
					 !va_share_take(VA_SHARE_TRIALS, call->tenant_id, va_guc_media_max_calls)))
		return false;
	if (!va_share_take(VA_SHARE_CALLS, owner, va_guc_media_max_calls))
	{
		if (trial)
			va_share_give(VA_SHARE_TRIALS, call->tenant_id);
		return false;
	}
	va_share_give(call->share, call->owner);
	call->owner = owner;
	call->share = VA_SHARE_CALLS;
	return true;
}

static const char *
execute_open(const VaMediaCall *call, int64 account_id)
{
	Datum values[4] = { Int64GetDatum(account_id), CStringGetTextDatum(call->address.reference),
		CStringGetTextDatum(call->carrier_call), CStringGetTextDatum(va_dialect_name(call->stream.dialect)) };
	char nulls[4] = { ' ', ' ', call->carrier_call[0] == '\0' ? 'n' : ' ', ' ' };

	va_execute(&open_statement, values, nulls);
	return va_column_text(0, "refused");
}

/* For an assistant to which the call was handed over: what it says and knows. */
void
va_media_reopen_session(void *arg)
{
	VaMediaCall *call = arg;

	if (execute_open(call, find_account(call)) == NULL)
		va_media_read_script(&call->script);
}

const char *
va_media_find_session(VaMediaCall *call)
{
	int64 account_id = find_account(call);
	const char *refused;

	call->refusal_kept = account_id == 0;
	if (account_id == 0)
		return "no account has this address";
	if (!take_place(call))
		return "its tenant has its share of the calls that are held";
	refused = execute_open(call, account_id);
	call->refusal_kept = refused != NULL;
	if (refused != NULL)
		call->wanted_call = va_column_int(0, "call_id", 0);
	return refused;
}

void
va_media_read_script(VaCallScript *script)
{
	const char *key = va_column_text(0, "opt_out_key");
	VaArena *texts = &script->texts;

	script->language = va_arena_strdup(texts, va_column_text(0, "language"));
	script->voice = va_arena_strdup(texts, va_column_text(0, "voice"));
	script->law_words = va_arena_strdup(texts, va_column_text(0, "law_words"));
	script->first_message = va_arena_strdup(texts, va_column_text(0, "first_message"));
	script->system_prompt = va_arena_strdup(texts, va_column_text(0, "system_prompt"));
	script->opt_out_words = va_arena_strdup(texts, va_column_text(0, "opt_out_words"));
	script->silence_words = va_arena_strdup(texts, va_column_text(0, "silence"));
	script->repeat_words = va_arena_strdup(texts, va_column_text(0, "repeat"));
	script->moment_words = va_arena_strdup(texts, va_column_text(0, "moment"));
	script->tools = va_arena_strdup(texts, va_column_text(0, "tools"));
	script->goodbye_words = va_arena_strdup(texts, va_column_text(0, "goodbye"));
	script->return_words = va_arena_strdup(texts, va_column_text(0, "return"));
	script->machine_words = va_arena_strdup(texts, va_column_text(0, "machine"));
	script->same_law = va_column_bool(0, "same_law");
	script->same_first_message = va_column_bool(0, "same_first_message");
	script->opt_out_key = key == NULL ? '\0' : key[0];
	script->max_duration_s = (int) va_column_int(0, "max_duration_s", 0);
	script->silence_ms = (int) va_column_int(0, "silence_ms", 0);
	script->barge_in_ms = (int) va_column_int(0, "barge_in_ms", 0);
	script->keeps_first_message = va_column_bool(0, "keeps_first_message");
	script->local_s = va_column_int(0, "local_s", 0);
}

/* ----- what is said ----- */

char *
va_media_turns_json(const VaMediaCall *call, VaArena *arena)
{
	json_t *turns = json_array();
	char *text;

	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
		if (!turn->kept)
			json_array_append_new(
				turns, json_pack("{s:s,s:s,s:i,s:I,s:o*}", "speaker", turn->is_customer ? "customer" : "assistant",
						   "text", turn->text, "turn", turn->number, "at_ms", (json_int_t) turn->at_ms, "confidence",
						   turn->confidence < 0 ? NULL : json_real(turn->confidence)));
	text = va_json_text(arena, turns);
	json_decref(turns);
	return text;
}

/* ----- the end ----- */

static void
end_session(const VaMediaCall *call)
{
	const VaCallFigures *f = &call->figures;
	VaArena arena = { 0 };
	const char *turns = va_call_turn_times(call, &arena);
	const char *law = va_call_law_times(call, &arena);
	Datum values[4] = { Int64GetDatum(call->call_id), CStringGetTextDatum(call->why), BoolGetDatum(call->hung_up),
		CStringGetTextDatum(psprintf("{\"frames_in\": " INT64_FORMAT ", \"frames_out\": " INT64_FORMAT
									 ", \"frames_late\": " INT64_FORMAT ", \"frames_lost\": " INT64_FORMAT
									 ", \"barge_ins\": %d, \"resumed\": %d, \"longest_verdict_ms\": " INT64_FORMAT
									 ", \"not_understood\": %d, \"tools\": %d, \"kept_sentences\": %d, "
									 "\"sockets_refused\": %d, "
									 "\"first_sound_ms\": " INT64_FORMAT ", \"mean_answer_ms\": " INT64_FORMAT
									 ", \"law_ms\": %s, \"turns\": %s}",
			f->frames_in, f->frames_out, f->frames_late, f->frames_lost, f->barge_ins, f->resumed, f->verdict_ms,
			f->unheard, f->tools, f->kept, f->refused, f->first_sound_ms,
			f->answers > 0 ? f->answer_ms / f->answers : 0, law != NULL ? law : "[]", turns != NULL ? turns : "[]")) };

	va_arena_free(&arena);
	va_set_tenant(call->tenant_id);
	va_execute(&end_statement, values, NULL);
}

/* It was over before it had a session: a stream that broke the protocol, or a second socket of a call. */
static void
refuse_session(VaMediaCall *call)
{
	int64 account_id = find_account(call);
	Datum values[5] = { Int64GetDatum(account_id), CStringGetTextDatum(call->address.reference),
		CStringGetTextDatum(call->carrier_call), CStringGetTextDatum(va_dialect_name(call->stream.dialect)),
		CStringGetTextDatum(call->why) };
	char nulls[5] = { ' ', ' ', call->carrier_call[0] == '\0' ? 'n' : ' ', ' ', ' ' };

	if (account_id == 0)
		return;
	va_execute(&refuse_statement, values, nulls);
	call->wanted_call = va_column_int(0, "call_id", 0);
}

void
va_media_end_session(void *arg)
{
	VaMediaCall *call = arg;

	if (call->call_id != 0)
		end_session(call);
	else
		refuse_session(call);
}

void
va_media_count_refusal(VaMediaCall *calls, const VaMediaCall *refused)
{
	for (VaMediaCall *call = calls; call != NULL && refused->wanted_call != 0; call = call->next)
		if (call->call_id == refused->wanted_call && call->tenant_id == refused->tenant_id)
			call->figures.refused++;
}
