/*-------------------------------------------------------------------------
 * live_words.c
 *		Words of live calls in shared memory (contract in live_words.h).
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "live_words.h"
#include "shmem.h"
#include "statement.h"

PG_FUNCTION_INFO_V1(va_sql_live_words);

#define SHMEM_NAME "voiceagent live words"
#define STALE_MS 5000

typedef struct Slot
{
	Oid database; /* InvalidOid: free */
	TimestampTz told_at;
	VaLiveWords words;
} Slot;

typedef struct Live
{
	LWLock *lock;
	int used; /* no slot behind it is taken */
	Slot slot[VA_LIVE_CALLS_MAX];
} Live;

static Live *live = NULL;

static const char *const speakers[] = { "", "customer", "assistant" };

static void
set_up(LWLock *lock)
{
	live->lock = lock;
}

void
va_live_words_init(void)
{
	static VaSharedPart part = { SHMEM_NAME, (void **) &live, sizeof(Live), 0, set_up, NULL };

	va_shmem_add(&part);
}

static bool
is_free(const Slot *slot, TimestampTz now)
{
	return slot->database == InvalidOid || TimestampDifferenceExceeds(slot->told_at, now, STALE_MS);
}

/* Words that are no longer shown are removed. */
static void
forget_own(TimestampTz now)
{
	int used = 0;

	for (int i = 0; i < live->used; i++)
	{
		Slot *slot = &live->slot[i];

		if (slot->database == MyDatabaseId || is_free(slot, now))
			memset(slot, 0, sizeof(*slot));
		else
			used = i + 1;
	}
	live->used = used;
}

bool
va_live_tell(const VaLiveWords *calls, int ncalls)
{
	TimestampTz now = GetCurrentTimestamp();
	int at = 0;

	if (live == NULL)
		return true;
	if (!LWLockConditionalAcquire(live->lock, LW_EXCLUSIVE))
		return false;
	forget_own(now);
	for (int i = 0; i < ncalls; i++)
	{
		while (at < VA_LIVE_CALLS_MAX && live->slot[at].database != InvalidOid)
			at++;
		if (at == VA_LIVE_CALLS_MAX)
			break;
		live->slot[at].database = MyDatabaseId;
		live->slot[at].told_at = now;
		live->slot[at].words = calls[i];
		live->used = Max(live->used, at + 1);
	}
	LWLockRelease(live->lock);
	return true;
}

static bool
find_words(int64 tenant_id, int64 call_id, Slot *found)
{
	TimestampTz now = GetCurrentTimestamp();
	bool there = false;

	LWLockAcquire(live->lock, LW_SHARED);
	for (int i = 0; i < live->used && !there; i++)
	{
		const Slot *slot = &live->slot[i];

		there = slot->database == MyDatabaseId && slot->words.tenant_id == tenant_id &&
				slot->words.call_id == call_id && !is_free(slot, now);
		if (there)
			*found = *slot;
	}
	LWLockRelease(live->lock);
	return there;
}

static Datum
text_or_null(const char *text, bool *null)
{
	*null = text[0] == '\0';
	return *null ? (Datum) 0 : CStringGetTextDatum(text);
}

/* (speaking, words, saying, level_db) of a call; nulls: it is not held */
Datum
va_sql_live_words(PG_FUNCTION_ARGS)
{
	Datum values[4] = { 0 };
	bool nulls[4] = { true, true, true, true };
	Slot slot;

	if (live != NULL && find_words(PG_GETARG_INT64(0), PG_GETARG_INT64(1), &slot))
	{
		values[0] = text_or_null(speakers[slot.words.speaking], &nulls[0]);
		values[1] = text_or_null(slot.words.words, &nulls[1]);
		values[2] = text_or_null(slot.words.saying, &nulls[2]);
		nulls[3] = false;
		values[3] = Float4GetDatum(slot.words.level_db);
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}
