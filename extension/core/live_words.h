/*-------------------------------------------------------------------------
 * live_words.h
 *		The words being said in the calls that the processes media hold, until
 *		they are a turn: in shared memory, for live_words().
 *
 * A process tells of all its calls at a time, four times a second, and never
 * waits: while somebody reads, it tells the next time.  Words not refreshed for
 * five seconds expire, so a process that died leaves nothing on show.  There is
 * room for so many calls of a server; further ones are not shown.
 */
#ifndef VOICEAGENT_LIVE_WORDS_H
#define VOICEAGENT_LIVE_WORDS_H

#include "postgres.h"

#include "datatype/timestamp.h"

#define VA_LIVE_CALLS_MAX 1024
#define VA_LIVE_TEXT_MAX 400

typedef enum VaSpeaking
{
	VA_NOBODY_SPEAKS = 0,
	VA_CUSTOMER_SPEAKS,
	VA_ASSISTANT_SPEAKS
} VaSpeaking;

typedef struct VaLiveWords
{
	int64 tenant_id;
	int64 call_id;
	VaSpeaking speaking;
	float4 level_db; /* of the last frame of the person's */
	char words[VA_LIVE_TEXT_MAX];
	char saying[VA_LIVE_TEXT_MAX];
} VaLiveWords;

/* All calls of this database; false: somebody reads just now. */
extern bool va_live_tell(const VaLiveWords *calls, int ncalls);

/* Only while the library is being preloaded. */
extern void va_live_words_init(void);

#endif /* VOICEAGENT_LIVE_WORDS_H */
