"""What every answer says to the browser that gets it: what may run, who may frame it, what it tells others.

The headers are laid over each answer as it leaves, so that no handler, Panel's and Tornado's own included, can forget
them; what a handler says itself about scripts stands beside ours, and both hold.
"""

from __future__ import annotations

import hashlib
import secrets
from http import HTTPStatus

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

from dashboards import hosting

# Nothing of a reader's device is asked for; full screen is for shows, the clipboard for links.
_UNUSED = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
    "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join((*(f"{name}=()" for name in _UNUSED), "clipboard-write=(self)", "fullscreen=(self)"))
_SAME = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": _PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "provence-map",
}
# A page without any script of its own: sign-in, a refusal.
PLAIN_PAGE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'"
_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'"


def explore(nonce: str) -> str:
    """Give the policy of the page around the map: Panel's files from this server, and what has this answer’s nonce.

    BokehJS needs `blob:` for the module of our component, and style elements of its own; the loader of modules that
    Panel brings tries the browser out in a frame, with a script that takes the nonce over. Nothing needs `unsafe-eval`.
    """
    return (
        f"default-src 'none'; script-src 'self' blob: 'nonce-{nonce}'; style-src 'self' blob: 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob:; frame-src 'self'; "
        "base-uri 'none'; form-action 'none'; object-src 'none'"
    )


def framed() -> str:
    """Say which pages may hold one of ours in a frame: the server's own, and those that were named."""
    return " ".join(("frame-ancestors 'self'", *hosting.now().embed_from))


def etag(made: str | None) -> str | None:
    """Mix who may frame a page into its tag: with a 304 a browser keeps the policy that the first answer came with."""
    return made and f'"{hashlib.sha256(f"{made} {framed()}".encode()).hexdigest()[:40]}"'


class Hardened(OutputTransform):
    """Lay the headers over an answer."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._is_explore = request.path == hosting.now().prefix + "/"
        self._nonce = secrets.token_urlsafe(16)
        # Where the page is made, it is read from the request (explore.py).
        request.nonce = self._nonce  # type: ignore[attr-defined]

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Add what every answer says; `finishing` is whether it is whole already."""
        del finishing
        for name, value in _SAME.items():
            headers[name] = value
        if status_code == HTTPStatus.NOT_MODIFIED:
            # What it says would take the place of what the kept page came with, and it does not know what that is.
            return status_code, headers, chunk
        is_page = headers.get("Content-Type", "").startswith("text/html")
        policies = [headers.pop("Content-Security-Policy", "")]
        if not policies[0]:
            # The documents that we make carry a policy with the hash of each script inside.
            own = explore(self._nonce) if self._is_explore else "base-uri 'none'; object-src 'none'"
            policies = [own if is_page else _NO_PAGE]
        headers["Content-Security-Policy"] = "; ".join((*policies, framed()))
        if not hosting.now().embed_from:
            headers["X-Frame-Options"] = "SAMEORIGIN"
        return status_code, headers, chunk
