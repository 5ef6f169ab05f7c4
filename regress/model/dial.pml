/*
 * dial.pml
 *		One lead, a carrier that remembers, and three servers of which one dials: claim, send, answer, reconcile, promote.
 *
 * t/012_model searches every interleaving up to PROMOTIONS promotions and looks for a second call of the lead, and for a
 * server that is promoted without knowing of its call.  Each guard of the product is a macro, so that its absence can be
 * tried: the search must then find the call that it prevents.
 *
 *	CHECK	the claim is flushed by the synchronous standby before its request leaves (va_standby_has() in standby.c)
 *	PAUSE	a standby that was named a moment ago does not count yet (va_standby_look(), standby_counts_at)
 *	SAME	... nor does one that the WAL senders have by a name that the dialer has not read (va_standby_has())
 *	LEASE	that the carrier knows of no call is believed only when its request can come no more (due_lookups(), lost_call())
 *
 * A step, and the function that it stands for:
 *
 *	claim		claim_for_tenant() in dialer.c, behind va_standby_wait()
 *	flushed		va_standby_has() = true; take back: take_back()
 *	leave		send_claims(); late: `not-sent-in-time` of send_within_ms
 *	answer		va_dials_record(), record_answers()
 *	die			the worker dies; recover_live() at the start of the next one, or of the one that is promoted
 *	reconcile	lookups.c, lost_call()
 *	look		look_at_standby() at the begin of a turn
 *	name, store	Patroni: first synchronous_standby_names of the primary, later /sync in its store
 *	promote		Patroni promotes what the store names
 *
 * Limits.  Times are guards: that promotion_pause is longer than Patroni takes from a name to its store, or to find out that it leads
 * no more; that a lease is longer than send_within_ms and the network; that Patroni names no standby, another, and the first
 * again within one turn of the dialer; that what a WAL sender has read a moment before the dialer looks, the dialer sees.
 * One standby is synchronous at a time, no quorum.  An answer of the carrier's list is true.  An accepted call is the end: a retry by the campaign's rules is no second dial.
 * The pause of a server that was promoted (`just_promoted`) is left out, because nothing here needs it.
 */
#ifndef CHECK
#define CHECK 1
#endif
#ifndef PAUSE
#define PAUSE 1
#endif
#ifndef SAME
#define SAME 1
#endif
#ifndef LEASE
#define LEASE 1
#endif
#ifndef PROMOTIONS
#define PROMOTIONS 2
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 3
#endif

#define SERVERS 3
#define NONE 3

mtype = { queued, sending, unknown, accepted };
mtype = { idle, claimed, flushed, sent };

typedef Server
{
	bool primary;	/* it believes so */
	byte upstream;	/* whose WAL it follows */
	mtype lead;		/* its database: the lead's row ... */
	byte attempt;	/* ... and its last attempt */
	bool has_claim;	/* a standby: flushed since its upstream's last claim */
	byte named;		/* synchronous_standby_names, as its WAL senders have read it */
	byte looked;	/* ... and as its dialer has */
	bool fresh;		/* standby_counts_at lies ahead */
	mtype dial;		/* where its dialer is */
	byte dialled;	/* the attempt that this is about */
};

Server server[SERVERS];
byte leader = 0;			/* in Patroni's store, with the lock */
byte stored = 1;			/* the standby that may be promoted */
byte promotions = 0;
byte attempts = 0;			/* given out by any server; a reference is unique */
bool wire[ATTEMPTS + 1];	/* the request is on its way */
bool called[ATTEMPTS + 1];	/* the carrier has placed it */
byte calls = 0;

#define me server[n]
#define standby_flushed (me.named != NONE && server[me.named].upstream == n && server[me.named].has_claim)
/* A request of this attempt may still leave somewhere, or arrive. */
#define MAY_LEAVE(s, a) (server[s].dialled == a && (server[s].dial == claimed || server[s].dial == flushed))
#define may_come(a) (wire[a] || MAY_LEAVE(0, a) || MAY_LEAVE(1, a) || MAY_LEAVE(2, a))

/* The standby's database is what its upstream's is. */
inline copy(standby, from)
{
	server[standby].lead = server[from].lead;
	server[standby].attempt = server[from].attempt;
	server[standby].has_claim = true
}

inline forget()
{
	me.dial = idle;
	me.dialled = 0
}

inline recover_live()
{
	forget();
	if
	:: me.lead == sending -> me.lead = unknown
	:: else
	fi
}

/* The row moves only if it is still about this attempt. */
inline record(outcome)
{
	if
	:: me.attempt == me.dialled && (me.lead == sending || me.lead == unknown) -> me.lead = outcome
	:: else
	fi;
	forget()
}

