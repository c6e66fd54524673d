"""Sign-in for who writes stories: the Present page, its drafts and what checks and packs them. The map stays open.

Panel's own providers do the work, basic auth from a file or OAuth as Panel is configured by its environment
(`PANEL_OAUTH_PROVIDER`, `PANEL_OAUTH_KEY`, `PANEL_OAUTH_SECRET`, `PANEL_COOKIE_SECRET`). What differs from Panel: a
reader of the map gets no cookie, passwords are kept as hashes (scrypt), and the page speaks both languages.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import secrets
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import panel as pn
from markupsafe import Markup
from panel.auth import BasicAuthProvider, BasicLoginHandler, LogoutHandler, OAuthProvider
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, decode_signed_value

from dashboards import headers, hosting, kind_page
from dashboards.hosting import HostingError
from dashboards.limits import Limit
from geo import files
from layers.text import text

COOKIE = "user"
_DAYS = 1.0
_SCRYPT: dict[str, Any] = {"n": 2**14, "r": 8, "p": 1}
_MOST_WORD = 200
# A path of this server: one slash first, and nothing that a browser would drop or read as a slash.
_OWN = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]*")
log = logging.getLogger(__name__)

# Whoever guesses passwords has this many at once, then one in ten seconds.
_TRIES = Limit(burst=8, per_second=0.1)
# Who is nobody in particular: reads the map, writes no story.
GUEST = "guest"


def hashed(password: str, salt: bytes | None = None) -> str:
    """Return what the file keeps of a password: `scrypt$salt$hash`, both in base64."""
    salt = salt or secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
    return "$".join(("scrypt", base64.b64encode(salt).decode(), base64.b64encode(made).decode()))


def _fits(password: str, kept: str) -> bool:
    salt = base64.b64decode(kept.split("$")[1])
    return hmac.compare_digest(hashed(password, salt), kept)


def read(path: Path) -> dict[str, str]:
    """Read the file of names: a JSON object, name to hash. Raises HostingError for anything else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HostingError(f"cannot read {path}: {error}; make it with `provence-map sign-in --file {path}`") from error
    if not isinstance(found, dict) or not found or not all(_sound(kept) for kept in found.values()):
        raise HostingError(
            f"{path} is no file of names: a JSON object expected, name to hash, no plain passwords; "
            f"make it with `provence-map sign-in --file {path}`"
        )
    return found


def _sound(kept: object) -> bool:
    parts = kept.split("$") if isinstance(kept, str) else []
    try:
        return len(parts) == 3 and parts[0] == "scrypt" and len(base64.b64decode(parts[2], validate=True)) == 64
    except ValueError:
        return False


def write(path: Path, name: str, password: str) -> None:
    """Add a name to the file, or change its password; the file is for its owner alone."""
    known = read(path) if path.exists() else {}
    files.write_text(path, json.dumps(known | {name: hashed(password)}, indent=1))
    path.chmod(0o600)


def wanted() -> bool:
    """Tell whether writing asks for a sign-in."""
    return hosting.now().sign_in is not None


def user(application: Any, request: HTTPServerRequest) -> str | None:
    """Give the name of who signed in, None where nobody did."""
    cookie = request.cookies.get(COOKIE)
    secret = application.settings.get("cookie_secret")
    if cookie is None or not secret:
        return None
    found = decode_signed_value(secret, COOKIE, cookie.value, max_age_days=_DAYS)
    name = found.decode("utf-8", "replace") if found else ""
    return name if name and _known(name) else None


def _known(name: str) -> bool:
    """Tell whether a name is still one: whoever was taken out of the file is nobody at once, whatever a cookie says."""
    path = hosting.now().sign_in
    if not isinstance(path, Path):
        return True
    try:
        kept = path.stat()
        return name in _names(path, kept.st_mtime_ns, kept.st_ino, kept.st_size)
    except (OSError, HostingError) as error:
        log.warning("nobody is signed in: %s", error)
        return False


@lru_cache(maxsize=1)
def _names(path: Path, *state: int) -> frozenset[str]:
    """Give the names of a file in the state it has now."""
    del state
    return frozenset(read(path))


def leading(login: str, request: HTTPServerRequest) -> str:
    """Give the address of the sign-in that leads back to where a reader wanted to go."""
    words = {"next": "/" + request.uri.lstrip("/\\"), "lang": kind_page.language(request)}
    return f"{login}?{urlencode(words, quote_via=quote, safe='/')}"


def onward(there: str) -> str:
    """Give where to go after the sign-in: where the reader wanted to, if that is of this server, else the Present page.

    A browser drops tabs and line breaks of an address and reads a backslash as a slash: whatever holds one is refused.
    """
    root = hosting.now().prefix + "/"
    return there if there.startswith(root) and _OWN.fullmatch(there) else f"{root}present"


