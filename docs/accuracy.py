#!/usr/bin/env python3
"""Writes docs/accuracy.md: what a scan finds of what is known to be there, measured now.

  docs/accuracy.py FTAUDIT                                   the corpus and the rules' own known limits
  docs/accuracy.py FTAUDIT --set SET.json --sources FOLDER   also bugs that maintainers mended in real projects

SET.json is a list of {"id", "file", "function", "line", "category"}: the state before the fix lies in FOLDER/<id>; several
functions are separated by semicolons. A bug counts as found when a finding of its category is in that file, or has one of its
sides there, in one of those functions or within five lines of that one."""

import argparse
import collections
import json
import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "tests/corpus"))
from extensions import MARK, extensions  # noqa: E402


def report_of(ftaudit, folder):
    run = subprocess.run([ftaudit, "-q", "scan", folder, "--no-cache", "--format", "json", "--min-severity", "info", "--min-confidence",
                          "possible"], capture_output=True, text=True)
    return json.loads(run.stdout) if run.stdout.startswith("{") else {"findings": [], "summary": {}}


def share(part, whole):
    return f"{part} of {whole}" + (f" ({100 * part / whole:.0f} %)" if whole else "")


def corpus_lines(ftaudit):
    """Marks are of what is truly there: false alarms are findings that should not be, misses what should be and is not."""
    total = collections.Counter()
    yield "| extension | hazards in it | found | false alarms |"
    yield "|---|---|---|---|"
    for extension in extensions(TOP / "corpus"):
        real, missed = collections.Counter(), 0
        for path in extension.sources:
            name = path.relative_to(extension.folder).as_posix()
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for kind, ids in MARK.findall(line):
                    for rule in re.findall(r"FT\d{3}", ids):
                        if kind == "expect":
                            real[name, number, rule] += 1
                        elif kind == "missed":
                            missed += 1
        found = collections.Counter((one["location"]["file"], one["location"]["line"], one["rule"])
                                    for one in report_of(ftaudit, extension.folder)["findings"])
        right, wrong = sum((real & found).values()), sum((found - real).values())
        there = sum(real.values()) + missed
        total.update(there=there, right=right, wrong=wrong)
        yield f"| {extension.name} | {there} | {right} | {wrong} |"
    yield f"| **all** | **{total['there']}** | **{total['right']}** | **{total['wrong']}** |"
    yield ""
    yield (f"Recall {share(total['right'], total['there'])}, precision "
           f"{share(total['right'], total['right'] + total['wrong'])}.")


def limits():
    """Known misses and false alarms that the rules' pages and cases keep as such."""
    kinds = collections.defaultdict(collections.Counter)
    for path in sorted((TOP / "rules").rglob("*")):
        if path.suffix in {".c", ".cpp", ".md"}:
            for kind, ids in MARK.findall(path.read_text()):
                for rule in re.findall(r"FT\d{3}", ids):
                    kinds[rule][kind] += 1
    yield "| rule | hazards found | known misses | known false alarms |"
    yield "|---|---|---|---|"
    for rule, counts in sorted(kinds.items()):
        if counts["missed"] or counts["false-alarm"]:
            yield f"| {rule} | {counts['expect']} | {counts['missed']} | {counts['false-alarm']} |"
    sums = sum(kinds.values(), collections.Counter())
    yield f"| **all rules** | **{sums['expect']}** | **{sums['missed']}** | **{sums['false-alarm']}** |"


def tells_of(finding, entry):
    """A finding is told once, with everybody who takes part: a bug may be one of the sides."""
    line, functions = entry.get("line", entry.get("line_pre", 0)), re.findall(r"\w+", entry["function"])
    places = [(finding["location"], finding["function"])] + [(side["location"], side["function"]) for side in finding["sides"]]
    return finding["category"] == entry["category"] and any(
        place["file"].endswith(entry["file"]) and (function.split("::")[-1] in functions or abs(place["line"] - line) <= 5)
        for place, function in places)


def measured(ftaudit, entries, sources):
    found, by_category = 0, collections.defaultdict(lambda: [0, 0])
    looked_at = 0
    for entry in entries:
        folder = sources / entry["id"]
        if not folder.exists():
            continue
        looked_at += 1
        hit = any(tells_of(one, entry) for one in report_of(ftaudit, folder)["findings"])
        found += hit
        by_category[entry["category"]][0] += hit
        by_category[entry["category"]][1] += 1
    yield f"{share(found, looked_at)} of the mended bugs are found before their fix; {len(entries) - looked_at} had no sources here."
    yield ""
    yield "| category | found | bugs |"
    yield "|---|---|---|"
    for category, (hits, all_of_it) in sorted(by_category.items()):
        yield f"| {category} | {hits} | {all_of_it} |"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("ftaudit")
    options.add_argument("--set", type=Path)
    options.add_argument("--sources", type=Path)
    options.add_argument("--out", type=Path, default=TOP / "docs/accuracy.md")
    o = options.parse_args()
    version = subprocess.run([o.ftaudit, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    lines = [
        "# How accurate it is", "",
        f"Written by `docs/accuracy.py` with {version}; nothing here is typed by hand.", "",
        "## The corpus", "",
        "Whole small extensions of `corpus/`. They were written together with the rules, so they show what the rules are meant to do "
        "and that they still do it; they say little about code that nobody here has seen.", "",
        *corpus_lines(o.ftaudit), "",
        "## Known limits", "",
        "The rules' own pages and cases keep what is known to be missed or told wrongly; a test fails the day that changes.", "",
        *limits(), "",
        "## Bugs that maintainers mended", "",
    ]
    if o.set and o.sources:
        lines += measured(o.ftaudit, json.loads(o.set.read_text()), o.sources)
    else:
        lines.append("Not measured in this run: no set of such bugs was given.")
    lines += ["", "No finding is no proof of safety: every report says at how many places the rules looked."]
    o.out.write_text("\n".join(lines) + "\n")
    print(o.out)


if __name__ == "__main__":
    main()
