/*-------------------------------------------------------------------------
 * tenant_context.h
 *		The identity in which a worker, or a function of the platform, acts
 *		for one tenant.  The calls themselves are declared in voiceagent.h.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_TENANT_CONTEXT_H
#define VOICEAGENT_TENANT_CONTEXT_H

/* Defines voiceagent.context_tenant; called once by _PG_init. */
extern void va_tenant_context_init(void);

/* Whether somebody of the platform's staff, who had the right to it, began what this transaction does. */
extern bool va_staff_acts(void);
/* A mailed link makes a tenant (confirm_signup()), until that function ends. */
extern bool va_signup_acts(void);

#endif /* VOICEAGENT_TENANT_CONTEXT_H */
