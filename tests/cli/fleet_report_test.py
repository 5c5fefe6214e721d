"""fleet_report_test.py FTAUDIT MANIFEST: 200 applications, reported on in the shards of the Kubernetes job as it stands in the
repository, and joined: the page says which packages stand in the way of most of them, and it is what one run says.

The job's own shell line is run once for each index, as the cluster would, on wheels made on the spot."""

import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent
APPLICATIONS = 200
# Of each package, what it is and how many applications of a hundred need it.
PACKAGES = {"plain": ([], 90), "quick": (["--tag", "cp313-cp313t", "--gil", "not-used"], 60), "older": (["--tag", "cp313-cp313t", "--gil", "missing"], 45),
            "keeper": (["--tag", "cp313-cp313t", "--gil", "used"], 20), "locked": (["--tag", "cp313-cp313"], 10)}
IN_THE_WAY = ("older", "keeper", "locked")


def generate(folder):
    """The applications, and how many need what."""
    for name, (options, _) in PACKAGES.items():
        subprocess.run([sys.executable, HERE / "make_wheel.py", name, "1.0", "--into", folder / "wheels", *options], check=True, stdout=subprocess.DEVNULL)
    wheels = {path.name.partition("-")[0]: path.name for path in (folder / "wheels").iterdir()}
    chosen, needed, free = random.Random(7), collections.Counter(), 0
    for number in range(APPLICATIONS):
        mine = [name for name, (_, often) in PACKAGES.items() if chosen.randrange(100) < often] or ["plain"]
        needed.update(mine)
        free += not any(name in IN_THE_WAY for name in mine)
        lines = ["lock-version = '1.0'", "created-by = 'a test'"]
        for name in mine:
            lines += ["[[packages]]", f"name = '{name}'", "version = '1.0'",
                      f"wheels = [{{name = '{wheels[name]}', path = '../../wheels/{wheels[name]}', hashes = {{}}}}]"]
        place = folder / "apps" / f"service-{number:03}"
        place.mkdir(parents=True)
        (place / "pylock.toml").write_text("\n".join(lines) + "\n")
    return needed, free


def run_job(manifest, folder, environment):
    """Every index of the job, as a cluster starts it: the container's command in its folder, with its variables."""
    job = yaml.safe_load(pathlib.Path(manifest).read_text())
    container = job["spec"]["template"]["spec"]["containers"][0]
    shards = job["spec"]["completions"]
    variables = {one["name"]: one["value"] for one in container["env"]}
    assert job["spec"]["completionMode"] == "Indexed" and variables["SHARDS"] == str(shards)
    for index in range(shards):
        subprocess.run([*container["command"], *container["args"]], cwd=folder, check=True, timeout=300, stdout=subprocess.DEVNULL,
                       env={**environment, **variables, "JOB_COMPLETION_INDEX": str(index), "OPTIONS": "--no-index --find-links wheels"})
    return shards


def check(ftaudit, job, folder, run=run_job):
    """`run` starts the job on the folder and gives the number of its shards; the reports are there when it is done."""
    needed, free = generate(folder)
    (folder / "bin").mkdir()
    (folder / "bin/ftaudit").symlink_to(ftaudit)
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "XDG_CACHE_HOME": str(folder / "cache")}

    def play(line, code):
        done = subprocess.run(["sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, (line, done.returncode, done.stderr)
        return done.stdout

    shards = run(job, folder, environment)
    assert len(list((folder / "reports").glob("*.json"))) == shards
    play("ftaudit merge reports/*.json --format json -o fleet.json --report html:fleet.html", 1)
    fleet = json.loads((folder / "fleet.json").read_text())
    assert len(fleet["applications"]) == APPLICATIONS
    expected = sorted(((needed[name], name) for name in IN_THE_WAY), reverse=True)
    assert [(one["applications"], one["package"]) for one in fleet["blocking"]] == expected, fleet["blocking"]
    page = (folder / "fleet.html").read_text()
    assert f"{free} of {APPLICATIONS} applications need no package that stands in the way" in page
    row = page[page.index('id="blocking"'):]
    assert f"<td>{expected[0][0]}</td>" in row[:1000] and "<script" not in row[: row.index("</table>")]

    # What many machines found is what one finds.
    play("ftaudit report apps/*/pylock.toml --no-index --find-links wheels --format json -o whole.json", 1)
    whole = json.loads((folder / "whole.json").read_text())
    for key in ("packages", "blocking", "inputs", "advice", "counts"):
        assert fleet[key] == whole[key], key
    # More machines than applications: a report all the same.
    play("ftaudit report apps/service-000/pylock.toml --shard 2/2 --no-index --format json -o none.json", 0)
    play(f"ftaudit merge none.json {next((folder / 'reports').glob('*.json'))} --fail-on never", 0)
    assert "service-000" in play("ftaudit report apps/service-000/pylock.toml --shard 1/2 --no-index --find-links wheels --format json --fail-on never", 0)
    play("ftaudit report apps/service-000/pylock.toml --shard 3/2", 2)
    play("echo '{\"schema\": 1, \"packages\": [], \"advice\": {}}' > broken.json; ftaudit merge broken.json", 2)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="fleet-") as name:
        check(sys.argv[1], sys.argv[2], pathlib.Path(name).resolve())
    print(f"{APPLICATIONS} applications: the shards say what one run says")
