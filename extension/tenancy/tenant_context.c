/*-------------------------------------------------------------------------
 * tenant_context.c
 *		The identity in which a worker, or a function of the platform, acts.
 *
 * It is kept in a setting, because PostgreSQL's stack of settings then does
 * what identity needs: it ends with the (sub)transaction or function, an abort
 * restores it, parallel workers inherit it.  No role may SET it: the check
 * hook refuses every value that does not come from va_set_tenant().  So is the
 * person of the platform's staff whose right to a deed was judged.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "identity.h"
#include "core/compat.h"
#include "core/errors.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "core/voiceagent.h"

PG_FUNCTION_INFO_V1(va_sql_set_staff);

static char *context_tenant_text = NULL;
static int64 context_tenant = 0;
static char *context_staff = NULL;
static bool setting_by_us = false;

static bool
check_context_tenant(char **newval, void **extra, GucSource source)
{
	int64 *value;

	if (**newval != '\0' && !setting_by_us && !InitializingParallelWorker)
	{
		GUC_check_errdetail("Only the platform itself acts for a tenant.");
		return false;
	}
	value = (int64 *) va_guc_alloc(sizeof(int64));
	if (value == NULL)
		return false;
	*value = (**newval == '\0') ? 0 : strtoll(*newval, NULL, 10);
	*extra = value;
	return true;
}

static void
assign_context_tenant(const char *newval, void *extra)
{
	context_tenant = *(int64 *) extra;
}

static bool
check_context_staff(char **newval, void **extra, GucSource source)
{
	if (**newval == '\0' || setting_by_us || InitializingParallelWorker)
		return true;
	GUC_check_errdetail("Only the platform itself says who of its staff acts.");
	return false;
}

void
va_tenant_context_init(void)
{
	DefineCustomStringVariable("voiceagent.context_tenant", "Tenant for whom a worker acts.",
		"Set by the platform's own code alone; an attempt to set it is refused.", &context_tenant_text, "", PGC_USERSET,
		GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, check_context_tenant, assign_context_tenant, NULL);
	DefineCustomStringVariable("voiceagent.context_staff", "Who of the platform's staff acts, in words.",
		"Set by the platform's own code alone; an attempt to set it is refused.", &context_staff, "", PGC_USERSET,
		GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, check_context_staff, NULL, NULL);
}

int64
va_context_tenant(void)
{
	return context_tenant;
}

bool
va_staff_acts(void)
{
	return context_staff != NULL && context_staff[0] != '\0';
}

bool
va_signup_acts(void)
{
	return context_staff != NULL && strcmp(context_staff, "signup") == 0;
}

static void
set_context(const char *name, const char *text, GucAction action)
{
	setting_by_us = true;
	PG_TRY();
	{
		(void) set_config_option(name, text, PGC_USERSET, PGC_S_SESSION, action, true, 0, false);
	}
	PG_FINALLY();
	{
		setting_by_us = false;
	}
	PG_END_TRY();
}

/* A worker may remember one that has had something to do, and has moved since. */
static void
refuse_elsewhere(int64 tenant_id)
{
	int cell = MyBackendType == B_BG_WORKER && IsTransactionState() ? va_cell_elsewhere(tenant_id) : 0;

	if (unlikely(cell != 0))
		ereport(ERROR,
			(errcode(VA_ERRCODE_MISDIRECTED), errmsg("tenant " INT64_FORMAT " is served by cell %d", tenant_id, cell),
				err_generic_string(PG_DIAG_CONSTRAINT_NAME, psprintf("cell_%d", cell))));
}

void
va_set_tenant(int64 tenant_id)
{
	char text[32];

	if (tenant_id != 0)
		refuse_elsewhere(tenant_id);
	text[0] = '\0';
	if (tenant_id != 0)
		snprintf(text, sizeof(text), INT64_FORMAT, tenant_id);
	set_context("voiceagent.context_tenant", text, GUC_ACTION_LOCAL);
}

/* (who) -> void: until the transaction ends, in which its right to a deed was judged. */
Datum
va_sql_set_staff(PG_FUNCTION_ARGS)
{
	set_context("voiceagent.context_staff", text_to_cstring(PG_GETARG_TEXT_PP(0)), GUC_ACTION_LOCAL);
	PG_RETURN_VOID();
}

int
va_act_begin(int64 tenant_id)
{
	int level = NewGUCNestLevel();
	char text[32];

	snprintf(text, sizeof(text), INT64_FORMAT, tenant_id);
	set_context("voiceagent.context_tenant", text, GUC_ACTION_SAVE);
	return level;
}

void
va_act_end(int nest_level)
{
	AtEOXact_GUC(true, nest_level);
}
