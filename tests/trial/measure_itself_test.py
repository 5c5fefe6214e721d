"""measure_itself_test.py FTAUDIT SCHEMA [TIMES]: what `ftaudit measure` says of one build beside itself. Never less or more, however
often; two measurements of one thing overlap; and what is planted is found: one part in twenty where the machine is quiet enough to
show it. On a louder one "cannot tell" is the right answer, and twice as much is planted, until the work itself is doubled.

Both sides are the build with the GIL, and one of them claims to be the other: an environment whose first line says so, and a script
that lets the free-threaded build answer what the build is. Returns 77 when there is no free-threaded Python with its twin."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema
import trial_test

CLAIM = "import sys; sys.side = %d; sys._is_gil_enabled = lambda: not sys.side\n"  # of a .pth file: before anybody asks
JOBS = """
import os, sys

SIDE, MORE = os.environ["PLANTED"].split()
PARTS = 20 + int(MORE) * (SIDE == str(sys.side))


def work():
    for _ in range(PARTS):
        sum(number * number for number in range(1000))
    return 1
"""


def side(folder, number, runs, claims):
    """A Python that runs as `runs` does and says that it was built as `claims` was."""
    home = folder / f"side{number}"
    subprocess.run([runs, "-m", "venv", "--without-pip", home], check=True)
    (next(home.glob("lib/python3.*/site-packages")) / "claim.pth").write_text(CLAIM % number)
    python = home / "bin" / "side"
    python.write_text(f'#!/bin/sh\n[ "$2" = -S ] && exec \'{claims}\' "$@"\nexec \'{home}/bin/python3\' "$@"\n')
    python.chmod(0o755)
    return python


def rows(ftaudit, schema, folder, sides, planted="none 0"):
    done = subprocess.run(
        [ftaudit, "measure", "--call", "jobs:work", "--gil-python", sides[0], "--python", sides[1], "--budget", "2m", "--format", "json"],
        cwd=folder, capture_output=True, text=True, timeout=900, env={**os.environ, "PLANTED": planted})
    assert done.returncode in (0, 3), (done.returncode, done.stdout[-2000:], done.stderr)
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    for one in report["rows"]:
        print(f"  {one['quantity']}: {one['answer']}, {one['ratio']['low']:.3f} to {one['ratio']['high']:.3f}, {one['ratio']['pairs']} pairs", flush=True)
    return {one["quantity"]: one for one in report["rows"]}


def overlap(one, other):
    return one["low"] <= other["high"] and other["low"] <= one["high"]


def find_planted(ftaudit, schema, folder, sides, slower, answer):
    for more in (1, 2, 4, 8, 20):
        print(f"{more} in twenty on side {slower}", flush=True)
        found = rows(ftaudit, schema, folder, sides, f"{slower} {more}")["CPU time"]
        if found["answer"] != "cannot-tell":
            break
    assert found["answer"] == answer, found


def check(ftaudit, schema, folder, with_gil, free, times):
    (folder / "jobs.py").write_text(JOBS)
    sides = side(folder, 0, with_gil, with_gil), side(folder, 1, with_gil, free)
    measured = []
    for number in range(times):
        print(f"itself, {number + 1}", flush=True)
        measured.append(rows(ftaudit, schema, folder, sides))
        for one in measured[-1].values():
            assert one["answer"] in ("equal", "cannot-tell"), one
    for one, other in zip(measured, measured[1:]):
        for quantity in one:
            if not overlap(one[quantity]["ratio"], other[quantity]["ratio"]):  # of 95 %: two in a hundred may miss, not twice
                again = rows(ftaudit, schema, folder, sides)[quantity]["ratio"]
                assert overlap(one[quantity]["ratio"], again) or overlap(other[quantity]["ratio"], again), (quantity, one, other, again)
    find_planted(ftaudit, schema, folder, sides, "1", "more")
    find_planted(ftaudit, schema, folder, sides, "0", "less")


def main(ftaudit, schema, times="2"):
    pair = trial_test.twins(ftaudit)
    if pair is None:
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return trial_test.SKIPPED
    free, with_gil = pair
    with tempfile.TemporaryDirectory(prefix="measure-") as name:
        check(ftaudit, json.loads(pathlib.Path(schema).read_text()), pathlib.Path(name).resolve(), with_gil, free, int(times))
    print(f"{times} times beside itself: never less, never more")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
