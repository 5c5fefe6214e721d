"""build_corpus.py FTAUDIT CORPUS REQUIREMENTS: builds every extension for a free-threaded Python, runs its tests there, and
sees whether importing each module leaves the GIL off exactly where the scan says that it declares so.

All of it happens in a scratch folder. Returns 77 when the interpreter or the network is missing."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from extensions import extensions

SKIPPED = 77
OFFLINE = ("Failed to establish a new connection", "Temporary failure in name resolution", "Name or service not known",
           "Network is unreachable", "Connection refused", "ConnectTimeoutError", "ReadTimeoutError", "ProxyError")

# Imports one module from its file, so that no other module of its package can turn the GIL on.
IMPORT_ALONE = """
import importlib.machinery, importlib.util, sys
name, path = sys.argv[1:]
before = sys._is_gil_enabled()
spec = importlib.util.spec_from_file_location(name, path, loader=importlib.machinery.ExtensionFileLoader(name, path))
spec.loader.exec_module(importlib.util.module_from_spec(spec))
print(before, sys._is_gil_enabled())
"""


class Failed(Exception):
    pass


def run(what, *command, timeout=240, **options):
    """The output of a command that has to succeed."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, timeout=timeout, **options)
    if done.returncode != 0:
        raise Failed(f"{what} failed:\n{done.stdout[-6000:]}")
    return done.stdout


def free_threaded_python(ftaudit):
    """The oldest free-threaded Python of those that ftaudit knows and that can be run; None where there is none."""
    listed = subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=60).stdout
    rows = [line.lstrip("* ").split(maxsplit=4) for line in listed.splitlines()]
    found = [(tuple(map(int, row[1].split("."))), row[4]) for row in rows
             if len(row) == 5 and row[0].endswith("t") and row[2] == "interpreter" and row[1].replace(".", "").isdigit()]
    return min(found)[1] if found else None


def environment(venv):
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHON_GIL", "PYTHONPATH", "PYTHONHOME")}
    return {**kept, "PATH": f"{venv / 'bin'}:{kept['PATH']}", "VIRTUAL_ENV": str(venv), "CFLAGS": "-O1", "CXXFLAGS": "-O1",
            "PYTHONDONTWRITEBYTECODE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def wrong_with(extension, ftaudit, scratch, venv, packages):
    env = environment(venv)
    copy = scratch / extension.name
    shutil.copytree(extension.folder, copy)
    run("the build", venv / "bin/pip", "install", "--quiet", "--no-build-isolation", "--no-deps", "--no-index", copy, env=env)

    # The tests by themselves: beside the sources, a package of that name would be found before the installed one.
    tests = scratch / f"{extension.name}-tests"
    shutil.copytree(extension.folder / "tests", tests)
    run("its test run", venv / "bin/pytest", "-q", "-p", "no:cacheprovider", tests, cwd=tests, env=env)

    report = json.loads(subprocess.run([ftaudit, "-q", "scan", extension.folder, "--format", "json", "-j1"],
                                       capture_output=True, text=True, timeout=120).stdout)
    if not report["modules"]:
        yield "the scan saw no module"
    for module in report["modules"]:
        name = module["name"]
        files = list(packages.glob(name.replace(".", "/") + ".*.so"))
        if len(files) != 1:
            yield f"{name}: {len(files)} files of that name installed"
            continue
        before, after = run(f"importing {name}", venv / "bin/python", "-W", "ignore", "-c", IMPORT_ALONE, name, files[0],
                            cwd=tests, env=env).split()
        if before != "False":
            yield f"{name}: the GIL was on before"
        if (after == "False") != (module["gil"] == "not-used"):
            yield f"{name}: the scan says {module['gil']}, but after importing it the GIL is {'on' if after == 'True' else 'off'}"
        print(f"{name}: declares {module['gil']}; after importing it the GIL is {'on' if after == 'True' else 'off'}")


def main(ftaudit, corpus, requirements):
    python = free_threaded_python(ftaudit)
    if python is None:
        print("skipped: no free-threaded Python that can be run; `ftaudit python install 3.13t` builds one")
        return SKIPPED
    before = sorted(pathlib.Path(corpus).rglob("*"))
    failures = 0
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        scratch = pathlib.Path(folder)
        venv = scratch / "venv"
        began = time.monotonic()
        run("making a virtual environment", python, "-m", "venv", venv)
        try:
            run("installing the build systems", venv / "bin/pip", "install", "--quiet", "--retries", "2", "-r", requirements,
                env=environment(venv))
        except (Failed, subprocess.TimeoutExpired) as error:
            if isinstance(error, Failed) and not any(sign in str(error) for sign in OFFLINE):
                raise
            print(f"skipped: PyPI cannot be reached\n{error}")
            return SKIPPED
        print(f"build systems: {time.monotonic() - began:.1f} s", flush=True)
        packages = pathlib.Path(run("asking for the folder of packages", venv / "bin/python", "-c",
                                    "import sysconfig; print(sysconfig.get_path('platlib'))").strip())
        for extension in extensions(corpus):
            began = time.monotonic()
            try:
                wrong = list(wrong_with(extension, ftaudit, scratch, venv, packages))
            except (Failed, subprocess.TimeoutExpired) as error:
                wrong = [str(error)]
            for line in wrong:
                print(f"{extension.name}: {line}")
            failures += len(wrong)
            print(f"{extension.name}: built and run, {len(wrong)} things wrong, {time.monotonic() - began:.1f} s", flush=True)
    if sorted(pathlib.Path(corpus).rglob("*")) != before:
        print("the corpus holds other files than before")
        failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Failed as error:
        sys.exit(str(error))
