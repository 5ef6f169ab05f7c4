/*-------------------------------------------------------------------------
 * pack.h
 *		A value that is compressed before it is stored.
 */
#ifndef VOICEAGENT_PACK_H
#define VOICEAGENT_PACK_H

#include "postgres.h"

/* The same bytea, text or jsonb, in place where that wins something. */
extern Datum va_pack(Datum value);

#endif /* VOICEAGENT_PACK_H */
