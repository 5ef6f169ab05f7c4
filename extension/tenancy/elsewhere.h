/*-------------------------------------------------------------------------
 * elsewhere.h
 *		Tenants that another cell serves (tenant_moves), in one place.
 *
 * What finds a tenant by a table finds none of these: the rows by which work
 * and callers are found lie in parked_rows.  A proof that needs no table, such
 * as a token, is judged here.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TENANCY_ELSEWHERE_H
#define VOICEAGENT_TENANCY_ELSEWHERE_H

#include "postgres.h"

/* The cell that serves the tenant, 0 for this one.  A statement sees one answer from its start to its end. */
extern int va_cell_elsewhere(int64 tenant);

/* The tenant that left this signpost and is served elsewhere, 0 for none. */
extern int64 va_signpost_tenant(const char *what);

/* Whether there are such tenants at all. */
extern bool va_any_elsewhere(void);

#endif /* VOICEAGENT_TENANCY_ELSEWHERE_H */
