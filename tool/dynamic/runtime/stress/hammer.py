"""Runs the acts of one scenario: round after round, each with a fresh setup and its roles in threads that start at once."""

import json
import os
import random
import sys
import threading
import time

from . import values

try:
    import ctypes
    _prctl = ctypes.CDLL(None).prctl
except (ImportError, AttributeError, OSError):
    _prctl = None

CALLS = (1, 4, 30, 200)  # calls of each role in a round, in turn: first calls on fresh objects, and long overlaps on one


class Progress:
    """One line in a file that says what is being done, so that whoever finds the process dead knows what did it."""

    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600) if path else None

    def tell(self, text):
        if self.file is not None:
            os.pwrite(self.file, text.encode("utf-8", "replace")[:500].ljust(511) + b"\n", 0)


def name_this_thread(name):
    """Reports of a race detector tell threads by the system's name of them, which Python sets from 3.14 on."""
    if _prctl is not None and sys.platform == "linux":
        _prctl(15, name.encode()[:15], 0, 0, 0)  # PR_SET_NAME


def role_source(role):
    code = "\n".join(" " * 12 + line for line in role["code"].split("\n"))
    return f"""def role(calls, meet, stop, note):
    call = {role["prepare"]}
    meet()
    for _ in range(calls):
        if stop:
            break
        try:
{code}
        except BaseException as error:
            note(type(error).__name__)
"""


class Act:
    def __init__(self, number, act, imports, dice):
        self.name = f"act {number}"
        self.act, self.imports, self.dice = act, imports, dice
        self.setup = compile("\n".join(act["setup"]), "<setup>", "exec")
        self.sources = [compile(role_source(role), f"<{role['label']}>", "exec") for role in act["roles"]]
        self.called = [0] * len(self.sources)
        self.raised = [{} for _ in self.sources]
        self.failed = {}  # rounds whose setup raised, by exception

    def round(self, threads, calls, deadline):
        scope = dict(self.imports)
        try:
            exec(self.setup, scope)
        except Exception as error:
            name = f"{type(error).__name__}: {error}"[:200]
            self.failed[name] = self.failed.get(name, 0) + 1
            return False
        arrived, stop, running = [], [], []
        for index in range(threads):
            which = index % len(self.sources)
            exec(self.sources[which], scope)
            running.append(threading.Thread(target=self._thread, args=(scope["role"], which, threads, calls, arrived, stop, self.dice.randrange(300)),
                                            name=self.name, daemon=True))
        for thread in running:
            thread.start()
        for thread in running:
            thread.join(max(deadline - time.monotonic(), 0.001))
        stop.append(True)
        for thread in running:
            thread.join()
        return True

    def _thread(self, role, which, threads, calls, arrived, stop, jitter):
        raised = {}
        name_this_thread(self.name)

        def meet():
            """Waits, awake, until all are here; then each a little longer by chance."""
            arrived.append(which)
            spins = 0
            while len(arrived) < threads and not stop:
                spins += 1
                if spins > 2000:
                    time.sleep(0)
            for _ in range(jitter):
                pass

        def note(name):
            raised[name] = raised.get(name, 0) + 1
        try:
            role(calls, meet, stop, note)
        except BaseException as error:  # what `prepare` says; the others wait for this thread no longer
            arrived.append(which)
            note("prepare: " + type(error).__name__)
        self.called[which] += calls
        for name, count in raised.items():
            self.raised[which][name] = self.raised[which].get(name, 0) + count


def imported(survey):
    """A namespace with what expressions name and what is under test; a package that does not import is left out."""
    imports = {"__name__": "__stress__"}
    exec(values.NAMESPACE, imports)
    for name in survey["modules"] + survey["packages"]:
        try:
            exec(f"import {name}", imports)
        except Exception:
            if name in survey["modules"]:
                raise
    return imports


def run_scenario(survey, scenario, seed, seconds, progress, without=()):
    """What each act came to, in order; those whose numbers are in `without` are left out."""
    progress.tell(f"{scenario['id']}: import")
    imports = imported(survey)
    sys.setswitchinterval(1e-6)
    dice = random.Random(seed)
    results = []
    acts = [(number, act) for number, act in enumerate(scenario["acts"]) if number not in without]
    if scenario["kind"] != "directed":
        dice.shuffle(acts)
    for number, act in acts:
        share = seconds / max(len(acts), 1)
        deadline, last = time.monotonic() + share, time.monotonic() + 4 * share
        running, rounds = Act(number, act, imports, dice), 0
        while time.monotonic() < deadline or rounds == 0 or (rounds < len(CALLS) and time.monotonic() < last):
            progress.tell(f"{scenario['id']} act {number} round {rounds}: {act['label']}")
            calls = 1 if act.get("once") else CALLS[rounds % len(CALLS)]
            threads = survey["threads"] if act.get("once") or rounds % 3 == 2 else max(len(act["roles"]), 2)
            done = running.round(threads, calls, max(deadline, time.monotonic() + share / 2))
            rounds += 1
            if act.get("once") or (not done and rounds >= 3):
                break
        results.append({"act": number, "label": act["label"], "rounds": rounds, "called": running.called, "raised": running.raised,
                        "failed": running.failed})
    progress.tell(f"{scenario['id']}: done")
    return results


def main(survey_path, scenario_id, seed, seconds, progress_path, result_path, without):
    with open(survey_path, encoding="utf-8") as file:
        survey = json.load(file)
    scenario = next(each for each in survey["scenarios"] if each["id"] == scenario_id)
    results = run_scenario(survey, scenario, seed, seconds, Progress(progress_path), without)
    if result_path:
        with open(result_path, "w", encoding="utf-8") as file:
            json.dump({"scenario": scenario_id, "seed": seed, "acts": results}, file, indent=1)
    # Threads of the extension's own must not turn a good run into a hang at exit.
    sys.stdout.flush()
    sys.stderr.flush()
