"""service.py PORT [silent]: answers, or takes connections and says nothing."""
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words):
        pass


if "silent" in sys.argv:
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))):
        time.sleep(600)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
