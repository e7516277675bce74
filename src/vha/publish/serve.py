"""A static file server that can show ``public/`` of the current release and nothing else."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from vha.settings import Settings


def serve_public(settings: Settings, port: int) -> ThreadingHTTPServer:
    """A server on loopback, ready for ``serve_forever()``; port 0 takes any free one."""
    return ThreadingHTTPServer(
        ("127.0.0.1", port), partial(_PublicFiles, settings.home / "releases" / "current")
    )


class _PublicFiles(SimpleHTTPRequestHandler):
    def __init__(self, current: Path, *args: Any) -> None:
        self.current = current
        super().__init__(*args)

    def send_head(self) -> Any:
        """What GET and HEAD answer with: a file, a redirection, or 404; there are no lists of folders."""
        if urlsplit(self.path).path == "/":
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", "/site/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """The file that an address stands for, resolved anew each time so that it is of one whole release.

        Anything that does not lie within ``public/`` once ``..`` and symbolic links are resolved becomes the
        empty path, which is no file.
        """
        public = self.current.resolve() / "public"
        wanted = unquote(urlsplit(path).path)
        if "\0" in wanted:
            return ""
        file = (public / (wanted.lstrip("/") + ("index.html" if wanted.endswith("/") else ""))).resolve()
        return str(file) if file.is_relative_to(public) else ""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who looked at what is nobody's business."""
