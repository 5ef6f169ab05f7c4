/*-------------------------------------------------------------------------
 * tenants.h
 *		The tenants that have something of this process, and how much of it.
 *
 * A share is something that there is a most of for all tenants.  Of each a
 * tenant has at most half of what the others leave free (va_share_left()): so
 * however much one wants, the next finds some.  No backend header.
 */
#ifndef VOICEAGENT_MEDIA_TENANTS_H
#define VOICEAGENT_MEDIA_TENANTS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum VaShare
{
	VA_SHARE_WAITING, /* sockets whose call is not known yet */
	VA_SHARE_CALLS,
	VA_SHARES
} VaShare;

typedef struct VaMediaTenant
{
	struct VaMediaTenant *next;
	int64_t tenant_id;
	int taken[VA_SHARES];
} VaMediaTenant;

/* One more of at most so many of all tenants; NULL: it has its share, or there is no memory. */
extern VaMediaTenant *va_tenant_take(int64_t tenant_id, VaShare share, int most);
/* One less; whoever has nothing left is forgotten. */
extern void va_tenant_give(VaMediaTenant *tenant, VaShare share);

/* How many there are of all tenants, and of one. */
extern int va_tenants_taken(VaShare share);
extern VaMediaTenant *va_tenant_find(int64_t tenant_id);

#endif /* VOICEAGENT_MEDIA_TENANTS_H */
