"""Plays transcripts: what a person types, what they see, and the exit code.

A transcript is text. `$ COMMAND` is given to sh in a scratch folder that holds a copy of inputs/; the lines after it
are what must come: `> ` on standard output, `! ` on standard error, `exit N` at the end unless N is 0. Inside a line
`{}` stands for any text; a line of only `{...}` for any number of lines. Everything else is prose.
FTAUDIT_UPDATE_SNAPSHOTS=1 writes what came instead of what did not match; the difference is for a person to read.
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NOT_POSSIBLE = 77

# `unprivileged COMMAND`: as somebody for whom file modes count, which they do not for root.
UNPRIVILEGED = """#!/bin/sh
if [ "$(id -u)" != 0 ]; then exec "$@"; fi
exec setpriv --bounding-set=-dac_override,-dac_read_search -- "$@"
"""


def parsed(text):
    """Alternately prose (str) and steps: {command, out, err, code}."""
    parts, step = [], None
    for line in text.splitlines():
        if line.startswith("$ "):
            step = {"command": line[2:], "out": [], "err": [], "code": 0}
            parts.append(step)
        elif step is not None and line[:2] in ("> ", "! ") or line in (">", "!"):
            step["out" if line[0] == ">" else "err"].append(line[2:])
        elif step is not None and re.fullmatch(r"exit \d+", line):
            step["code"] = int(line[5:])
        else:
            step = None
            parts.append(line)
    return parts


def written(parts):
    lines = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        lines.append("$ " + part["command"])
        lines += [("> " + line).rstrip() for line in part["out"]] + [("! " + line).rstrip() for line in part["err"]]
        if part["code"] != 0:
            lines.append(f"exit {part['code']}")
    return "\n".join(lines) + "\n"


def fits(expected, came):
    def line_pattern(line):
        return ".*".join(re.escape(piece) for piece in line.split("{}"))

    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "{...}" else line_pattern(line.rstrip()) + r"\n" for line in expected)
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in came)) is not None


def environment(scratch, program):
    tools = scratch / "tools"
    tools.mkdir()
    (tools / "ftaudit").symlink_to(program)
    (tools / "check_report").symlink_to(HERE / "check_report.py")
    (tools / "make_wheel").symlink_to(HERE / "make_wheel.py")
    (tools / "unprivileged").write_text(UNPRIVILEGED)
    (tools / "unprivileged").chmod(0o755)
    (scratch / "tmp").mkdir()
    out = {name: value for name, value in os.environ.items() if not name.startswith(("FTAUDIT_", "PIP_", "UV_")) and name not in ("NO_COLOR", "COLUMNS")}
    out.update(SCHEMA=str(HERE.parents[1] / "reports/schema/report.schema.json"), PATH=f"{tools}:{out['PATH']}", LC_ALL="C.UTF-8", TMPDIR=str(scratch / "tmp"), XDG_CACHE_HOME=str(scratch / "cache"), PYTHONDONTWRITEBYTECODE="1", PIP_CONFIG_FILE="/dev/null", UV_NO_CONFIG="1")
    return out


def play(path, program, inputs=HERE / "inputs"):
    parts = parsed(path.read_text(encoding="utf-8"))
    steps = [part for part in parts if isinstance(part, dict)]
    if not steps:
        sys.exit(f"{path.name}: no command in it")
    failures = 0
    with tempfile.TemporaryDirectory(prefix="ftaudit-transcript-") as name:
        scratch = pathlib.Path(name).resolve()
        env = environment(scratch, program)
        folder = scratch / "here"
        shutil.copytree(inputs, folder)
        if any("unprivileged" in step["command"] for step in steps):
            if subprocess.run([scratch / "tools/unprivileged", "true"], env=env, capture_output=True).returncode != 0:
                print("file modes cannot be made to count here")
                return NOT_POSSIBLE
        for step in steps:
            came = subprocess.run(["/bin/sh", "-c", step["command"]], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
            out, err = (raw.decode("utf-8", "backslashreplace").replace(str(folder), "/here").replace(str(scratch), "/scratch").splitlines() for raw in (came.stdout, came.stderr))
            if fits(step["out"], out) and fits(step["err"], err) and step["code"] == came.returncode:
                continue
            failures += 1
            before = written([step]).splitlines()
            step.update(out=out, err=err, code=came.returncode)
            print("\n".join(difflib.unified_diff(before, written([step]).splitlines(), f"{path.name} says", "what came", lineterm="", n=100)), "\n")
    if failures and os.environ.get("FTAUDIT_UPDATE_SNAPSHOTS"):
        path.write_text(written(parts), encoding="utf-8")
        return 0
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(play(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()))
