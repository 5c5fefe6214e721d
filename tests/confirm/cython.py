"""cython.py FTAUDIT CORPUS: `ftaudit confirm` on Cython, from the .pyx that is in the tree. Two whole modules of tests/cython: granary
races, orchard does not; and the corpus' weave, whose other module is C. Whatever is said is said in lines and names of the .pyx.
Returns 77 when the Pythons that confirm needs are not there, or no Cython for the scan."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

import suites

SOURCES = pathlib.Path(__file__).parent.parent / "cython" / "sources"

PROJECT = """[build-system]
requires = ["setuptools>=77", "Cython>=3.1"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "1.0"

[tool.setuptools]
py-modules = []
"""

SETUP = """from Cython.Build import cythonize
from setuptools import setup

setup(ext_modules=cythonize(["{name}.pyx"], build_dir="build/made"))
"""

# Rules of which one is to be said, about what, in which function.
RACES = [({"FT203", "FT205"}, "_prices", "price"), ({"FT201"}, "weighings", "Bin.add"), ({"FT301"}, "self.sacks", "Bin.grow"),
         ({"FT302"}, "self.keeper", "Bin.hand_over")]


def project(folder, kind, name):
    root = folder / name
    root.mkdir()
    (root / f"{name}.pyx").write_text((SOURCES / kind / f"{name}.pyx").read_text())
    (root / "pyproject.toml").write_text(PROJECT.format(name=name))
    (root / "setup.py").write_text(SETUP.format(name=name))
    return root


def confirm(ftaudit, folder, root, budget="2m"):
    report = folder / f"{root.name}.json"
    done = subprocess.run([ftaudit, "confirm", root, "--budget", budget, "--format", "json", "-o", report, "--reproducers", folder / "reproducers"],
                          capture_output=True, text=True, timeout=900)
    return json.loads(report.read_text()) if report.is_file() else {"findings": []}, done


def misnamed(report, root):
    """What is said of a run in other terms than those of the source."""
    for finding in report["findings"]:
        witness = finding["witness"] or {"report": "", "places": [], "why": ""}
        said = [finding["function"], finding["what"], finding["instead"], witness["why"], witness["report"]] + [place["what"] for place in witness["places"]]
        said += [step["what"] for step in finding["trace"]]
        yield from (f"a name of Cython's is shown: {text}" for text in said if re.search("__pyx|__Pyx", text))
        yield from (f"a line of its C is shown: {text}" for text in said if re.search(r"build/made|\b(granary|orchard|_draft)\.c\b", text))
        for file, line in re.findall(r"([\w/]+\.pyx):(\d+)", "\n".join(said)):
            if int(line) > len((root / file).read_text().splitlines()):
                yield f"{file} has no line {line}"


def granary(ftaudit, folder):
    root = project(folder, "racy", "granary")
    report, done = confirm(ftaudit, folder, root)
    yield from misnamed(report, root)
    confirmed = [finding for finding in report["findings"] if finding["witness"]["verdict"] == "confirmed"]
    for rules, place, function in RACES:
        # The cache is filled once in a process: whether two threads come to it together is chance.
        found = [finding for finding in (report["findings"] if function == "price" else confirmed) if finding["rule"] in rules and finding["function"] == function]
        if not found:
            yield f"none of {sorted(rules)} in {function} about {place}: {[(each['rule'], each['function'], each['witness']['verdict']) for each in report['findings']]}\n{done.stderr}"
        for finding in found:
            if finding["witness"]["reached"] == 0:
                yield f"nothing is known to have entered {function}"
    yield from (f"{each['rule']} of what the scan knows: {each['what']}" for each in confirmed if each["rule"].startswith("FT9"))


def orchard(ftaudit, folder):
    report, done = confirm(ftaudit, folder, project(folder, "right", "orchard"), "1m")
    if report["findings"] or done.returncode != 0:
        yield f"exit code {done.returncode}, {[(each['rule'], each['what'], (each['witness'] or {}).get('report')) for each in report['findings']]}\n{done.stderr}"
    if "stress on every operation" not in done.stderr:
        yield f"nothing of it was called:\n{done.stderr}"


def weave(ftaudit, folder, corpus):
    report, done = confirm(ftaudit, folder, corpus / "weave")
    yield from misnamed(report, corpus / "weave")
    for finding in report["findings"]:
        if "_draft" in finding["location"]["file"]:
            yield f"{finding['rule']} in what is right: {finding['what']}\n{(finding['witness'] or {}).get('report')}"
    if not any(finding["witness"] and finding["witness"]["verdict"] == "confirmed" for finding in report["findings"]):
        yield f"nothing of what the C races in was confirmed:\n{done.stderr}"


def main(ftaudit, corpus):
    for holds in ("interpreter", "TSan build"):
        if not suites.python_with(ftaudit, holds):
            print("skipped: confirm needs a free-threaded Python and one with ThreadSanitizer; "
                  "`ftaudit python install 3.13t` and `ftaudit python install 3.13t --tsan` build them")
            return suites.SKIPPED
    wrong = []
    with tempfile.TemporaryDirectory(prefix="cython-") as scratch:
        folder = pathlib.Path(scratch)
        translated = subprocess.run([ftaudit, "scan", "--format", "json", project(folder, "racy", "silent")], capture_output=True, text=True, timeout=300)
        if not json.loads(translated.stdout)["analysed"]:
            print("skipped: the scan has no Cython; `ftaudit headers install cython` fetches it")
            return suites.SKIPPED
        for name, complaints in (("granary", granary(ftaudit, folder)), ("orchard", orchard(ftaudit, folder)), ("weave", weave(ftaudit, folder, pathlib.Path(corpus)))):
            wrong += [f"{name}: {complaint}" for complaint in complaints]
            print(f"{name}: done", flush=True)
    print("\n".join(wrong) or "all as it should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
