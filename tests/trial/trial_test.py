"""trial_test.py sorts|ends FTAUDIT SCHEMA [TIMES]: what `ftaudit trial` says of an application whose tests are known to crash, to stand
still, to race, to share state, to be flaky and to be broken; and of suites that nothing can be learnt from.

Returns 77 when there is no free-threaded Python with its twin."""

import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import jsonschema

SKIPPED = 77

# One function each that relies on the GIL: between its two halves nobody else comes while the thread keeps the GIL, and everybody
# does once there is none. So what is planted shows whenever two threads are in it at once. Volatile: a compiler that sees a variable
# nobody else can reach keeps it to itself.
HALVES = {
    "cellar": """static char *volatile page;
static PyObject *run(PyObject *module, PyObject *number) {
    // The second pause keeps threads in step from giving each other a new page before it is missed.
    page = calloc(1, 1); usleep(2000); *page = 1; page = NULL; usleep(2000);
    return Py_NewRef(number);
}""",
    "ferry": """static PyMutex here, there;
static PyObject *run(PyObject *module, PyObject *number)
{
    int back = PyLong_AsLong(number) % 2;
    PyMutex *first = back ? &there : &here, *second = back ? &here : &there;
    PyMutex_Lock(first); usleep(2000); PyMutex_Lock(second); PyMutex_Unlock(second); PyMutex_Unlock(first);
    return Py_NewRef(number);
}""",
    "mirror": """static volatile long last;
static PyObject *run(PyObject *module, PyObject *number) { last = PyLong_AsLong(number); usleep(2000); return PyLong_FromLong(last); }""",
}
EXTENSION = """#include <Python.h>
#include <stdlib.h>
#include <unistd.h>
%s
static PyMethodDef methods[] = {{"run", run, METH_O, "Both halves."}, {NULL}};
static PyModuleDef_Slot slots[] = {
#ifdef Py_GIL_DISABLED
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "%s", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_%s(void) { return PyModuleDef_Init(&module); }
"""
SHOP = """
import itertools
import random
import time

import cellar
import ferry
import mirror

LOG = []
NUMBERS = itertools.count()


def test_stock():
    for _ in range(20):
        cellar.run(1)


def test_move():
    for _ in range(20):
        ferry.run(next(NUMBERS))


def test_answers():
    mine = next(NUMBERS)
    for _ in range(20):
        assert mirror.run(mine) == mine, "wrong answer"


def test_log():
    before = len(LOG)
    LOG.append(1)
    time.sleep(0.05)
    assert len(LOG) == before + 1, "somebody else wrote, too"


def test_dice():
    assert random.SystemRandom().random() < 0.5


def test_separator():
    assert str(1.5) == "1,5"


def test_fine():
    assert sorted([3, 1, 2]) == [1, 2, 3]
"""
EXPECTED = {"stock": ("crashes",), "move": ("stands-still",), "answers": ("hidden-race",), "log": ("shares-state",), "separator": ("fails-everywhere",),
            "fine": ("passes",), "dice": ("flaky", "fails-everywhere")}  # a die may fall on one side alone
GUILTY = {"stock": ["cellar"], "move": ["ferry"], "answers": ["mirror"]}

NO_SLOT = r'''
#include <Python.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "oldtimer", NULL, 0, NULL};
PyMODINIT_FUNC PyInit_oldtimer(void) { return PyModule_Create(&module); }
'''
SETUP = "from setuptools import Extension, setup\nsetup(name='%s', version='1.0', ext_modules=[Extension('%s', ['%s.c'])])\n"
UNITTEST = "import os, signal, subprocess, threading, time, unittest\n\n\nclass Suite(unittest.TestCase):\n    def test_a(self):\n        pass\n\n"


