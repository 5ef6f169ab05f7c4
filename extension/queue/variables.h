/*-------------------------------------------------------------------------
 * variables.h
 *		The values of a prompt's {{variables}} for a lead.
 */
#ifndef VOICEAGENT_VARIABLES_H
#define VOICEAGENT_VARIABLES_H

#include "postgres.h"

#include "executor/tuptable.h"

/* The arguments of merge_variables(): a lead's context and its own fields. */
#define VA_LEAD_FIELDS 9
extern void va_lead_fields(TupleTableSlot *lead, NullableDatum *fields);

/*
 * merge_variables() of its arguments, with what the lead was enriched with as known_context() adds it; *name: of the lead,
 * 0: it has none.
 */
extern Datum va_merge_variables(const NullableDatum *fields, NullableDatum enrichment, Datum *name);

/* known_context() of what are both there. */
extern Datum va_known_context(Datum context, Datum enrichment);

#endif /* VOICEAGENT_VARIABLES_H */
