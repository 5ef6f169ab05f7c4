/*-------------------------------------------------------------------------
 * news.c
 *		The task that tells clients of their tenant's events.
 *
 * NOTIFY goes through one queue of the whole server, which a session that
 * listens and does not read can fill, and whose lock is held through each
 * commit that notifies.  So no commit of a call, a webhook or a campaign
 * notifies: it leaves its tenant in shared memory (core/wake.h), and this task
 * notifies in a transaction of its own.  One try: what fails is lost, and the
 * clients find the events when they next read activity().
 */
#include "postgres.h"

#include "core/shmem.h"
#include "core/statement.h"
#include "core/wake.h"
#include "runtime/worker.h"

/* Many commits are one piece of news. */
#define POKE_REST_MS 20

static VaStatement announce_statement = { "SELECT voiceagent_private.announce_news($1, $2)", 2,
	{ INT8ARRAYOID, BOOLOID }, NULL };

static void
news_start(VaWorker *worker)
{
}

static TimestampTz
news_turn(VaWorker *worker, VaWake why)
{
	int64 tenants[VA_TENANTS_MAX];
	bool all;
	int n;
	Datum values[2];

	if ((why & ~VA_WAKE_IO) == 0)
		return DT_NOEND;
	n = va_take_news(tenants, &all);
	if (n == 0 && !all)
		return DT_NOEND;
	va_begin("announce news");
	values[0] = va_array_of_int8(tenants, n);
	values[1] = BoolGetDatum(all);
	va_execute(&announce_statement, values, NULL);
	va_commit();
	va_have_heard(tenants, n, all);
	return DT_NOEND;
}

const VaTask va_news_task = { "news", news_start, news_turn, NULL, POKE_REST_MS };
