"""The table of a bench: report.py RESULTS [JSON].  RESULTS has lines "RESULT figure side value", one a round."""
import json
import statistics
import sys

# figure, ours, other, is the other a limit, what the ratio (or the value) should be
GOALS = [
    ("G1 import, rows/s", "G1", "ours", "sql", "tuned SQL", ">=", 2.0),
    ("G1 import, rows/s", "G1", "ours", "limit", "limit", ">=", 0.65),
    ("G2 queue (ours: whole claim), jobs/s", "G2", "ours", "graphile-worker", "graphile-worker", ">=", 2.0),
    ("G2 queue (ours: whole claim), jobs/s", "G2", "ours", "limit", "bare SKIP LOCKED", ">=", 0.9),
    ("queue with all rules of the law, jobs/s", "RULES", "on", "off", "without them", ">=", 0.77),
    ("queue beside retention, jobs/s", "RETENTION", "beside", "alone", "alone", ">=", 0.5),
    ("lock waits over 10 ms beside retention", "RETENTION", "lock waits", None, "", "<=", 0),
    ("preview of 100,000 leads, ms", "PREVIEW", "ms", None, "", "<=", 2000),
    ("G3 dispatch (ours: whole), calls/s", "G3", "ours", "graphile-worker + http", "graphile-worker + http", ">=", 2.3),
    ("G4 whole dispatch, calls/s", "G4", "calls/s", None, "", ">=", 10000),
    ("G4 CPU of the worker, us/call", "G4", "CPU us/call", None, "", "", None),
    ("G4 WAL, bytes/call", "G4", "WAL bytes/call", None, "", "", None),
    ("G7 webhooks applied/s", "G7", "ours, applied", "Node + SQL function", "Node + SQL function", ">=", 2.6),
    ("G7 webhooks answered when durable/s", "G7", "ours, answered", "Node + SQL function", "Node + SQL function", ">=", 5.0),
    ("G7 p99 of the answer, ms", "G7", "ours, p99 ms", None, "", "<=", 4.0),
    ("G7 CPU of the worker, us/webhook", "G7", "ours, CPU us/webhook", None, "", "", None),
]
# What a call costs, by phase: all of the same shape.
COSTS = [
    "CPU of outbound, us", "CPU of inbound, us", "statements, top", "statements, all", "WAL bytes", "WAL bytes of page images", "row versions inserted",
    "row versions updated", "row versions updated, HOT", "row versions deleted", "row locks", "index entries",
]
GOALS += [(f"cost of a call, {phase}: {cost}", "COST", f"{phase}: {cost}", None, "", "", None) for phase in ("dial", "webhooks", "whole") for cost in COSTS]


def main():
    values = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        if not line.startswith("RESULT\t"):
            continue
        _, figure, side, value = line.rstrip("\n").split("\t")
        values.setdefault((figure, side), []).append(float(value))

    def shown(one):
        if not one:
            return "-"
        return f"{statistics.median(one):,.0f} ({min(one):,.0f}..{max(one):,.0f})" if max(one) >= 100 else \
            f"{statistics.median(one):.2f} ({min(one):.2f}..{max(one):.2f})"

    rows = []
    for name, figure, ours, other, other_name, sign, goal in GOALS:
        mine = values.get((figure, ours), [])
        theirs = values.get((figure, other), []) if other else []
        if not mine:
            continue
        measure = statistics.median(mine)
        ratio = measure / statistics.median(theirs) if theirs else None
        judged = ratio if other else measure
        met = None if goal is None or judged is None else (judged >= goal if sign == ">=" else judged <= goal)
        rows.append({"figure": name, "ours": mine, "beside": other_name, "theirs": theirs, "ratio": ratio, "goal": goal, "met": met})
        print(f"{name:52} {shown(mine):28} {other_name or '':24} {shown(theirs) if other else '':28} "
              f"{'' if ratio is None else f'{ratio:.2f} x':9} {'' if goal is None else f'{sign} {goal:g}':9} "
              f"{'' if met is None else 'met' if met else 'NOT MET'}".rstrip())
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


main()
