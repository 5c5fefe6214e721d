#!/usr/bin/env python3
"""check_report SCHEMA FILE: the report is valid by the schema; prints what it counts."""

import collections
import json
import pathlib
import sys

from jsonschema import Draft202012Validator

schema, report = (json.loads(pathlib.Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:3])
errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(report)]
counts = collections.Counter(finding["rule"] for finding in report["findings"])
print("\n".join(errors) if errors else "valid")
print("findings", *(f"{rule}x{count}" for rule, count in sorted(counts.items())))
print("analysed", *(file["file"] for file in report["analysed"]))
print("skipped", *(file["file"] for file in report["skipped"]))
sys.exit(1 if errors else 0)
