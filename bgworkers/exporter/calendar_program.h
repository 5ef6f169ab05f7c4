/*-------------------------------------------------------------------------
 * calendar_program.h
 *		The program voiceagent-calendar, run once for a file.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_CALENDAR_RUN_H
#define VOICEAGENT_CALENDAR_RUN_H

#include "postgres.h"

#include "lib/stringinfo.h"

/*
 * Runs program with args (NULL ends them, the first is its name), gives it the
 * input and appends what it prints to output.  False: it is not there, did not
 * come to an end (and was ended), or failed.  Runs outside of transactions and
 * takes interrupts; no process is left behind.
 */
extern bool va_run_calendar(const char *program, char *const args[], const char *input, size_t len, StringInfo output);

#endif /* VOICEAGENT_CALENDAR_RUN_H */
