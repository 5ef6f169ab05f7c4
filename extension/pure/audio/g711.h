/*-------------------------------------------------------------------------
 * g711.h
 *		Telephone audio: mu-law and A-law bytes to 16-bit samples and back.
 *
 * Pure: no memory, no state.
 */
#ifndef VOICEAGENT_G711_H
#define VOICEAGENT_G711_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of silence. */
#define VA_MULAW_SILENCE 0xff

extern int16_t va_mulaw_sample(uint8_t byte);
extern int16_t va_alaw_sample(uint8_t byte);
extern uint8_t va_mulaw_byte(int16_t sample);
extern uint8_t va_alaw_byte(int16_t sample);

#endif /* VOICEAGENT_G711_H */
