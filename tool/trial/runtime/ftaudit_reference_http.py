"""The services of the reference set: python -m ftaudit_reference_http PORT. A thread answers each connection. /wait waits as for
a database; /compute computes in the thread that answers; /pool hands the same work to a pool of as many threads as there are
processors, and waits for it. All answers are always the same."""
import concurrent.futures
import hashlib
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

POOL = concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0)))


def wait():
    time.sleep(0.002)
    return "done"


def compute():
    """As a request that looks something up, works on it and writes it out."""
    rows = [{"id": number, "price": number * 1.25, "tag": str(number % 7)} for number in range(150)]
    total = sum(row["price"] for row in rows if row["tag"] != "3")
    return hashlib.sha256(json.dumps([total, rows]).encode()).hexdigest()


def in_pool():
    return POOL.submit(compute).result()


PATHS = {"/wait": wait, "/compute": compute, "/pool": in_pool}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        work = PATHS.get(self.path)
        body = work().encode() if work else b""
        self.send_response(200 if work else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # of connections that nobody has answered yet: all of a load that begins at once


if __name__ == "__main__":
    Server(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
