"""ways.py FTAUDIT CASE...: the other ways to start `ftaudit confirm`: the plain Python alone, modules that are installed already,
uv in place of pip, the project's own settings; and what is left when it is killed.

The extension of suites.py, which counts without a lock. Returns 77 when the Pythons, or for `uv` that program, are not there."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import suites

# An environment of CPython's headers and this compiler is what a user has who builds by hand.
COMPILER = next((name for name in ("clang-19", "clang") if shutil.which(name)), "clang")


# So many calls that two threads are at it at once also on a machine that has other things to do.
HAMMER = suites.body("""
def test_m_hammers(self):
    start = threading.Barrier(4)
    threads = [threading.Thread(target=lambda: (start.wait(), [brittle.count() for _ in range(20000)])) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
""")


def project(folder, name, **files):
    root = folder / name
    for file, text in {**suites.Case([], HAMMER).files, **files}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)
    return root


def confirm(ftaudit, folder, root, *options, **environment):
    (folder / "tmp").mkdir(exist_ok=True)
    report = folder / f"{root.name}.json"
    done = subprocess.run([ftaudit, "confirm", root, "--budget", "2m", "--reproducers", folder / "reproducers", "--report", f"json:{report}", *options],
                          env={**os.environ, "TMPDIR": str(folder / "tmp"), **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    return done, json.loads(report.read_text()) if report.is_file() else {"findings": []}


def pythons(ftaudit):
    """The plain and the TSan-built executable that confirm would take, of one version."""
    found = {}
    for line in subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=60).stdout.splitlines():
        path = re.search(r"(/\S+)", line)
        for kind in ("interpreter", "TSan build"):
            if path and kind in line and line[2:].split()[0].endswith("t"):
                found.setdefault(kind, pathlib.Path(path[1]))
    return [path if path.is_file() else next(path.glob("bin/python3.*t")) for path in (found["interpreter"], found["TSan build"])]


def the_race(report):
    return next((finding for finding in report["findings"] if finding["rule"] == "FT201"), {"witness": {}})["witness"] or {}


def light(ftaudit, folder):
    done, report = confirm(ftaudit, folder, project(folder, "light"), "--light", "--workloads", "tests,stress")
    race = the_race(report)
    if race.get("verdict") != "confirmed" or not race.get("screened"):
        yield f"not confirmed as screened: {race}\n{done.stderr[-2000:]}"
    if race.get("reproducer") and " --light " not in race["reproducer"]:
        yield f"the reproducer's command would not be light: {race['reproducer']}"


def no_build(ftaudit, folder):
    """Built by hand in a folder of its own into two environments; one of them first without the sanitizer."""
    root = project(folder, "installed")
    shutil.copytree(root, folder / "built-elsewhere")
    plain, sanitized = pythons(ftaudit)
    quiet = {**os.environ, "TSAN_OPTIONS": "report_bugs=0:exitcode=0"}
    include = subprocess.run([plain, "-c", "import sysconfig; print(sysconfig.get_path('include'))"], capture_output=True, text=True, check=True).stdout.strip()
    environments = []
    for python, name in ((plain, "of-plain"), (sanitized, "of-tsan")):
        subprocess.run([python, "-m", "venv", "--without-pip", folder / name], check=True, env=quiet)
        environments.append(folder / name / "bin" / "python")

    def install(name, *flags):
        packages = next((folder / name).glob("lib/python3.*/site-packages"))
        subprocess.run([COMPILER, "-shared", "-fPIC", "-g", "-O1", *flags, f"-I{include}", folder / "built-elsewhere" / "brittle.c", "-o", packages / "brittle.so"], check=True)

    options = ("--no-build", "--python", environments[0], "--tsan-python", environments[1], "--workloads", "tests")
    done, report = confirm(ftaudit, folder, root, *options)
    if "brittle is not installed for" not in done.stderr or done.returncode == 0:
        yield f"does not say that nothing is installed: {done.stderr[-1000:]}"
    install("of-plain"), install("of-tsan")
    done, report = confirm(ftaudit, folder, root, *options)
    notes = " ".join(report.get("notes", []))
    if "is not instrumented" not in notes or the_race(report).get("verdict") == "confirmed":
        yield f"does not say that nothing is instrumented: {notes}"
    install("of-tsan", "-fsanitize=thread")
    done, report = confirm(ftaudit, folder, root, *options)
    race = the_race(report)
    if race.get("verdict") != "confirmed":
        yield f"not confirmed: {race}\n{done.stderr[-2000:]}"


def uv(ftaudit, folder):
    kept = folder / "kept"
    done, report = confirm(ftaudit, folder, project(folder, "by-uv"), "--workloads", "tests", "--keep", kept)
    for build in ("build-tsan", "build-plain"):
        log = (kept / build / "build.log").read_text() if (kept / build / "build.log").is_file() else ""
        if not log.startswith("$ uv build ") or " -m pip wheel " in log:
            yield f"{build} was not by uv: {log[:300]}\n{done.stderr[-1000:]}"
    if "3 passed" not in done.stderr:
        yield f"the tests did not run: {done.stderr[-2000:]}"


CMAKE = """cmake_minimum_required(VERSION 3.18)
project(brittle C)
find_package(Python COMPONENTS Interpreter Development.Module REQUIRED)
Python_add_library(brittle MODULE WITH_SOABI brittle.c)
"""


def cmake(ftaudit, folder):
    """Nothing but a CMakeLists.txt: without rules for installing, and with such that put the module into a package."""
    def without_setup(name, **files):
        root = project(folder, name, **files)
        (root / "setup.py").unlink()
        return root

    inside = {"tests/test_suite.py": HAMMER.replace("import brittle", "from pack import brittle"), "src/pack/__init__.py": "from . import brittle\n",
              "CMakeLists.txt": CMAKE + "install(TARGETS brittle LIBRARY DESTINATION ${Python_SITEARCH}/pack)\n"}
    for root in (without_setup("at-the-top", **{"CMakeLists.txt": CMAKE}), without_setup("in-a-package", **inside)):
        done, report = confirm(ftaudit, folder, root, "--workloads", "tests")
        if "built by CMake with ThreadSanitizer" not in done.stderr or the_race(report).get("verdict") != "confirmed":
            yield f"{root.name}: not confirmed: {the_race(report)}\n{done.stderr[-2000:]}"


def settings(ftaudit, folder):
    """A test command and a baseline in ftaudit.toml, as scan has them."""
    root = project(folder, "set", **{"ftaudit.toml": 'test-command = ["sh", "-c", "echo only $((40 + 2)); exit 3"]\nbaseline = "known.txt"\n'})
    subprocess.run([ftaudit, "baseline", "write", root, "--baseline", root / "known.txt"], check=True, capture_output=True, timeout=120)
    done, report = confirm(ftaudit, folder, root, "--workloads", "tests")
    if "ended with exit code 3: only 42" not in done.stderr:
        yield f"another test command was run: {done.stderr[-2000:]}"
    if done.returncode != 0 or report["findings"]:
        yield f"the baseline was not obeyed: exit code {done.returncode}, {[finding['rule'] for finding in report['findings']]}"
    done, report = confirm(ftaudit, folder, root, "--workloads", "tests", "--test-command", "echo mine; exit 4")
    if "ended with exit code 4: mine" not in done.stderr:
        yield f"the command line does not stand above the settings: {done.stderr[-2000:]}"


def killed(ftaudit, folder):
    """kill -9 while the build runs something that takes long: nothing of it is left."""
    slow = "import subprocess\nsubprocess.run(['sleep', '98764'])\n" + suites.SETUP
    run = subprocess.Popen([ftaudit, "confirm", project(folder, "slow", **{"setup.py": slow}), "--light"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(folder)})
    marker = "sleep\0" + "98764"
    until = time.monotonic() + 240
    while not suites.processes_with(marker) and time.monotonic() < until and run.poll() is None:
        time.sleep(0.2)
    if not suites.processes_with(marker):
        yield "the build never came to its slow step"
    run.send_signal(signal.SIGKILL)
    run.wait()
    until = time.monotonic() + 10
    while suites.processes_with(marker) and time.monotonic() < until:
        time.sleep(0.1)
    for pid in suites.processes_with(marker):
        yield f"process {pid} was left"
        os.kill(pid, signal.SIGKILL)


CASES = {"light": light, "no-build": no_build, "cmake": cmake, "uv": uv, "settings": settings, "killed": killed}


def main(ftaudit, *wanted):
    for holds, install in (("interpreter", "ftaudit python install 3.13t"), ("TSan build", "ftaudit python install 3.13t --tsan")):
        if not suites.python_with(ftaudit, holds):
            print(f"skipped: `{install}` was not run")
            return suites.SKIPPED
    if wanted == ("uv",) and not shutil.which("uv"):
        print("skipped: there is no uv on PATH")
        return suites.SKIPPED
    failures = 0
    with tempfile.TemporaryDirectory(prefix="ways-") as name:
        for case in wanted or CASES:
            began = time.monotonic()
            found = list(CASES[case](ftaudit, pathlib.Path(name)))
            print(f"{case}: {'as it should be' if not found else 'WRONG'}, {time.monotonic() - began:.1f} s", flush=True)
            for text in found:
                print(f"{case}: {text}")
            failures += len(found)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
