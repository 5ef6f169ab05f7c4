/*-------------------------------------------------------------------------
 * acting.h
 *		The identity in which a worker, or a function of the platform, acts
 *		for one tenant.  The calls themselves are declared in voiceagent.h.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_ACTING_H
#define VOICEAGENT_ACTING_H

/* Defines voiceagent.acting_tenant; called once by _PG_init. */
extern void va_acting_init(void);

#endif /* VOICEAGENT_ACTING_H */
