/*-------------------------------------------------------------------------
 * turns.c
 *		The turns of a talk out of jsonb, which can hold anything in their place.
 *
 * No state and no locks.
 */
#include "phrases/turns.h"

#include "miscadmin.h"

static bool
is_text(const JsonbValue *value, const char *text)
{
	return value != NULL && value->type == jbvString && (size_t) value->val.string.len == strlen(text) &&
		   memcmp(value->val.string.val, text, (size_t) value->val.string.len) == 0;
}

/* Adds one turn; false: not a turn, or its speaker is unknown, which is counted. */
static bool
read_turn(JsonbContainer *object, VaTalkTurn *turn, size_t *unknown)
{
	JsonbValue *text = getKeyJsonValueFromContainer(object, "text", 4, NULL);
	JsonbValue *speaker = getKeyJsonValueFromContainer(object, "speaker", 7, NULL);

	if (text == NULL || text->type != jbvString)
		return false;
	turn->person = is_text(speaker, "customer") || is_text(speaker, "person");
	if (!turn->person && !is_text(speaker, "assistant"))
	{
		*unknown += speaker == NULL || is_text(speaker, "unknown");
		return false;
	}
	turn->text = text->val.string.val;
	turn->len = (size_t) text->val.string.len;
	return true;
}

VaSpokenTurns
va_spoken_turns(Jsonb *turns)
{
	VaSpokenTurns talk = { 0 };
	uint32 count = JB_ROOT_IS_ARRAY(turns) && !JB_ROOT_IS_SCALAR(turns) ? JB_ROOT_COUNT(turns) : 0;
	uint32 first = 0;

	if (count > VA_TALK_TURNS_MAX)
	{
		first = count - VA_TALK_TURNS_MAX;
		count = VA_TALK_TURNS_MAX;
	}
	talk.turns = palloc0((count + 1) * sizeof(VaTalkTurn));
	talk.places = palloc0((count + 1) * sizeof(int32));
	for (uint32 i = 0; i < count; i++)
	{
		JsonbValue *turn = getIthJsonbValueFromContainer(&turns->root, first + i);

		CHECK_FOR_INTERRUPTS();
		if (turn != NULL && turn->type == jbvBinary && JsonContainerIsObject(turn->val.binary.data) &&
			read_turn(turn->val.binary.data, &talk.turns[talk.count], &talk.unknown))
			talk.places[talk.count++] = (int32) (first + i) + 1;
	}
	return talk;
}
