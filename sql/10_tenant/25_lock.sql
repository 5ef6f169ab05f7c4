/*
 * 10_tenant: the order of locks within a tenant.
 *
 * lock_leads() (20_import), then lock_tenant(), then pacing rows in the order
 * of their campaigns, lanes by campaign and lane, queue rows and leads, rows
 * of campaigns, the ledger; several tenants in the order of their ids.  Who
 * ends calls takes leads and lanes as the calls come, and so holds
 * lock_tenant() shared; who changes many leads, or several campaigns, whatever
 * calls are ending, holds it exclusively.  Who starts or fills one campaign
 * holds its pacing row instead, for as long as that takes.
 */

CREATE FUNCTION voiceagent_private.lock_tenant(exclusive boolean) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_lock_tenant';
COMMENT ON FUNCTION voiceagent_private.lock_tenant(boolean) IS
	E'Locks the current tenant until the transaction ends, before any lock of a row.\n'
	'Shared: the caller ends calls of it. Exclusive: the caller changes many of its leads or several campaigns; its '
	'commit wakes the applier, whose webhooks of the tenant wait meanwhile.';

CREATE FUNCTION voiceagent_private.try_lock_tenant() RETURNS boolean
	LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_try_lock_tenant';
COMMENT ON FUNCTION voiceagent_private.try_lock_tenant() IS
	'lock_tenant(false) without waiting: false, and no lock, while another session changes many leads of the current '
	'tenant.';
