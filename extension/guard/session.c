/*-------------------------------------------------------------------------
 * session.c
 *		Whose session this is (contract in session.h).
 *
 * Known until a role or a membership changes.  A look-up during such a
 * change, or one that fails, is not kept.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "core/voiceagent.h"
#include "session.h"

VaGuarded va_guarded = VA_GUARD_UNKNOWN;
static uint64 changes = 0;

static void
forget(Datum arg, int cache, uint32 hash)
{
	changes++;
	va_guarded = VA_GUARD_UNKNOWN;
}

static bool
is_member(Oid role, const char *of)
{
	Oid group = get_role_oid(of, true);

	return OidIsValid(group) && is_member_of_role_nosuper(role, group);
}

static bool
is_platform(Oid role)
{
	return superuser_arg(role) || is_member(role, VA_ROLE_OWNER) || is_member(role, VA_ROLE_ADMIN) ||
		   is_member(role, VA_ROLE_WORKER);
}

static VaGuarded
judge(Oid role)
{
	if (superuser_arg(role))
		return VA_GUARD_NOT;
	if (va_guc_authenticator[0] != '\0' && get_role_oid(va_guc_authenticator, true) == role)
		return VA_GUARD_DOOR;
	if (!is_member(role, VA_ROLE_USER) && !is_member(role, VA_ROLE_VISITOR))
		return VA_GUARD_NOT;
	return is_platform(role) ? VA_GUARD_NOT : VA_GUARD_TENANT;
}

VaGuarded
va_find_guarded(void)
{
	static bool registered = false;
	uint64 before;
	VaGuarded found;

	if (MyBackendType != B_BACKEND || MyProc == NULL)
		return va_guarded = VA_GUARD_NOT;
	if (!IsTransactionState())
		return VA_GUARD_NOT;
	if (!registered)
	{
		CacheRegisterSyscacheCallback(AUTHOID, forget, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget, (Datum) 0);
		registered = true;
	}
	before = changes;
	/* The role that logged in: SET SESSION AUTHORIZATION leaves it alone. */
	found = judge(MyProc->roleId);
	if (before == changes)
		va_guarded = found;
	return found;
}

bool
va_in_platform_function(void)
{
	Oid role;
	int context;

	GetUserIdAndSecContext(&role, &context);
	return (context & SECURITY_LOCAL_USERID_CHANGE) != 0 && is_platform(role);
}
