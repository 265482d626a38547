"""A server that stands for everywhere else: it counts what is asked of it, and serves git."""

import os
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Elsewhere(ThreadingHTTPServer):
    """Answers as a registry that wants credentials, and below `/git/` as a git server."""

    daemon_threads = True

    def __init__(self, address, folder):
        super().__init__((address, 0), _Handler)
        self.folder = folder
        self.asked = []
        self.url = f"http://{address}:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/git/"):
            self._serve_git()
        elif self.path.endswith("/config.json"):
            told = f'{{"dl": "{self.server.url}/dl", "auth-required": true}}'.encode()
            self._answer(200, [("Content-Length", str(len(told)))], told)
        else:
            self._answer(401, [("Content-Length", "0")], b"")

    do_POST = do_GET  # noqa: N815 - the name that the server calls

    def _serve_git(self):
        url = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        done = subprocess.run(
            ["git", "http-backend"],
            input=data,
            capture_output=True,
            check=True,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.server.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": url.path.removeprefix("/git"),
                "QUERY_STRING": url.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            },
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        status = next((int(v.split()[0]) for k, v in lines if k == "Status"), 200)
        kept = [(k, v) for k, v in lines if k != "Status"]
        self._answer(status, [*kept, ("Content-Length", str(len(body)))], body)

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def elsewhere(address, folder):
    """A server at an address of this machine, which serves the git repositories in a folder."""
    with Elsewhere(address, folder) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()


def git_repository(folder, files):
    """A repository with one commit of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "all")):
        subprocess.run(["git", *words], cwd=folder, check=True)
