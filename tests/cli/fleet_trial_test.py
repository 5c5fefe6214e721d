"""fleet_trial_test.py FTAUDIT SCRIPT: a fleet of applications tried by the tasks of an array as it stands in the repository: each
runs the tests of its share, and the joined page says what they saw. One application holds, one needs a package that brings the
GIL back, and one has a file of tests that cannot be loaded without the GIL.

Returns 77 when there is no free-threaded Python with its twin."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "trial"))
import fleet_slurm_test  # noqa: E402
import trial_test  # noqa: E402

STEADY = trial_test.EXTENSION % ("static PyObject *run(PyObject *module, PyObject *number) { return Py_NewRef(number); }", "steady", "steady")
SOURCES = {"steady": STEADY, "oldtimer": trial_test.NO_SLOT}
APART = "import sys\nassert sys._is_gil_enabled(), 'not for me'\n"
# What each needs, and what its tests begin with.
APPLICATIONS = {"calm": ("steady", "import steady\n"), "old": ("oldtimer", "import oldtimer\n"), "apart": ("steady", APART)}
LOCK = "lock-version = '1.0'\ncreated-by = 'a test'\n[[packages]]\nname = '%s'\nversion = '1.0'\nwheels = [{name = '%s', path = '../../wheels/%s', hashes = {}}]\n"


def wheel(python, name, into):
    """The module as that Python has it."""
    ask = "import sysconfig as s; print(s.get_path('include'), s.get_config_var('EXT_SUFFIX'), s.get_config_var('Py_GIL_DISABLED') or 0, *__import__('sys').version_info[:2])"
    include, suffix, free, *version = subprocess.run([python, "-c", ask], check=True, capture_output=True, text=True).stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        source, made = pathlib.Path(folder, f"{name}.c"), pathlib.Path(folder, name + suffix)
        source.write_text(SOURCES[name])
        subprocess.run(["cc", "-shared", "-fPIC", "-w", f"-I{include}", source, "-o", made], check=True)
        tag = f"cp{''.join(version)}-cp{''.join(version)}{'t' if free == '1' else ''}-linux_{os.uname().machine}"
        into.mkdir(exist_ok=True)
        with zipfile.ZipFile(into / f"{name}-1.0-{tag}.whl", "w") as archive:
            archive.write(made, made.name)
            archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            archive.writestr(f"{name}-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: false\nTag: {tag}\n")
            archive.writestr(f"{name}-1.0.dist-info/RECORD", f"{made.name},,\n{name}-1.0.dist-info/METADATA,,\n{name}-1.0.dist-info/WHEEL,,\n{name}-1.0.dist-info/RECORD,,\n")
    return f"{name}-1.0-{tag}.whl"


def check(ftaudit, script, folder, pair, run):
    wheels = {name: [wheel(python, name, folder / "wheels") for python in pair][0] for name in SOURCES}
    for name, (package, head) in APPLICATIONS.items():
        trial_test.project(folder / "apps", name, {"pylock.toml": LOCK % (package, wheels[package], wheels[package]), "tests/test_it.py": head + trial_test.UNITTEST})
    (folder / "bin").mkdir()
    (folder / "bin/ftaudit").symlink_to(ftaudit)
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(folder / "cache"),
                   "TRIAL_OPTIONS": "--no-index --find-links wheels --runs 1 --budget 3m"}
    run(script, folder, environment)
    trials = {path.stem: json.loads(path.read_text()) for path in (folder / "trials").glob("*.json")}
    assert {name: one["holds"] for name, one in trials.items()} == {"calm": True, "old": False, "apart": False}, trials
    assert trials["old"]["switched_on_by"] == ["oldtimer"], trials["old"]
    # What the lock file names was there on both sides.
    assert [(one["name"], one["state"]) for one in trials["calm"]["packages"]] == [("steady", "installed")], trials["calm"]["packages"]
    done = subprocess.run(["sh", "-c", "ftaudit merge reports/*.json --format json -o fleet.json --report html:fleet.html --fail-on never"],
                          cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    fleet = json.loads((folder / "fleet.json").read_text())
    assert len(fleet["applications"]) == len(APPLICATIONS), fleet["applications"]
    assert [(one["package"], one["applications"]) for one in fleet["blocking"]] == [("oldtimer", 1)], fleet["blocking"]
    packages = {one["name"]: one["evidence"]["tried"]["says"] for one in fleet["packages"]}
    assert packages["oldtimer"] == "against", packages
    assert "oldtimer" in (folder / "fleet.html").read_text()
    # A task that is started again keeps what is there.
    before = {path: path.stat().st_mtime_ns for path in (folder / "trials").glob("*.json")}
    run(script, folder, environment)
    assert before == {path: path.stat().st_mtime_ns for path in (folder / "trials").glob("*.json")}


def main(ftaudit, script):
    pair = trial_test.twins(ftaudit)
    if pair is None:
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return trial_test.SKIPPED
    with tempfile.TemporaryDirectory(prefix="trials-") as name:
        check(ftaudit, script, pathlib.Path(name).resolve(), pair, fleet_slurm_test.play)
    print(f"{len(APPLICATIONS)} applications tried, and joined")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
