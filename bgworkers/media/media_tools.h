/*-------------------------------------------------------------------------
 * media_tools.h
 *		The process media, and the process tools that it has tools used by.
 */
#ifndef VOICEAGENT_MEDIA_TOOLS_H
#define VOICEAGENT_MEDIA_TOOLS_H

#include "call.h"

/* Asks for what is wanted, and hears what has come; poked: something may have. */
extern void va_media_tools_turn(VaMediaCall *calls, bool poked, int64_t now_ms);

#endif /* VOICEAGENT_MEDIA_TOOLS_H */
