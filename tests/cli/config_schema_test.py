"""The schema of the settings, for editors, knows exactly the settings there are; what it lets through ftaudit takes, and
what it refuses ftaudit refuses."""

import json
import pathlib
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator

# Each key, with what it takes and what it does not.
TAKEN = {
    "paths": (["."], "."), "exclude": (["vendor"], "vendor"), "include-tests": (True, "yes"), "python": ("3.13t", 3),
    "flags": (["-DX=1"], "-DX"), "jobs": (2, 0), "select": (["FT1"], [1]), "ignore": (["FT002"], True),
    "types": ({"bag.Bag": "external", "Node": "immutable after init"}, {"bag.Bag": "sometimes"}),
    "lock-wrappers": ([{"lock": "enter", "unlock": "leave", "argument": 1, "detaches": True, "tries": False}], [{"lock": "enter"}]),
    "severity": ({"FT801": "low"}, {"FT801": "severe"}), "min-severity": ("medium", "severe"), "min-confidence": ("certain", "sure"),
    "fail-on": ("never", "always"), "baseline": ("known.txt", False), "test-command": (["pytest", "-x"], 1),
}


def as_toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(as_toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


def main(schema_path, program):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    with tempfile.TemporaryDirectory(prefix="ftaudit-schema-") as name:
        folder = pathlib.Path(name)

        def accepted(settings):
            (folder / "ftaudit.toml").write_text("".join(f"{key} = {as_toml(value)}\n" for key, value in settings.items()))
            return subprocess.run([program, "scan", "--show-config"], cwd=folder, capture_output=True, text=True)

        shown = {line.split(" = ")[0] for line in accepted({}).stdout.splitlines()}
        assert shown == set(schema["properties"]) == set(TAKEN), (shown, set(schema["properties"]), set(TAKEN))
        for key, (good, bad) in TAKEN.items():
            assert validator.is_valid({key: good}) and accepted({key: good}).returncode == 0, key
            assert not validator.is_valid({key: bad}) and accepted({key: bad}).returncode == 2, key
            origin = [line for line in accepted({key: good}).stdout.splitlines() if line.startswith(f"{key} = ")]
            assert origin[0].partition("; of a project: ")[0].endswith("ftaudit.toml:1"), origin
        assert not validator.is_valid({"selekt": []}) and accepted({"selekt": []}).returncode == 2
        both = {key: good for key, (good, _) in TAKEN.items()}
        assert validator.is_valid(both) and accepted(both).returncode == 0
        assert validator.is_valid({"test-command": "pytest -x"}) and accepted({"test-command": "pytest -x"}).returncode == 0


if __name__ == "__main__":
    main(*sys.argv[1:])
