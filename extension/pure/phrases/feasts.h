/*-------------------------------------------------------------------------
 * feasts.h
 *		Feasts of other calendars, which move through ours: Hebrew, Islamic,
 *		Chinese and Indian ones, and those of the Eastern churches.
 *
 * Pure arithmetic; the places of sun and moon are right to some minutes of
 * time, from 1900 to 2200.  A feast that hangs on who sees the moon may be a
 * day off where people look for it themselves.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASE_FEASTS_H
#define VOICEAGENT_PHRASE_FEASTS_H

#include <stdint.h>

/* The first such feast that begins on a day or later (VA_FEAST_...); a feast that begins in an evening, on that day. */
extern int32_t va_feast_from(int feast, int32_t day);
/* How many days it is from the first to the last; 0: it is one day. */
extern int va_feast_days(int feast, int32_t first);
/* 1: its daylight is on the day after. */
extern int va_feast_eve(int feast);
/* The Sunday of Easter in the Eastern churches. */
extern int32_t va_eastern_easter(int year);

#endif /* VOICEAGENT_PHRASE_FEASTS_H */
