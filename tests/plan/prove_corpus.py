"""prove_corpus.py FTAUDIT CORPUS NAME...: extensions whose races are there before their plan and gone with it.

`plan --prove` has to see happen what the steps end, and not once they are made; the tests pass before and after, and what a
call costs one thread is told. FTAUDIT_BUDGET (60s) is the time of each of its two runs. FTAUDIT_ROUNDS (0) says how often
the mended copy is confirmed besides: each time nothing that the steps end may be seen. Returns 77 when the Pythons that
confirm needs are not there."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
BUDGET = os.environ.get("FTAUDIT_BUDGET", "60s")


def runners(ftaudit):
    listed = subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=120).stdout.splitlines()
    plain = [line for line in listed if len(line.split()) > 2 and line.lstrip("* ").split()[0].endswith("t") and " interpreter " in line]
    return bool(plain) and any(" TSan build " in line for line in listed)


def proof(ftaudit, folder, budget):
    return subprocess.run([ftaudit, "plan", folder, "--prove", "--budget", budget], capture_output=True, text=True, timeout=1800)


def prove(ftaudit, folder):
    done = proof(ftaudit, folder, BUDGET)
    if ": 0 before, 0 after; of all else: 0 before" in done.stdout:  # a busy machine: a race needs two threads that run
        done = proof(ftaudit, folder, "4m")
    print(done.stdout[done.stdout.find("proof:"):] + done.stderr[-1500:], flush=True)
    if done.returncode != 0:
        yield f"exit {done.returncode}, not 0"
    seen = re.search(r"of what these steps end: (\d+) before, (\d+) after; of all else: (\d+) before, (\d+) after", done.stdout)
    if not seen:
        yield "it does not say what was seen to happen"
    elif int(seen[1]) == 0 or any(int(count) for count in seen.groups()[1:]):
        yield f"seen {seen[1]} before and {seen[2]} after of what the steps end, and {seen[3]} and {seen[4]} of all else"
    for when in ("before", "after"):
        if not re.search(rf"{when}: the tests on the plain build: .*passed", done.stdout):
            yield f"no passed tests {when}"
        if re.search(rf"{when}: the tests on the plain build: .*failed", done.stdout):
            yield f"failed tests {when}"
    told = re.search(r"lowest to highest\):\n((?:    .+\n)+)", done.stdout)
    costs = re.findall(r"(\d+\.\d\d) \((\d+\.\d\d) to (\d+\.\d\d)\)$", told[1], re.M) if told else []
    if not costs:
        yield "what a call costs is not told"
    if any(not float(low) <= float(median) <= float(high) for median, low, high in costs):
        yield f"costs that are not between their lowest and highest: {costs}"


def stays_silent(ftaudit, folder, rounds):
    """The plan made in a copy; a scan has nothing to say of it, nor has any run."""
    with tempfile.TemporaryDirectory(prefix="proven-") as scratch:
        copy = pathlib.Path(scratch) / folder.name
        shutil.copytree(folder, copy)
        made = subprocess.run([ftaudit, "plan", copy, "--fix"], capture_output=True, text=True, timeout=600)
        if made.returncode not in (0, 1):
            yield f"the plan could not be made: {made.stderr}"
        scanned = subprocess.run([ftaudit, "scan", copy], capture_output=True, text=True, timeout=600)
        if scanned.returncode != 0:
            yield f"a scan of the mended copy ends with {scanned.returncode}: {scanned.stdout[-1500:]}"
        for number in range(1, rounds + 1):
            out, began = pathlib.Path(scratch) / "report.json", time.monotonic()
            subprocess.run([ftaudit, "confirm", copy, "--budget", BUDGET, "--format", "json", "-o", out, "--seed", str(number),
                            "--reproducers", pathlib.Path(scratch) / "reproducers"], capture_output=True, text=True, timeout=1800)
            seen = [f"{finding['rule']} {finding['function']}" for finding in json.loads(out.read_text())["findings"]
                    if finding["witness"] and finding["witness"]["verdict"] == "confirmed"]
            print(f"{folder.name}: run {number} of {rounds}, {time.monotonic() - began:.0f} s, {seen or 'silent'}", flush=True)
            if seen:
                yield f"run {number} saw {seen}"


def main(ftaudit, corpus, *names):
    if not runners(ftaudit):
        print("skipped: confirm needs a free-threaded Python and one with ThreadSanitizer; "
              "`ftaudit python install 3.13t` and `ftaudit python install 3.13t --tsan` build them")
        return SKIPPED
    rounds, failures = int(os.environ.get("FTAUDIT_ROUNDS", "0")), []
    for name in names:
        folder = pathlib.Path(corpus) / name
        found = [] if rounds else list(prove(ftaudit, folder))
        failures += [f"{name}: {what}" for what in [*found, *stays_silent(ftaudit, folder, rounds)]]
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
