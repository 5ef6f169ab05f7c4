/*-------------------------------------------------------------------------
 * guc.c
 *		Every setting of the library: default, unit, range, description.
 *
 * Platform settings of the product (prices, calling windows, retries) are
 * rows, not settings of the server; here is only what a process must know
 * before or without a database.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "utils/guc.h"

#include "pure/net/network.h"
#include "pure/net/url.h"
#include "voiceagent.h"

static char *va_guc_library_version = NULL;
bool va_guc_launcher = true;
int va_guc_max_databases = 64;
bool va_guc_sandbox = true;
bool va_guc_allow_drop_with_data = false;
int va_guc_crash_restart_delay_max = 30;

char *va_guc_gateway_host = NULL;
int va_guc_gateway_port = 0;
int va_guc_gateway_max_body_kb = 1024;
int va_guc_gateway_max_header_kb = 16;
int va_guc_gateway_max_connections = 1000;
int va_guc_gateway_max_connections_per_peer = 500;
int va_guc_gateway_max_buffer_mb = 64;
int va_guc_gateway_requests_per_second = 0;
char *va_guc_gateway_trusted_proxies = NULL;
int va_guc_gateway_timeout_ms = 10000;
char *va_guc_public_base_url = NULL;
char *va_guc_trace_endpoint = NULL;

char *va_guc_web_host = NULL;
int va_guc_web_port = -1;
int va_guc_api_processes = 2;

char *va_guc_media_host = NULL;
int va_guc_media_port = -1;
int va_guc_media_max_calls = 400;
int va_guc_voice_activity = VA_ACTIVITY_AUTO;

int va_guc_sandbox_port = 0;
int va_guc_guest_memory = 256;
int va_guc_guest_timeout = 2000;

int va_guc_standstill_after_s = 60;
int va_guc_http_timeout_ms = 15000;
int va_guc_http_connect_timeout_ms = 5000;
int va_guc_http_max_in_flight = 200;
int va_guc_http_max_response_kb = 1024;

char *va_guc_vault_key_file = NULL;
char *va_guc_metrics_token = NULL;
char *va_guc_jwt_secret_file = NULL;
char *va_guc_arming_file = NULL;
int va_guc_promotion_pause_s = 10;
int va_guc_dial_durability = VA_DURABLE_LOCAL;
char *va_guc_authenticator = NULL;
char *va_guc_token = NULL;
bool va_guc_require_set_local = false;

int va_guc_login_failure_limit = 10;
int va_guc_api_pool_size = 10;
int va_guc_api_requests_per_tenant = 0;
int va_guc_password_checks = 2;
int va_guc_login_failure_window_s = 900;
char *va_guc_login_origin_header = NULL;

int va_guc_tenant_transaction_s = 900;
int va_guc_tenant_statement_s = 300;
int va_guc_tenant_locks = 700;
int va_guc_tenant_memory_mb = 512;
int va_guc_tenant_connections = 10;

bool va_guc_crash_points = false;
bool va_guc_fault_points = false;

/* ----- points ----- */

/* How often a process that stands still looks whether it may go on. */
#define STOPPED_US 2000

/* Where a test has made the file, it learns which points were reached. */
static void
note_reached(const char *name)
{
	int file = open("voiceagent/reached", O_WRONLY | O_APPEND);

	if (file < 0)
		return;
	(void) dprintf(file, "%s\n", name);
	close(file);
}

/* Whether there is a file of this kind for the point, with this tenant or 0; state: what is behind it, or as it was. */
static bool
is_asked(const char *kind, const char *name, int64 tenant_id, char state[6])
{
	char path[MAXPGPATH];
	long long tenant;
	FILE *file;
	int found;

	snprintf(path, sizeof(path), "voiceagent/%s.%s", kind, name);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	found = fscanf(file, "%lld %5s", &tenant, state);
	fclose(file);
	return found >= 1 && (tenant == 0 || tenant == tenant_id);
}

