/*-------------------------------------------------------------------------
 * jsonb_text.h
 *		jsonb of a text that we have written.
 */
#ifndef VOICEAGENT_JSONB_TEXT_H
#define VOICEAGENT_JSONB_TEXT_H

#include "utils/jsonb.h"

/* What jsonb_in() makes of it, errors and all, but plain JSON is read in a third of the time. */
extern Datum va_jsonb_of_text(const char *text);

#endif /* VOICEAGENT_JSONB_TEXT_H */
