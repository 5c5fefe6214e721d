"""Plans of the corpus written into copies of it: what is written compiles without a warning for every Python that is here,
the findings that its steps end are gone, a second time writes nothing, and --diff is what --fix does."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Findings that are left when all is written that is mechanical.
LEFT = {"atlas": 0, "glossary": 0, "odometer": 0, "reel": 0, "steady": 0, "transfer": 0, "vault": 0}
FEWER = ("braid", "tally", "roster")


def run(*command, cwd=None):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd)


def headers(ftaudit):
    """Include folders of the interpreters that ftaudit knows."""
    out = {}
    for path in re.findall(r"(/\S+/bin/python\S*)", run(ftaudit, "python", "list").stdout):
        name = pathlib.Path(path).name
        include = pathlib.Path(path).parent.parent / "include" / name
        if (include / "Python.h").exists() and name.startswith("python3.13"):
            out[name] = include
    return out


def findings(ftaudit, folder):
    ran = run(ftaudit, "plan", folder, "--format", "json")
    return json.loads(ran.stdout)["plans"][0]["findings"]


def texts(folder):
    return {path.relative_to(folder): path.read_text() for path in sorted(folder.rglob("*.[ch]"))}


def main(ftaudit, root):
    root, failures, includes = pathlib.Path(root), [], headers(ftaudit)
    with tempfile.TemporaryDirectory() as scratch:
        for original in sorted(path for path in (root / "corpus").iterdir() if (path / "expected.json").exists()):
            name, wrong = original.name, []
            folder = pathlib.Path(scratch) / name
            shutil.copytree(original, folder)
            before, was = findings(ftaudit, folder), texts(folder)
            shown = run(ftaudit, "plan", folder, "--diff")
            fixed = run(ftaudit, "plan", folder, "--fix")
            if fixed.returncode not in (0, 1, 3):
                wrong.append(f"exit {fixed.returncode}: {fixed.stderr}")
            after, now = findings(ftaudit, folder), texts(folder)
            if after > before or (name in LEFT and after != LEFT[name]) or (name in FEWER and after >= before):
                wrong.append(f"{after} of {before} findings are left")
            if (was == now) == ("steps" in fixed.stderr):
                wrong.append(f"what it says of the files is not so: {fixed.stderr}")
            if (shown.stdout == "") != (was == now):
                wrong.append("--diff shows something else than --fix does")
            run(ftaudit, "plan", folder, "--fix")
            if texts(folder) != now:
                wrong.append("a second time it writes again")
            for path, text in now.items():
                if text == was[path] or path.suffix != ".c":
                    continue
                if "\t" in text and "\t" not in was[path]:
                    wrong.append(f"{path}: indented in another way")
                for python, include in includes.items():
                    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-cast-function-type", "-Wno-deprecated-declarations", "-Wno-missing-field-initializers"]
                    compiled = run(os.environ.get("CC", "cc"), "-fsyntax-only", *flags, "-I", include, folder / path)
                    if compiled.returncode != 0:
                        wrong.append(f"{path} for {python}: {compiled.stderr}")
            failures += [f"{name}: {what}" for what in wrong]
    if not includes:
        print("no headers of Python 3.13 are here: what was written was not compiled")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
