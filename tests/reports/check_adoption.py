"""The kept adoption reports satisfy their schema, and the schema refuses what it should.

    check_adoption.py SCHEMA FOLDER"""

import copy
import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("the schema test needs the Debian package python3-jsonschema")


def main(schema_path, folder):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    paths = sorted(pathlib.Path(folder).glob("*.json"))
    if not paths:
        sys.exit(f"no report in {folder}")
    failures = 0
    for path in paths:
        report = json.loads(path.read_text(encoding="utf-8"))
        for error in validator.iter_errors(report):
            failures += 1
            print(f"{path.name}: {error.json_path}: {error.message}")
        for change in (lambda r: r.pop("advice"), lambda r: r.update(extra=1), lambda r: r["packages"][0].update(standing="fine"), lambda r: r["packages"][1]["modules"][0].update(gil="off")):
            wrong = copy.deepcopy(report)
            change(wrong)
            if validator.is_valid(wrong):
                failures += 1
                print(f"{path.name}: the schema takes what it should refuse")
    return 1 if failures else 0


sys.exit(main(*sys.argv[1:]))
