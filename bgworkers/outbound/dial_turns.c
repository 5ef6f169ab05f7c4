/*-------------------------------------------------------------------------
 * dial_turns.c
 *		Whose turn it is to dial: see dialer.h.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/clock.h"
#include "core/shmem.h"
#include "core/statement.h"
#include "core/wake.h"
#include "dialer.h"

/* Tenants at their caps that are remembered as such, and for how long at most. */
#define FULL_MAX 1000
#define FULL_TTL_US (2 * USECS_PER_SEC)
/* Tenants that are remembered to be looked at; beyond them everybody is. */
#define TO_LOOK_AT_MAX 1024
/* The most ready tenants that are listed. */
#define READY_MAX 1000
/* How many of everybody have their turn in a round beside those; and how often everybody has one in any case. */
#define SWEEP_STEP 20
#define SWEEP_EACH_US (5 * 60 * USECS_PER_SEC)
/* So many of these pass over the tenants that were looked at in vain. */
#define SWEEPS_OF_FEW 5
/* When a tenant that was looked at in vain is looked at once more. */
#define SECOND_LOOK_US USECS_PER_SEC
/* A tenant whose id is another's by this modulus takes its place: the other may have one look more. */
#define VAIN_MAX 65536

static VaStatement tenants_statement = { "SELECT t FROM voiceagent_private.ready_tenants($1, $2, $3, $4) AS t", 4,
	{ INT8OID, INT4OID, INT8ARRAYOID, INT8ARRAYOID }, NULL };
static int64 last_tenant = 0; /* whose turn it was last */

/* ---- tenants to look at ---- */

static int64 to_look_at[TO_LOOK_AT_MAX];
static int n_to_look_at = 0;
static TimestampTz looked_at = 0; /* clock(): what was ready then by time was looked at */
static bool sweeping = true;	  /* everybody is looked at: */
static int64 swept_to = 0;		  /* those up to this id have been */
static bool sweep_again = false;  /* from the first, when that is done */
static TimestampTz swept_at = 0;  /* real time: when the last sweep began */
/* Tenants with something due that nothing lets them dial, an account that is switched off say: a claim costs as much as a call. */
static int64 vain[VAIN_MAX];
static int sweeps_of_few = 0;

void
va_turns_of_everybody(void)
{
	memset(vain, 0, sizeof(vain));
	sweeps_of_few = 0;
	sweep_again = sweep_again || (sweeping && swept_to > 0);
	sweeping = true;
}

void
va_turn_again(int64 tenant_id)
{
	for (int i = 0; i < n_to_look_at; i++)
		if (to_look_at[i] == tenant_id)
			return;
	if (n_to_look_at < TO_LOOK_AT_MAX)
		to_look_at[n_to_look_at++] = tenant_id;
	else
		va_turns_of_everybody();
}

/*
 * Nothing wakes us when a row that a claim skipped is unlocked, nor when a line
 * is freed between the statements of a look: a tenant that was looked at in vain
 * is looked at once more, a moment later, and no third time before there is
 * something new.
 */
static int64 second_look[TO_LOOK_AT_MAX];
static int n_second_look = 0;
static TimestampTz second_look_at = DT_NOEND;

static bool
is_among(const int64 *tenants, int n, int64 tenant_id)
{
	for (int i = 0; i < n; i++)
		if (tenants[i] == tenant_id)
			return true;
	return false;
}

static void
look_once_more(int64 tenant_id)
{
	if (vain[tenant_id % VAIN_MAX] == tenant_id || n_second_look == TO_LOOK_AT_MAX)
		return;
	vain[tenant_id % VAIN_MAX] = tenant_id;
	if (n_second_look == 0)
		second_look_at = GetCurrentTimestamp() + SECOND_LOOK_US;
	second_look[n_second_look++] = tenant_id;
}

