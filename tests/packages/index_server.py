"""A package index on the loopback interface that behaves as the first part of the path says: json, html, 404, 500, garbage,
hang, stall (the pages come, no file ever does), drip, endless, redirect, loop. Serves a folder of NAME/FILE; FILE.yanked beside a file withdraws it. Prints its port. A second argument names a file for a line of each request: who
asks, for what, which bytes."""

import hashlib
import html
import http.server
import json
import pathlib
import sys
import threading
import time

ROOT = pathlib.Path(sys.argv[1])
LOG = sys.argv[2] if len(sys.argv) > 2 else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="text/plain", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        try:
            if self.command != "HEAD":
                self.wfile.write(body)
        except OSError:
            pass

    def files(self, project):
        folder = ROOT / project
        return [f for f in sorted(folder.iterdir()) if f.suffix not in (".yanked", ".metadata")] if folder.is_dir() else None

    def do_GET(self):
        if LOG:
            with open(LOG, "a", encoding="utf-8") as log:
                log.write(f"{self.command} {self.path} {self.headers.get('Range')} {self.headers.get('User-Agent')}\n")
        mode, _, rest = self.path.strip("/").partition("/")
        getattr(self, "do_" + mode, self.do_404)(rest)

    do_HEAD = do_GET

    def do_stall(self, project):
        self.do_json(project, "hang")

    def do_json(self, project, place="files"):
        files = self.files(project)
        if files is None:
            return self.do_404(project)
        listed = []
        for file in files:
            content = file.read_bytes()
            entry = {"filename": file.name, "url": f"../../{place}/{project}/{file.name}", "size": len(content), "hashes": {"sha256": hashlib.sha256(content).hexdigest()}}
            yanked = file.with_name(file.name + ".yanked")
            if yanked.exists():
                entry["yanked"] = yanked.read_text() or True
            metadata = file.with_name(file.name + ".metadata")
            if metadata.exists():
                entry["core-metadata"] = {"sha256": hashlib.sha256(metadata.read_bytes()).hexdigest()}
            listed.append(entry)
        body = json.dumps({"meta": {"api-version": "1.1"}, "name": project, "files": listed}).encode()
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.end_headers()
        else:
            self.answer(200, body, "application/vnd.pypi.simple.v1+json", ETag=etag)

    def do_html(self, project):
        files = self.files(project)
        if files is None:
            return self.do_404(project)
        links = ""
        for file in files:
            yanked = file.with_name(file.name + ".yanked")
            mark = f' data-yanked="{html.escape(yanked.read_text())}"' if yanked.exists() else ""
            links += f'<a href="/whole/{project}/{file.name}#sha256={hashlib.sha256(file.read_bytes()).hexdigest()}" data-requires-python="&gt;=3.8"{mark}>{file.name}</a><br>\n'
        self.answer(200, f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), "text/html")

    def do_files(self, path):
        file = ROOT / path
        if ".." in path or not file.is_file():
            return self.do_404(path)
        content = file.read_bytes()
        wanted = self.headers.get("Range")
        if not wanted:
            return self.answer(200, content, Accept_Ranges="bytes")
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        first, last = (int(first), min(int(last or len(content)), len(content) - 1)) if first else (max(0, len(content) - int(last)), len(content) - 1)
        if first > last:
            return self.answer(416, b"")
        self.answer(206, content[first : last + 1], Content_Range=f"bytes {first}-{last}/{len(content)}")

    def do_whole(self, path):
        file = ROOT / path
        self.answer(200, file.read_bytes()) if ".." not in path and file.is_file() else self.do_404(path)

    def do_404(self, _):
        self.answer(404, b"not found")

    def do_500(self, _):
        self.answer(500, b"broken")

    def do_garbage(self, _):
        self.answer(200, bytes(range(256)) * 16, "application/vnd.pypi.simple.v1+json")

    def do_hang(self, _):
        time.sleep(600)

    def do_drip(self, _):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" ")
                time.sleep(0.2)
        except OSError:
            pass

    def do_endless(self, _):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"<a href='x-1-py3-none-any.whl'>" * 4096)
        except OSError:
            pass
        self.close_connection = True

    def do_redirect(self, rest):
        self.answer(302, b"", Location=f"/json/{rest}/")

    def do_loop(self, rest):
        self.answer(302, b"", Location=f"/loop/{rest}/")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
sys.stdout.write(f"{server.server_port}\n")  # in one piece: the reader closes after it
sys.stdout.flush()
# Ends with whoever started it, however that ends.
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
