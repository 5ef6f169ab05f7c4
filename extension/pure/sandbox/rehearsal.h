/*-------------------------------------------------------------------------
 * rehearsal.h
 *		A scripted caller talks with an assistant that a language model plays.
 *
 * A rehearsal is a JSON object that both sides' turns are added to, and goes
 * on step by step: va_rehearsal_next() adds the caller's words and returns the
 * request for the model, va_rehearsal_answer() takes the model's completion.
 * The last request asks, as a carrier's analysis does, for the structured
 * data of the call.  The caller decides where the model runs: in the same
 * process, or at a vendor.
 *
 * Setup: {"first_message", "system_prompt", "assistant" (model.h), "settings",
 *		"variables", "language", "seed", "max_turns", "lines", "faults", "otherwise"}:
 *		otherwise is said when no line fits.
 * Line: {"say": text or texts, "turn": n, "heard": [words], "not_heard":
 *		[words], "again": true, "hang_up": true}; the first line whose
 *		conditions hold is said, once unless "again".
 * Fault: {"turn": n, "fault": silence | interruption | garbled | monologue |
 *		wrong_language | injection}.
 * Talk: {"turns": [{"speaker", "text"}], "ended_by": assistant | customer |
 *		limit, "data": {...}, "tools": [...]}; "phase" and "used" are internal.
 *
 * Words are compared as words, without case and accents; there are no
 * patterns.  The same setup gives the same talk.
 */
#ifndef VOICEAGENT_PURE_REHEARSAL_H
#define VOICEAGENT_PURE_REHEARSAL_H

#include <stdint.h>

#include "pure/text/json.h"

#define VA_REHEARSAL_TURNS_MAX 101
#define VA_REHEARSAL_LINES_MAX 60
/* Bytes of one turn of either side. */
#define VA_REHEARSAL_TURN_BYTES 20000

/* A new one, or NULL and *why: the texts cannot be filled. */
extern json_t *va_rehearsal_begin(const json_t *setup, VaArena *arena, const char **why);
/* The request for the model; NULL: the talk is over, or (*why) memory is. */
extern json_t *va_rehearsal_next(const json_t *setup, json_t *talk, VaArena *arena, const char **why);
/* Takes the model's answer: the text of its message, and whether it called end_call. */
extern void va_rehearsal_answer(const json_t *setup, json_t *talk, const char *text, bool ends, VaArena *arena);

typedef struct VaRehearsalCall
{
	const char *id; /* the carrier's */
	const char *reference;
	const char *number;
	int64_t ended_at; /* ms since 1970 */
} VaRehearsalCall;

/* The end-of-call report with which a carrier would tell of that talk; NULL = out of memory. */
extern const char *va_rehearsal_report(const json_t *talk, const VaRehearsalCall *call, VaArena *arena);

#endif /* VOICEAGENT_PURE_REHEARSAL_H */
