"""suites.py FTAUDIT CASE...: what `ftaudit confirm` says of test suites and builds that go wrong, each in its own way.

One small extension, and tests beside it that hang, crash, fork, flood, or cannot be run at all. Each must get a clear verdict,
the run must go on, nothing may be left behind. Returns 77 when the Pythons that confirm needs are not there."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77

EXTENSION = r"""
#include <Python.h>
static long counted;
static PyObject *count(PyObject *module, PyObject *ignored) { counted++; return PyLong_FromLong(counted); }
static PyMethodDef methods[] = {{"count", count, METH_NOARGS, "One more."}, {NULL}};
static PyModuleDef_Slot slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "brittle", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_brittle(void) { return PyModuleDef_Init(&module); }
"""
MUTEXES = r"""
static PyMutex one, other;
static PyObject *both(PyMutex *first, PyMutex *second)
{
    PyMutex_Lock(first);
    Py_BEGIN_ALLOW_THREADS usleep(300000); Py_END_ALLOW_THREADS
    PyMutex_Lock(second);
    PyMutex_Unlock(second);
    PyMutex_Unlock(first);
    Py_RETURN_NONE;
}
static PyObject *there(PyObject *module, PyObject *ignored) { return both(&one, &other); }
static PyObject *back(PyObject *module, PyObject *ignored) { return both(&other, &one); }
static PyMethodDef methods[] = {{"there", there, METH_NOARGS, "One way."}, {"back", back, METH_NOARGS, "The other way."}, """
FALL = r"""
static PyObject *fall(PyObject *module, PyObject *ignored) { *(volatile int *)NULL = 1; Py_RETURN_NONE; }
static PyMethodDef methods[] = {{"fall", fall, METH_NOARGS, "Writes where nothing is."}, """
SETUP = "from setuptools import Extension, setup\nsetup(name='brittle', version='1.0', ext_modules=[Extension('brittle', ['brittle.c'])])\n"
HEAD = "import os, signal, subprocess, sys, threading, time, unittest\nimport brittle\n\nclass Suite(unittest.TestCase):\n"
GOOD = "    def test_a_good(self):\n        self.assertGreater(brittle.count(), 0)\n"
LAST = "    def test_z_good(self):\n        self.assertGreater(brittle.count(), 0)\n"


def body(text):
    return HEAD + GOOD + "".join(f"    {line}\n" for line in text.strip("\n").splitlines()) + LAST


class Case:
    def __init__(self, says, tests=None, files=None, options=(), left=None, code=1, seen=None):
        self.says = says                         # parts of the notes that must be there
        self.seen = seen                         # a rule, and what a finding of it must say in its text or its reports
        self.files = {"brittle.c": EXTENSION, "setup.py": SETUP, **({"tests/test_suite.py": tests} if tests else {}), **(files or {})}
        self.options, self.left, self.code = options, left, code


CASES = {
    "hangs": Case(["test_suite.Suite.test_m_hangs: deadlock", "2 passed"], body("""
def test_m_hangs(self):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
""")),
    # Each thread has the mutex that the other one wants; only the annotations know that of a PyMutex.
    "deadlocks": Case(["test_suite.Suite.test_m_waits: deadlock", "2 passed"], body("""
def test_m_waits(self):
    first, second = threading.Thread(target=brittle.there), threading.Thread(target=brittle.back)
    first.start(), second.start()
    first.join(), second.join()
"""), files={"brittle.c": EXTENSION.replace("static PyMethodDef methods[] = {", MUTEXES).replace("#include <Python.h>", "#include <Python.h>\n#include <unistd.h>")},
        seen=("FT903", ["waits for the PyMutex at ", "which is held by thread"])),
    "ignores-sigterm": Case(["test_suite.Suite.test_m_deaf: timed out", "2 passed"], body("""
def test_m_deaf(self):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(0.2)
""")),
    "crashes": Case(["test_suite.Suite.test_m_crashes: killed by signal 11", "2 passed"], body("""
def test_m_crashes(self):
    os.kill(os.getpid(), signal.SIGSEGV)
""")),
    # What failed before has failed, whatever comes after.
    "crashes-later": Case(["1 passed, 1 failed; test_suite.Suite.test_m_crashes: killed by signal 11"], body("""
def test_b_fails(self):
    self.assertEqual(brittle.count(), -1)

def test_m_crashes(self):
    os.kill(os.getpid(), signal.SIGSEGV)
""").replace(LAST, "")),
    # pytest keeps what is said on descriptor 2 for itself, unless told not to; a process that dies there takes it along.
    "falls-under-pytest": Case(["1 passed; tests/test_suite.py::test_falls: killed by signal 11"], """
import brittle
import pytest

@pytest.fixture
def one():
    return brittle.count()

def test_counts(one):
    assert one > 0

def test_falls(one):
    brittle.fall()
""", files={"brittle.c": EXTENSION.replace("static PyMethodDef methods[] = {", FALL)}, seen=("FT902", ["fall", "brittle.c"])),
    "crashes-at-import": Case(["the run ended before the first test: killed by signal 11"], "import os, signal, unittest\nos.kill(os.getpid(), signal.SIGSEGV)\n"),
    "forks": Case(["3 passed"], body("""
def test_m_forks(self):
    pid = os.fork()
    if pid == 0:
        brittle.count()
        os._exit(0)
    self.assertEqual(os.waitpid(pid, 0)[1], 0)
    # One that leaves for good, with a session of its own.
    subprocess.Popen(["sleep", "98765"], start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
"""), left="sleep\0" + "98765"),
    "floods": Case(["3 passed"], body("""
def test_m_floods(self):
    for _ in range(1024):
        os.write(1, b"x" * 1048575 + b"\\n")
""")),
    "misses-a-package": Case(["the tests want ftaudit-no-such-package, which cannot be installed", "No module named 'ftaudit_no_such_package'"],
                             "import unittest\nimport ftaudit_no_such_package\n", options=("--with", "ftaudit-no-such-package")),
    "does-not-build": Case(["the build with ThreadSanitizer failed", "the plain build failed", "no_such_header.h"], body("pass"),
                           files={"setup.py": SETUP.replace("['brittle.c']", "['brittle.c', 'broken.c']"), "broken.c": "#include \"no_such_header.h\"\n"}),
    "has-no-tests": Case(["no tests were found in this project"]),
    "own-command": Case(["`echo only $((40 + 2)); exit 3` ended with exit code 3: only 42"], options=("--test-command", "echo only $((40 + 2)); exit 3")),
}


def python_with(ftaudit, holds):
    listed = subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=60).stdout
    return any(line[2:].split()[0].endswith("t") and holds in line for line in listed.splitlines() if line[:2] in ("* ", "  "))


def processes_with(arguments):
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_text(errors="replace").startswith(arguments):
                found.append(int(path.parent.name))
        except OSError:
            pass
    return found


def wrong_with(ftaudit, name, case, folder):
    root = folder / name
    for file, text in case.files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)
    (folder / "tmp").mkdir(exist_ok=True)
    before = sorted(path for path in root.rglob("*"))
    began = time.monotonic()
    done = subprocess.run([ftaudit, "confirm", root, "--budget", "3m", "--hang-after", "6s", "--workloads", "tests", "--report", f"json:{folder / name}.json",
                           "--reproducers", folder / "reproducers", *case.options],
                          env={**os.environ, "TMPDIR": str(folder / "tmp")}, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=600)
    print(f"{name}: exit code {done.returncode} after {time.monotonic() - began:.1f} s", flush=True)
    said = done.stderr
    for text in case.says:
        if text not in said:
            yield f"does not say: {text}\n{said[-3000:]}"
    if done.returncode != case.code:
        yield f"exit code {done.returncode}, not {case.code}\n{said[-2000:]}"
    try:
        report = json.loads((folder / f"{name}.json").read_text())
    except (OSError, ValueError) as error:
        yield f"no report: {error}"
        return
    findings = [finding for finding in report["findings"] if finding["rule"] == "FT201"]
    if not findings or any(finding["witness"] is None for finding in report["findings"]):
        yield "a finding has no witness"
    if case.seen:
        told = [json.dumps(finding) for finding in report["findings"] if finding["rule"] == case.seen[0]]
        if not any(all(text in one for text in case.seen[1]) for one in told):
            yield f"no {case.seen[0]} that says {case.seen[1]}: {told}"
    if len(done.stdout) > 1 << 20:
        yield f"{len(done.stdout)} bytes on stdout"
    if sorted(path for path in root.rglob("*")) != before:
        yield "the project holds other files than before"
    if list((folder / "tmp").glob("ftaudit-*")):
        yield "a scratch folder was left"
    if case.left is not None:
        for pid in processes_with(case.left):
            yield f"process {pid} was left"
            os.kill(pid, signal.SIGKILL)


def wrong_with_interruption(ftaudit, folder):
    """Ctrl-C while tests run: exit code 130, and a report of what there was."""
    root = folder / "interrupted"
    for file, text in Case([], body("def test_m_long(self):\n    for _ in range(600):\n        time.sleep(0.1)\n        print('.', end='', flush=True)")).files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text)
    run = subprocess.Popen([ftaudit, "confirm", root, "--budget", "2m", "--workloads", "tests", "--report", f"json:{root}.json"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(folder)})
    for line in run.stderr:
        if "built by" in line:
            break
    time.sleep(2)
    run.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = run.communicate(timeout=120)
    print(f"interrupted: exit code {run.returncode}, {time.monotonic() - began:.1f} s after the signal", flush=True)
    if run.returncode != 130:
        yield f"exit code {run.returncode}, not 130\n{err[-2000:]}"
    report = json.loads(pathlib.Path(f"{root}.json").read_text())
    if not report["findings"] or any(finding["witness"] is None for finding in report["findings"]):
        yield "the partial report lacks witnesses"
    if not any("interrupted" in note for note in report.get("notes", [])):
        yield f"the report does not say that it was interrupted: {report.get('notes')}"


def main(ftaudit, *wanted):
    for holds, install in (("interpreter", "ftaudit python install 3.13t"), ("TSan build", "ftaudit python install 3.13t --tsan")):
        if not python_with(ftaudit, holds):
            print(f"skipped: `{install}` was not run")
            return SKIPPED
    failures = 0
    with tempfile.TemporaryDirectory(prefix="suites-") as name:
        folder = pathlib.Path(name)
        for case in wanted or [*CASES, "interrupted"]:
            found = list(wrong_with_interruption(ftaudit, folder) if case == "interrupted" else wrong_with(ftaudit, case, CASES[case], folder))
            for text in found:
                print(f"{case}: {text}")
            failures += len(found)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