def run(ftaudit, folder, *arguments):
    return subprocess.run([ftaudit, "trial", *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=1200)


def tried(ftaudit, schema, folder, *arguments, code):
    done = run(ftaudit, folder, *arguments, "--format", "json", "--report", f"html:{folder / 'page.html'}", "--report", f"markdown:{folder / 'page.md'}")
    codes = code if isinstance(code, tuple) else (code,)
    assert done.returncode in codes, f"{arguments}: exit code {done.returncode}, not {code}\n{done.stdout[-3000:]}\n{done.stderr}"
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    assert report["holds"] is {0: True, 1: False, 3: None}[done.returncode], report["holds"]
    return report


def project(folder, name, files):
    for path, text in files.items():
        (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / path).write_text(text)
    return folder / name


def sorts(ftaudit, schema, folder):
    for name, halves in HALVES.items():
        project(folder, name, {f"{name}.c": EXTENSION % (halves, name, name), "setup.py": SETUP % (name, name, name)})
    project(folder, "shop", {"tests/test_shop.py": SHOP, "requirements.txt": "".join(f"{folder / name}\n" for name in HALVES)})
    report = tried(ftaudit, schema, folder, "shop", "-r", "shop/requirements.txt", "--hang-after", "10s", "--budget", "10m", code=1)
    tests = {one["name"].partition("::test_")[2]: one for one in report["tests"]}
    for name, answers in EXPECTED.items():
        assert tests[name]["answer"] in answers, (name, tests[name])
        assert tests[name]["guilty"] == GUILTY.get(name, []), (name, tests[name])
    assert tests["stock"]["proven"] and "run in cellar" in tests["stock"]["evidence"], tests["stock"]
    assert tests["move"]["proven"] and "in ferry" in tests["move"]["evidence"], tests["move"]
    assert not tests["answers"]["proven"] and "wrong answer" in tests["answers"]["threads"]["what"], tests["answers"]
    assert report["gil_stays_off"] and all(f"ftaudit confirm {folder / name}" in report["next"] for name in HALVES), report["next"]
    page = (folder / "page.html").read_text()
    assert "deadlock or hang" in page and "<script" not in page


def ends(ftaudit, schema, folder):
    # The GIL comes back: said, with the module, and the runs go on without it.
    project(folder, "old", {"oldtimer.c": NO_SLOT, "setup.py": SETUP % (("oldtimer",) * 3), "tests/test_old.py": "import unittest\nimport oldtimer\n" + UNITTEST})
    report = tried(ftaudit, schema, folder, "old", "--runs", "1", code=1)
    assert report["switched_on_by"] == ["oldtimer"] and report["forced"] and not report["gil_stays_off"], report["switched_on_by"]
    assert report["imports"][0]["package"] == "oldtimer" and report["tests"][0]["answer"] == "passes"

    # A test that hangs on either build is no evidence, and nothing waits for it for long.
    hangs = UNITTEST + "    def test_hangs(self):\n        lock = threading.Lock()\n        lock.acquire()\n        lock.acquire()\n"
    project(folder, "still", {"tests/test_still.py": hangs})
    report = tried(ftaudit, schema, folder, "still", "--hang-after", "5s", "--runs", "1", code=0)
    assert {one["name"].rpartition(".")[2]: one["answer"] for one in report["tests"]} == {"test_hangs": "fails-everywhere", "test_a": "passes"}

    # What only the main thread may do is no shared state.
    alarm = UNITTEST + "    def test_alarm(self):\n        signal.signal(signal.SIGALRM, signal.SIG_DFL)\n"
    project(folder, "alarm", {"tests/test_alarm.py": alarm})
    report = tried(ftaudit, schema, folder, "alarm", "--runs", "1", code=0)
    assert {one["name"].rpartition(".")[2]: (one["answer"], one["single"]) for one in report["tests"]} == {
        "test_alarm": ("alone-only", "it wants the main thread"), "test_a": ("passes", "")}, report["tests"]

    # What a suite leaves behind does not outlive the trial.
    forks = UNITTEST + ("    def test_forks(self):\n        if os.fork() == 0:\n            os._exit(0)\n        os.wait()\n"
                        "        subprocess.Popen(['sleep', '86399'], start_new_session=True, stdin=-3, stdout=-3, stderr=-3)\n")
    project(folder, "forks", {"tests/test_forks.py": forks})
    tried(ftaudit, schema, folder, "forks", "--runs", "1", code=0)
    left = [path for path in pathlib.Path("/proc").glob("[0-9]*/cmdline") if "sleep\00086399" in text_of(path)]
    assert not left, left

    # A file that cannot be loaded without the GIL takes all its tests along.
    apart = "import sys\nassert sys._is_gil_enabled(), 'not for me'\n"
    project(folder, "apart", {"tests/test_apart.py": apart + UNITTEST, "tests/test_other.py": UNITTEST})
    report = tried(ftaudit, schema, folder, "apart", code=1)
    assert [one["name"] for one in report["tests"] if one["against"]] == ["test_apart.Suite.test_a"], report["tests"]
    assert "not for me" in report["tests"][0]["alone"]["what"] and len(report["tests"]) == 2, report["tests"]

    # Files of tests may be named in several ways, and lie in folders of each other: each test is run, once.
    project(folder, "named", {"named/__init__.py": "", "named/tests/__init__.py": "", "named/tests/first_tests.py": UNITTEST, "named/tests/second_test.py": UNITTEST,
                              "named/tests/deep/__init__.py": "", "named/tests/deep/third_tests.py": UNITTEST})
    report = tried(ftaudit, schema, folder, "named", "--runs", "1", code=0)
    assert [one["name"].partition(".tests.")[2] for one in report["tests"]] == [f"{name}.Suite.test_a" for name in ("deep.third_tests", "first_tests", "second_test")], report["tests"]
    assert all(one["gil"]["passed"] == one["threads"]["passed"] == 1 for one in report["tests"]), report["tests"]
    project(folder, "unnamed", {"tests/checks.py": UNITTEST, "tests/test_none.py": "import unittest\n"})
    report = tried(ftaudit, schema, folder, "unnamed", "--runs", "1", code=3)
    assert report["tests"] == [] and any("unittest finds no tests in tests" in note for note in report["notes"]), report["notes"]

    # Where nothing passes, nothing is left for the threads, and that says nothing of the suite as a whole.
    project(folder, "wrecked", {"tests/test_wrecked.py": UNITTEST.replace("pass", "self.fail('always')")})
    report = tried(ftaudit, schema, folder, "wrecked", "--runs", "1", code=3)
    assert [one["answer"] for one in report["tests"]] == ["fails-everywhere"], report["tests"]

    # Nothing to look at is never "holds".
    project(folder, "empty", {"app.py": "pass\n"})
    report = tried(ftaudit, schema, folder, "empty", code=3)
    assert any("no tests were found" in note for note in report["notes"])
    project(folder, "needy", {"requirements.txt": "ftaudit-no-such-package\n", "tests/test_needy.py": "import ftaudit_no_such_package\n" + UNITTEST})
    report = tried(ftaudit, schema, folder, "needy", "-r", "needy/requirements.txt", "--no-index", "--runs", "1", code=3)
    assert report["packages"][0]["state"] == "cannot-install-anywhere", report["packages"]
    report = tried(ftaudit, schema, folder, "empty", "--test-command", "python -c 'print(6 * 7)'", "--runs", "1", code=0)
    assert report["tests"][0]["answer"] == "alone-only"
    report = tried(ftaudit, schema, folder, "empty", "--test-command", "echo broken; exit 2", "--runs", "1", code=3)
    assert report["tests"][0]["answer"] == "fails-everywhere" and "broken" in report["tests"][0]["gil"]["what"]

    for arguments, code, said in (
        (("nowhere",), 2, "nowhere: no such folder"),
        (("shop.py",), 2, "is not a folder"),
        (("still", "-r", "none.txt"), 2, "-r none.txt: no such file"),
        (("still", "--tests", "tests/none.py"), 2, "not in still"),
        (("still", "--report", "xml:a"), 2, "expected FORMAT:FILE"),
        (("still", "--gil-python", "2.7"), 2, "no CPython 2.7 with the GIL"),
        (("still", "--keep", "still"), 3, "not an empty folder"),
    ):
        (folder / "shop.py").touch()
        done = run(ftaudit, folder, *arguments)
        assert done.returncode == code and said in done.stderr, (arguments, done.returncode, done.stderr)
    interrupted(ftaudit, schema, folder)


def text_of(path):
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


SLOW_TESTS = UNITTEST + "    def test_b(self):\n        time.sleep(2)\n"


def interrupt(command, folder):
    """What a command says in JSON that is interrupted while the tests run without the GIL."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if line.startswith("ftaudit: without the GIL: "):
            break
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 130, process.returncode
    return json.loads(out)


def interrupted(ftaudit, schema, folder):
    """What is known by then is told."""
    project(folder, "slow", {"tests/test_slow.py": SLOW_TESTS})
    report = interrupt([ftaudit, "trial", "slow", "--runs", "50", "--format", "json"], folder)
    jsonschema.validate(report, schema)
    assert any("interrupted" in note for note in report["notes"]) and all(one["alone"]["passed"] >= 1 for one in report["tests"]), report


def twins(ftaudit):
    """The free-threaded Python and its twin with the GIL; None without both."""
    listed = subprocess.run([ftaudit, "python", "list"], capture_output=True, text=True, timeout=60).stdout
    rows = [line[2:].split() for line in listed.splitlines() if line[:2] in ("* ", "  ") and " interpreter " in line]
    free = [one for one in rows if one[0].endswith("t")]
    with_gil = [one for one in rows if free and one[1] == free[0][1] and not one[0].endswith("t")]
    return (free[0][-1], with_gil[0][-1]) if with_gil else None


def has_both(ftaudit):
    return twins(ftaudit) is not None


def main(case, ftaudit, schema, times="1"):
    if not has_both(ftaudit):
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return SKIPPED
    schema = json.loads(pathlib.Path(schema).read_text())
    for number in range(int(times)):
        with tempfile.TemporaryDirectory(prefix="trial-") as name:
            {"sorts": sorts, "ends": ends}[case](ftaudit, schema, pathlib.Path(name).resolve())
        print(f"{case}: as expected, {number + 1}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
