/*-------------------------------------------------------------------------
 * kept_speech.h
 *		The sound of sentences that are the same in every call, so that none of
 *		them waits for a voice again.
 *
 * In memory of the process media, and not in files: it is made anew in a second,
 * no backup and no copy has it, and it goes with the process.  Sentences with a
 * lead's data are never kept.  A tenant's sound is its own, and so is its share:
 * a tenant that has many sentences pushes out its own first.
 */
#ifndef VOICEAGENT_KEPT_SPEECH_H
#define VOICEAGENT_KEPT_SPEECH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A minute of a tenant's, an hour of all of them: 57 MB. */
#define VA_KEPT_SAMPLES_TENANT ((size_t) 60 * 8000)
#define VA_KEPT_SAMPLES_ALL ((size_t) 3600 * 8000)

#define VA_KEPT_KEY_BYTES 32

/* A sentence's voice and settings: equal keys sound alike. */
typedef struct VaKeptKey
{
	int64_t tenant_id;
	uint8_t hash[VA_KEPT_KEY_BYTES];
} VaKeptKey;

/* parts: texts (NULL: none), the order counts. */
extern void va_kept_key(VaKeptKey *key, int64_t tenant_id, const char *const *parts, int nparts);

typedef struct VaKeptSound
{
	struct VaKeptSound *next;
	VaKeptKey key;
	int holders; /* while it is kept, that is one */
	size_t n;
	int16_t samples[];
} VaKeptSound;

/* It is there until it is released; NULL: it is not kept. */
extern VaKeptSound *va_kept_hold(const VaKeptKey *key);
extern void va_kept_release(VaKeptSound *sound);

/* Copies them; what is longer than a tenant's share is not kept. */
extern void va_kept_add(const VaKeptKey *key, const int16_t *samples, size_t n);

extern void va_kept_forget_all(void);

#endif /* VOICEAGENT_KEPT_SPEECH_H */
