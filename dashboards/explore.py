"""Explore, the investor's page: the map document fills it, a Panel session listens beside it.

The page is the same for everyone and made once: it costs the server no session. The script joins the session once the
map is painted, over a websocket whose token the page carries. So a page that is only fetched costs next to nothing, any
process may answer any request, and a server that has no room for another session still serves the whole map.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from bokeh.util.token import generate_jwt_token, generate_session_id
from panel.io.resources import Resources, bundle_resources
from tornado.web import RequestHandler

from dashboards import metrics, routes, usage, usage_heard
from dashboards.map_view import MapView
from dashboards.state import Session
from layers import editions
from layers.style import css_variables
from layers.text import language_of, text
from layers.view import LANGUAGES

# Where the sessions of the page are joined, seen from the page.
SESSION = "session"
# What the page says before the map is there, and in its place when it does not come.
_OPENING = ("what", "loading", "failed", "again")
_TEMPLATES = Path(__file__).parent / "templates"
# Of BokehJS, what Panel's script asks for as it loads.
_COMPONENTS = ["bokeh", "bokeh-widgets", "bokeh-tables"]


@cache
def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def session() -> MapView:
    """Begin a session: what Panel shows of it is the component beside the map."""
    metrics.OPENED.inc()
    known = Session()
    view = MapView.of(known)
    usage_heard.follow(known, view)
    return view


@editions.kept()
def _page() -> jinja2.Template:
    """Write the page; what remains open is what belongs to one answer."""
    made = jinja2.Environment(autoescape=True).from_string(_template("explore.html"))
    variables: dict[str, Any] = {
        "map_url": routes.map_url(),
        "host_script": _template("host.js"),
        "tokens": css_variables(),
        "opening": {name: {key: text(f"opening.{key}", name) for key in _OPENING} for name in LANGUAGES},
        "noscript": " ".join(text("document.noscript", language) for language in LANGUAGES),
    }
    for language in LANGUAGES:
        variables[f"title_{language}"] = text("map.label", language)
        variables[f"page_{language}"] = f"{text('document.title', language)} – Provence Map"
    made.globals.update(variables)
    return made


class ExploreHandler(RequestHandler):
    """Serve the page with a token of its own."""

    def head(self) -> None:
        """Answer with the head of the same answer."""
        self.get()

    def get(self) -> None:
        """Answer with the page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        # The token is for one reader and one sitting.
        self.set_header("Cache-Control", "no-store")
        # Of headers.py, which lays the policy over this answer.
        nonce = self.request.nonce
        self.write(_page().render(token=self._token(), session=SESSION, scripts=self._scripts(), nonce=nonce))

    def _token(self) -> str:
        """Make the token of a session that does not exist yet.

        Without a payload, Bokeh keeps all headers and cookies of the websocket with the session. What it holds here is
        the language that the browser prefers, and that only where languages are counted.
        """
        server = self.application
        prefers = {"Accept-Language": language_of(self.request.headers.get("Accept-Language"))} if usage.on() else {}
        return generate_jwt_token(
            generate_session_id(secret_key=server.secret_key, signed=server.sign_sessions),
            secret_key=server.secret_key,
            signed=server.sign_sessions,
            extra_payload={"headers": prefers, "cookies": {}, "arguments": {}},
            expiration=server.session_token_expiration,
        )

    def _scripts(self) -> list[str]:
        """Give the addresses of BokehJS and Panel's script, relative to the page: worked out once for a server."""
        settings = self.application.settings
        if "scripts" not in settings:
            resources = Resources.from_bokeh(self.application.resources())
            resources.components = list(_COMPONENTS)
            settings["scripts"] = [str(file.url) for file in bundle_resources([], resources).js_files]
        scripts: list[str] = settings["scripts"]
        return scripts


PATTERNS = [(r"/", ExploreHandler)]