static void
take_second_looks(void)
{
	if (va_until(second_look_at, SECOND_LOOK_US) > GetCurrentTimestamp())
		return;
	while (n_second_look > 0)
		va_turn_again(second_look[--n_second_look]);
	second_look_at = DT_NOEND;
}

void
va_turn_done(int64 tenant_id)
{
	for (int i = 0; i < n_to_look_at; i++)
		if (to_look_at[i] == tenant_id)
			to_look_at[i--] = to_look_at[--n_to_look_at];
	look_once_more(tenant_id);
}

static void
take_pokes(TimestampTz began)
{
	int64 tenants[VA_TENANTS_MAX];
	bool all;
	int n = va_take_dials(tenants, &all);
	TimestampTz now = GetCurrentTimestamp();

	for (int i = 0; i < n; i++)
	{
		/* Something new: its look is a first one. */
		vain[tenants[i] % VAIN_MAX] = 0;
		va_turn_again(tenants[i]);
	}
	if (all || began < looked_at || now < swept_at ||
		(now > swept_at + SWEEP_EACH_US && !sweeping && sweeps_of_few++ == SWEEPS_OF_FEW))
		va_turns_of_everybody();
	sweeping = sweeping || now > swept_at + SWEEP_EACH_US;
}

/* ---- tenants at their caps ---- */

/* live: when its claim was empty; until: a cap may be raised without a poke */
static VaFullTenant full_tenants[FULL_MAX];
static int n_full = 0;
static TimestampTz full_again = DT_NOEND; /* when they are looked at although none of their calls has ended */

static void
forget_full(void)
{
	TimestampTz now = GetCurrentTimestamp();
	int kept = 0;

	for (int i = 0; i < n_full; i++)
		if (full_tenants[i].until > now && full_tenants[i].until <= now + FULL_TTL_US)
			full_tenants[kept++] = full_tenants[i];
		else
			va_turn_again(full_tenants[i].tenant_id);
	n_full = kept;
}

void
va_turns_of_full(void)
{
	while (n_full > 0)
		va_turn_again(full_tenants[--n_full].tenant_id);
}

void
va_turn_full(int64 tenant_id, int64 live)
{
	if (n_full < FULL_MAX)
		full_tenants[n_full++] = (VaFullTenant){ tenant_id, live, GetCurrentTimestamp() + FULL_TTL_US };
}

/* clock(): until then time alone makes nothing due, as was found last. */
static TimestampTz quiet_until = 0;

/* When time alone makes something due, seen from a round that began then. */
TimestampTz
va_next_dial(TimestampTz began)
{
	quiet_until = va_next_dial_after(began);
	return Min(va_clock_to_real(quiet_until), second_look_at);
}

/* Up to SWEEP_STEP ready tenants of all, behind swept_to, then before it. */
static int
sweep(int64 *tenants)
{
	int64 ids[FULL_MAX];
	int64 live[FULL_MAX];
	Datum values[4] = { Int64GetDatum(swept_to), Int32GetDatum(SWEEP_STEP) };
	int n;

	for (int i = 0; i < n_full; i++)
	{
		ids[i] = full_tenants[i].tenant_id;
		live[i] = full_tenants[i].live;
	}
	values[2] = va_array_of_int8(ids, n_full);
	values[3] = va_array_of_int8(live, n_full);
	n = (int) va_execute(&tenants_statement, values, NULL);
	for (int i = 0; i < n; i++)
		tenants[i] = va_column_int(i, "t", 0);
	return n;
}

/* The sweep's next few, behind these n that are looked at anyway. */
static int
sweep_on(int64 *tenants, int n)
{
	int64 found[SWEEP_STEP];
	int n_found = sweep(found);
	int n_new = 0;

	if (swept_to == 0)
		swept_at = GetCurrentTimestamp();
	/* Those before swept_to follow when none is left behind it. */
	while (n_new < n_found && found[n_new] > swept_to)
	{
		if (vain[found[n_new] % VAIN_MAX] != found[n_new] && !is_among(tenants, n, found[n_new]))
			tenants[n++] = found[n_new];
		swept_to = found[n_new++];
	}
	if (n_new < SWEEP_STEP)
	{
		swept_to = 0;
		sweeping = sweep_again;
		sweep_again = false;
	}
	return n;
}