class Login(BasicLoginHandler):
    """The sign-in page, in both languages; a wrong password and an unknown name take the same time."""

    def get(self) -> None:
        """Show the page."""
        self._show("")

    def _show(self, fault: str) -> None:
        spoken = kind_page.language(self.request)
        say = {key: escape(text(f"hosting.{key}", spoken)) for key in ("sign_in_why", "name", "password", "enter")}
        said = f'<p class="fault" role="alert">{escape(text(f"hosting.{fault}", spoken))}</p>' if fault else ""
        there = escape(self.get_argument("next", ""))
        form = (
            f"<p>{say['sign_in_why']}</p>{said}<form method=post>"
            f'<input type=hidden name=next value="{there}"><input type=hidden name=lang value="{spoken}">'
            f"<label for=username>{say['name']}</label><input id=username name=username autocomplete=username required>"
            f"<label for=password>{say['password']}</label>"
            f"<input id=password name=password type=password autocomplete=current-password required>"
            f"<button class=first>{say['enter']}</button></form>"
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", headers.PLAIN_PAGE)
        self.finish(kind_page.page(self.request, text("hosting.sign_in", spoken), Markup(form)))  # noqa: S704 (escaped)

    def post(self) -> None:
        """Sign in and go on to where the reader wanted to go, of this server alone."""
        wait = _TRIES.wait(self.request.remote_ip or "")
        if wait:
            self.set_status(429)
            self.set_header("Retry-After", str(round(wait) + 1))
            self._show("tries")
            return
        name, password = (self.get_body_argument(key, "")[:_MOST_WORD] for key in ("username", "password"))
        if not self._validate(name, password):
            self.set_status(403)
            self._show("wrong")
            return
        secure = self.request.protocol == "https"
        self.set_secure_cookie(
            COOKIE, name, expires_days=_DAYS, httponly=True, samesite="Lax", secure=secure, path=_cookie_path()
        )
        self.redirect(onward(self.get_body_argument("next", "", strip=False)))

    def _validate(self, username: str, password: str) -> bool:
        known = read(Path(str(hosting.now().sign_in)))
        # An unknown name is compared as well, with a hash that nothing fits.
        return _fits(password, known.get(username, _nobody())) and username in known


@cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe())


def _cookie_path() -> str:
    return hosting.now().prefix or "/"


class Logout(LogoutHandler):
    """Sign out, and go back to the map."""

    def get(self) -> None:
        """Forget who it was."""
        self.clear_cookie(COOKIE, path=_cookie_path())
        self.redirect(hosting.now().prefix + "/")


class Names(BasicAuthProvider):
    """Basic auth that sets no cookie for a guest, and lets everyone read the map."""

    @property
    def get_user(self) -> Any:
        """Give the function that names who asks."""
        return _named

    @property
    def login_handler(self) -> type[RequestHandler]:
        """Give our own page."""
        return Login

    @property
    def logout_handler(self) -> type[RequestHandler]:
        """Give our own sign-out."""
        return Logout

    def _remove_user(self, session_context: Any) -> None:
        """Count nobody."""


class Oauth(OAuthProvider):
    """Panel's OAuth for who writes; everyone reads the map, without a cookie."""

    @property
    def get_user(self) -> Any:
        """Give the function that names who asks."""
        return _named

    @property
    def get_user_async(self) -> Any:
        """Name who asks at once: tokens are not renewed for a reader."""
        return None

    def _remove_user(self, session_context: Any) -> None:
        """Count nobody."""


def _named(handler: RequestHandler) -> str:
    return user(handler.application, handler.request) or GUEST


def options() -> dict[str, Any]:
    """Give what the server is made with for the sign-in that is wanted. Raises HostingError where it cannot be."""
    asked = hosting.now().sign_in
    if asked is None:
        return {}
    # Several processes, and several machines, read the same cookies.
    secret = hosting.secret("PANEL_COOKIE_SECRET") or secrets.token_urlsafe(32)
    common = {"cookie_secret": secret, "cookie_path": _cookie_path()}
    if isinstance(asked, Path):
        read(asked)
        return {"auth_provider": Names(), **common}
    if not pn.config.oauth_provider or not pn.config.oauth_key:
        raise HostingError(
            "--sign-in oauth wants PANEL_OAUTH_PROVIDER, PANEL_OAUTH_KEY and PANEL_OAUTH_SECRET in the environment, as "
            "Panel's guide to authentication says"
        )
    return {"auth_provider": Oauth(), **common}
