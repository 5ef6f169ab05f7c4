/*-------------------------------------------------------------------------
 * simulation.h
 *		A simulation: for one subtransaction of one backend the platform's
 *		clock is driven by hand, and a carrier in memory takes the calls.
 *
 * It begins in a subtransaction and ends with it, however that ends; should
 * somebody try to commit that subtransaction, the attempt is an error, so
 * nothing that was simulated is ever seen by anybody else.  While it is on
 *
 *	the clock			shows what va_simulation_drive() said last
 *	row-level security	hides the routing tables' rows of every tenant that the
 *						simulation did not make (voiceagent_private.in_scope())
 *	set_tenant()			is allowed for those tenants, whoever the caller is
 *	pokes and counters	of the shared memory are left alone
 *	locks				that everybody meets at (the law's, maintenance jobs) are not taken
 *
 * Nothing here opens a socket: the backend of a client cannot dial.
 */
#ifndef VOICEAGENT_SIMULATION_H
#define VOICEAGENT_SIMULATION_H

#include "postgres.h"
#include "datatype/timestamp.h"

/* How the carrier misbehaves, each so many times in a thousand. */
typedef struct VaSimulationFaults
{
	int lost;	  /* webhooks that never arrive */
	int repeated; /* that arrive twice */
	int late;	  /* that arrive up to ten minutes late, so in another order */
	int refused;  /* dials that are refused, for a moment or for good */
	int unknown;  /* dials whose answer is lost, placed or not */
} VaSimulationFaults;

extern void va_simulation_init(void);

/* False in every session but one that simulates. */
extern bool va_simulating(void);

/* Whether a tenant is one of the simulation's. */
extern bool va_simulation_owns(int64 tenant_id);

/* The simulation's time; only while va_simulating(). */
extern TimestampTz va_simulation_now(void);

/* simulation/carrier.c: the carrier of the simulation that is on. */
extern void va_carrier_begin(
	MemoryContext memory, uint32 seed, int answered_per_mille, const VaSimulationFaults *faults);
/* Frees what is not in the memory context; must not raise. */
extern void va_carrier_end(void);

#endif /* VOICEAGENT_SIMULATION_H */
