"""Cython sources as a user scans them: translated by three versions of Cython, judged line by line.

A line says what must be found on it: `# expect: FT301 FT303` (one of them), `# expect-also: FT102` (may be), and
`# expect-before-3.3: FT302`. What no line expects must not be found. Needs PyPI (or pip's cache) for Cython; without it the
test is skipped.

Run as: sources_test.py FTAUDIT FOLDER-FOR-CYTHONS
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

VERSIONS = ["3.1.8", "3.2.9", "3.3.1"]
OLD = ["0.29.37", "3.0.12"]
SOURCES = Path(__file__).parent / "sources"


def fetched(version, folder):
    """A prefix with this Cython in it, laid out like a virtual environment's."""
    prefix = folder / f"cython-{version}"
    site = prefix / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    if not (site / "Cython" / "Shadow.py").exists():
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check",
                               "--target", str(site), f"cython=={version}"], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"skipped: Cython {version} cannot be fetched: {done.stderr.strip()[-300:]}")
            sys.exit(77)
    return prefix


def scan(tool, tree, environment):
    done = subprocess.run([tool, "scan", "--format", "json", str(tree)], capture_output=True, text=True,
                          env=environment)
    if done.returncode not in (0, 1):
        sys.exit(f"scan of {tree} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def expected(text, version):
    """Line -> (rules of which one must be there, rules that may be)."""
    out = {}
    for number, line in enumerate(text.splitlines(), 1):
        must, may = [], []
        for kind, rules in re.findall(r"# (expect[-a-z0-9.]*): ((?:FT\d+ ?)+)", line):
            if kind == "expect":
                must += rules.split()
            elif kind == "expect-also":
                may += rules.split()
            elif kind == "expect-before-3.3" and tuple(map(int, version.split(".")[:2])) < (3, 3):
                must += rules.split()
        if must or may:
            out[number] = (must, may + must)
    if text.startswith("# cython: language_level=3\n"):
        out[1] = (["FT003"], ["FT003"])
    return out


def texts(finding):
    yield from (finding["function"], finding["what"], finding["instead"], finding.get("place", ""))
    yield from finding["entry_points"]
    for step in finding["trace"]:
        yield step["what"]
    yield json.dumps(finding.get("sides", []))


def judge(report, tree, version):
    complaints = []
    by_file, named = {}, set()
    for finding in report["findings"]:
        if finding["rule"] in ("FT005", "FT012"):
            continue
        # Who takes part in a race is told with it, once.
        named |= {(point["location"]["file"], point["location"]["line"]) for side in finding["sides"] for point in side["points"]}
        by_file.setdefault(finding["location"]["file"], []).append(finding)
        for text in texts(finding):
            if re.search(r"__pyx|__Pyx", text):
                complaints.append(f"{version}: a name of Cython's is shown: {text}")
    for kind in report["types"]:
        for name in [kind["name"], *kind["entries"]]:
            if re.search(r"__pyx|\.(tp|sq|mp|nb|bf|am)_[a-z]", name) or name.count(".") < 1:
                complaints.append(f"{version}: type {kind['name']}: {name} is no name of the sources")
    analysed = {entry["file"] for entry in report["analysed"]}
    for source in sorted([*tree.rglob("*.pyx"), *tree.rglob("*.pxi")]):
        shown = source.relative_to(tree).as_posix()
        text = source.read_text()
        wanted = expected(text, version)
        if shown.endswith(".pyx") and shown not in analysed:
            complaints.append(f"{version} {shown}: not audited: {[s for s in report['skipped'] if s['file'] == shown]}")
        found = {}
        for finding in by_file.pop(shown, []):
            location = finding["location"]
            found.setdefault(location["line"], []).append(finding["rule"])
            line = text.splitlines()[location["line"] - 1]
            word = line[location["column"] - 1:location["end_column"] - 1]
            if not word.strip() or location["end_line"] != location["line"]:
                complaints.append(f"{version} {shown}:{location['line']}: columns name nothing: {location}")
        for line, (must, may) in wanted.items():
            rules = found.pop(line, [])
            if must and not set(rules) & set(must) and (shown, line) not in named:
                complaints.append(f"{version} {shown}:{line}: expected {must}, found {rules}")
            complaints += [f"{version} {shown}:{line}: not expected: {rule}" for rule in rules if rule not in may]
            if len(rules) != len(set(rules)):
                complaints.append(f"{version} {shown}:{line}: told twice: {rules}")
        complaints += [f"{version} {shown}:{line}: not expected: {rules}" for line, rules in found.items()]
    complaints += [f"{version}: findings elsewhere: {file}" for file in by_file]
    return complaints


def with_c(version, folder, tree):
    """The tree with the C that an old Cython makes beside each source it can read."""
    site = next(folder.joinpath(f"cython-{version}").glob("lib/python3*/site-packages"))
    environment = dict(os.environ, PYTHONPATH=str(site))
    for source in tree.rglob("*.pyx"):
        subprocess.run([sys.executable, "-m", "cython", "-3", source.name], cwd=source.parent, env=environment,
                       capture_output=True)
        made = source.with_suffix(".c")
        if made.exists() and made.read_text(errors="replace").startswith("#error"):
            made.unlink()


def copied(tree):
    for source in (SOURCES / tree.name).iterdir():
        tree.mkdir(parents=True, exist_ok=True)
        (tree / source.name).write_text(source.read_text())


def with_old_c(tool, version, folder, tree, environment):
    copied(tree)
    with_c(version, folder, tree)
    before = {path: path.read_bytes() for path in tree.rglob("*.c")}
    report = scan(tool, tree, environment)
    complaints = judge(report, tree, VERSIONS[-1])
    old = {f["location"]["file"] for f in report["findings"] if f["rule"] == "FT012"}
    made = {path.relative_to(tree).with_suffix(".pyx").as_posix() for path in before}
    if old != made:
        complaints.append(f"{version}: C in the tree {sorted(made)}, told as old {sorted(old)}")
    if before != {path: path.read_bytes() for path in tree.rglob("*.c")}:
        complaints.append(f"{version}: the C in the tree was written to")
    return complaints


def main():
    tool, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    complaints = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        base = dict(os.environ, XDG_CACHE_HOME=str(scratch / "cache"), XDG_DATA_HOME=os.environ.get(
            "XDG_DATA_HOME", os.path.expanduser("~/.local/share")))
        # Outside any project, and what is racy apart from what is right: modules of one name are not of one project.
        trees = [scratch / "new" / kind.name for kind in SOURCES.iterdir()]
        for tree in trees:
            copied(tree)
        for version in VERSIONS:
            environment = dict(base, VIRTUAL_ENV=str(fetched(version, folder)))
            for tree in trees:
                complaints += judge(scan(tool, tree, environment), tree, version)
        newest = dict(base, VIRTUAL_ENV=str(fetched(VERSIONS[-1], folder)))
        for version in OLD:
            fetched(version, folder)
            for kind in SOURCES.iterdir():
                complaints += with_old_c(tool, version, folder, scratch / version / kind.name, newest)
    print("\n".join(complaints) or "every line is as it says")
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
