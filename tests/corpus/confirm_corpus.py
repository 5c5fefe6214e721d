"""confirm_corpus.py FTAUDIT CORPUS [NAME...]: runs every extension that has verdicts beside it, and compares.

FTAUDIT_ROUNDS (1) says how many runs in a row must give the same; FTAUDIT_BUDGET (10m) how long one may take. Returns 77 when
the Pythons that confirm needs are not there."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from extensions import extensions

SKIPPED = 77


def runners(ftaudit):
    """Whether a plain free-threaded Python and one with ThreadSanitizer are there."""
    listed = subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=120).stdout.splitlines()
    plain = [line for line in listed if len(line.split()) > 2 and line.lstrip("* ").split()[0].endswith("t") and " interpreter " in line]
    return bool(plain) and any(" TSan build " in line for line in listed)


def verdicts(report):
    """Each finding as rule and function, with its verdict."""
    found = collections.Counter()
    for finding in report["findings"]:
        verdict = finding["witness"]["verdict"] if finding["witness"] else "none"
        found[" ".join(filter(None, (finding["rule"], finding["function"]))), verdict] += 1
    return found


def confirm(ftaudit, extension, scratch, budget):
    out = pathlib.Path(scratch) / "report.json"
    done = subprocess.run([ftaudit, "confirm", extension.folder, "--budget", budget, "--format", "json", "-o", out,
                           "--reproducers", pathlib.Path(scratch) / "reproducers"], capture_output=True, text=True, timeout=3600)
    try:
        return verdicts(json.loads(out.read_text())), done
    except (OSError, ValueError) as error:
        return {("no report", str(error)): 1}, done


def main(ftaudit, corpus, *names):
    if not runners(ftaudit):
        print("skipped: confirm needs a free-threaded Python and one with ThreadSanitizer; "
              "`ftaudit python install 3.13t` and `ftaudit python install 3.13t --tsan` build them")
        return SKIPPED
    rounds, budget = int(os.environ.get("FTAUDIT_ROUNDS", "1")), os.environ.get("FTAUDIT_BUDGET", "10m")
    looked, wrong = 0, 0
    for extension in extensions(corpus):
        if extension.confirm is None or (names and extension.name not in names):
            continue
        looked += 1
        wanted = collections.Counter(extension.confirm.items())
        for number in range(1, rounds + 1):
            began = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="confirm-") as scratch:
                found, done = confirm(ftaudit, extension, scratch, budget)
            print(f"{extension.name}: run {number} of {rounds}, {time.monotonic() - began:.0f} s, {'as expected' if found == wanted else 'WRONG'}", flush=True)
            if found == wanted:
                continue
            wrong += 1
            for what, count in sorted((wanted - found).items()):
                print(f"  expected, not said: {what[0]}: {what[1]}" + (f" ({count} times)" if count > 1 else ""))
            for what, count in sorted((found - wanted).items() if isinstance(found, collections.Counter) else found.items()):
                print(f"  said, not expected: {what[0]}: {what[1]}" + (f" ({count} times)" if count > 1 else ""))
            print("".join(f"  | {line}\n" for line in done.stderr.splitlines()[-25:]), end="", flush=True)
    if looked == 0:
        print("no extension of that name has verdicts")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
