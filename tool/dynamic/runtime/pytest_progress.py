"""A plugin of pytest: writes what is being run to the file that FTAUDIT_PROGRESS names, one line a test, so that a watcher
knows which test hung or crashed; leaves out the tests listed in FTAUDIT_DESELECT, one node id a line; and, where
FTAUDIT_OUTCOMES names a file, says at the end how every test ended."""
import json
import os

import pytest

_progress = os.environ.get("FTAUDIT_PROGRESS")
_outcomes = {}


def _write(line):
    if _progress:
        with open(_progress, "a", encoding="utf-8", errors="replace") as file:
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
    _write(nodeid)


def pytest_runtest_logreport(report):
    if report.outcome == "failed":
        _outcomes[report.nodeid] = "failed"
    elif report.when == "call" or report.outcome == "skipped":
        _outcomes.setdefault(report.nodeid, report.outcome)


def pytest_sessionfinish(session, exitstatus):
    _write("the end of the session")
    path = os.environ.get("FTAUDIT_OUTCOMES")
    if path:
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            json.dump(_outcomes, file)
