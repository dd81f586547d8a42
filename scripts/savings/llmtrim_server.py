"""llmtrim's function `compress` between a client and an upstream: PORT UPSTREAM. Run by its environment alone.

Its package on PyPI has that function and no proxy: each body goes through it, the rest is passed on.
"""

import http.client
import importlib
import sys
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

llmtrim: Any = importlib.import_module("llmtrim")  # absent where this file is checked


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream = ""

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        compressed = llmtrim.compress(body, None, None).request_json.encode()
        connection = http.client.HTTPConnection(self.upstream)
        connection.request("POST", self.path, compressed, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        self.send_response(response.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


def main(port: str, upstream: str) -> None:
    Handler.upstream = urlsplit(upstream).netloc
    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
