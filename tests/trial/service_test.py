"""service_test.py FTAUDIT SCHEMAS: what `ftaudit measure --serve` says of services whose truth is known: a planted stall shows in the
tail and in nothing else, a service that never answers, one that falls, one that fails, a port that is taken. And what `ftaudit trial --serve` says
of paths whose answers are mixed up between clients, of a service that crashes without the GIL, and of one that holds.

Returns 77 when there is no free-threaded Python with its twin."""

import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import jsonschema

import trial_test

SERVICE = '''
import sys, sysconfig, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FREE = sysconfig.get_config_var("Py_GIL_DISABLED") == 1
ASKED = [0]


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        ASKED[0] += 1
        if self.path == "/stall" and FREE and ASKED[0] % 40 == 0:
            time.sleep(0.3)
        if self.path == "/fall":
            __import__("os")._exit(3)
        body = b"" if self.path == "/fails" else b"an answer"
        self.send_response(500 if self.path == "/fails" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
'''


def measure(ftaudit, folder, *arguments):
    return subprocess.run([ftaudit, "measure", "--format", "json", *map(str, arguments)], cwd=folder, capture_output=True, text=True, timeout=600)


def percentile(samples, build, part):
    """Of each process; what is said of it has to follow from the samples."""
    mine = [sorted(one["latencies"]) for one in samples if one["build"] == build]
    return statistics.median(values[min(len(values) - 1, int(part * len(values)))] for values in mine) / 1e6


def check(ftaudit, schema, folder):
    (folder / "service.py").write_text(SERVICE)
    done = measure(ftaudit, folder, "--serve", "python service.py {port}", "--url", "/stall", "--rate", "100", "--duration", "5s", "--budget", "4m",
                   "--report", f"html:{folder / 'page.html'}", "--report", f"markdown:{folder / 'page.md'}")
    assert done.returncode in (0, 3), done.stderr
    report = json.loads(done.stdout)
    jsonschema.validate(report, schema)
    rows = {one["quantity"]: one for one in report["rows"]}
    assert {"CPU time", "p50 latency", "p90 latency", "p99 latency", "memory"} <= set(rows), list(rows)
    # One of forty waits 300 ms: in the tail of one build alone, and not in the middle. What the machine does to both is in both.
    assert rows["p99 latency"]["ratio"]["low"] > 3 and rows["p99 latency"]["median"][1] > 0.25, rows["p99 latency"]
    assert rows["p50 latency"]["median"][1] < 0.1, rows["p50 latency"]
    for quantity, part in (("p50 latency", 0.5), ("p99 latency", 0.99)):
        for build in (0, 1):
            assert abs(percentile(report["samples"], build, part) - rows[quantity]["median"][build]) < 1e-6, quantity
    assert all(one["gil"] is (one["build"] == 0) for one in report["samples"]), "the state of the GIL is not proven"
    page = (folder / "page.html").read_text()
    assert "Latency by percentile" in page and "<script" not in page

    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = taken.getsockname()[1]
    for serve, options, said in (
        ("sleep 600", ("--port", free_port()), "never answered"),
        ("python service.py {port}", ("--url", "/fall"), "ended before it answered"),
        ("python service.py {port}", ("--url", "/fails"), "requests failed: status 500"),
        ("python -c 'raise SystemExit(\"no such luck\")' {port}", (), "no such luck"),
        (f"python service.py {port}", ("--port", port), "ended before it answered"),
    ):
        done = measure(ftaudit, folder, "--serve", serve, *options, "--rate", "50", "--duration", "1s", "--budget", "10s", "--patience", "4s")
        assert done.returncode == 3, (serve, done.returncode, done.stderr)
        assert said in json.loads(done.stdout)["rows"][0]["why"], (said, json.loads(done.stdout)["rows"][0]["why"])
    taken.close()

    other = subprocess.Popen([sys.executable, "service.py", str(port)], cwd=folder)
    try:
        wait_for(port)
        done = measure(ftaudit, folder, "--serve", f"python service.py {port}", "--port", port, "--budget", "10s")
        assert done.returncode == 3 and f"port {port} is taken" in json.loads(done.stdout)["rows"][0]["why"], done.stdout[-500:]
    finally:
        other.kill(), other.wait()

    for arguments, said in (
        (("--serve", "python service.py"), "{port} in the command, or --port"),
        (("--serve", "python service.py {port}", "--url", "search"), "expected a path that begins with /"),
        (("--serve", "python service.py {port}", "--rate", "none"), "expected requests a second"),
        (("--serve", "python service.py {port}", "--call", "a:b"), "one of --command, --call, --serve"),
    ):
        done = measure(ftaudit, folder, *arguments)
        assert done.returncode == 2 and said in done.stderr, (arguments, done.returncode, done.stderr)


TRIED = '''
import ctypes, sys, sysconfig, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FREE = not getattr(sys, "_is_gil_enabled", lambda: True)()
LAST = [0]
INSIDE, LOCK = [0], threading.Lock()


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"always the same"
        if self.path == "/mixed":
            LAST[0] = threading.get_ident()
            time.sleep(0.002)
            body = b"mine" if LAST[0] == threading.get_ident() else b"whose?"
        if self.path == "/crash" and FREE:
            with LOCK:
                INSIDE[0] += 1
            time.sleep(0.002)
            if INSIDE[0] > 1:
                ctypes.string_at(0)
            with LOCK:
                INSIDE[0] -= 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
'''


def tried(ftaudit, schema, folder, *arguments, code):
    trial_test.project(folder, "shop", {"service.py": TRIED})
    return trial_test.tried(ftaudit, schema, folder, "shop", "--serve", "python service.py {port}", "--runs", "2", "--budget", "3m", *arguments, code=code)


def try_services(ftaudit, schema, folder):
    report = tried(ftaudit, schema, folder, "--url", "/same", "--url", "/mixed", code=0)
    assert {one["name"]: one["answer"] for one in report["tests"]} == {"GET /same": "passes", "GET /mixed": "shares-state"}, report["tests"]
    assert "another answer than with the GIL" in report["tests"][0]["threads"]["what"], report["tests"][0]
    report = tried(ftaudit, schema, folder, "--url", "/crash", code=1)
    assert report["tests"][0]["answer"] == "crashes" and "the service fell" in report["tests"][0]["threads"]["what"], report["tests"]
    done = trial_test.run(ftaudit, folder, "shop", "--serve", "python service.py")
    assert done.returncode == 2 and "{port} in the command, or --port" in done.stderr, done.stderr


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def main(ftaudit, schemas):
    if not trial_test.has_both(ftaudit):
        print("skipped: this needs a free-threaded Python and its twin with the GIL (`ftaudit python install 3.13t`, `... 3.13`)")
        return trial_test.SKIPPED
    with tempfile.TemporaryDirectory(prefix="service-") as name:
        folder, schemas = pathlib.Path(name).resolve(), pathlib.Path(schemas)
        try_services(ftaudit, json.loads((schemas / "trial.schema.json").read_text()), folder)
        check(ftaudit, json.loads((schemas / "measure.schema.json").read_text()), folder)
    print("the planted stall is in the tail, and nothing else is")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
