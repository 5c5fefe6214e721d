"""framework_test.py FTAUDIT SCHEMAS: a service of a web framework behind a server of PyPI, as people have it: tried with its tests
and under load on both builds, then measured in the environments that the trial leaves. Returns 77 without the two Pythons or
without an index to install from."""

import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

import trial_test

SERVE = "python -m waitress --host=127.0.0.1 --port={port} app:app"
FILES = {
    "requirements.txt": "flask\nwaitress\n",
    "app.py": '''import hashlib
import json

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/")
def ready():
    return "ready"


@app.get("/digest")
def digest():
    numbers = list(range(int(request.args.get("n", 200))))
    return jsonify(digest=hashlib.sha256(json.dumps(numbers).encode()).hexdigest())
''',
    "tests/test_app.py": '''from app import app


def test_ready():
    assert app.test_client().get("/").text == "ready"


def test_digest():
    assert len(app.test_client().get("/digest?n=5").json["digest"]) == 64
''',
}


def reachable(python, folder):
    """Whether pip finds the packages."""
    done = subprocess.run([python, "-m", "pip", "download", "-q", "--no-deps", "-d", folder / "index", "flask", "waitress"],
                          capture_output=True, text=True, timeout=300)
    return done.returncode == 0


def check(ftaudit, schemas, folder):
    trial_test.project(folder, "board", FILES)
    report = trial_test.tried(ftaudit, json.loads((schemas / "trial.schema.json").read_text()), folder, "board", "-r", "board/requirements.txt",
                              "--with", "pytest", "--serve", SERVE, "--url", "/", "--url", "/digest", "--runs", "1", "--budget", "5m",
                              "--keep", folder / "kept", code=(0, 3))
    answers = {one["name"].rpartition("::")[2]: one["answer"] for one in report["tests"]}
    assert answers.keys() == {"test_ready", "test_digest", "GET /", "GET /digest"}, answers
    # On a machine that has other things to do a request may go unanswered: that is told as too little to go by, and no more.
    assert {answers["test_ready"], answers["test_digest"]} == {"passes"} and set(answers.values()) <= {"passes", "undecided"}, answers

    pythons = ("--python", folder / "kept/free/bin/python", "--gil-python", folder / "kept/gil/bin/python")
    done = subprocess.run([ftaudit, "measure", "--serve", SERVE, "--url", "/digest", *pythons, "--duration", "2s", "--budget", "4m", "--format", "json"],
                          cwd=folder / "board", capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 3), (done.returncode, done.stderr)  # 3: too busy a machine, which its rows say
    measured = json.loads(done.stdout)
    jsonschema.validate(measured, json.loads((schemas / "measure.schema.json").read_text()))
    rows = {row["quantity"]: row for row in measured["rows"]}
    assert {"CPU time", "p50 latency", "p99 latency", "memory"} <= rows.keys(), rows.keys()
    assert all(row["answer"] != "cannot-tell" or row["why"] for row in rows.values()), rows
    assert rows["memory"]["median"][0] > 10 << 20, rows["memory"]


def main(ftaudit, schemas):
    if not trial_test.has_both(ftaudit):
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return trial_test.SKIPPED
    with tempfile.TemporaryDirectory(prefix="framework-") as name:
        folder = pathlib.Path(name).resolve()
        if not reachable(sys.executable, folder):
            print("skipped: no index to install flask and waitress from")
            return trial_test.SKIPPED
        check(ftaudit, pathlib.Path(schemas), folder)
    print("the service holds under load, and its rows are there")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
