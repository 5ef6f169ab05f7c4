/*-------------------------------------------------------------------------
 * schema_internal.h
 *		Shared by the two halves of schema.h. The schemas have passed va_schema_check().
 */
#ifndef VOICEAGENT_PURE_SCHEMA_INTERNAL_H
#define VOICEAGENT_PURE_SCHEMA_INTERNAL_H

#include "schema.h"

extern bool va_schema_has_type(const json_t *schema, const char *type);
extern bool va_schema_requires(const json_t *schema, const char *name);

#endif /* VOICEAGENT_PURE_SCHEMA_INTERNAL_H */