/* Whether the platform has a line of real carriers, or of the sandbox, that had none when it was asked last. */
static bool none_real = false;
static bool none_sandbox = false;

static bool
line_freed(void)
{
	bool had_no_real = none_real;
	bool had_no_sandbox = none_sandbox;

	va_platform_is_full(&none_real, &none_sandbox);
	return (had_no_real && !none_real) || (had_no_sandbox && !none_sandbox);
}

/*
 * Those to look at that are ready: as many as a round serves; more: there are
 * others, which stay to be looked at.
 */
static int
take_ready(int64 *tenants, TimestampTz began, bool *more)
{
	int64 ready[READY_MAX];
	bool others;
	/* At first the sweep finds those that time has made ready. */
	VaReadyAsk ask = { .among = to_look_at,
		.n_among = n_to_look_at,
		.since = looked_at != 0 ? looked_at : began,
		.full = full_tenants,
		.n_full = n_full,
		.no_real = none_real,
		.no_sandbox = none_sandbox,
		.after = last_tenant };
	int n_ready = va_ready_tenants(&ask, ready, READY_MAX, &others);
	int n = Min(n_ready, VA_TURNS_MAX - SWEEP_STEP);

	memcpy(tenants, ready, n * sizeof(int64));
	*more = n_ready > n;
	/* Time has made these ready: that is something new. */
	for (int i = 0; i < n_ready; i++)
		if (!is_among(to_look_at, n_to_look_at, ready[i]))
			vain[ready[i] % VAIN_MAX] = 0;
	if (others)
		/* The sweep finds those that time alone has made ready. */
		va_turns_of_everybody();
	else
		/* A tenant asked about and not ready needs a poke, or its time. */
		for (; n_to_look_at > 0; n_to_look_at--)
			if (!is_among(ready, n_ready, to_look_at[n_to_look_at - 1]))
				look_once_more(to_look_at[n_to_look_at - 1]);
	for (int i = n; i < n_ready; i++)
		va_turn_again(ready[i]);
	return n;
}

/* A turn for answers alone, say: the commit that makes something due pokes us. */
static bool
nobody_to_look_at(TimestampTz began)
{
	return n_to_look_at == 0 && !sweeping && n_full == 0 && !none_real && !none_sandbox && began >= looked_at &&
		   began < quiet_until;
}

int
va_turns(int64 *tenants, int *weights, TimestampTz began, bool *more, TimestampTz *next)
{
	int n;

	forget_full();
	take_second_looks();
	take_pokes(began);
	if (nobody_to_look_at(began))
	{
		*more = false;
		*next = Min(va_clock_to_real(quiet_until), second_look_at);
		return 0;
	}
	va_begin("look whose turn it is");
	if (line_freed())
		/* It is anybody's chance. */
		va_turns_of_everybody();
	n = take_ready(tenants, began, more);
	looked_at = began;
	if (sweeping)
		n = sweep_on(tenants, n);
	*more = *more || sweeping;
	quiet_until = 0;
	if (n == 0)
		*next = va_next_dial(began);
	else
		va_weigh(tenants, n, weights);
	va_commit();
	return n;
}

/* The tenant that is served now: the next round begins behind it. */
void
va_turn_began(int64 tenant_id)
{
	last_tenant = tenant_id;
}

/*
 * The event that woke us may have raised a cap of a tenant that is passed over,
 * or made a call due in a campaign of that tenant that has room.
 */
TimestampTz
va_full_again(bool woken)
{
	if (n_full > 0 && full_again == DT_NOEND && woken)
		full_again = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), FULL_TTL_US / 1000);
	if (full_again <= GetCurrentTimestamp())
		full_again = DT_NOEND;
	return full_again;
}
