/*-------------------------------------------------------------------------
 * identity.h
 *		Who is calling: the tenant, by one of the proofs.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_IDENTITY_H
#define VOICEAGENT_IDENTITY_H

#include "postgres.h"

/* The proven tenant; raises PT401 (ERRCODE below) without a proof. */
extern int64 va_current_tenant(void);

/* True for superusers, members of voiceagent_admin and our own workers, judged by the outer user. */
extern bool va_is_platform(void);

#endif /* VOICEAGENT_IDENTITY_H */
