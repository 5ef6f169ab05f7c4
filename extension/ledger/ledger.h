/*-------------------------------------------------------------------------
 * ledger.h
 *		Transfers of credits, and of minutes, for what moves them (hold.c, settle.c).
 *
 * All of it runs with SPI connected, and for the current tenant.
 */
#ifndef VOICEAGENT_LEDGER_H
#define VOICEAGENT_LEDGER_H

#include "postgres.h"

#include "fmgr.h"

#include "tenancy/rows.h"

typedef enum VaLedgerAccount
{
	VA_AVAILABLE,
	VA_HELD,
	VA_SPENT,
	VA_FUNDING,
	/* Those of the other unit, in the same order. */
	VA_MINUTES,
	VA_MINUTES_HELD,
	VA_MINUTES_SPENT,
	VA_MINUTES_FUNDING,
	VA_ACCOUNTS
} VaLedgerAccount;

/* The transfers of one go, in order. */
typedef struct VaTransfers VaTransfers;

extern VaTransfers *va_transfers(int max);

/* One of a call's hold; nothing for an amount that is not above 0. */
extern void va_add_transfer(VaTransfers *transfers, const char *operation, VaLedgerAccount from, VaLedgerAccount to,
	Datum amount, Datum hold_id, Datum call_id);

/* Whether there is any. */
extern bool va_any_transfers(const VaTransfers *transfers);

/*
 * The ledger is changed first, then what moved is written down: so that the rows between are made under its lock, and transfers
 * are numbered in the order in which they moved credits.  va_hold_in_ledger() moves an amount from available to held; false, and
 * nothing is done, when there is less or a grant has just expired (va_lock_ledger() ends it); granted: some of it may be of grants.
 */
extern bool va_hold_in_ledger(Datum amount, Datum *balances, bool *granted);
extern void va_write_transfers(VaTransfers *transfers, const Datum *balances);

/* Both, and what follows for the grants. */
extern void va_post(VaTransfers *transfers);

/* Locks the ledger, and ends the grants whose time is over; its available credits. */
extern Datum va_lock_ledger(void);

/*
 * grants.c, for a ledger that has grants: what holds set aside (test: also of unpaid grants); what ended holds were charged, and
 * what came back of grants that are closed; what was spent at once, until grants have no more than is available.
 */
extern void va_hold_from_grants(Datum *holds, Datum *amounts, int n, bool test);
extern void va_settle_grants(Datum *holds, Datum *charges, int n, Datum *expired, Datum *voided);
extern void va_burn_grants(Datum spent, Datum available);
extern void va_end_due_grants(void);

/* The campaigns' holds and spending on a day of their tenant's clock (spending.c); under the ledger's lock. */
typedef struct VaSpending
{
	VaRows days;
	VaWrites writes;
	VaTarget target;
	Datum zone; /* the tenant's */
} VaSpending;

extern void va_open_spending(VaSpending *spending);
extern void va_close_spending(VaSpending *spending);
extern Datum va_day_of(VaSpending *spending, Datum at);
/* False: the campaign has no row of that day. */
extern bool va_add_spending(VaSpending *spending, Datum campaign, Datum day, Datum held, Datum spent);
/* The holds of calls dialled at that time. */
extern void va_note_holds(Datum *campaigns, Datum *amounts, int n, Datum at);

/* hold.c: the two arrays that calls, or their campaigns, come in, and how many elements they have; a row of a result. */
extern int va_read_amounts(Datum ids, Datum credits, Datum **calls, Datum **amounts);
extern void va_return_pair(FunctionCallInfo fcinfo, Datum first, Datum second);

/* Amounts are numeric, with six decimals. */
extern Datum va_credits(Datum amount);
extern Datum va_no_credits(void);
extern Datum va_smaller(Datum a, Datum b);
extern Datum va_plus(Datum a, Datum b);
extern Datum va_minus(Datum a, Datum b);
extern bool va_is_less(Datum a, Datum b);
extern bool va_is_positive(Datum a);

#endif /* VOICEAGENT_LEDGER_H */
