/*
 * move.pml
 *		A tenant that moves from one cell to another and perhaps back, beside a worker that dials and two that write.
 *
 * t/012_model searches every interleaving of two moves for a tenant that two cells serve, for a call that is live in a cell
 * that has let its tenant go, and for a row that is written where nobody takes it along.  A program that is killed has only
 * not gone on, since each step is one commit; so every step may be the last, or be done again.
 *
 * Each guard is a macro, so that its absence can be tried:
 *
 *	OLDER	leave_tenant() waits for the transactions that began before its mark
 *	AGAIN	... and parks once more, until it finds nothing: workers find the tenant by rows that are not parked yet
 *	BEGUN	... and takes its parking back where a dial has begun since it looked
 *	FORGOT	return_tenant() comes only when the other cell has forgotten the tenant: whoever moves it sees to that (scale.md)
 *	DIGEST	take_tenant() waits until what has arrived is what left
 *
 * A step, and the function in sql/95_ops/75_cells.sql that it stands for: offer, expect: offer_tenant(), expect_tenant() and the
 * subscription; leave, take, return, remove: the function of that name.  A writer has three steps, its begin, its look (by the
 * routing rows, and through a caller's door by the state of the move), and its commit.
 *
 * Limits.  A tenant's rows are a number, the rows by which it is found one bit.  Rows arrive in the order of commits.  No
 * campaign starts once rows are parked: the row by which a start is found is one of them, and locked by whoever starts it.
 */
#ifndef OLDER
#define OLDER 1
#endif
#ifndef AGAIN
#define AGAIN 1
#endif
#ifndef BEGUN
#define BEGUN 1
#endif
#ifndef FORGOT
#define FORGOT 1
#endif
#ifndef DIGEST
#define DIGEST 1
#endif
#ifndef MOVES
#define MOVES 2
#endif
#ifndef ROWS
#define ROWS 2
#endif

#define WRITERS 3

mtype = { here, offered, leaving, gone, coming, absent };
mtype = { idle, began, looked };

typedef Cell
{
	mtype state;
	bool found;		/* there are routing rows */
	bool parked;	/* ... or were, and are parked here */
	bool running;	/* its lanes */
	bool live;		/* a call of it */
	bool marked;
	bool sealed;	/* the seal is here, or has arrived */
	byte digest;	/* ... and what it says */
	byte rows;
};

typedef Writer
{
	mtype step;
	bool older;		/* than the mark of a move */
};

Cell cell[2];
Writer writer[2 * WRITERS];
byte moves = 0;

#define own writer[c * WRITERS + w]
#define SERVED(c) (cell[c].found && cell[c].state != gone && cell[c].state != coming && cell[c].state != absent)

inline served_once() { assert(!(SERVED(0) && SERVED(1))) }

/* Writer 0 dials, 1 is another worker, 2 comes through the door for callers. */
proctype transaction(byte c; byte w)
{
end:
	do
	:: atomic { own.step == idle && cell[c].rows < ROWS -> own.step = began }
	:: atomic { own.step == began && cell[c].found && cell[c].state != leaving && cell[c].state != gone -> own.step = looked }
	:: atomic { own.step == began && cell[c].found && w == 1 -> own.step = looked }
	:: atomic { own.step == began && cell[c].found && w == 0 && cell[c].running -> own.step = looked }
	:: atomic { own.step != idle -> own.step = idle; own.older = false }
	:: atomic { own.step == looked && (w != 0 || cell[c].found) ->
			assert(cell[c].state != gone && cell[c].state != absent); /* it would be left behind */
			cell[c].rows++;
			cell[c].found = true;
			if
			:: w == 0 -> cell[c].live = true
			:: w > 0 && !cell[c].parked -> cell[c].running = true /* a campaign starts */
			:: w > 0
			fi;
			own.step = idle;
			own.older = false;
			served_once() }
	od
}

proctype ends(byte c)
{
end:
	do
	:: atomic { cell[c].live -> assert(cell[c].state != gone && cell[c].state != absent); cell[c].live = false }
	od
}

inline seal(c)
{
	cell[c].sealed = true;
	cell[c].digest = cell[c].rows;
	cell[c].state = gone;
	assert(!cell[c].live)
}

