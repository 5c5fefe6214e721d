"""A plugin of pytest: writes what is being run to the file that FTAUDIT_PROGRESS names, one line a test, so that a watcher
knows which test hung or crashed; leaves out the tests listed in FTAUDIT_DESELECT, one node id a line; and, where
FTAUDIT_OUTCOMES names a file, says there how each test ended as it ends, "OUTCOME NODEID" a line: a later crash takes
nothing of that back. What fails in its teardown has two lines, and failed; a file that cannot be loaded stands for its tests.

For who compares runs: FTAUDIT_ONLY lists the tests to run, FTAUDIT_FIRST those whose files come first; FTAUDIT_FAILURES
gets what each failure said and where, FTAUDIT_SINGLE the tests that are not run by several threads and why, and
FTAUDIT_ENTERED which compiled packages (of FTAUDIT_COMPILED) a test enters."""
import json
import os
import re

import pytest

_progress = os.environ.get("FTAUDIT_PROGRESS")
_outcomes = os.environ.get("FTAUDIT_OUTCOMES")
_failures = os.environ.get("FTAUDIT_FAILURES")
_single = os.environ.get("FTAUDIT_SINGLE")
_entered = None
if os.environ.get("FTAUDIT_ENTERED"):
    import ftaudit_entered as _entered


def _write(path, line):
    if path:
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(line + "\n")


def _listed(variable):
    path = os.environ.get(variable)
    if not path or not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return set(file.read().splitlines())


def pytest_collection_modifyitems(config, items):
    only, left_out, first = _listed("FTAUDIT_ONLY"), _listed("FTAUDIT_DESELECT") or set(), _listed("FTAUDIT_FIRST")
    kept = [item for item in items if item.nodeid not in left_out and (only is None or item.nodeid in only)]
    if len(kept) != len(items):
        chosen = {item.nodeid for item in kept}
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in chosen])
    if first:
        # Whole files, so that their fixtures are made once.
        files = {item.nodeid.partition("::")[0] for item in kept if item.nodeid in first}
        kept.sort(key=lambda item: item.nodeid.partition("::")[0] not in files)
    items[:] = kept


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    plugin = session.config.pluginmanager.get_plugin("_run-parallel")
    for test, reason in (getattr(plugin, "thread_unsafe", None) or {}).items():
        _write(_single, json.dumps({"test": test, "why": re.sub(r"\s+", " ", str(reason or ""))}))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid, location):
    _write(_progress, nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if _entered:
        _entered.begin(item.nodeid, getattr(item, "module", None))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    if _entered:
        _entered.end()


def pytest_collectreport(report):
    if report.outcome == "failed" and report.nodeid:
        _write(_outcomes, f"failed {report.nodeid}")
        _tell_failure(report)


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        _write(_outcomes, f"{report.outcome} {report.nodeid}")
    if report.outcome == "failed":
        _tell_failure(report)


def _tell_failure(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = str(crash.message if crash else report.longrepr or "").strip().splitlines() or [""]
    what = lines[0] if crash else lines[-1].removeprefix("E  ").strip()
    where = f"{os.path.basename(crash.path)}:{crash.lineno}" if crash else ""
    _write(_failures, json.dumps({"test": report.nodeid, "what": what[:300], "where": where}))


def pytest_sessionfinish(session, exitstatus):
    _write(_progress, "the end of the session")
