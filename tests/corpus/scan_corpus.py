"""scan_corpus.py FTAUDIT CORPUS SCHEMA: scans every extension and compares the report with what its sources mark."""

import json
import pathlib
import subprocess
import sys
import time

from extensions import extensions

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("the corpus test needs the Debian package python3-jsonschema")


def scan(ftaudit, folder, jobs):
    return subprocess.run(
        [ftaudit, "-q", "scan", folder, "--format", "json", "--min-severity", "info", "--min-confidence", "possible", f"-j{jobs}"],
        capture_output=True, text=True, timeout=120)


def located(findings):
    return [f"{file}:{line} {rule}" + (f" ({count} times)" if count > 1 else "") for (file, line, rule), count in sorted(findings.items())]


def has_cython(ftaudit):
    """Whether a scan finds a Cython here: fetched, or of some Python's."""
    rows = subprocess.run([ftaudit, "headers", "list"], capture_output=True, text=True, check=True).stdout.splitlines()
    return not next(row for row in rows if row.startswith("cython ")).split(None, 1)[1].startswith("not there")


def wrong_with(extension, ftaudit, validator, translates):
    run = scan(ftaudit, extension.folder, 1)
    if scan(ftaudit, extension.folder, 2).stdout != run.stdout:
        yield "the reports of -j1 and -j2 differ"
    if run.returncode != extension.exit:
        yield f"exit code {run.returncode} instead of {extension.exit}: {run.stderr.strip()}"
    try:
        report = json.loads(run.stdout)
    except ValueError as error:
        yield f"no JSON: {error}: {run.stdout[:200]!r}"
        return
    for error in validator.iter_errors(report):
        yield f"against the schema: {error.json_path}: {error.message}"

    marked, rules = extension.marks()
    for rule in sorted(rules - {row["rule"] for row in report["rules"]}):
        yield f"a mark names {rule}, which is no rule"
    found = type(marked)((f["location"]["file"], f["location"]["line"], f["rule"]) for f in report["findings"])
    for place in located(marked - found):
        yield f"{place}: marked, not found"
    for place in located(found - marked):
        yield f"{place}: found, not marked"

    sides = {(point["location"]["file"], point["location"]["line"], f["rule"])
             for f in report["findings"] for side in f["sides"] for point in side["points"]}
    for file, line, rule in sorted(set(extension.side_marks()) - sides):
        yield f"{file}:{line} {rule}: marked as a side, and is none"

    modules = {module["name"]: module["gil"] for module in report["modules"]}
    expected = extension.modules | (extension.translated if translates else {})
    if modules != expected:
        yield f"modules {modules} instead of {expected}"
    skipped = {row["file"]: row["reason"] for row in report["skipped"]}
    expected = {} if translates and extension.translated else extension.skipped
    if skipped.keys() != expected.keys() or any(part not in skipped[file] for file, part in expected.items()):
        yield f"skipped {skipped} instead of {expected}"
    analysed = {row["file"] for row in report["analysed"]}
    for file in sorted(extension.skipped.keys() - skipped.keys() - analysed):
        yield f"{file} is neither audited nor skipped"
    for row in report["analysed"]:
        if row["partial"]:
            yield f"{row['file']} was audited in part: {row['reason']}"
    for path in extension.sources:
        file = path.relative_to(extension.folder).as_posix()
        if path.suffix not in {".h", ".hpp"} and file not in analysed:
            yield f"{file} was not audited"


def main(ftaudit, corpus, schema):
    validator = Draft202012Validator(json.loads(pathlib.Path(schema).read_text(encoding="utf-8")))
    translates = has_cython(ftaudit)
    failures = 0
    for extension in extensions(corpus):
        began = time.monotonic()
        wrong = list(wrong_with(extension, ftaudit, validator, translates))
        for line in wrong:
            print(f"{extension.name}: {line}")
        failures += len(wrong)
        print(f"{extension.name}: {sum(extension.marks()[0].values())} findings marked, {len(wrong)} things wrong, "
              f"{time.monotonic() - began:.1f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
