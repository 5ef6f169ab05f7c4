/*-------------------------------------------------------------------------
 * analysis.h
 *		Values to read out of every conversation.
 *
 * Pure: an assistant's settings in, a JSON Schema out.
 */
#ifndef VOICEAGENT_PROVIDERS_ANALYSIS_H
#define VOICEAGENT_PROVIDERS_ANALYSIS_H

#include "pure/text/json.h"

/* The schema for an assistant with these settings, with its own extraction_fields; json_decref() it. */
extern json_t *va_analysis_schema(const json_t *settings);

#endif /* VOICEAGENT_PROVIDERS_ANALYSIS_H */
