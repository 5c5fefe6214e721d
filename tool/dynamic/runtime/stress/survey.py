"""The supervisor of a survey: runs probes, each of which may be ended by what it tries, until one comes to the end; then makes the
scenarios and writes everything down."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time

from . import scenarios

STEP_SECONDS = 8     # a single call takes no longer
START_SECONDS = 60   # nor do starting and importing
RESTARTS = 80


class Survey:
    def __init__(self, plan_path, folder):
        self.plan_path, self.folder = os.path.abspath(plan_path), folder
        self.state = {"denied": [], "given_up": [], "finished": [], "recipes": {}}
        self.imported = {}  # further modules of the packages, in order
        self.operations, self.unmade, self.notes, self.dangerous, self.types = {}, {}, [], [], []

    def run(self, until):
        for _ in range(RESTARTS):
            if self._probe(until) or time.monotonic() > until:
                return

    def _probe(self, until):
        """One worker; True when it came to its end."""
        state = os.path.join(self.folder, "state.json")
        with open(state, "w", encoding="utf-8") as file:
            json.dump(self.state, file)
        reader, writer = os.pipe()
        scratch = tempfile.mkdtemp(dir=self.folder)
        environment = dict(os.environ)
        if environment.get("PYTHONPATH"):
            environment["PYTHONPATH"] = os.pathsep.join(os.path.abspath(each) for each in environment["PYTHONPATH"].split(os.pathsep))
        with open(os.path.join(self.folder, "probe.err"), "ab") as errors:
            child = subprocess.Popen([sys.executable, os.path.dirname(__file__), "probe", self.plan_path, state, str(writer)],
                                     pass_fds=[writer], cwd=scratch, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        os.close(writer)
        step, complete, why = None, False, ""
        for line in self._lines(reader, until):
            if line is None:
                why = "did not return" if time.monotonic() < until else "the time for the survey was up"
                child.send_signal(signal.SIGKILL)
                break
            if "step" in line:
                step = line
            elif "complete" in line:
                complete = True
            else:
                self._take(line)
        os.close(reader)
        status = child.wait()
        if complete or why.startswith("the time"):
            return True
        self._blame(step, why or (f"ended the process by signal {-status}" if status < 0 else f"ended the process with status {status}"))
        return step is None

    @staticmethod
    def _lines(reader, until):
        """What the worker tells; None when it is silent for too long."""
        rest, patience = b"", START_SECONDS
        while True:
            ready, _, _ = select.select([reader], [], [], max(min(patience, until - time.monotonic()), 0.1))
            if not ready:
                yield None
                return
            data = os.read(reader, 65536)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in map(json.loads, lines):
                patience = START_SECONDS if line.get("step", "import ").startswith("import ") else STEP_SECONDS
                yield line

    def _blame(self, step, why):
        if step is None:
            with open(os.path.join(self.folder, "probe.err"), encoding="utf-8", errors="replace") as file:
                self.notes.append(f"the probe {why} before its first call: {file.read()[-500:].strip()}")
            return
        label, arguments = step["step"], step["arguments"]
        self.dangerous.append(f"{label}({arguments}): {why}" if "(" not in arguments else f"{label}: {arguments}: {why}")
        if label.startswith("import ") or sum(denied[0] == label for denied in self.state["denied"]) >= 1:
            self.state["given_up"].append(label)
        self.state["denied"].append([label, arguments])

    def _take(self, line):
        if "operation" in line:
            operation = line["operation"]
            key = f"{operation['subject']}: {operation['label']}"
            if operation["returned"] or key not in self.operations:
                self.operations[key] = operation
            if operation["returned"]:
                self.state["finished"].append(key)
        elif "finished" in line:
            self.state["finished"].append(line["finished"])
        elif "recipe" in line:
            self.state["recipes"][line["recipe"]] = {key: line[key] for key in ("type", "expression", "owner", "via", "filling", "others", "extension", "lines")}
            self.unmade.pop(line["recipe"], None)
        elif "unmade" in line:
            if line["unmade"] not in self.state["recipes"]:
                self.unmade[line["unmade"]] = line
        elif "types" in line:
            self.types = line["types"]
        elif "imported" in line:
            self.imported[line["imported"]] = True
        elif "note" in line:
            self.notes.append(line["note"])

    def report(self, plan):
        own = [each for each in self.operations.values() if each["extension"]]
        types = [name for name, extension in self.types if extension]
        recipes = self.state["recipes"]
        used = json.dumps([recipes, list(self.operations.values())])
        further = [name for name in self.imported if name + "." in used]
        return {
            "schema": 1, "modules": plan["modules"], "packages": plan["packages"] + further, "threads": plan["threads"],
            "types": {"of": len(types), "done": sum(name in recipes for name in types)},
            "operations": {"of": len(own), "done": sum(each["returned"] for each in own)},
            "unmade": [f"{name}: {line['reason']}" for name, line in self.unmade.items() if line["extension"]],
            "uncalled": [f"{each['subject']}: {each['label']}: {each['refusal']}" for each in own if not each["returned"]],
            "dangerous": self.dangerous, "notes": self.notes, "found": list(self.operations.values()), "recipes": recipes,
            "scenarios": scenarios.build(plan, list(self.operations.values()), recipes),
        }


def main(plan_path, survey_path):
    with open(plan_path, encoding="utf-8") as file:
        plan = json.load(file)
    with tempfile.TemporaryDirectory(prefix="ftaudit-survey-") as folder:
        survey = Survey(plan_path, folder)
        survey.run(time.monotonic() + plan.get("survey_seconds", 180))
        report = survey.report(plan)
    with open(survey_path + ".part", "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    os.replace(survey_path + ".part", survey_path)
