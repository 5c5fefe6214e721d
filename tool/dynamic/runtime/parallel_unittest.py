"""parallel_unittest.py THREADS PATH...: a suite of unittest with every test run by several threads at once.

Each thread has an instance of its own of the test case, all start at one barrier; class and module fixtures run once. With
THREADS 1 it is the suite as it is. The test being run goes to the file that FTAUDIT_PROGRESS names, and how it ended to
FTAUDIT_OUTCOMES, "OUTCOME ID" a line, as it ends: a later crash takes nothing of that back. For who compares runs:
FTAUDIT_ONLY lists the tests to run, FTAUDIT_FIRST those whose modules come first; FTAUDIT_FAILURES gets what each failure said
and where, FTAUDIT_SINGLE the tests that are not run by several threads, FTAUDIT_ENTERED which compiled packages a test enters."""
import copy
import json
import os
import re
import sys
import threading
import unittest

threads = int(sys.argv[1])
entered = None
if os.environ.get("FTAUDIT_ENTERED"):
    import ftaudit_entered as entered


def listed(variable):
    path = os.environ.get(variable)
    if not path or not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return set(file.read().splitlines())


left_out, only, first = listed("FTAUDIT_DESELECT") or set(), listed("FTAUDIT_ONLY"), listed("FTAUDIT_FIRST") or set()


def write(variable, line):
    path = os.environ.get(variable)
    if path:
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(line + "\n")


class Together(unittest.TestCase):
    """One test of the suite, in several threads. The first failure is the test's."""

    def __init__(self, test):
        super().__init__("runTest")
        self.test = test

    def id(self):
        return self.test.id()

    __str__ = id

    def runTest(self):
        barrier = threading.Barrier(threads)
        results = [unittest.TestResult() for _ in range(threads)]

        def one(result, test):
            try:
                barrier.wait(60)
            except threading.BrokenBarrierError:
                pass
            test.run(result)

        workers = [threading.Thread(target=one, args=(result, copy.copy(self.test)), name=f"test-{number}")
                   for number, result in enumerate(results)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        for result in results:
            for _, text in result.errors + result.failures:
                raise self.failureException(text)
        if all(result.skipped for result in results):
            self.skipTest(results[0].skipped[0][1])


def tell_failure(test, text):
    """The last line names the exception, and the last frame the place."""
    text = text.rstrip()
    frames = re.findall(r'File "([^"]+)", line (\d+)', text)
    where = f"{os.path.basename(frames[-1][0])}:{frames[-1][1]}" if frames else ""
    named = re.findall(r"^[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Failure)\w*(?::.*)?$", text, re.M)
    what = named[-1] if named else text[text.rfind("\n") + 1:]
    write("FTAUDIT_FAILURES", json.dumps({"test": test.id(), "what": what[:300], "where": where}))


class Reporting(unittest.TextTestResult):
    def startTest(self, test):
        write("FTAUDIT_PROGRESS", test.id())
        if entered:
            entered.begin(test.id(), sys.modules.get(type(test).__module__))
        super().startTest(test)

    def stopTest(self, test):
        if entered:
            entered.end()
        super().stopTest(test)

    def addSuccess(self, test):
        write("FTAUDIT_OUTCOMES", f"passed {test.id()}")
        super().addSuccess(test)

    def addExpectedFailure(self, test, err):
        write("FTAUDIT_OUTCOMES", f"passed {test.id()}")
        super().addExpectedFailure(test, err)

    def addSkip(self, test, reason):
        write("FTAUDIT_OUTCOMES", f"skipped {test.id()}")
        super().addSkip(test, reason)

    def addFailure(self, test, err):
        write("FTAUDIT_OUTCOMES", f"failed {test.id()}")
        super().addFailure(test, err)
        tell_failure(test, self.failures[-1][1])

    def addError(self, test, err):
        write("FTAUDIT_OUTCOMES", f"failed {test.id()}")
        super().addError(test, err)
        tell_failure(test, self.errors[-1][1])

    def addUnexpectedSuccess(self, test):
        write("FTAUDIT_OUTCOMES", f"failed {test.id()}")
        super().addUnexpectedSuccess(test)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            write("FTAUDIT_OUTCOMES", f"failed {test.id()}")
        super().addSubTest(test, subtest, err)


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


def is_loader_failure(test):
    return type(test).__module__ == "unittest.loader"


def together(suite):
    """The suite with its classes' and modules' fixtures kept in place. A file that cannot be loaded stands for its tests."""
    chosen = unittest.TestSuite()
    tests, known = [], set()
    for found in suite:  # once, however many of the paths lead to it; one path may make several of one name
        here = list(tests_of(found))
        tests += [test for test in here if test.id() not in known]
        known.update(test.id() for test in here)
    tests = [test for test in tests if test.id() not in left_out and (only is None or test.id() in only or (threads == 1 and is_loader_failure(test)))]
    modules = {type(test).__module__ for test in tests if test.id() in first}
    tests.sort(key=lambda test: type(test).__module__ not in modules)
    for test in tests:
        if threads == 1 or is_loader_failure(test) or isinstance(test, unittest.IsolatedAsyncioTestCase):
            if threads > 1:
                write("FTAUDIT_SINGLE", json.dumps({"test": test.id(), "why": "runs an event loop of its own"}))
            chosen.addTest(test)
        else:
            wrapped = type(type(test).__name__, (Together,), {
                "__module__": type(test).__module__, "setUpClass": type(test).setUpClass, "tearDownClass": type(test).tearDownClass})
            chosen.addTest(wrapped(test))
    return chosen


def load(path):
    """Discovers below a folder; one inside a package is discovered from the package's top, as it imports."""
    loader = unittest.TestLoader()
    folder = path if os.path.isdir(path) else os.path.dirname(path) or "."
    top = os.path.abspath(folder)
    while os.path.exists(os.path.join(top, "__init__.py")):
        top = os.path.dirname(top)
    # A name may fit two of them: each test is run once.
    return [loader.discover(folder, pattern=pattern, top_level_dir=top) for pattern in ("test*.py", "*_test.py", "*_tests.py")]


if threads > 1:
    sys.setswitchinterval(1e-6)
whole = unittest.TestSuite()
for path in sys.argv[2:] or ["."]:
    for suite in load(path):
        whole.addTest(suite)
outcome = unittest.TextTestRunner(verbosity=1, resultclass=Reporting).run(together(whole))
write("FTAUDIT_PROGRESS", "the end of the session")
sys.exit(1 if not outcome.wasSuccessful() else 5 if outcome.testsRun == 0 else 0)
