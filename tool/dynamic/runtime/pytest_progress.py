"""A plugin of pytest: writes what is being run to the file that FTAUDIT_PROGRESS names, one line a test, so that a watcher
knows which test hung or crashed; leaves out the tests listed in FTAUDIT_DESELECT, one node id a line; and, where
FTAUDIT_OUTCOMES names a file, says there how each test ended as it ends, "OUTCOME NODEID" a line: a later crash takes
nothing of that back. What fails in its teardown has two lines, and failed."""
import os

import pytest

_progress = os.environ.get("FTAUDIT_PROGRESS")
_outcomes = os.environ.get("FTAUDIT_OUTCOMES")


def _write(path, line):
    if path:
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(line + "\n")


def pytest_collection_modifyitems(config, items):
    listed = os.environ.get("FTAUDIT_DESELECT")
    if not listed or not os.path.exists(listed):
        return
    with open(listed, encoding="utf-8") as file:
        left_out = set(file.read().splitlines())
    kept = [item for item in items if item.nodeid not in left_out]
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in left_out])
    items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid, location):
    _write(_progress, nodeid)


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        _write(_outcomes, f"{report.outcome} {report.nodeid}")


def pytest_sessionfinish(session, exitstatus):
    _write(_progress, "the end of the session")
