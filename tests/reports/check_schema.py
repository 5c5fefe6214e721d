"""Checks every *.json below a folder against a JSON Schema, and that the schema refuses what it should."""

import copy
import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("the schema test needs the Debian package python3-jsonschema")


def broken(report):
    """Copies of a report with one thing wrong in each."""
    def made(change):
        copied = copy.deepcopy(report)
        change(copied)
        return copied
    yield "no findings key", made(lambda r: r.pop("findings"))
    yield "an unknown key", made(lambda r: r.update(extra=1))
    yield "another schema version", made(lambda r: r.update(schema=2))
    if report["findings"]:
        yield "an unknown severity", made(lambda r: r["findings"][0].update(severity="bad"))
        yield "a rule id that is none", made(lambda r: r["findings"][0].update(rule="X1"))
        yield "a negative line", made(lambda r: r["findings"][0]["location"].update(line=-1))


def main(schema_path, folder):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    failures = 0
    reports = sorted(pathlib.Path(folder).glob("*.json"))
    for path in reports:
        report = json.loads(path.read_text(encoding="utf-8"))
        for error in validator.iter_errors(report):
            failures += 1
            print(f"{path.name}: {error.json_path}: {error.message}")
        for how, wrong in broken(report):
            if validator.is_valid(wrong):
                failures += 1
                print(f"{path.name}: the schema lets through a report with {how}")
    if not reports:
        sys.exit(f"no reports to check in {folder}")
    print(f"{len(reports)} reports checked, {failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
