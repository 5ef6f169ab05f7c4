/*-------------------------------------------------------------------------
 * voiceagent.h
 *		For every backend file of the library: names, settings,
 *		and the identity in which a worker acts.
 *
 * Contract: include "postgres.h" first.  Settings are plain variables that
 * guc.c defines; read them, never write them.
 */
#ifndef VOICEAGENT_H
#define VOICEAGENT_H

#include "postgres.h"

#include "processes.h"

#define VA_EXTENSION_NAME "voiceagent"
#define VA_SCHEMA "voiceagent"
#define VA_PRIVATE_SCHEMA "voiceagent_private"

#define VA_ROLE_OWNER "voiceagent_owner"
#define VA_ROLE_USER "voiceagent_user"
#define VA_ROLE_VISITOR "voiceagent_anon"
#define VA_ROLE_ADMIN "voiceagent_admin"
#define VA_ROLE_WORKER "voiceagent_worker"
#define VA_ROLE_GUEST "voiceagent_guest"
#define VA_ROLE_API "voiceagent_api"
#define VA_ROLE_STAFF "voiceagent_staff"

/* Settings (guc.c). Text settings are never NULL: '' means "not set". */
extern bool va_guc_launcher;
extern int va_guc_max_databases;
extern bool va_guc_sandbox;
extern bool va_guc_allow_drop_with_data;
extern int va_guc_crash_restart_delay_max; /* s */

extern char *va_guc_gateway_host;
extern int va_guc_gateway_port;	   /* 0 = a free port */
extern char *va_guc_metrics_token; /* '' = no GET /metrics */
extern int va_guc_gateway_max_body_kb;
extern int va_guc_gateway_max_header_kb;
extern int va_guc_gateway_max_connections;
extern int va_guc_gateway_max_connections_per_peer;
extern int va_guc_gateway_max_buffer_mb;
extern int va_guc_gateway_requests_per_second; /* per peer; 0 = no limit */
extern char *va_guc_gateway_trusted_proxies;
extern int va_guc_gateway_timeout_ms;
extern char *va_guc_public_base_url;
extern char *va_guc_trace_endpoint; /* '' = no traces are sent */

extern char *va_guc_web_host;
extern int va_guc_web_port; /* -1 = no console, 0 = a free port */
extern int va_guc_api_processes;

extern char *va_guc_media_host;
extern int va_guc_media_port; /* -1 = no process media, 0 = a free port */
extern int va_guc_media_max_calls;

typedef enum VaActivity
{
	VA_ACTIVITY_AUTO,
	VA_ACTIVITY_ENERGY
} VaActivity;

extern int va_guc_voice_activity; /* a VaActivity */

typedef enum VaDialDurability
{
	VA_DURABLE_LOCAL,
	VA_DURABLE_STANDBY
} VaDialDurability;

extern int va_guc_dial_durability; /* a VaDialDurability */
extern int va_guc_promotion_pause_s;

extern int va_guc_guest_memory;	 /* MB beside what the process begins with */
extern int va_guc_guest_timeout; /* ms, of an evaluation */
extern int va_guc_sandbox_port;	 /* 0 = a free port; always on the loopback */

extern int va_guc_standstill_after_s;

extern int va_guc_http_timeout_ms;
extern int va_guc_http_connect_timeout_ms;
extern int va_guc_http_max_in_flight;
extern int va_guc_http_max_response_kb;

extern char *va_guc_vault_key_file;
extern char *va_guc_jwt_secret_file;
extern char *va_guc_arming_file;
extern char *va_guc_authenticator; /* login role of PostgREST */
extern bool va_guc_require_set_local;
extern char *va_guc_token; /* a signed token, one of the proofs of a tenant; anybody may set it */

extern int va_guc_login_failure_limit;
extern int va_guc_api_pool_size;
extern int va_guc_api_requests_per_tenant;
extern int va_guc_password_checks;
extern int va_guc_login_failure_window_s;
extern char *va_guc_login_origin_header;

/* Bounds of tenants' sessions (guard); 0 = none. */
extern int va_guc_tenant_transaction_s;
extern int va_guc_tenant_statement_s;
extern int va_guc_tenant_locks;
extern int va_guc_tenant_memory_mb;
extern int va_guc_tenant_connections;

extern bool va_guc_crash_points;
extern bool va_guc_fault_points;

extern void va_define_gucs(void);

/*
 * The identity in which a worker (or one of our C functions) acts.
 *
 * va_set_tenant() lasts until the transaction ends, or the subtransaction in
 * which it was called aborts: PostgreSQL's own stack of settings restores it.
 * A subtransaction that commits hands it up (va_try() takes it back).
 * va_set_tenant(0) gives the identity up.  A function that runs in a session of
 * a user brackets it with va_act_begin() and va_act_end(), because otherwise
 * the rest of the caller's transaction would keep the identity.
 */
extern void va_set_tenant(int64 tenant_id);
extern int va_act_begin(int64 tenant_id); /* returns the nest level for va_act_end */
extern void va_act_end(int nest_level);
extern int64 va_context_tenant(void); /* 0 = none */

/*
 * A named place where a test may do harm, and where it learns that a rare path
 * was walked.  When the developer's setting voiceagent.crash_points is on, and
 * there is a file DATADIR/voiceagent/
 *
 *	crash.NAME	the process dies by SIGKILL, and the file goes with it, so that it
 *				dies once; crash.NAME.postmaster takes the postmaster along
 *	stop.NAME	with this tenant or 0 in it: the process stands still while the
 *				file is there, and makes stopped.NAME
 *	reached		NAME is appended to it
 */
extern void va_point(const char *name, int64 tenant_id);
#define VA_STOP_POINT(name, tenant_id)     \
	do                                     \
	{                                      \
		if (unlikely(va_guc_crash_points)) \
			va_point(name, tenant_id);     \
	} while (0)
#define VA_CRASH_POINT(name) VA_STOP_POINT(name, va_context_tenant())
/* A path that some test or soak must walk: regress/lib/rare-paths says which. */
#define VA_SOMETIMES(name) VA_CRASH_POINT(name)

/*
 * Raises an error in a worker when the developer's setting
 * voiceagent.fault_points is on and there is a file DATADIR/voiceagent/fault.NAME
 * with the tenant for which the worker acts, or 0 for any, and perhaps an
 * SQLSTATE behind it (default XX000).  The file stays.  Every statement of ours
 * is such a point, see va_fault_at_statement().
 */
extern void va_fault_point(const char *name);
#define VA_FAULT_POINT(name)               \
	do                                     \
	{                                      \
		if (unlikely(va_guc_fault_points)) \
			va_fault_point(name);          \
	} while (0)

/* An argument of a function of SQL as a C string, or NULL; and its result likewise. */
#define VA_TEXT_ARGUMENT(i) (PG_ARGISNULL(i) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(i)))
#define VA_RETURN_TEXT(string)                       \
	do                                               \
	{                                                \
		const char *returned = (string);             \
                                                     \
		if (returned == NULL)                        \
			PG_RETURN_NULL();                        \
		PG_RETURN_TEXT_P(cstring_to_text(returned)); \
	} while (0)

#endif /* VOICEAGENT_H */
