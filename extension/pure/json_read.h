/*-------------------------------------------------------------------------
 * json_read.h
 *		The quick way from bytes to a JSON document.
 *
 * Takes what vendors nearly always send, and leaves everything else, good or
 * bad, to jansson's own reader, which is three times slower.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_JSON_READ_H
#define VOICEAGENT_PURE_JSON_READ_H

#include "json.h"

/* The document that json_loadb() would give; NULL: ask that one.  json_decref() the result. */
extern json_t *va_json_read(const char *bytes, size_t len);

#endif /* VOICEAGENT_PURE_JSON_READ_H */