/* The working directory of every process of the server is the data directory. */
void
va_point(const char *name, int64 tenant_id)
{
	char path[MAXPGPATH];
	char state[6];

	note_reached(name);
	snprintf(path, sizeof(path), "voiceagent/crash.%s.postmaster", name);
	if (unlink(path) == 0)
	{
		kill(PostmasterPid, SIGKILL);
		raise(SIGKILL);
	}
	snprintf(path, sizeof(path), "voiceagent/crash.%s", name);
	if (unlink(path) == 0)
		raise(SIGKILL);
	snprintf(path, sizeof(path), "voiceagent/stopped.%s", name);
	while (is_asked("stop", name, tenant_id, state))
	{
		close(open(path, O_WRONLY | O_CREAT, 0600));
		CHECK_FOR_INTERRUPTS();
		pg_usleep(STOPPED_US);
	}
}

void
va_fault_point(const char *name)
{
	char state[6] = "XX000";

	if (MyBgworkerEntry == NULL)
		return;
	note_reached(name);
	if (!is_asked("fault", name, va_context_tenant(), state) || strlen(state) != 5)
		return;
	ereport(LOG, (errmsg("fault point \"%s\" raises %s for tenant " INT64_FORMAT, name, state, va_context_tenant())));
	ereport(ERROR,
		(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])), errmsg("fault point \"%s\"", name)));
}

/* ----- definitions ----- */

#define LIMIT_MS (60 * 60 * 1000)
/* With the longest send_lease a dial has come to its carrier before the list in which it is looked for ends (lookups.c). */
#define HTTP_LIMIT_MS (5 * 60 * 1000)

