/*-------------------------------------------------------------------------
 * program.h
 *		Input and limits of voiceagent-calendar.
 */
#ifndef VOICEAGENT_CALENDAR_PROGRAM_H
#define VOICEAGENT_CALENDAR_PROGRAM_H

/* The longest file: ten years of a busy person have about three megabytes. */
#define VA_CALENDAR_BYTES (4 * 1024 * 1024)
#define VA_CALENDAR_MEMORY (512 * 1024 * 1024)
/* Seconds of a processor; and how long it is waited for, on a machine that has other things to do. */
#define VA_CALENDAR_SECONDS 3
#define VA_CALENDAR_WAIT_MS 15000
#define VA_CALENDAR_NICE 5

#endif /* VOICEAGENT_CALENDAR_PROGRAM_H */
