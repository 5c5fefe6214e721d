"""measure_test.py FTAUDIT SCHEMA: what `ftaudit measure` says of workloads whose truth is known, on whatever Pythons are there.

A planted difference is found, a thing beside itself is none, a GIL that comes back and answers that differ are no measurement, and
every bad command line gets its exit code. The two sides are shell scripts that stand for Pythons where the truth must be planted.
Returns 77 when there is no free-threaded Python with a twin to compare."""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import jsonschema

import trial_test

JOBS = '''
import os, sys, sysconfig

FREE = sysconfig.get_config_var("Py_GIL_DISABLED") == 1


def work():
    return sum(number * number for number in range(20000))


def half_as_much_again_without():
    for _ in range(3 if FREE else 2):
        work()
    return 1


def differs():
    return FREE


def fails():
    raise ValueError("no such luck")


if __name__ == "__main__":
    print(work())
'''


def run(ftaudit, folder, *arguments, code):
    done = subprocess.run([ftaudit, "measure", *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=600)
    if done.returncode != code:
        raise AssertionError(f"measure {' '.join(map(str, arguments))}: exit code {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}")
    return done


def measured(ftaudit, folder, schema, *arguments, codes=(0,)):
    done = subprocess.run([ftaudit, "measure", "--format", "json", *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode in codes, f"{arguments}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr}"
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    return report


def gil_comes_back(ftaudit, folder, schema, pythons):
    """A module without the slot, for either build."""
    (folder / "oldtimer.c").write_text(trial_test.NO_SLOT)
    ask = "import sysconfig; print(sysconfig.get_path('include'), sysconfig.get_config_var('EXT_SUFFIX'))"
    for python in pythons:
        include, suffix = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True).stdout.split()
        subprocess.run(["cc", "-shared", "-fPIC", "-w", f"-I{include}", "oldtimer.c", "-o", f"oldtimer{suffix}"], cwd=folder, check=True)
    report = measured(ftaudit, folder, schema, "--command", "python -c 'import oldtimer'", "--budget", "1m", codes=(3,))
    assert "the GIL came back: importing oldtimer switches it on" in row(report, "CPU time")["why"], report["rows"]
    assert report["switched_on_by"] == ["oldtimer"] and any(file.startswith("oldtimer.") for file in report["loaded"][1]), report["loaded"]


def keeps_the_budget(ftaudit, folder, schema):
    """However slow the work is: what could not be settled in the time is not told."""
    for work, budget, pairs in ((("--command", "python -c 'import time; time.sleep(1.5)'"), 15, True),
                                (("--command", "python -c 'import time; time.sleep(60)'"), 6, False)):
        began = time.monotonic()
        report = measured(ftaudit, folder, schema, *work, "--budget", f"{budget}s", codes=(3,))
        took = time.monotonic() - began
        assert took < budget + 20, f"{work}: {took:.0f} s of {budget} s"  # else 36 s or more, and 60; the rest finds Pythons and writes
        one = row(report, "CPU time")
        assert one["answer"] == "cannot-tell" and report["incomplete"] and any("--budget" in note for note in report["notes"]), report
        assert ("an answer wants 12" in one["why"]) is pairs and (0 < len(report["samples"]) < 24) is pairs, one
    report = measured(ftaudit, folder, schema, "--call", "jobs:work", "--threads", "2", "--budget", "5s", codes=(3,))
    assert [one["why"] for one in report["rows"] if one["lanes"] == 2] == ["the budget ended before it was measured"], report["rows"]


def row(report, quantity):
    return next(one for one in report["rows"] if one["quantity"] == quantity)


def check(ftaudit, schema, folder, pythons):
    (folder / "jobs.py").write_text(JOBS)
    either = (0, 3)  # on a busy machine a row may have no answer, which is said

    # Half as much again is planted: never less, never equal, and found unless the machine hides it.
    planted = row(measured(ftaudit, folder, schema, "--call", "jobs:half_as_much_again_without", "--budget", "4m", codes=either), "CPU time")
    assert planted["answer"] == "more", planted
    assert planted["ratio"]["low"] > 1.2, planted

    report = measured(ftaudit, folder, schema, "--command", "python jobs.py", "--budget", "4m", codes=either)
    assert len(report["samples"]) >= 24 and all(one["gil"] is (one["build"] == 0) for one in report["samples"]), "the state of the GIL is not proven"
    assert row(report, "CPU time")["ratio"]["pairs"] >= 12 and row(report, "memory")["median"][0] > 1 << 20

    report = measured(ftaudit, folder, schema, "--call", "jobs:differs", "--budget", "1m", codes=(3,))
    assert "answers differ" in row(report, "CPU time")["why"] and report["incomplete"]
    report = measured(ftaudit, folder, schema, "--call", "jobs:fails", "--budget", "1m", codes=(3,))
    assert "no such luck" in row(report, "CPU time")["why"]
    report = measured(ftaudit, folder, schema, "--command", "python -I jobs.py", "--budget", "1m", codes=(3,))
    assert "no process showed the state of its GIL" in row(report, "CPU time")["why"]

    # A service of the reference set: as long as the budget, which is too short for an answer.
    report = measured(ftaudit, folder, schema, "--reference", "--only", "http_pool", "--budget", "25s", codes=(3,))
    assert row(report, "p50 latency")["ratio"]["pairs"] >= 1 and all(one["latencies"] for one in report["samples"]), report["rows"]
    assert all(one["gil"] is (one["build"] == 0) for one in report["samples"]), "the state of the GIL is not proven"

    gil_comes_back(ftaudit, folder, schema, pythons)
    keeps_the_budget(ftaudit, folder, schema)

    run(ftaudit, folder, "--call", "jobs:half_as_much_again_without", "--budget", "4m", "--require", "cpu<1.1", code=1)
    for arguments, said in (
        ((), "one of --command, --call, --serve, --reference"),
        (("--call", "jobs"), "MODULE:FUNCTION"),
        (("--reference", "--only", "nothing"), "the reference set has mandelbrot"),
        (("--call", "jobs:work", "--require", "speed>2"), "expected cpu, wall or memory"),
        (("--call", "jobs:work", "--threads", "none"), "expected numbers from 1, or all"),
        (("--command", "true", "--threads", "2"), "a command starts its own"),
        (("--call", "jobs:work", "--report", "xml:a"), "expected FORMAT:FILE"),
    ):
        done = run(ftaudit, folder, *arguments, code=2)
        assert said in done.stderr, (arguments, done.stderr)
    done = run(ftaudit, folder, "--call", "jobs:work", "--python", "/bin/true", "--gil-python", "/bin/true", code=3)
    assert "does not say how it was built" in done.stderr
    done = run(ftaudit, folder, "--call", "jobs:work", "--gil-python", "2.7", code=2)
    assert "no CPython 2.7 with the GIL" in done.stderr


def main(ftaudit, schema):
    pair = trial_test.twins(ftaudit)
    if pair is None:
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return trial_test.SKIPPED
    with tempfile.TemporaryDirectory(prefix="measure-") as name:
        check(ftaudit, json.loads(pathlib.Path(schema).read_text()), pathlib.Path(name), pair)
    print("measured what was planted, and nothing else")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
