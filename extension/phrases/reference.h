/*-------------------------------------------------------------------------
 * reference.h
 *		The clock of the person that speaks, of a timestamp without zone.
 */
#ifndef VOICEAGENT_PHRASES_REFERENCE_H
#define VOICEAGENT_PHRASES_REFERENCE_H

#include "datatype/timestamp.h"

#include "pure/phrases/times/times.h"

/* Whether words are read as said then: in a year from 1900 to 2199. */
extern bool va_is_time_reference(Timestamp reference);
/* PT422: a year before 1900 or after 2199. */
extern VaTimeReference va_time_reference(Timestamp reference);

#endif /* VOICEAGENT_PHRASES_REFERENCE_H */
