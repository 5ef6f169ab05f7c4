/*-------------------------------------------------------------------------
 * live.c
 *		The view of calls while they last.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "core/counters.h"
#include "core/live_words.h"
#include "owner.h"

#define SHOW_EVERY_MS 250

static VaLiveWords shown[VA_LIVE_CALLS_MAX];
static int nshown = 0;
static int64_t shown_ms = 0;
static bool seen = false; /* some are shown */

static void
add_text(char *to, const char *text)
{
	size_t used = strlen(to);

	if (used > 0 && used < VA_LIVE_TEXT_MAX - 1)
		to[used++] = ' ';
	strlcpy(to + used, text, VA_LIVE_TEXT_MAX - used);
	/* A letter that did not fit is left out whole. */
	to[pg_mbcliplen(to, (int) strlen(to), VA_LIVE_TEXT_MAX - 4)] = '\0';
}

static void
show_call(const VaMediaCall *call)
{
	VaLiveWords *words = &shown[nshown++];

	memset(words, 0, sizeof(*words));
	words->tenant_id = call->tenant_id;
	words->call_id = call->call_id;
	words->level_db = (float4) call->voice.level;
	words->speaking = call->voice.speaks							  ? VA_CUSTOMER_SPEAKS
					  : call->nsentences > 0 && call->turn_began != 0 ? VA_ASSISTANT_SPEAKS
																	  : VA_NOBODY_SPEAKS;
	add_text(words->words, call->partial);
	for (int i = 0; i < call->nsentences; i++)
		add_text(words->saying, call->sentences[i].text);
}

void
va_media_count_times(VaMediaCall *call)
{
	for (; call->ncounted < call->ntimes; call->ncounted++)
	{
		const VaTurnTimes *times = &call->times[call->ncounted];

		/* The greeting answers nothing. */
		if (times->turn == 0 && times->recognised_ms < 0)
			continue;
		/* Unknown values are below 0, and not counted. */
		va_time(VA_TIME_RECOGNISED, times->recognised_ms * 1000);
		va_time(VA_TIME_TOKEN, times->token_ms * 1000);
		va_time(VA_TIME_SOUND, times->sound_ms * 1000);
	}
}

void
va_media_show(VaMediaCall *calls, int64_t now_ms)
{
	/* One that is over will not be there the next time. */
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
		if (call->talk.state == VA_TALK_OVER)
			va_media_count_times(call);
	if (calls != NULL && now_ms - shown_ms < SHOW_EVERY_MS)
		return;
	nshown = 0;
	for (VaMediaCall *call = calls; call != NULL; call = call->next)
	{
		va_media_count_times(call);
		if (call->call_id != 0 && call->talk.state != VA_TALK_OVER && nshown < VA_LIVE_CALLS_MAX)
			show_call(call);
	}
	if (nshown == 0 && !seen)
		return;
	/* Somebody reads just now: the next time. */
	if (!va_live_tell(shown, nshown))
		return;
	seen = nshown > 0;
	shown_ms = now_ms;
}
