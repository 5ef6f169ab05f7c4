/*-------------------------------------------------------------------------
 * outcome_moments.h
 *		What a moment that a turn names says of itself: a day, an hour, both; and
 *		whether two of them may be one, of which each says a part.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_OUTCOME_MOMENTS_H
#define VOICEAGENT_PHRASES_OUTCOME_MOMENTS_H

#include "pure/phrases/verify/outcome_internal.h"

extern const VaTimePoint *va_moment_point(const VaPhraseTime *time);
extern bool va_moment_dated(const VaPhraseTime *time);
extern bool va_moment_clocked(const VaPhraseTime *time);
/* More than a day: a week, a month. */
extern bool va_moment_vague(const VaPhraseTime *time);
/* A day with its hour: enough to come. */
extern bool va_moment_whole(const VaPhraseTime *time);
/* A part of no day. */
extern bool va_moment_part(const VaPhraseTime *time);
/* An hour of no day. */
extern bool va_moment_loose(const VaPhraseTime *time);
extern bool va_moments_fit(const VaPhraseTime *one, const VaPhraseTime *other);
/* What is said now, with what it leaves out of what was said before. */
extern VaPhraseTime va_moments_join(const VaPhraseTime *before, const VaPhraseTime *now);

#endif /* VOICEAGENT_PHRASES_OUTCOME_MOMENTS_H */
