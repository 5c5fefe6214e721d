"""Plans of the corpus: valid by the schema, nothing new, every finding either ended by one step or told why not; what an
extension's findings are is ended, but for what is written here; what is fine has an empty plan; fewer steps never end more."""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft202012Validator

# What no step of a plan can end: lattice calls its watchers while it walks them.
BY_HAND = {"lattice": ["FT805"]}


def plan(ftaudit, folder, *more):
    ran = subprocess.run([ftaudit, "plan", str(folder), "--format", "json", *more], capture_output=True, text=True)
    return ran.returncode, json.loads(ran.stdout)


def main(ftaudit, root):
    root = pathlib.Path(root)
    validator = Draft202012Validator(json.loads((root / "reports/schema/plan.schema.json").read_text()))
    failures = []
    for folder in sorted(path for path in (root / "corpus").iterdir() if (path / "expected.json").exists()):
        code, document = plan(ftaudit, folder)
        made = document["plans"][0]
        wrong = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
        steps, rest = made["steps"], [finding for rest in made["rest"] for finding in rest["findings"]]
        ended = [finding for step in steps for finding in step["ends"]]
        if any(step["brings"] for step in steps):
            wrong.append("a step brings what was not there")
        if len(ended) != made["ended"] or len(ended) + len(rest) != made["findings"]:
            wrong.append(f"{len(ended)} ended and {len(rest)} left are not {made['findings']}")
        left = sorted(finding["rule"] for finding in rest)
        if left != BY_HAND.get(folder.name, []):
            wrong.append(f"{left} are left")
        if [step["number"] for step in steps] != list(range(1, len(steps) + 1)):
            wrong.append("steps are not numbered in order")
        if code not in ((1,) if steps else (0, 3)):
            wrong.append(f"exit {code} with {len(steps)} steps")
        if folder.name == "steady" and (steps or made["findings"]):
            wrong.append("it has a plan, and wants none")
        for step in steps:
            _, alone = plan(ftaudit, folder, "--accept", str(step["number"]))
            alone = alone["plans"][0]
            if alone["steps"][0]["what"] != step["what"]:
                wrong.append(f"step {step['number']} is another one when it is alone")
            more = {finding["fingerprint"] for finding in alone["steps"][0]["ends"]} - {finding["fingerprint"] for finding in ended}
            if more:
                wrong.append(f"step {step['number']} alone ends what all steps do not: {sorted(more)}")
        if plan(ftaudit, folder)[1] != document:
            wrong.append("the same plan is told in another way the second time")
        failures += [f"{folder.name}: {what}" for what in wrong]
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
