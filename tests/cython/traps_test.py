"""Cython sources that mean harm: none runs code, reads elsewhere, writes into the tree, or takes the run down.

Run as: traps_test.py FTAUDIT FOLDER-FOR-CYTHONS
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sources_test import VERSIONS, fetched

HEAD = "# cython: language_level=3, freethreading_compatible=True\n"
FINE = HEAD + "def twice(x):\n    return 2 * x\n"


class Trap:
    def __init__(self, tool, prefix, scratch):
        self.tool = tool
        self.tree = scratch / "project"
        self.tree.mkdir()
        self.environment = dict(os.environ, VIRTUAL_ENV=str(prefix), XDG_CACHE_HOME=str(scratch / "cache"))
        self.complaints = []

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def scan(self, *more, path=None):
        before = {p: p.read_bytes() for p in self.tree.rglob("*") if p.is_file()}
        done = subprocess.run([self.tool, "scan", "--no-cache", "--format", "json", *more, str(path or self.tree)],
                              capture_output=True, text=True, env=self.environment, timeout=300, cwd=self.tree)
        after = {p: p.read_bytes() for p in self.tree.rglob("*") if p.is_file()}
        if before != after:
            self.complain(f"the tree changed: {sorted(str(p) for p in before.keys() ^ after.keys())}")
        if done.returncode not in (0, 1, 3):
            self.complain(f"exit code {done.returncode}: {done.stderr[-400:]}")
            return {"analysed": [], "skipped": [], "findings": []}
        self.said = done.stdout + done.stderr
        return json.loads(done.stdout)

    def complain(self, text):
        self.complaints.append(text)

    def expect(self, report, audited=(), skipped=()):
        there = {entry["file"] for entry in report["analysed"]}
        left = {entry["file"]: entry["reason"] for entry in report["skipped"]}
        for file in audited:
            if file not in there:
                self.complain(f"{file} was not audited: {left.get(file)}")
        for file, word in skipped:
            if word not in left.get(file, ""):
                self.complain(f"{file}: expected to be skipped with '{word}', but {left.get(file)!r}")


def own_cython(trap):
    """A project's cython.py, Cython package, sitecustomize and conftest are nobody's."""
    ran = trap.tree / "ran"
    code = f"open({str(ran)!r}, 'w').write('ran')\n"
    for name in ("cython.py", "Cython/__init__.py", "Cython/Compiler/__init__.py", "Cython/Compiler/Main.py", "sitecustomize.py",
                 "usercustomize.py", "setup.py", "__init__.py", "pkg/__init__.py", "re.py", "os.py"):
        trap.write(name, code)
    trap.write("pkg/fine.pyx", FINE + "import re\ncimport libc.stdlib\n")
    trap.expect(trap.scan(), audited=["pkg/fine.pyx"])
    if ran.exists():
        trap.complain("code of the project ran")


def endless(trap):
    """A constant that is never computed costs its own file."""
    trap.write("bomb.pyx", HEAD + "DEF N = 9 ** 9 ** 9\nx = N\n")
    trap.write("fold.pyx", HEAD + "x = 9 ** 9 ** 9 ** 9\n")
    trap.write("fine.pyx", FINE)
    began = time.monotonic()
    trap.expect(trap.scan("--timeout", "15"), audited=["fine.pyx"], skipped=[("bomb.pyx", "Cython"), ("fold.pyx", "Cython")])
    if time.monotonic() - began > 120:
        trap.complain(f"it took {time.monotonic() - began:.0f} s")


def elsewhere(trap):
    """What lies outside the project is not read, and nothing of it is repeated."""
    secret = trap.tree.parent / "secret.pxi"
    secret.write_text("password_of_the_house = 'swordfish'\n")
    trap.write("direct.pyx", HEAD + f'include "{secret}"\n')
    trap.write("upward.pyx", HEAD + 'include "../secret.pxi"\n')
    trap.write("system.pyx", HEAD + 'include "/etc/passwd"\n')
    (trap.tree / "linked.pxi").symlink_to(secret)
    trap.write("through_link.pyx", HEAD + 'include "linked.pxi"\n')
    report = trap.scan()
    trap.expect(report, skipped=[(f"{name}.pyx", "outside the project") for name in
                                 ("direct", "upward", "system", "through_link")])
    for word in ("swordfish", "root:", "password_of"):
        if word in trap.said:
            trap.complain(f"the report repeats {word!r} of a file elsewhere")


def overwriting(trap):
    """A failed translation leaves the C in the tree alone, and C that says it failed is not audited."""
    trap.write("broken.pyx", HEAD + "def f(:\n")
    trap.write("broken.c", "/* mine */\nint x;\n")
    trap.write("failed.pyx", FINE)
    trap.write("failed.c", "#error Do not use this file, it is the result of a failed Cython compilation.\n")
    trap.expect(trap.scan(), audited=["failed.pyx"])


def odd_names(trap):
    """Names with blanks, quotes and dashes reach Cython as names."""
    trap.write("-x y.pyx", FINE)
    trap.write("--help.pyx", FINE)
    trap.write("a'b.pyx", FINE)
    report = trap.scan()
    named = {entry["file"] for entry in report["analysed"]} | {entry["file"] for entry in report["skipped"]}
    for name in ("-x y.pyx", "--help.pyx", "a'b.pyx"):
        if name not in named:
            trap.complain(f"{name} is neither audited nor skipped")


def without_cython(trap):
    """The next command is told where there is no Cython."""
    trap.write("fine.pyx", FINE)
    trap.environment.pop("VIRTUAL_ENV")
    trap.environment.update(HOME=str(trap.tree.parent), XDG_DATA_HOME=str(trap.tree.parent / "data"), PATH="/usr/bin:/bin")
    done = subprocess.run([trap.tool, "headers"], capture_output=True, text=True, env=trap.environment)
    if "not there; ftaudit headers install cython" not in done.stdout:
        return  # this machine has one of its own
    report = trap.scan()
    trap.expect(report, skipped=[("fine.pyx", "`ftaudit headers install cython`")])


def main():
    tool, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    prefix = fetched(VERSIONS[-1], folder)
    failed = 0
    for case in (own_cython, endless, elsewhere, overwriting, odd_names, without_cython):
        with tempfile.TemporaryDirectory() as scratch:
            trap = Trap(tool, prefix, Path(scratch).resolve())
            case(trap)
            for complaint in trap.complaints:
                print(f"{case.__name__}: {complaint}")
            failed += len(trap.complaints)
    print("no trap closed" if not failed else f"{failed} complaints")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
