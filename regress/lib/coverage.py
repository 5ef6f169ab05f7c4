"""The table of covered lines: coverage.py SOURCES COUNTS OUT.

SOURCES has the sources and, beside each object, what the compiler noted (.gcno); COUNTS has what the programs
counted (.gcda) below the whole path of the object.  A line is covered if any build of it ran it.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

GOAL = 90.0


def objects(sources, counts):
    """The pairs (noted, counted) of every object that ran."""
    for directory, _, names in os.walk(counts):
        for name in names:
            if name.endswith(".gcda"):
                counted = os.path.join(directory, name)
                noted = "/" + os.path.relpath(counted, counts)[:-5] + ".gcno"
                if os.path.exists(noted):
                    yield noted, counted


def lines_of(noted, counted):
    """(source, line, count) of one object."""
    with tempfile.TemporaryDirectory() as place:
        name = os.path.basename(noted)[:-5]
        shutil.copy(noted, f"{place}/{name}.gcno")
        shutil.copy(counted, f"{place}/{name}.gcda")
        out = subprocess.run(["gcov", "--json-format", "--stdout", f"{name}.gcda"], cwd=place,
                             capture_output=True, check=True).stdout
    for document in out.splitlines():
        for source in json.loads(document)["files"]:
            for line in source["lines"]:
                yield source["file"], line["line_number"], line["count"]


def main():
    sources, counts, out = (os.path.abspath(path) for path in sys.argv[1:4])
    ran = {}
    for noted, counted in objects(sources, counts):
        for source, line, count in lines_of(noted, counted):
            # The sanitized builds are copies of the same files.
            source = source.split("/.build/ubsan/")[-1].replace(sources + "/", "")
            if source.startswith(("extension/", "bgworkers/")) and not source.startswith("extension/pure/phone/phone_data"):
                lines = ran.setdefault(source, {})
                lines[line] = max(lines.get(line, 0), count)
    table = sorted((100 * sum(1 for count in lines.values() if count) / len(lines), source, len(lines))
                   for source, lines in ran.items() if lines)
    with open(f"{out}/uncovered", "w", encoding="utf-8") as file:
        for source in sorted(ran):
            for line in sorted(line for line, count in ran[source].items() if not count):
                file.write(f"{source}:{line}\n")
    for share, source, lines in table:
        print(f"{share:6.1f} %  {lines:5}  {source}")
    lines = sum(len(lines) for lines in ran.values())
    covered = sum(1 for one in ran.values() for count in one.values() if count)
    share = 100 * covered / lines if lines else 0.0
    print(f"{share:6.1f} %  {lines:5}  all of {len(ran)} files (goal: {GOAL:g} %, {'met' if share >= GOAL else 'NOT MET'})")
    with open(f"{out}/figures.json", "w", encoding="utf-8") as file:
        json.dump([{"figure": "lines of extension/ and bgworkers/ that tests run", "value": round(share, 1), "unit": "%",
                    "goal": f">= {GOAL:g}", "met": share >= GOAL, "count": lines}], file, indent=1)


main()
