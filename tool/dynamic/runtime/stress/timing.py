"""How long single calls take with one thread alone: of the roles in scenarios that aim at given findings. For two builds to be compared."""

import json
import time

from . import hammer

LEAST = 0.002  # seconds of one sample, so that the clock does not matter
MOST_CALLS = 20000
SAMPLES = 9    # each on fresh objects; the fastest is the one that was disturbed least


def source(role):
    code = "\n".join(" " * 12 + line for line in role["code"].split("\n"))
    return f"""def sample(calls, clock):
    call = {role["prepare"]}
    began = clock()
    for _ in range(calls):
        try:
{code}
        except Exception:
            pass
    return clock() - began
"""


def seconds_of(setup, role, imports):
    """Of one call; None where it cannot be made."""
    def sample(calls):
        scope = dict(imports)
        exec(setup, scope)
        exec(compiled, scope)
        return scope["sample"](calls, time.perf_counter)
    try:
        compiled, calls = compile(source(role), f"<{role['label']}>", "exec"), 1
        while sample(calls) < LEAST and calls < MOST_CALLS:
            calls *= 2
        return min(sample(calls) for _ in range(SAMPLES)) / calls
    except Exception:
        return None


def main(survey_path, result_path, findings):
    with open(survey_path, encoding="utf-8") as file:
        survey = json.load(file)
    imports = hammer.imported(survey)
    timed = {}
    for scenario in survey["scenarios"]:
        if scenario["kind"] != "directed" or not findings.intersection(scenario["findings"]):
            continue
        for act in scenario["acts"]:
            setup = compile("\n".join(act["setup"]), "<setup>", "exec")
            for role in act["roles"]:
                if role["label"] not in timed and not act.get("once"):
                    timed[role["label"]] = seconds_of(setup, role, imports)
    with open(result_path, "w", encoding="utf-8") as file:
        file.writelines(f"{seconds:.9f}\t{label}\n" for label, seconds in timed.items() if seconds)
