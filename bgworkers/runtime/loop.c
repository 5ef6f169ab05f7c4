/*-------------------------------------------------------------------------
 * loop.c
 *		libuv and the backend's latch in one wait.
 *
 * libuv's own descriptor (an epoll set) is one more event of our wait set;
 * its timers only say how long the wait may take.  A handle that is added
 * outside of uv_run() reaches the epoll set only in the next uv_run(), which
 * is why one runs before every wait.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "core/compat.h"
#include "runtime.h"
#include "http/signals.h"

#define WAIT_EVENTS 3

struct VaLoop
{
	uv_loop_t uv;
	WaitEventSet *set;
	bool noted;
};

VaLoop *
va_loop_create(void)
{
	VaLoop *loop = MemoryContextAllocZero(TopMemoryContext, sizeof(VaLoop));
	int failed = uv_loop_init(&loop->uv);

	if (failed != 0)
		ereport(
			FATAL, (errcode(ERRCODE_SYSTEM_ERROR), errmsg("could not make an event loop: %s", uv_strerror(failed))));
	loop->set = VA_CREATE_WAIT_SET(WAIT_EVENTS);
	AddWaitEventToSet(loop->set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
	AddWaitEventToSet(loop->set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
	AddWaitEventToSet(loop->set, WL_SOCKET_READABLE, uv_backend_fd(&loop->uv), NULL, NULL);
	return loop;
}

uv_loop_t *
va_loop_uv(VaLoop *loop)
{
	return &loop->uv;
}

void
va_loop_note_io(VaLoop *loop)
{
	loop->noted = true;
}

bool
va_loop_run(VaLoop *loop)
{
	sigset_t saved;

	va_signals_block(&saved);
	(void) uv_run(&loop->uv, UV_RUN_NOWAIT);
	va_signals_restore(&saved);
	return loop->noted;
}

/* Milliseconds until libuv wants to run again; -1 = only when a descriptor is ready. */
static long
loop_timeout(VaLoop *loop)
{
	/* A loop without anything says 0, which would make us spin. */
	if (!uv_loop_alive(&loop->uv))
		return -1;
	return uv_backend_timeout(&loop->uv);
}

/* Rounded up: waking early would only mean to wait again. */
static long
deadline_timeout(TimestampTz deadline)
{
	TimestampTz left;

	if (deadline == DT_NOEND)
		return -1;
	left = deadline - GetCurrentTimestamp();
	if (deadline == DT_NOBEGIN || left <= 0)
		return 0;
	left = (left + 999) / 1000;
	return left > INT_MAX ? INT_MAX : (long) left;
}

static bool
is_past(TimestampTz deadline)
{
	return deadline != DT_NOEND && deadline <= GetCurrentTimestamp();
}

VaWake
va_loop_wait(VaLoop *loop, TimestampTz deadline)
{
	WaitEvent events[WAIT_EVENTS];
	VaWake why = 0;
	long timeout;
	long limit;
	int n;

	(void) va_loop_run(loop);
	timeout = deadline_timeout(deadline);
	limit = loop_timeout(loop);
	if (limit >= 0 && (timeout < 0 || limit < timeout))
		timeout = limit;
	/* Something is waiting for a turn already: only look. */
	if (loop->noted)
		timeout = 0;

	n = WaitEventSetWait(loop->set, timeout, events, WAIT_EVENTS, PG_WAIT_EXTENSION);
	for (int i = 0; i < n; i++)
	{
		if (events[i].events & WL_LATCH_SET)
		{
			ResetLatch(MyLatch);
			why |= VA_WAKE_POKE;
		}
	}
	(void) va_loop_run(loop);
	if (loop->noted)
		why |= VA_WAKE_IO;
	loop->noted = false;
	if (is_past(deadline))
		why |= VA_WAKE_TIMER;
	return why;
}
