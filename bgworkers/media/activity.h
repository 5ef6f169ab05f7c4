/*
 * activity.h
 *		How speech is told from other sounds: by a network where it is installed, else by energy.
 */
#ifndef VOICEAGENT_MEDIA_ACTIVITY_H
#define VOICEAGENT_MEDIA_ACTIVITY_H

#include "pure/audio/voice_network.h"

/* For a call that begins; NULL: by energy. Read once a process. */
extern const VaVoiceNetwork *va_activity_network(void);

/* A word for status(). */
extern const char *va_activity_name(void);

#endif /* VOICEAGENT_MEDIA_ACTIVITY_H */