inline claim()
{
	byte s;
	attempts++;
	me.lead = sending;
	me.attempt = attempts;
	me.dial = claimed;
	me.dialled = attempts;
	for (s : 0 .. SERVERS - 1)
	{
		if
		:: server[s].upstream == n -> server[s].has_claim = false
		:: else
		fi
	}
	s = 0
}

proctype dialer(byte n)
{
end:
	do
	/* look: a turn begins */
	:: atomic { me.primary && me.dial == idle && me.looked != me.named -> me.looked = me.named; me.fresh = PAUSE }
	/* ... and the pause ends, when the store names it as well */
	:: atomic { me.fresh && leader == n && stored == me.looked -> me.fresh = false }
	/* claim */
	:: atomic { me.primary && me.dial == idle && me.lead == queued && attempts < ATTEMPTS &&
			(!CHECK || (!me.fresh && standby_flushed)) -> claim() }
	:: atomic { me.primary && me.dial == claimed && (!CHECK || (standby_flushed && (!SAME || me.named == me.looked)))
			-> me.dial = flushed }
	:: atomic { me.primary && me.dial == claimed && CHECK -> record(queued) }
	/* leave, or too late */
	:: atomic { me.primary && me.dial == flushed -> wire[me.dialled] = true; me.dial = sent }
	:: atomic { me.primary && me.dial == flushed -> record(queued) }
	/* answer: placed, none, or a refusal */
	:: atomic { me.primary && me.dial == sent && called[me.dialled] -> record(accepted) }
	:: atomic { me.primary && me.dial == sent -> record(unknown) }
	:: atomic { me.primary && me.dial == sent && !wire[me.dialled] && !called[me.dialled] -> record(queued) }
	/* die */
	:: atomic { me.primary && me.dial != idle -> recover_live() }
	/* reconcile */
	:: atomic { me.primary && me.lead == unknown && me.dial == idle && called[me.attempt] -> me.lead = accepted }
	:: atomic { me.primary && me.lead == unknown && me.dial == idle && !called[me.attempt] &&
			(!LEASE || !may_come(me.attempt)) -> me.lead = queued }
	od
}

active proctype carrier()
{
	byte a;
end:
	do
	:: atomic { select (a : 1 .. ATTEMPTS); if
		:: wire[a] -> wire[a] = false; called[a] = true; calls++; assert(calls < 2) /* no double dial */
		:: wire[a] -> wire[a] = false
		:: else
		fi; a = 0 }
	od
}

/* What is no process of ours on a server: its WAL, and its Patroni. */
proctype patroni(byte n)
{
	byte other;
end:
	do
	/* WAL arrives. */
	:: atomic { !me.primary && server[me.upstream].primary && (!me.has_claim || me.lead != server[me.upstream].lead ||
			me.attempt != server[me.upstream].attempt) -> copy(n, me.upstream) }
	/* It follows who leads; what it has beyond that is rewound. */
	:: atomic { leader != n && (me.primary || me.upstream != leader) ->
			me.primary = false; me.upstream = leader; me.named = NONE; me.looked = NONE; me.fresh = false;
			forget(); copy(n, leader) }
	/* name: one that believes to lead names another of those that follow it ... */
	:: atomic { me.primary -> select (other : 0 .. SERVERS - 1); if
		:: other != n && server[other].upstream == n && !server[other].primary && me.named != other && me.named == me.looked ->
			me.named = other
		:: else
		fi; other = 0 }
	/* store: ... and the store has it when it has caught up */
	:: atomic { leader == n && me.primary && me.named != stored && standby_flushed -> stored = me.named }
	/* promote: the leader's lock has ended, whatever the leader still does */
	:: atomic { stored == n && leader != n && !me.primary && promotions < PROMOTIONS ->
			promotions++; leader = n; stored = NONE;
			me.primary = true; me.upstream = NONE; me.named = NONE; me.looked = NONE; me.fresh = false;
			recover_live();
			assert(calls == 0 || me.lead != queued) /* no call forgotten */ }
	od
}

init
{
	byte n;
	atomic
	{
		for (n : 0 .. SERVERS - 1)
		{
			me.lead = queued;
			me.dial = idle;
			me.upstream = 0;
			me.has_claim = true;
			me.named = NONE;
			me.looked = NONE
		}
		server[0].primary = true;
		server[0].upstream = NONE;
		server[0].named = 1;
		server[0].looked = 1;
		n = 0;
		run dialer(0); run dialer(1); run dialer(2);
		run patroni(0); run patroni(1); run patroni(2)
	}
}