static void
define_launcher_gucs(void)
{
	/* Update scripts ask for it. */
	DefineCustomStringVariable("voiceagent.library_version", "Version of the library that the server runs.",
		"ALTER EXTENSION voiceagent UPDATE needs the library of the new version.", &va_guc_library_version,
		VOICEAGENT_VERSION, PGC_INTERNAL, GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, NULL, NULL, NULL);
	DefineCustomBoolVariable("voiceagent.launcher", "Whether the workers of voiceagent run.",
		"When off, nothing is dialled, no webhook is taken and no time passes for campaigns; "
		"running workers stop at the next reload.",
		&va_guc_launcher, true, PGC_SIGHUP, 0, NULL, NULL, NULL);
	/* It sizes shared memory; a library that comes later has none, and may not define it. */
	if (process_shared_preload_libraries_in_progress)
		DefineCustomIntVariable("voiceagent.max_databases", "How many databases of the server can have workers.",
			"Each database takes a few hundred bytes of shared memory.  Its processes, six at most, count "
			"against max_worker_processes: see worker_slots().",
			&va_guc_max_databases, 64, 1, 10000, PGC_POSTMASTER, 0, NULL, NULL, NULL);
	DefineCustomBoolVariable("voiceagent.sandbox", "Whether every database has the embedded carrier's worker.",
		"When off, campaigns of sandbox accounts wait, and a database may need one process less.", &va_guc_sandbox,
		true, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.guest_memory",
		"Most memory that the process guest takes for what tenants wrote.",
		"Beside what the process begins with.  An evaluation that wants more fails; after three tries "
		"the condition is switched off.",
		&va_guc_guest_memory, 256, 32, 65536, PGC_SIGHUP, GUC_UNIT_MB, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.guest_timeout", "Longest time that one evaluation in the process guest takes.",
		"A usual one takes a twentieth of a second.  One that takes longer fails; after three tries the "
		"condition is switched off.",
		&va_guc_guest_timeout, 2000, 100, 60000, PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomBoolVariable("voiceagent.allow_drop_with_data",
		"Whether DROP EXTENSION voiceagent may drop the data of tenants.",
		"While off, dropping the extension is refused when a tenant exists.", &va_guc_allow_drop_with_data, false,
		PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.crash_restart_delay_max",
		"Longest wait before the workers start again after repeated server crashes.",
		"The workers are back at once after a crash.  From the fifth crash within a minute on "
		"they wait, twice as long each time, so that a worker that brings the server down "
		"cannot do so without end.  0 = they never wait.",
		&va_guc_crash_restart_delay_max, 30, 0, 3600, PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomBoolVariable("voiceagent.crash_points",
		"Has processes die at named points (for tests of crash safety).",
		"Whoever comes to a point NAME removes the file voiceagent/crash.NAME of the data "
		"directory and dies by SIGKILL, or voiceagent/crash.NAME.postmaster and takes the "
		"postmaster along.  Without such a file it lives on.",
		&va_guc_crash_points, false, PGC_SUSET, GUC_NOT_IN_SAMPLE | GUC_NO_SHOW_ALL, NULL, NULL, NULL);
	DefineCustomBoolVariable("voiceagent.fault_points",
		"Has workers raise errors at named points (for tests of isolation).",
		"A worker that acts for a tenant and comes to a point NAME raises an error when the file "
		"voiceagent/fault.NAME of the data directory names that tenant, or 0; an SQLSTATE may "
		"follow.  The file stays.",
		&va_guc_fault_points, false, PGC_SUSET, GUC_NOT_IN_SAMPLE | GUC_NO_SHOW_ALL, NULL, NULL, NULL);
}

static bool
check_proxies(char **value, void **extra, GucSource source)
{
	const char *bad;
	const char *why;
	size_t length;

	if (strlen(*value) > VA_NETWORKS_MAX)
	{
		GUC_check_errdetail("At most %d characters are taken.", VA_NETWORKS_MAX);
		return false;
	}
	if (va_networks_valid(*value, &bad, &length, &why))
		return true;
	GUC_check_errdetail("\"%.*s\" is not a network: %s.", (int) length, bad, why);
	return false;
}

/*
 * Paths are appended to it, and signatures are over the whole: every task reads
 * it without a slash at its end.  The server's copy, which is ours to shorten.
 */
static bool
check_public_base_url(char **value, void **extra, GucSource source)
{
	size_t length = strlen(*value);
	VaUrl url;
	const char *why;

	if (length == 0)
		return true;
	while (length > 0 && (*value)[length - 1] == '/')
		(*value)[--length] = '\0';
	if (!va_url_parse(*value, length, &url, &why))
	{
		GUC_check_errdetail("Reason: %s.", why);
		return false;
	}
	if (strchr(*value, '?') != NULL)
	{
		GUC_check_errdetail("It has a query; paths are appended to it.");
		return false;
	}
	return true;
}

/* What is sent there is nobody else's to read: plain HTTP only on this machine. */
static bool
check_trace_endpoint(char **value, void **extra, GucSource source)
{
	VaUrl url;
	const char *why;

	if (**value == '\0')
		return true;
	if (!va_url_parse(*value, strlen(*value), &url, &why))
		GUC_check_errdetail("Reason: %s.", why);
	else if (!url.https && url.host_class != VA_ADDRESS_LOOPBACK)
		GUC_check_errdetail("It is neither https nor an address of this machine's loopback.");
	else
		return true;
	return false;
}

static void
define_gateway_gucs(void)
{
	DefineCustomStringVariable("voiceagent.gateway_host", "Address on which the gateway takes webhooks.",
		"A numeric address.  The gateway speaks plain HTTP: put a proxy that ends TLS in "
		"front of it, and name the proxy's address in voiceagent.public_base_url.",
		&va_guc_gateway_host, "127.0.0.1", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_port", "Port on which the gateway takes webhooks.",
		"0 = a free port, shown by voiceagent.status().  With several databases set it per "
		"database (ALTER DATABASE ... SET).",
		&va_guc_gateway_port, 0, 0, 65535, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.metrics_token", "Bearer token for GET /metrics of the gateway.",
		"Empty = there is no such path.", &va_guc_metrics_token, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_max_body_kb", "Longest body of a webhook.",
		"A longer one is answered with 413 and not stored.", &va_guc_gateway_max_body_kb, 1024, 1, 65536, PGC_SIGHUP,
		GUC_UNIT_KB, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_max_header_kb", "Longest head of a request to the gateway.",
		"A longer one is answered with 431.", &va_guc_gateway_max_header_kb, 16, 1, 1024, PGC_SIGHUP, GUC_UNIT_KB, NULL,
		NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_max_connections", "How many clients the gateway serves at a time.",
		"For one more, the one that has kept the gateway waiting longest is closed; when none has "
		"waited, the newcomer is answered with 503.  Each takes a file descriptor.",
		&va_guc_gateway_max_connections, 1000, 1, 100000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_max_connections_per_peer",
		"How many connections the gateway takes from one address.",
		"One more is answered with 503 and closed.  Addresses of one /24 of IPv4, or /64 of IPv6, count as one; those "
		"of voiceagent.gateway_trusted_proxies are not limited.  0 = no limit.",
		&va_guc_gateway_max_connections_per_peer, 500, 0, 100000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_max_buffer",
		"How many bytes of unfinished and unanswered requests the gateway holds.",
		"For more, clients that have kept the gateway waiting longest with a large request are closed; "
		"when there are none, the request is answered with 503.",
		&va_guc_gateway_max_buffer_mb, 64, 4, 65536, PGC_SIGHUP, GUC_UNIT_MB, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_requests_per_second",
		"How many requests a second the gateway takes from one address.",
		"More are answered with 429.  Addresses of one network count as one, as for connections.  0 = no limit.  "
		"Behind a proxy every request comes from the proxy's address, unless voiceagent.gateway_trusted_proxies names "
		"it.",
		&va_guc_gateway_requests_per_second, 0, 0, 1000000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.gateway_trusted_proxies", "Proxies whose X-Forwarded-For is believed.",
		"Networks (10.0.0.0/8) and numeric addresses, separated by spaces.  For requests from these the last "
		"address of the header X-Forwarded-For that is none of them is the client for "
		"voiceagent.gateway_requests_per_second.",
		&va_guc_gateway_trusted_proxies, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, check_proxies, NULL, NULL);
	DefineCustomIntVariable("voiceagent.gateway_timeout", "How long a client may take to send a request.",
		"A slower one is dropped.", &va_guc_gateway_timeout_ms, 10000, 100, LIMIT_MS, PGC_SIGHUP, GUC_UNIT_MS, NULL,
		NULL, NULL);
	DefineCustomStringVariable("voiceagent.public_base_url", "The URL under which the world reaches the gateway.",
		"For example https://calls.example.com; given to real carriers.  Empty = only the "
		"embedded carrier can send webhooks.",
		&va_guc_public_base_url, "", PGC_SUSET, 0, check_public_base_url, NULL, NULL);
	DefineCustomStringVariable("voiceagent.trace_endpoint", "Where the traces of ended calls are sent.",
		"The URL at which an OpenTelemetry collector takes OTLP in JSON, such as http://127.0.0.1:4318/v1/traces; "
		"https, "
		"or http on the loopback.  Empty = none are sent.",
		&va_guc_trace_endpoint, "", PGC_SUSET, 0, check_trace_endpoint, NULL, NULL);
	DefineCustomIntVariable("voiceagent.sandbox_port", "Loopback port of the embedded carrier.",
		"0 = a free port, shown by voiceagent.status().", &va_guc_sandbox_port, 0, 0, 65535, PGC_SUSET, 0, NULL, NULL,
		NULL);
}

static void
define_web_gucs(void)
{
	DefineCustomIntVariable("voiceagent.web_port", "Port of the console and its API.",
		"-1 = there is none, and no process for it.  0 = a free port, shown by voiceagent.status().  Set it for the "
		"server, and for each further database another one (ALTER DATABASE ... SET).",
		&va_guc_web_port, -1, -1, 65535, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.web_host", "Address on which the console and its API are served.",
		"A numeric address.  It speaks plain HTTP: put a proxy that ends TLS in front of it, and name the proxy in "
		"voiceagent.gateway_trusted_proxies.",
		&va_guc_web_host, "127.0.0.1", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.api_processes", "How many requests of the API run at a time.",
		"A process each, for each database that has a console.  With more than one a tenant's requests never "
		"take all of them.",
		&va_guc_api_processes, 2, 1, VA_API_PROCESSES_MAX, PGC_SIGHUP, 0, NULL, NULL, NULL);
}

static const struct config_enum_entry voice_activities[] = { { "auto", VA_ACTIVITY_AUTO, false },
	{ "energy", VA_ACTIVITY_ENERGY, false }, { NULL, 0, false } };

static void
define_media_gucs(void)
{
	DefineCustomIntVariable("voiceagent.media_port",
		"Port of the sockets over which carriers bring the audio of calls.",
		"-1 = there is none, and no process for it.  0 = a free port, shown by voiceagent.status().  A new value "
		"counts "
		"when the process begins anew.",
		&va_guc_media_port, -1, -1, 65535, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.media_host", "Address on which carriers open the sockets of calls.",
		"A numeric address.  It speaks no TLS: put a proxy that does in front of it.", &va_guc_media_host, "127.0.0.1",
		PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.media_max_calls", "How many calls are held at a time.",
		"A tenant holds at most half of what the others leave free, so one alone half of this.",
		&va_guc_media_max_calls, 400, 1, 2000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomEnumVariable("voiceagent.voice_activity", "How speech is told from other sounds in calls that we hold.",
		"auto = by Silero's network where it is installed, else by energy.  It counts for calls that begin.",
		&va_guc_voice_activity, VA_ACTIVITY_AUTO, voice_activities, PGC_SIGHUP, 0, NULL, NULL, NULL);
}

static void
define_http_gucs(void)
{
	DefineCustomIntVariable("voiceagent.standstill_after", "How long a process may have work without finishing a turn.",
		"Then the other processes of its database say so, in the log and in voiceagent.status().",
		&va_guc_standstill_after_s, 60, 1, 3600, PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.http_timeout_ms", "Longest wait for a provider's answer.",
		"After it the request counts as uncertain: the provider is asked, the call is never "
		"sent again blind.",
		&va_guc_http_timeout_ms, 15000, 100, HTTP_LIMIT_MS, PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.http_connect_timeout_ms", "Longest wait for a connection to a provider.",
		"After it nothing was sent, and the request may be sent again.", &va_guc_http_connect_timeout_ms, 5000, 100,
		LIMIT_MS, PGC_SIGHUP, GUC_UNIT_MS, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.http_max_in_flight", "How many requests a worker has under way at a time.",
		"More wait in memory.  Each takes a file descriptor.", &va_guc_http_max_in_flight, 200, 1, 10000, PGC_SIGHUP, 0,
		NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.http_max_response_kb", "Longest answer that is read from a provider.",
		"A longer one is cut off and counts as uncertain.", &va_guc_http_max_response_kb, 1024, 1, 65536, PGC_SIGHUP,
		GUC_UNIT_KB, NULL, NULL, NULL);
}

static const struct config_enum_entry dial_durabilities[] = { { "local", VA_DURABLE_LOCAL, false },
	{ "standby", VA_DURABLE_STANDBY, false }, { NULL, 0, false } };

static void
define_failover_gucs(void)
{
	DefineCustomEnumVariable("voiceagent.dial_durability", "Where a call is stored before its carrier is asked for it.",
		"local = on this server's disk.  standby = also on as many standbys as synchronous_standby_names asks for, so "
		"that "
		"no failover dials it once more; without them no real carrier is asked.",
		&va_guc_dial_durability, VA_DURABLE_LOCAL, dial_durabilities, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.promotion_pause", "How long a standby that was promoted asks no real carrier.",
		"The server that was the primary before must have ended by then: with Patroni, its loop_wait.  With "
		"voiceagent.dial_durability = standby also how long after a change of synchronous_standby_names: with Patroni, "
		"until its store has the change, too.",
		&va_guc_promotion_pause_s, 10, 0, 3600, PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
}

static void
define_identity_gucs(void)
{
	DefineCustomStringVariable("voiceagent.vault_key_file", "File with the key that seals secrets.",
		"Outside of the data directory, readable by the server's user alone, 32 bytes or 64 "
		"hexadecimal digits; several keys have a line each, the first seals and all open.  Real provider accounts need "
		"it; the sandbox does not.",
		&va_guc_vault_key_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.jwt_secret_file", "File with the keys that sign tokens.",
		"A secret of at least 32 bytes (HS256), or a JWK set of keys for HS256 and EdDSA (Ed25519): "
		"the first with a private part signs, all verify; the same as PostgREST's jwt-secret.  login(), authenticate() "
		"and "
		"API keys need it.",
		&va_guc_jwt_secret_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.arming_file", "File that allows this cluster to use real carriers.",
		"Outside of the data directory; written by voiceagent.arm().  It names this cluster "
		"and the databases that may dial, so that a copy of the cluster does not.",
		&va_guc_arming_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.authenticator", "Login role of PostgREST.",
		"In sessions of this role request.jwt.claims is believed, because PostgREST has "
		"verified it.  Empty = no role.",
		&va_guc_authenticator, "", PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.token", "A signed token that proves who is calling.",
		"Set it with SET LOCAL, or by voiceagent.authenticate().  Only its signature counts.", &va_guc_token, "",
		PGC_USERSET, GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, NULL, NULL, NULL);
	DefineCustomBoolVariable("voiceagent.require_set_local", "Whether SET voiceagent.token is refused without LOCAL.",
		"For login roles of a pooler that gives a session to another client after each "
		"transaction: a token that is set for the session would be the next client's, too.",
		&va_guc_require_set_local, false, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.api_pool_size", "How many connections PostgREST's pools have together.",
		"Its db-pool.  voiceagent.api_requests_per_tenant is half of it unless it is set.  0 = a tenant may have all.",
		&va_guc_api_pool_size, 10, 0, 100000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.api_requests_per_tenant",
		"How many requests by PostgREST a tenant may have in flight.",
		"One more is answered with 429.  0 = half of voiceagent.api_pool_size.", &va_guc_api_requests_per_tenant, 0, 0,
		100000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.password_checks", "How many passwords the server compares at a time.",
		"One more login is answered with 429.  A comparison takes a processor for a twentieth of a second.",
		&va_guc_password_checks, 2, 1, 1000, PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.login_failure_limit", "How many wrong passwords an account may have.",
		"More within voiceagent.login_failure_window are refused unseen.", &va_guc_login_failure_limit, 10, 1, 1000000,
		PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("voiceagent.login_origin_header",
		"Header in which a proxy tells PostgREST the client's address.",
		"The last address in it counts.  Empty: where logins by PostgREST come from is not known.",
		&va_guc_login_origin_header, "", PGC_SIGHUP, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.login_failure_window", "How long a wrong password counts.", NULL,
		&va_guc_login_failure_window_s, 900, 1, 7 * 24 * 3600, PGC_SIGHUP, GUC_UNIT_S, NULL, NULL, NULL);
}

/* A superuser may give a role others: ALTER ROLE ... SET. */
static void
define_tenant_gucs(void)
{
	DefineCustomIntVariable("voiceagent.tenant_transaction", "Longest transaction of a tenant's session.",
		"In any database of the server, by whatever client.  A session with a longer one is ended.  0 = no bound.",
		&va_guc_tenant_transaction_s, 900, 0, 7 * 24 * 3600, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.tenant_statement", "Longest statement of a tenant's session.",
		"A session with a longer one is ended.  The time of imports, exports and simulations does not count: they "
		"may last as long as voiceagent.tenant_transaction.  0 = no bound.",
		&va_guc_tenant_statement_s, 300, 0, 7 * 24 * 3600, PGC_SUSET, GUC_UNIT_S, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.tenant_locks", "How many locks a transaction of a tenant's session may hold.",
		"Counted before each statement; one with more is refused, and one with more than 47 open savepoints.  "
		"0 = no bound.",
		&va_guc_tenant_locks, 700, 0, 1000000, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.tenant_memory", "Most memory that a tenant's session takes.",
		"Beside what its process begins with.  A statement that wants more fails with \"out of memory\".  "
		"0 = no bound.",
		&va_guc_tenant_memory_mb, 512, 0, 1024 * 1024, PGC_SUSET, GUC_UNIT_MB, NULL, NULL, NULL);
	DefineCustomIntVariable("voiceagent.tenant_connections", "Connections of a tenant's login role at a time.",
		"map_role() and harden_database() give it as CONNECTION LIMIT to a role that has none.  0 = none is given.",
		&va_guc_tenant_connections, 10, 0, 262143, PGC_SUSET, 0, NULL, NULL, NULL);
}

void
va_define_gucs(void)
{
	define_tenant_gucs();
	define_launcher_gucs();
	define_gateway_gucs();
	define_web_gucs();
	define_media_gucs();
	define_http_gucs();
	define_failover_gucs();
	define_identity_gucs();
	MarkGUCPrefixReserved("voiceagent");
}
