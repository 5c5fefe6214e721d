"""The extensions of the corpus and what is expected of a scan of each.

A line of source says what is to be found there, like the cases of the rules: `expect: FT104`; `false-alarm: FT104` for a
known false alarm and `missed: FT104` for a known miss, which fail the day that behaviour changes. Two findings of one
rule on a line take two ids. `side: FT302` says that whoever is here takes part in a finding placed elsewhere. What
belongs to no line is in `expected.json`: the exit code, the modules with what they declare, and the files skipped with
a part of the reason. "translated" has the modules of those skipped files that are audited after all, and nothing found
in them, on a machine where Cython is. Where there is "confirm", it is what running the extension has to say: every
finding, as rule and function, with its verdict; what was only seen (FT901 and on) among them.
"""

import collections
import json
import pathlib
import re

SOURCES = {".c", ".cc", ".cpp", ".cxx", ".h", ".hpp"}
MARK = re.compile(r"\b(expect|false-alarm|missed|side):((?:[ ,]*\bFT\d{3}\b)+)")


class Extension:
    def __init__(self, folder):
        self.folder = folder
        self.name = folder.name
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        self.exit = expected["exit"]
        self.modules = expected["modules"]
        self.skipped = expected["skipped"]
        self.translated = expected.get("translated", {})
        self.confirm = expected.get("confirm")  # None: not run
        self.sources = sorted(path for path in folder.rglob("*") if path.suffix in SOURCES)

    def marks(self):
        """What a scan is to find, as a count of (file, line, rule), and the rules of all marks, misses included."""
        findings, rules = collections.Counter(), set()
        for path in self.sources:
            file = path.relative_to(self.folder).as_posix()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                for kind, ids in MARK.findall(line):
                    for rule in re.findall(r"FT\d{3}", ids):
                        rules.add(rule)
                        if kind in {"expect", "false-alarm"}:
                            findings[file, number, rule] += 1
        return findings, rules

    def side_marks(self):
        """(file, line, rule) of each place that is to be named as a side."""
        for path in self.sources:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                for kind, ids in MARK.findall(line):
                    if kind == "side":
                        yield from ((path.relative_to(self.folder).as_posix(), number, rule) for rule in re.findall(r"FT\d{3}", ids))


def extensions(corpus):
    found = [Extension(path.parent) for path in sorted(pathlib.Path(corpus).glob("*/expected.json"))]
    if len(found) < 5:
        raise SystemExit(f"only {len(found)} extensions in {corpus}")
    return found
