"""What the GitHub action runs (tool/ci/github.sh), in an environment like that of a runner. Arguments: the program, the
folder of inputs and the top of the sources."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

failures = []


def that(what, is_so):
    if not is_so:
        failures.append(what)


def main(program, inputs, top):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "race.c").write_text((pathlib.Path(inputs) / "race.c").read_text())

        def run(**given):
            wanted = {"path": ".", "command": "scan", "args": "", "fail-on": "low", "sarif": "out.sarif", "html": ""} | given
            environment = {"FTAUDIT_INPUT_" + key.upper().replace("-", "_"): value for key, value in wanted.items()}
            for file in ("summary", "output"):
                (folder / file).write_text("")
            done = subprocess.run(["bash", pathlib.Path(top) / "tool/ci/github.sh"], cwd=folder, capture_output=True, text=True,
                                  env=os.environ | environment | {"FTAUDIT": program, "FTAUDIT_ACTION": top, "GITHUB_STEP_SUMMARY": str(folder / "summary"), "GITHUB_OUTPUT": str(folder / "output")})
            return done, dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())

        done, outputs = run(html="out.html")
        that(f"findings fail the step: {done.stderr}", done.returncode == 1 and outputs.get("exit-code") == "1")
        that(f"outputs: {outputs}", outputs.get("findings") == "2" and outputs.get("sarif") == "out.sarif")
        that("annotations are on the log", "::error file=race.c,line=" in done.stdout)
        that("a summary is on the step's page", (folder / "summary").read_text().startswith("## ftaudit: 2 high findings"))
        that("SARIF is written", len(json.loads((folder / "out.sarif").read_text())["runs"][0]["results"]) == 2)
        that("the page is written", (folder / "out.html").read_text().startswith("<!doctype html>"))
        done, outputs = run(**{"fail-on": "never", "args": "--select\nFT002"})
        that(f"arguments reach the audit: {outputs}", done.returncode == 0 and outputs.get("findings") == "1")
        done, outputs = run(path="$(touch made); echo")
        that("inputs are never run", not (folder / "made").exists() and done.returncode == 2)
        done, outputs = run(command="scan; touch made")
        that("nor is the command", not (folder / "made").exists() and done.returncode == 2)

    # The action gives the script each input it declares, and the script reads no other.
    action = (pathlib.Path(top) / "action.yml").read_text()
    declared = set(re.findall(r"^  ([\w-]+):$", action.partition("inputs:\n")[2].partition("outputs:\n")[0], re.M))
    given = set(re.findall(r"inputs\.([\w-]+) ", action))
    read = {name.lower().replace("_", "-") for name in re.findall(r"FTAUDIT_INPUT_(\w+)", (pathlib.Path(top) / "tool/ci/github.sh").read_text())} - {""}
    that(f"inputs agree: {declared} {given} {read}", declared == given == read)
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
