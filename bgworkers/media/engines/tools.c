/*-------------------------------------------------------------------------
 * tools.c
 *		Tools that a mind wants to use in a call: asked for, answered, or given
 *		up when no answer comes in time.
 *
 * The owner of the calls has them used (media_tools.c); the mind that wanted
 * them gets the result, if it still thinks.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines.h"

/* No mind waits longer for a tool; the owner's process allows 2 s. */
#define TOOL_MS 2500
#define TOOLS_MAX 100

void
va_call_wants_tool(VaMediaCall *call, const char *id, const char *name, const char *arguments, int64_t now_ms)
{
	VaToolUse *use = calloc(1, sizeof(*use));
	VaToolUse **last = &call->tools;
	int n = 0;

	for (; *last != NULL; last = &(*last)->next)
		n++;
	if (use == NULL || n == TOOLS_MAX)
	{
		free(use);
		va_engines_tool_answered(call, id, "", true);
		return;
	}
	/* The mind's own ids may come again: ours do not. */
	snprintf(use->id, sizeof(use->id), "media-%d-%.60s", n + 1, id);
	snprintf(use->mind_id, sizeof(use->mind_id), "%s", id);
	use->name = strdup(name);
	use->arguments = strdup(arguments);
	use->asked_ms = now_ms;
	use->turn = call->nturns;
	use->answered = use->name == NULL || use->arguments == NULL;
	*last = use;
}

static void
answer(VaMediaCall *call, VaToolUse *use, const char *words, const char *data, bool failed)
{
	use->answered = true;
	use->words = strdup(words);
	use->data = strdup(data);
	call->figures.tools++;
	va_engines_tool_answered(call, use->mind_id, words, failed);
}

void
va_call_tool_answered(VaMediaCall *call, const char *id, const char *words, const char *data, bool failed)
{
	for (VaToolUse *use = call->tools; use != NULL; use = use->next)
		if (!use->answered && strcmp(use->id, id) == 0)
		{
			/* The mind that wanted this gets no result: another takes its place. */
			if (!failed && strcmp(use->name, "hand_over") == 0)
				call->handed_over = use->answered = true;
			else
				answer(call, use, words, data, failed);
			return;
		}
}

void
va_call_tools_turn(VaMediaCall *call, int64_t now_ms)
{
	for (VaToolUse *use = call->tools; use != NULL; use = use->next)
		if (!use->answered && now_ms - use->asked_ms > TOOL_MS)
			answer(call, use, "", "{}", true);
}

void
va_call_forget_tools(VaMediaCall *call)
{
	VaToolUse *next;

	for (VaToolUse *use = call->tools; use != NULL; use = next)
	{
		next = use->next;
		free(use->name);
		free(use->arguments);
		free(use->words);
		free(use->data);
		free(use);
	}
	call->tools = NULL;
}
