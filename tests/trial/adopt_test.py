"""adopt_test.py FTAUDIT SCHEMA: `ftaudit adopt` on an application one of whose packages races: report, trial, measure and confirm
within one budget, one verdict, and what is known when it is interrupted.

Returns 77 when there is no free-threaded Python with its twin."""

import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import jsonschema

import trial_test

TESTS = "import itertools\nimport mirror\n\nNUMBERS = itertools.count()\n\n\ndef test_answers():\n    mine = next(NUMBERS)\n    for _ in range(20):\n        assert mirror.run(mine) == mine, 'wrong answer'\n"
JOBS = "def work():\n    return sum(number * number for number in range(20000))\n"


def adopt(ftaudit, folder, *arguments):
    return [ftaudit, "adopt", *map(str, arguments), "--format", "json", "--find-links", str(folder / "wheels")]


def sdist(folder, name):
    """A package of sources, as an index has it."""
    place = trial_test.project(folder, f"{name}-1.0", {
        f"{name}.c": trial_test.EXTENSION % (trial_test.HALVES[name], name, name),
        "setup.py": trial_test.SETUP % (name, name, name),
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"})
    (folder / "wheels").mkdir(exist_ok=True)
    with tarfile.open(folder / "wheels" / f"{name}-1.0.tar.gz", "w:gz") as archive:
        archive.add(place, f"{name}-1.0")


def whole(ftaudit, schema, folder):
    sdist(folder, "mirror")
    trial_test.project(folder, "shop", {"tests/test_shop.py": TESTS, "jobs.py": JOBS, "requirements.txt": "mirror==1.0\n"})
    done = subprocess.run(adopt(ftaudit, folder, "shop", "-r", "shop/requirements.txt", "--call", "jobs:work", "--threads", "2", "--budget", "9m"),
                          cwd=folder, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 1, (done.returncode, done.stdout[-2000:], done.stderr)
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    assert report["advice"]["branch"] == "blocked" and report["advice"]["recommendation"] == "not-yet", report["advice"]
    application, package = report["application"], next(one for one in report["packages"] if one["name"] == "mirror")
    assert application["tried"] and application["measured"] and any("race that the GIL hid" in one for one in application["against"]), application
    assert {one["name"]: one["median"] for one in application["facts"]}["gain"] is not None, application["facts"]
    # A suspect of the trial stood out, and was confirmed: in it the race itself was seen.
    assert package["confirm"] is not None and package["confirm"]["confirmed"] >= 1, (package["confirm"], done.stderr)
    assert package["evidence"]["confirmed"]["says"] == "against" and package["evidence"]["tried"]["says"] == "silent", package["evidence"]
    left = sorted(path.name for path in (folder / "ftaudit-adopted").iterdir())
    assert left == ["confirmed", "measure.html", "measure.json", "trial.html", "trial.json"], left

    # The parts that it left are what report takes.
    again = subprocess.run([ftaudit, "report", "-r", "shop/requirements.txt", "--find-links", "wheels", "--trial", "ftaudit-adopted/trial.json",
                            "--measure", "ftaudit-adopted/measure.json", "--fail-on", "unsupported", "--format", "json"], cwd=folder, capture_output=True, text=True, timeout=300)
    assert again.returncode == 1 and json.loads(again.stdout)["advice"]["branch"] == "blocked", again.stderr


def interrupted(ftaudit, schema, folder):
    trial_test.project(folder, "slow", {"tests/test_slow.py": trial_test.SLOW_TESTS, "pyproject.toml": "[project]\nname = 'slow'\nversion = '1'\n[tool.setuptools]\npy-modules = []\n"})
    report = trial_test.interrupt(adopt(ftaudit, folder, "slow", "--runs", "50", "--reports", "left"), folder)
    jsonschema.validate(report, schema)
    assert report["application"]["tried"] and report["incomplete"], report["application"]
    assert any("interrupted" in one for one in json.loads((folder / "left/trial.json").read_text())["notes"])


def usage(ftaudit, folder):
    (folder / "bare").mkdir()
    for arguments, code, said in (
        (("nowhere",), 2, "nowhere: no such folder"),
        (("bare",), 2, "neither a lock file nor a pyproject.toml"),
        (("bare", "-r", "none.txt"), 2, "-r none.txt: no such file"),
        (("shop", "-r", "shop/requirements.txt", "--call", "jobs"), 2, "expected MODULE:FUNCTION"),
        (("shop", "-r", "shop/requirements.txt", "--gil-python", "2.7"), 2, "no CPython 2.7 with the GIL"),
    ):
        done = subprocess.run(adopt(ftaudit, folder, *arguments), cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == code and said in done.stderr, (arguments, done.returncode, done.stderr)


def main(ftaudit, schema):
    if not trial_test.has_both(ftaudit):
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return trial_test.SKIPPED
    schema = json.loads(pathlib.Path(schema).read_text())
    with tempfile.TemporaryDirectory(prefix="adopt-") as name:
        folder = pathlib.Path(name).resolve()
        whole(ftaudit, schema, folder)
        interrupted(ftaudit, schema, folder)
        usage(ftaudit, folder)
    print("one verdict from all the evidence, within one budget")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
