"""An upstream for SDK runs: answers OpenAI's, Anthropic's, Stripe's and GitHub's main call in their
shape, and anything else by repeating what it was given. Prints one JSON line for each request.

Usage: upstream.py PORT
"""

import base64
import json
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {
    "/v1/chat/completions": {
        "id": "c", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": "hello"}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}},
    "/v1/messages": {
        "id": "m", "type": "message", "role": "assistant", "model": "m",
        "content": [{"type": "text", "text": "hello"}], "stop_reason": "end_turn",
        "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1}},
    "/v1/customers": {"id": "cus_1", "object": "customer", "email": "a@example.com"},
    "/repos/acme/site": {"id": 1, "name": "site", "full_name": "acme/site"},
    "/api/auth.test": {"ok": True, "team": "acme"},
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = urllib.parse.urlsplit(self.path).path
        headers = list(self.headers.items())
        print(json.dumps({"method": self.command, "path": self.path, "headers": headers}), flush=True)
        given = self.headers.get("authorization") or ""
        echo = {
            "headers": headers, "url": self.path, "body": body.decode("utf-8", "replace"),
            "base64": base64.b64encode(given.encode()).decode(), "hex": given.encode().hex(),
            "percent": urllib.parse.quote(given, safe=""),
        }
        out = json.dumps(ANSWERS.get(path, echo)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Echo", given)
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(out)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *ignored):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
