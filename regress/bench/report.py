"""The table of a bench: report.py RESULTS [JSON].  RESULTS has lines "RESULT figure side value", one a round."""
import json
import os
import statistics
import sys

# What bounds a figure, for those that miss their goal: the longest beginning of its name holds.
BOUNDS = {
    "G1": "Judging, completing and reporting each row is on top of the COPY that all of them do.",
    "G2 queue alone": "A row of ours has a lane, a priority and a time, and the live calls have five indexes for it; the bare queue has one.",
    "G2 whole claim": "The claim is processor time, of one process: it asks every rule and writes call, proof, attempt, hold, transfer and event.",
    "G3": "The claim: every rule is asked, and call, proof, attempt, hold, transfer and event are written, before each request; one process does it.",
    "G4": "The claim: every rule is asked, and call, proof, attempt, hold, transfer and event are written, before each request; one process does it.",
    "G5": "9,000 calls a second leave 111 us of one process for a call; what ours needs is printed below it.",
    "G6": "Claim and request are two turns of one process with a commit between them; what it needs for a call alone bounds it, and, on a busy machine, when it is scheduled.",
    "G7": "The client, the gateway and the applier share two processors, each one process; and an apply costs as much for one webhook of a tenant as for thirty: with many tenants at once its batches are small.",
    "G8": "Ours keeps holds, running balances of four accounts, and what each campaign has spent.",
    "G9": "PostgreSQL asks at the start of each statement, twice, whether the role may execute current_tenant(); the policy itself is a comparison.",
    "G10": "Its indexes are one level deeper; or as much as two rounds of the same differ on a shared machine.",
    "lock waits": "On a busy machine whoever holds a lock for a moment may be taken off the processor.",
    "preview": "It asks for each lead the rules that its dial would ask: processor time.",
    "driver asterisk: build": "Its request is a URL; the body, which is all that jansson would write, is a few bytes.",
    "driver vonage: build": "The token of the account, and the account's answer as a second document in the request.",
    "driver twilio: verify": "A form is read and sorted before it is signed: what is signed is not what was sent.",
    "driver plivo: verify": "A form and a query are read and sorted before they are signed.",
    "driver vonage: verify": "The token's parts are JSON in base64.",
    "knowledge": "A question reads its words' places in ten documents: 1.8 ms of a processor, and, on a busy machine, when it is scheduled.",
    "G11": "The dialer's turn waits for the processor that the launch uses, and its commit for the launch's log.",
}
# Calls of the tenant whose figures are asked (figures.sh).
FIGURED = "a million" if os.environ.get("FULL") == "1" else "100,000"
# What a figure is: name, unit, figure, side of ours, kind of the other (peer, limit or none), side and name of the other, sign and
# goal of the ratio (of the value, when there is no other; None: no goal).
GOALS = [
    ("G1 import of dirty leads", "rows/s", "G1", "ours", "peer", "sql", "tuned SQL", ">=", 2.0),
    ("G1 import of dirty leads", "rows/s", "G1", "ours", "peer", "node", "papaparse, libphonenumber-js, COPY", ">=", 4.0),
    ("G1 import of dirty leads", "rows/s", "G1", "ours", "limit", "limit", "COPY of ready rows in order", ">=", 0.65),
    ("G1 import of dirty leads, processor time a row", "us", "G1", "ours, CPU us", "peer", "sql, CPU us", "tuned SQL", "", None),
    ("G1 import of dirty leads, processor time a row", "us", "G1", "ours, CPU us", "peer", "node, CPU us", "papaparse, libphonenumber-js, COPY", "", None),
    ("G1 import of dirty leads, processor time a row", "us", "G1", "ours, CPU us", "limit", "limit, CPU us", "COPY of ready rows in order", "", None),
    ("G1 private memory of the largest import", "MB", "G1", "memory", None, None, "", "<=", 32),
    ("G2 queue alone (lease, finish)", "jobs/s", "G2", "bare", "peer", "graphile", "graphile-worker, no-op", ">=", 2.0),
    ("G2 queue alone (lease, finish)", "jobs/s", "G2", "bare", "peer", "pgboss", "pg-boss, no-op", "", None),
    ("G2 queue alone (lease, finish)", "jobs/s", "G2", "bare", "limit", "limit", "bare SKIP LOCKED", ">=", 0.9),
    ("G2 whole claim (law, caps, hold, proof)", "jobs/s", "G2", "ours", "peer", "graphile whole", "graphile-worker, one SQL function a job does as much", ">=", 2.0),
    ("G2 whole claim (law, caps, hold, proof)", "jobs/s", "G2", "ours", "peer", "graphile", "graphile-worker, no-op", "", None),
    ("G2 whole claim of plain leads", "jobs/s", "G2", "plain", "peer", "graphile whole", "graphile-worker, one SQL function a job does as much", "", None),
    ("G2 queue alone, processor time a job", "us", "G2", "bare, CPU us", "peer", "graphile, CPU us", "graphile-worker, no-op", "", None),
    ("G2 queue alone, processor time a job", "us", "G2", "bare, CPU us", "peer", "pgboss, CPU us", "pg-boss, no-op", "", None),
    ("G2 queue alone, processor time a job", "us", "G2", "bare, CPU us", "limit", "limit, CPU us", "bare SKIP LOCKED", "", None),
    ("G2 whole claim, processor time a job", "us", "G2", "ours, CPU us", "peer", "graphile whole, CPU us", "graphile-worker, one SQL function a job does as much", "", None),
    ("G2 whole claim of plain leads, processor time a job", "us", "G2", "plain, CPU us", "peer", "graphile whole, CPU us", "graphile-worker, one SQL function a job does as much", "", None),
    ("queue with all rules of the law, processor time a job", "us", "RULES", "on, CPU us", "limit", "off, CPU us", "without them", "", None),
    ("queue with all rules of the law", "jobs/s", "RULES", "on", "limit", "off", "without them", ">=", 0.77),
    ("queue beside retention", "jobs/s", "RETENTION", "beside", "limit", "alone", "alone", ">=", 0.5),
    ("lock waits over 10 ms beside retention", "waits", "RETENTION", "lock waits", None, None, "", "<=", 0),
    ("preview of 100,000 leads", "ms", "PREVIEW", "ms", None, None, "", "<=", 2000),
    ("LARGE, a million leads: temporary files of all of it", "MB", "LARGE", "temporary files, MB", None, None, "", "", None),
    *(row for what in ("nothing", "add leads", "preview", "start", "status", "page of leads", "page of leads, next try", "search", "export", "pause") for row in (
        (f"LARGE, a million leads: {what}", "s", "LARGE", f"{what}, s", None, None, "", "", None),
        (f"LARGE, a small tenant's status() beside it, {what}: p50", "ms", "LARGE", f"{what}, status() beside it, p50", None, None, "", "", None),
        (f"LARGE, a small tenant's status() beside it, {what}: longest", "ms", "LARGE", f"{what}, status() beside it, longest", None, None, "", "", None))),
    ("G3 dispatch (ours: whole)", "calls/s", "G3", "ours", "peer", "graphile", "graphile-worker, HTTP only", ">=", 2.3),
    ("G3 dispatch (ours: whole)", "calls/s", "G3", "ours", "peer", "graphile whole", "graphile-worker, claims and holds by one SQL function, HTTP", ">=", 2.3),
    ("G3 dispatch of plain leads", "calls/s", "G3", "plain", "peer", "graphile", "graphile-worker, HTTP only", "", None),
    ("G3 dispatch of plain leads", "calls/s", "G3", "plain", "peer", "graphile whole", "graphile-worker, claims and holds by one SQL function, HTTP", "", None),
    ("G3 dispatch, processor time of the server (and of Node) a call", "us", "G3", "ours, CPU us", "peer", "graphile, CPU us", "graphile-worker, HTTP only", "", None),
    ("G3 dispatch, processor time of the server (and of Node) a call", "us", "G3", "ours, CPU us", "peer", "graphile whole, CPU us", "graphile-worker, claims and holds by one SQL function, HTTP", "", None),
    ("G4 whole dispatch", "calls/s", "G4", "ours calls/s", "limit", "plain calls/s", "plain leads", "", None),
    ("G4 whole dispatch", "calls/s", "G4", "ours calls/s", None, None, "", ">=", 10000),
    ("G4 processor time of the worker a call", "us", "G4", "ours CPU us/call", "limit", "plain CPU us/call", "plain leads", "", None),
    ("G4 WAL a call", "bytes", "G4", "ours WAL bytes/call", "limit", "plain WAL bytes/call", "plain leads", "", None),
    ("G5 dispatch to a server that takes 100 ms, 900 in flight", "% of ideal", "G5", "ours", None, None, "", ">=", 85),
    ("G5 dispatch to a server that takes 100 ms, 900 in flight", "% of ideal", "G5", "ours", "peer", "graphile", "graphile-worker, HTTP only", "", None),
    ("G5 dispatch of plain leads to a server that takes 100 ms, 900 in flight", "% of ideal", "G5", "plain", "peer", "graphile", "graphile-worker, HTTP only", "", None),
    ("G5 processor time of the worker a call", "us", "G5", "ours CPU us/call", "limit", "plain CPU us/call", "plain leads", "", None),
    ("dialer's CPU of a lone call", "us", "PACE", "beside 0", None, None, "", "", None),
    ("beside 30 tenants that wait", "us", "PACE", "beside 30", "limit", "beside 0", "alone", "<=", 1.2),
    ("beside 1,000 tenants that wait", "us", "PACE", "beside 1000", "limit", "beside 0", "alone", "<=", 1.2),
    ("whoami by HTTP, alone, p99", "ms", "API", "alone, p99", None, None, "", "", None),
    ("beside twelve simulations of another, p99", "ms", "API", "beside simulations, p99", None, None, "", "<=", 100),
    ("beside 40 logins a second, p99", "ms", "API", "beside logins, p99", None, None, "", "<=", 100),
    ("beside broken requests: refused", "requests", "API", "beside broken requests, refused", None, None, "", "<=", 0),
    ("the console's page, gzipped", "bytes", "CONSOLE", "the page, gzipped, bytes", None, None, "", "<=", 60000),
    ("the console's first paint, warm server", "ms", "CONSOLE", "first paint, ms", None, None, "", "<=", 300),
    ("the same with a processor 4 times slower and 10 Mbit/s", "ms", "CONSOLE", "first paint, processor 4 times slower and 10 Mbit/s, ms", None, None, "", "", None),
    ("whoami by the console's door, alone, p99", "ms", "CONSOLE", "/rpc alone, p99 ms", None, None, "", "", None),
    ("whoami by the console's door beside a campaign, p99", "ms", "CONSOLE", "/rpc beside a campaign, p99 ms", None, None, "", "<=", 20),
    ("whoami by the console's door beside another's simulations, p99", "ms", "CONSOLE", "/rpc beside another's simulations, p99 ms", None, None, "", "<=", 50),
    ("from a commit to the console's page, p99", "ms", "CONSOLE", "committed to shown, p99 ms", None, None, "", "<=", 300),
    ("listeners of 100 tenants that are held", "requests", "CONSOLE", "listeners held", None, None, "", "", None),
    ("whoami by the console's door beside the listeners and 100 events a second, p99", "ms", "CONSOLE", "/rpc beside the listeners, p99 ms", None, None, "", "", None),
    ("webhooks beside the listeners and 100 events a second, p99", "ms", "CONSOLE", "webhooks, many listen, p99 ms", "limit", "webhooks, nobody listens, p99 ms", "nobody listens", "<=", 1.05),
    ("calls at most", "calls/s", "SHARES", "saturated, calls/s", None, None, "", "", None),
    ("calls alone, at half of that", "calls/s", "SHARES", "alone, calls/s", None, None, "", "", None),
    ("calls beside another tenant's NOTIFY, refused", "calls/s", "SHARES", "notify, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.9),
    ("calls beside another tenant's locks", "calls/s", "SHARES", "locks, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.9),
    ("calls beside another tenant's snapshots and transaction ids", "calls/s", "SHARES", "snapshots, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.9),
    ("calls beside another tenant's cursors", "calls/s", "SHARES", "cursors, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.9),
    ("calls beside another tenant's connections without end", "calls/s", "SHARES", "connections, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.9),
    ("calls beside another tenant's failed logins", "calls/s", "SHARES", "logins, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.9),
    ("calls beside another tenant's computing", "calls/s", "SHARES", "processor, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.7),
    ("calls beside another tenant's sorts on disk", "calls/s", "SHARES", "sorts, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.7),
    ("calls beside another tenant's imports that are rolled back", "calls/s", "SHARES", "wal, calls/s", "limit", "alone, calls/s", "alone", ">=", 0.7),
    ("G6 enqueued to answered, idle, p50", "ms", "G6", "idle p50", None, None, "", "<=", 0.5),
    ("G6 enqueued to answered, idle, p50", "ms", "G6", "idle p50", "peer", "graphile idle p50", "graphile-worker, HTTP only", "", None),
    ("G6 enqueued to answered, idle, p99", "ms", "G6", "idle p99", None, None, "", "<=", 1.5),
    ("G6 enqueued to answered, 1,000 a second, p50", "ms", "G6", "loaded p50", None, None, "", "", None),
    ("G6 enqueued to answered, 1,000 a second, p99", "ms", "G6", "loaded p99", None, None, "", "<=", 5),
    ("G6 enqueued to answered, 1,000 a second, p99", "ms", "G6", "loaded p99", "peer", "graphile loaded p99", "graphile-worker, HTTP only", "", None),
    ("G6 enqueued to answered, plain lead, idle, p50", "ms", "G6", "plain idle p50", "peer", "graphile idle p50", "graphile-worker, HTTP only", "", None),
    ("G6 enqueued to answered, plain lead, idle, p99", "ms", "G6", "plain idle p99", None, None, "", "", None),
    ("G6 enqueued to answered, plain lead, 1,000 a second, p99", "ms", "G6", "plain loaded p99", "peer", "graphile loaded p99", "graphile-worker, HTTP only", "", None),
    ("webhook to its effects, 1,000 a second, p50", "ms", "G6", "webhook p50", "limit", "plain webhook p50", "reports of plain calls", "", None),
    ("webhook to its effects, 1,000 a second, p99", "ms", "G6", "webhook p99", "limit", "plain webhook p99", "reports of plain calls", "", None),
    ("webhook to its effects, 1,000 a second, p99", "ms", "G6", "webhook p99", None, None, "", "<=", 25),
    ("G7 webhooks applied, one tenant", "/s", "G7", "applied", "peer", "node mixed hot", "Node, one SQL function, one account", ">=", 2.6),
    ("G7 webhooks applied, 20 tenants", "/s", "G7", "spread", "peer", "node mixed", "Node, one SQL function, 50 accounts", ">=", 2.6),
    ("G7 reports of plain calls applied, one tenant", "/s", "G7", "plain", "peer", "node hot", "Node, one SQL function, one account", "", None),
    ("G7 webhooks answered when durable, one tenant", "/s", "G7", "applied answered", "peer", "node mixed", "Node, one SQL function, 50 accounts", ">=", 5.0),
    ("G7 webhooks answered when durable, 20 tenants", "/s", "G7", "spread answered", "peer", "node mixed", "Node, one SQL function, 50 accounts", "", None),
    ("G7 reports of plain calls answered when durable, one tenant", "/s", "G7", "plain answered", "peer", "node", "Node, one SQL function, 50 accounts", "", None),
    ("G7 answer of a webhook, 32 at once, p99", "ms", "G7", "applied p99", "peer", "node mixed p99", "Node, one SQL function, 50 accounts", "", None),
    ("G7 answer of a webhook, 32 at once, p99", "ms", "G7", "applied p99", None, None, "", "<=", 4.0),
    ("G7 webhook, processor time of inbound and applier", "us", "G7", "applied CPU us", "limit", "plain CPU us", "reports of plain calls", "", None),
    ("G7 webhook, processor time of the whole server", "us", "G7", "applied CPU us of the server", "peer", "node mixed CPU us", "Node and its server, one SQL function, 50 accounts", "", None),
    ("G7 webhook, 20 tenants, processor time of the whole server", "us", "G7", "spread CPU us of the server", "peer", "node mixed CPU us", "Node and its server, one SQL function, 50 accounts", "", None),
    ("G7 report of a plain call, processor time of the whole server", "us", "G7", "plain CPU us of the server", "peer", "node CPU us", "Node and its server, one SQL function, 50 accounts", "", None),
    ("MIX calls a second, from the start to the last settlement", "calls/s", "MIX", "mix, calls/s", "limit", "plain, calls/s", "plain calls", "", None),
    ("MIX calls a second, from the start to the last settlement", "calls/s", "MIX", "mix, calls/s", None, None, "", ">=", 600),
    ("MIX calls a campaign", "calls", "MIX", "mix, calls", "limit", "plain, calls", "plain calls", "", None),
    ("MIX processor time of all processes of the server a call", "us", "MIX", "mix, CPU us, all", "limit", "plain, CPU us, all", "plain calls", "<=", 1.5),
    *((f"MIX processor time a call, {kind}", "us", "MIX", f"mix, CPU us, {kind}", "limit", f"plain, CPU us, {kind}", "plain calls", "", None)
      for kind in ("outbound", "dialer", "requests", "keeper", "inbound", "gateway", "applier", "guest", "sandbox", "walwriter", "autovacuum")),
    ("MIX longest transaction of a worker", "ms", "MIX", "mix, longest transaction, all", "limit", "plain, longest transaction, all", "plain calls", "", None),
    ("MIX longest transaction of a worker", "ms", "MIX", "mix, longest transaction, all", None, None, "", "<=", 250),
    *((f"MIX longest transaction, {kind}", "ms", "MIX", f"mix, longest transaction, {kind}", "limit", f"plain, longest transaction, {kind}", "plain calls", "", None)
      for kind in ("outbound", "dialer", "requests", "keeper", "inbound", "gateway", "applier", "guest", "sandbox")),
    ("MIX longest wait of the dialer for a lock", "ms", "MIX", "mix, longest wait for a lock", None, None, "", "<=", 10),
    ("HELD calls a second after minutes beside a stranger's snapshot", "calls/s", "HELD", "held, calls/s", "limit", "free, calls/s", "nobody holds one", ">=", 0.9),
    ("HELD processor time of all processes of the server a call", "us", "HELD", "held, CPU us", "limit", "free, CPU us", "nobody holds one", "", None),
    ("HELD size of the hot tables", "MB", "HELD", "held, MB", "limit", "free, MB", "nobody holds one", "<=", 2),
    *((f"CHAOS seconds to 90 % of the rate, {what}", "s", "CHAOS", f"{side}, s", None, None, "", "<=" if goal is not None else "", goal)
      for what, side, goal in (("after a restart", "restart", 10), ("after the end of all workers", "workers ended", 5), ("after the kill of one", "a worker killed", 10),
                               ("beside sessions that take all connections", "connections gone", 0), ("after a disk of 200 ms", "disk quick again", None))),
    ("CHAOS share of the rate while the disk takes 200 ms", "", "CHAOS", "slow disk, share of the rate", None, None, "", "", None),
    ("isolated call in a campaign of 28 lanes, WAL", "bytes", "ISOLATED", "WAL bytes", None, None, "", "<=", 16384),
    ("isolated call in a campaign of 28 lanes, statements of workers, top", "", "ISOLATED", "statements, top", None, None, "", "", None),
    ("isolated call in a campaign of 28 lanes, statements of workers, all", "", "ISOLATED", "statements, all", None, None, "", "", None),
    ("isolated call in a campaign of 28 lanes, statements planned again", "", "ISOLATED", "statements planned more than three times", None, None, "", "<=", 0),
    *((f"a call of {size} a batch beside 1,000 tenants at rest, processor time of {part}", "us", "ISOLATED", f"{size} a batch, CPU us{side}", None, None, "", "<=" if not side else "", goal if not side else None)
      for size, goal in ((1, 5000), (4, 1800), (16, 850)) for part, side in (("all workers", ""), ("outbound", " of outbound"), ("inbound and applier", " of inbound and applier"))),
    *((f"LEADS page of 50, {sort}{filter}, {p}", "ms", "LEADS", f"{sort}{filter}, {p}", None, None, "", "<=" if p == "p99" else "", 20 if p == "p99" else None)
      for sort in ("id", "name", "last_call", "next_try")
      for filter in ("", *(f", {f}" for f in ("stage pending", "stage retry", "stage contacted", "stage failed", "stage do_not_call", "outcome no_answer",
        "outcome callback", "outcome interested", "outcome wrong_number", "needs follow-up", "needs none", "campaign of all", "campaign of one in fifty")))
      for p in ("p50", "p99")),
    ("LEADS page of 50, id, p99, beside one by hand", "ms", "LEADS", "id, p99", "limit", "page by hand, p99", "WHERE lead_id > $1 ORDER BY lead_id LIMIT 50", "", None),
    # The goals are 28 and 8 times pgledger, which does 0.41 and 0.33 of what plain PL/pgSQL does (measured together once, elsewhere).
    ("G8 ledger in batches of 100, one hot account", "transfers/s", "G8", "hot, batches", "peer", "hot, plpgsql", "plain PL/pgSQL, one call a commit", ">=", 11.4),
    ("G8 ledger in batches of 100, one hot account", "transfers/s", "G8", "hot, batches", "limit", "hot, limit", "set-based, without rules", "", None),
    ("G8 ledger in batches of 100, 1,000 accounts", "transfers/s", "G8", "spread, batches", "peer", "spread, plpgsql", "plain PL/pgSQL, one call a commit", ">=", 2.6),
    ("G8 ledger in batches of 100, 1,000 accounts", "transfers/s", "G8", "spread, batches", "limit", "spread, limit", "set-based, without rules", "", None),
    ("G8 ledger in batches of 100, one live grant", "transfers/s", "G8", "1 live grants, batches", "peer", "0 live grants, batches", "the same without grants", "", None),
    ("G8 ledger in batches of 100, five live grants", "transfers/s", "G8", "5 live grants, batches", "peer", "0 live grants, batches", "the same without grants", "", None),
    ("G8 ledger, one call a commit, one hot account", "transfers/s", "G8", "hot, single", "peer", "hot, plpgsql", "plain PL/pgSQL, one call a commit", ">=", 1.0),
    ("G8 ledger, one call a commit, 1,000 accounts", "transfers/s", "G8", "spread, single", "peer", "spread, plpgsql", "plain PL/pgSQL, one call a commit", ">=", 1.0),
]
for kind, goal in [("select of one row by its key", 1.05), ("select of 200 rows", 1.01), ("insert of one row", 1.05), ("insert of 200 rows", 1.01)]:
    GOALS.append((f"G9 row-level security, {kind}", "instructions", "G9", f"{kind}, on", "limit", f"{kind}, off", "the same by hand, without", "<=", goal))
for kind in ("dial of a call", "report of a call", "balance", "active_calls", "activity", "lead by its number", "campaign_progress"):
    for size in ("leads", "tenants", "turns"):
        GOALS.append((f"G10 {kind}: many {size}", "us", "G10", f"{kind}, many {size}", "limit", f"{kind}, few {size}", "few", "<=", 1.2))
GOALS += [
    ("G11 launch of a large campaign", "s", "G11", "seconds", None, None, "", "<=", 8),
    ("G11 launch, leads a second", "leads/s", "G11", "rate", "limit", "insert", "INSERT ... SELECT of as many queue rows", "", None),
    ("G11 another tenant's enqueued to answered meanwhile, p99", "ms", "G11", "p99", None, None, "", "<=", 5),
    ("G11 another tenant's enqueued to answered meanwhile, p50", "ms", "G11", "p50", None, None, "", "", None),
    ("G12 idle: statements a minute", "", "G12", "statements", None, None, "", "<=", 0),
    ("G12 idle: statements a minute of others: pg-boss", "", "G12", "pg-boss statements", None, None, "", "", None),
    ("G12 idle: statements a minute of others: graphile-worker", "", "G12", "graphile statements", None, None, "", "", None),
    ("G12 idle: wake-ups a minute of all workers", "", "G12", "wakeups", None, None, "", "<=", 10),
    ("G12 idle: processor time a minute of all workers", "ms", "G12", "cpu", None, None, "", "<=", 10),
]
for carrier in ("vapi", "twilio", "plivo", "vonage", "telnyx", "exotel", "asterisk"):
    GOALS.append((f"driver {carrier}: build a request", "ns", "DRIVERS", f"{carrier} build", "limit", f"{carrier} dump", "jansson's dump of the same", "<=", 1.5))
    GOALS.append((f"driver {carrier}: read its reply", "ns", "DRIVERS", f"{carrier} read", "limit", f"{carrier} parse", "jansson's parse of the same", "<=", 1.5))
    GOALS.append((f"driver {carrier}: verify a webhook", "ns", "DRIVERS", f"{carrier} verify", "limit", f"{carrier} bare", "the bare cryptography", "<=", 1.2))
GOALS += [
    ("knowledge: a question among 10,000 passages, as a member, p50", "ms", "KNOWLEDGE", "ours p50", "peer", "peer p50", "full-text search under GIN, superuser, no row-level security", "", None),
    ("knowledge: a question among 10,000 passages, as a member, p99", "ms", "KNOWLEDGE", "ours p99", "peer", "peer p99", "full-text search under GIN, superuser, no row-level security", "", None),
    ("knowledge: a question among 10,000 passages, as a member, p99", "ms", "KNOWLEDGE", "ours p99", None, None, "", "<=", 5),
    ("knowledge: six words of a passage find it among the best five", "%", "KNOWLEDGE", "ours found", "peer", "peer found", "ts_rank", ">=", 1.0),
    ("knowledge: tables read whole", "", "KNOWLEDGE", "ours read whole", None, None, "", "<=", 0),
    ("listings: a question with typing errors among 100,000 of a million, p99", "ms", "LISTINGS", "misspelt p99", None, None, "", "<=", 10),
    ("listings: a question of the 20 commonest words, p99", "ms", "LISTINGS", "common p99", None, None, "", "<=", 10),
    ("listings: place, price and bedrooms, p99", "ms", "LISTINGS", "filters p99", None, None, "", "<=", 10),
    ("listings: the same and two words, p99", "ms", "LISTINGS", "both p99", None, None, "", "<=", 10),
    ("listings: six words of one, three misspelt, find it among the best ten", "%", "LISTINGS", "misspelt found", None, None, "", ">=", 95),
    ("listings: tables read whole", "", "LISTINGS", "read whole", None, None, "", "<=", 0),
    *((f"figures of a tenant with {FIGURED} calls, as a member: {side}, p99", "ms", "FIGURES", f"{side} p99", None, None, "", "<=", 20)
      for side in ("overview", "today", "21 days", "campaign")),
    (f"search among {FIGURED} calls, 1 to 3 words, half with filters, p99", "ms", "FIGURES", "search p99", None, None, "", "<=", 100),
    ("figures and words of a call, folded: CPU", "us", "FIGURES", "fold, CPU us", None, None, "", "<=", 150),
    ("figures and words of a call: disk", "bytes", "FIGURES", "bytes a call", None, None, "", "", None),
    *((f"export of calls with all their columns, {side}", "rows/s", "FIGURES", f"export {side}", None, None, "", "", None) for side in ("csv", "ndjson", "copy")),
    *((f"calls as a {side} by the exporter", "rows/s", "FIGURES", side, None, None, "", ">=" if goal else "", goal)
      for side, goal in (("file csv", 200000), ("file csv, 12 columns", None), ("file xlsx", None), ("file xlsx, 12 columns", 50000))),
    ("bookings of one slot by 16 sessions, p99", "ms", "RECEPTION", "p99 of a booking, ms", None, None, "", "<=", 50),
    ("bookings of one slot by 16 sessions", "bookings/s", "RECEPTION", "bookings a second", None, None, "", "", None),
    ("bookings of one slot: refused", "", "RECEPTION", "refused", None, None, "", "<=", 0),
    ("bookings of one slot: that share a slot", "", "RECEPTION", "that share a slot", None, None, "", "<=", 0),
    ("a call that comes in: its answer in the database, p99", "ms", "RECEPTION", "p99 of an answer to a call, ms", None, None, "", "<=", 50),
    ("a tool in a call, alone, in the database, p99", "ms", "RECEPTION", "p99 of a tool, alone, ms", None, None, "", "<=", 15),
    ("a tool in a call, 50 a second, in the database, p99", "ms", "RECEPTION", "p99 of a tool, 50 a second, ms", None, None, "", "<=", 40),
    ("a month of a tenant: a plan, a pack, 100 calls, invoices", "tenants/s", "MONEY", "months of a tenant a second", None, None, "", ">=", 167),
    ("a month of a tenant, processor", "us", "MONEY", "months of a tenant a second, CPU us", None, None, "", "", None),
    ("a month of tenants: what is wrong", "", "MONEY", "what is wrong", None, None, "", "<=", 0),
    ("free_slots(): the first 50 in a year with 1,000 appointments", "ms", "RECEPTION", "first 50", None, None, "", "<=", 1),
    ("free_slots(): all of that year", "ms", "RECEPTION", "all", None, None, "", "<=", 5),
    *((f"a call that we hold, network on: {name}", unit, "MEDIA", side, kind, f"siphon-ai, {side}" if kind else None, "siphon-ai, 200 calls on four processors" if kind else "", sign, goal)
      for name, unit, side, kind, sign, goal in (
          ("calls at once whose callers were on time", "", "calls at once", None, ">=", 400), ("refused", "", "refused", None, "<=", 0),
          ("of a core", "%", "core a call, %", "peer", "", None), ("of a core", "%", "core a call, %", None, "<=", 0.3),
          ("memory", "kB", "memory a call, kB", "peer", "", None), ("memory", "kB", "memory a call, kB", None, "<=", 64),
          ("first sound, p50", "ms", "first sound p50, ms", None, "", None),
          ("first sound, p95", "ms", "first sound p95, ms", "peer", "", None), ("first sound, p95", "ms", "first sound p95, ms", None, "<=", 20),
          ("first sound, 20 begin a second, p50", "ms", "first sound p50, 20 begin a second, ms", None, "", None),
          ("first sound, 20 begin a second, p95", "ms", "first sound p95, 20 begin a second, ms", None, "<=", 20),
          ("frames late at the caller (siphon-ai: lost)", "%", "frames late, %", "peer", "", None))),
    ("memory that 10,000 calls leave", "kB", "MEDIA", "growth over calls, kB", None, None, "", "<=", 1024),
    ("frames late at the caller", "", "MEDIA", "frames late", None, None, "", "<=", 0),
    ("frames late by our clock", "", "MEDIA", "frames late by our clock", None, None, "", "<=", 0),
    ("frames lost", "", "MEDIA", "frames lost", None, None, "", "<=", 0),
    ("silence between a person's last sample and our first, p50", "ms", "GAP", "ours p50, ms", "peer", "fixed p50, ms", "500 ms of silence", "", None),
    ("silence between a person's last sample and our first, p50", "ms", "GAP", "ours p50, ms", None, None, "", "<=", 250),
    ("silence between a person's last sample and our first, p95", "ms", "GAP", "ours p95, ms", None, None, "", "<=", 600),
    ("turns with pauses inside that we cut", "%", "GAP", "ours cut, %", "peer", "fixed cut, %", "500 ms of silence", "", None),
    ("turns with pauses inside that we cut", "%", "GAP", "ours cut, %", None, None, "", "<=", 4),
    ("last word to our first sound beyond the pause that ends an answer, p50", "ms", "MEDIA", "answer beyond the rule p50, ms", None, None, "", "<=", 20),
    ("last word to our first sound beyond the pause that ends an answer, p95", "ms", "MEDIA", "answer beyond the rule p95, ms", None, None, "", "<=", 50),
    ("a sound over ours: until we are silent at the wire, p95", "ms", "MEDIA", "silent after, p95 ms", None, None, "", "<=", 60),
    *((f"a sound over ours, {kind}: given way to", "%", "MEDIA", f"given way to, {kind}, %", None, None, "", sign, goal)
      for kind, sign, goal in (("word", ">=", 97), ("cough", "<=", 5), ("mhm", "<=", 5), ("echo", "<=", 5))),
    *((f"a sound over ours, {kind}: verdict, p95", "ms", "MEDIA", f"verdict p95, {kind}, ms", None, None, "", "<=", 500) for kind in ("word", "cough", "mhm", "echo")),
    ("embedded ear, sentences of its grammar: words wrong", "%", "MEDIA", "words wrong, %", None, None, "", "<=", 10),
    ("embedded ear, other sentences: taken for a phrase", "%", "MEDIA", "foreign taken, %", None, None, "", "<=", 2),
    ("prompt test: 1,000 talks with the embedded model, one backend", "s", "TALKS", "one", None, None, "", "", None),
    ("prompt test: 1,000 talks with the embedded model, two backends", "s", "TALKS", "two", None, None, "", "<=", 10),
    ("prompt test: turns of a talk, at least", "", "TALKS", "turns", None, None, "", ">=", 8),
    ("prompt test: reports that differ for the same seed", "", "TALKS", "differ", None, None, "", "<=", 0),
]
# What a call costs, by phase: all of the same shape.
COSTS = [
    "CPU of outbound, us", "CPU of inbound and applier, us", "statements, top", "statements, all", "WAL bytes", "WAL bytes of page images", "row versions inserted",
    "row versions updated", "row versions updated, HOT", "row versions deleted", "row locks", "index entries",
]
GOALS += [(f"cost of a call, {phase}: {cost}", "", "COST", f"{phase}: {cost}", "limit", f"plain {phase}: {cost}", "a plain call", "", None) for phase in ("dial", "webhooks", "whole") for cost in COSTS]
SIZES = [
    ("calls from dial to settlement, an hour, by one core", "", "calls an hour a core"),
    ("disk of a lead in a campaign, with its consent and indexes", "bytes", "lead"),
    ("disk of a call, tables", "bytes", "tables"), ("disk of a call, indexes", "bytes", "indexes"), ("disk of a million calls", "MB", "MB of a million"),
    ("disk of a call when retention has taken what its defaults say", "bytes", "kept"),
    ("memory of the launcher", "MB", "launcher MB"),
    *((f"memory of the worker {kind}, {when}", "MB", f"{kind} MB{suffix}") for when, suffix in (("idle", ""), ("after the calls", ", busy"))
      for kind in ("outbound", "dialer", "requests", "keeper", "inbound", "gateway", "applier")),
]
GOALS += [(name, unit, "SIZING", side, None, None, "", "", None) for name, unit, side in SIZES]
# Which name of `regress/bench/run` makes a figure.
COMMANDS = {"RULES": "G2", "G3": "SERVICE", "G4": "SERVICE", "G7": "SERVICE"}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def bound(name):
    return max(((len(start), why) for start, why in BOUNDS.items() if name.startswith(start)), default=(0, ""))[1]


def shown(values):
    if not values:
        return "-"
    middle = number(statistics.median(values))
    return middle if len(values) == 1 or min(values) == max(values) else f"{middle} ({number(min(values))}..{number(max(values))})"


def main():
    values = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        if line.startswith("RESULT\t") and not line.endswith("\t\n"):
            _, figure, side, value = line.rstrip("\n").split("\t")
            values.setdefault((figure, side), []).append(float(value))
    rows = []
    for order, (name, unit, figure, ours, kind, other, other_name, sign, goal) in enumerate(GOALS):
        mine = values.get((figure, ours), [])
        theirs = values.get((figure, other), []) if other else []
        if not mine or (other and not theirs and goal is None):
            continue
        value = statistics.median(mine)
        ratio = value / statistics.median(theirs) if theirs and statistics.median(theirs) else None
        judged = ratio if other else value
        met = None if goal is None or judged is None else (judged >= goal if sign == ">=" else judged <= goal)
        rows.append({"figure": name, "unit": unit, "value": value, "ours": mine, "kind": kind, "beside": other_name, "theirs": theirs, "ratio": ratio,
                     "goal": None if goal is None else f"{sign} {goal:g}{' x' if other else ''}", "met": met, "bound": bound(name) if met is False else "", "order": order,
                     "command": f"regress/bench/run {COMMANDS.get(figure, figure)}", "runs": len(mine),
                     "load": round(os.getloadavg()[1], 1), "processors": os.cpu_count()})
    head = ("figure", "ours", "peer", "limit", "ratio", "goal", "")
    lines = [head] + [(f"{r['figure']}{', ' + r['unit'] if r['unit'] else ''}", shown(r["ours"]),
                       f"{r['beside']}: {shown(r['theirs'])}" if r["kind"] == "peer" else "", f"{r['beside']}: {shown(r['theirs'])}" if r["kind"] == "limit" else "",
                       "" if r["ratio"] is None else f"{r['ratio']:.2f} x", r["goal"] or "", "" if r["met"] is None else "met" if r["met"] else "NOT MET") for r in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    if rows:
        judged = [r for r in rows if r["met"] is not None]
        print(f"{sum(r['met'] for r in judged)} of {len(judged)} goals met")
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


main()
