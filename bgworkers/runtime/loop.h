/*-------------------------------------------------------------------------
 * loop.h
 *		libuv and the backend's latch in one wait.
 *
 * Callbacks of the loop run only inside va_loop_wait(), with signals blocked
 * (a library may start a thread, which would otherwise take PostgreSQL's
 * signals).  A callback touches no database and raises no error: it queues,
 * and the tasks' turns do the rest.  What a turn adds to the loop (handles,
 * timers, requests) is started before the next wait.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_LOOP_H
#define VOICEAGENT_LOOP_H

#include "postgres.h"

#include <uv.h>

#include "datatype/timestamp.h"

#include "core/wake.h"

typedef struct VaLoop VaLoop;

extern VaLoop *va_loop_create(void);
extern uv_loop_t *va_loop_uv(VaLoop *loop);

/*
 * Wait for the latch, for the loop's descriptors and timers, or until the
 * deadline (DT_NOEND = no deadline; one in the past = only look). Exits when
 * the postmaster has died. Returns VA_WAKE_IO when callbacks may have run,
 * VA_WAKE_TIMER when the deadline has passed, VA_WAKE_POKE when the latch was
 * set (it is reset).
 */
extern VaWake va_loop_wait(VaLoop *loop, TimestampTz deadline);

/* Run what is ready, without waiting; true when the loop had events. */
extern bool va_loop_run(VaLoop *loop);

/* A callback calls this so that the next va_loop_wait() reports VA_WAKE_IO. */
extern void va_loop_note_io(VaLoop *loop);

#endif /* VOICEAGENT_LOOP_H */