inline park(c)
{
	if
	:: BEGUN && first && cell[c].live /* taken back */
	:: !(BEGUN && first && cell[c].live) && cell[c].found ->
		cell[c].found = false;
		cell[c].running = false; /* its lanes are parked, too */
		cell[c].parked = true;
		if
		:: AGAIN -> cell[c].marked = false
		:: else -> seal(c)
		fi
	:: !(BEGUN && first && cell[c].live) && !cell[c].found -> seal(c)
	fi
}

#define older(c) (writer[c * WRITERS].older || writer[c * WRITERS + 1].older || writer[c * WRITERS + 2].older)

proctype leave(byte c)
{
	bool first;
	byte w;
	bool looked_at;
end:
	do
	/* under_way() looks first, and parks in the same step only after that; a dial may commit in between. */
	:: atomic { !looked_at && (cell[c].state == offered || cell[c].state == leaving) ->
			cell[c].running = false;
			first = !cell[c].parked;
			if
			:: first && cell[c].live -> cell[c].state = offered; cell[c].marked = false
			:: !(first && cell[c].live) && cell[c].state == offered -> cell[c].state = leaving; cell[c].marked = false
			:: !(first && cell[c].live) && cell[c].state == leaving && !cell[c].marked ->
				cell[c].marked = true;
				for (w : 0 .. WRITERS - 1) { own.older = (own.step != idle) }
				w = 0
			:: !(first && cell[c].live) && cell[c].state == leaving && cell[c].marked -> looked_at = true
			fi }
	:: atomic { looked_at -> looked_at = false; if
			:: cell[c].state == leaving && cell[c].marked && (!OLDER || !older(c)) &&
				writer[c * WRITERS].step != looked /* park_rows() waits for the rows that a claim has locked */ -> park(c)
			:: else
			fi; first = false }
	od
}

/* The other steps, from cell c to cell d. */
proctype move(byte c; byte d)
{
end:
	do
	:: atomic { SERVED(c) && cell[c].state == here && cell[d].state == absent && moves < MOVES ->
			moves++;
			cell[c].state = offered; cell[c].parked = false; cell[c].sealed = false; cell[c].marked = false;
			cell[d].state = coming; cell[d].rows = 0; cell[d].sealed = false }
	/* Rows arrive, the seal behind them. */
	:: atomic { cell[d].state == coming && cell[c].state != absent && cell[d].rows < cell[c].rows -> cell[d].rows++ }
	:: atomic { cell[d].state == coming && cell[c].state == gone && cell[c].sealed && !cell[d].sealed &&
			(!DIGEST || cell[d].rows >= cell[c].digest) -> cell[d].sealed = true; cell[d].digest = cell[c].digest }
	/* take */
	:: atomic { cell[d].state == coming && cell[d].sealed && (!DIGEST || cell[d].rows == cell[d].digest) ->
			assert(cell[d].rows == cell[c].rows); /* nothing left behind */
			cell[d].state = here; cell[d].found = true; cell[d].running = true; served_once() }
	/* remove, there: it shall not come any more */
	:: atomic { cell[d].state == coming -> cell[d].state = absent; cell[d].rows = 0; cell[d].sealed = false }
	/* return */
	:: atomic { cell[c].state != here && cell[c].state != coming && cell[c].state != absent && (!FORGOT || cell[d].state == absent) ->
			cell[c].state = here; cell[c].found = true; cell[c].running = true; cell[c].parked = false;
			cell[c].sealed = false; cell[c].marked = false; served_once() }
	/* remove, here */
	:: atomic { cell[c].state == gone && cell[d].state == here ->
			cell[c].state = absent; cell[c].rows = 0; cell[c].found = false; cell[c].parked = false; cell[c].sealed = false }
	od
}

init
{
	byte c, w;
	atomic
	{
		for (c : 0 .. 1)
		{
			cell[c].state = absent;
			for (w : 0 .. WRITERS - 1) { own.step = idle; run transaction(c, w) }
			run ends(c);
			run leave(c);
			run move(c, 1 - c)
		}
		cell[0].state = here;
		cell[0].found = true;
		cell[0].running = true;
		c = 0;
		w = 0
	}
}
