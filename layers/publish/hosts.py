"""What hosts, browsers and search engines read of a site: policy, headers, map of the site, manifest, worker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from layers.publish.files import Files
from layers.style import TOKENS
from layers.text import text
from layers.view import Language

_STATIC = Path(__file__).parent / "static"
# Scripts and styles lie in files of the site; the map sets places and sizes of its symbols as styles.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
_SECURE = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_FOREVER, _ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"


def static(name: str) -> str:
    """Read a script of the site that is no part of its pages with a map."""
    return (_STATIC / name).read_text(encoding="utf-8")


def headers(url: str) -> str:
    """Write `_headers`, which Netlify, Cloudflare Pages and others read; paths are those on the host."""
    base = urlsplit(url).path if url else "/"
    blocks: Sequence[tuple[str, Iterable[tuple[str, str]]]] = (
        ("*", _SECURE),
        ("assets/*", (("Cache-Control", _FOREVER),)),
        ("data/*", (("Cache-Control", _FOREVER),)),
        ("sw.js", (("Cache-Control", _ASK_AGAIN),)),
    )
    return "\n".join(
        f"{base}{path}\n" + "".join(f"  {name}: {value}\n" for name, value in lines) for path, lines in blocks
    )


def robots(url: str) -> str:
    """Write `robots.txt`: all may be read; where the map of the site lies, if the address of the site is known."""
    return "User-agent: *\nAllow: /\n" + (f"\nSitemap: {url}sitemap.xml\n" if url else "")


def sitemap(url: str, pages: Iterable[dict[str, str]], day: str) -> str:
    """Write the map of the site: each page in each language, with the same page in the others.

    `pages` are the addresses of one page by language, from the root of the site, with `x-default` for any other
    reader; `day` is the day of the data.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    )
    for page in pages:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(url + path)}"/>'
            for code, path in page.items()
        )
        for code, path in page.items():
            if code != "x-default":
                lines.append(f"<url><loc>{escape(url + path)}</loc><lastmod>{day}</lastmod>{links}</url>")
    return "\n".join((*lines, "</urlset>")) + "\n"


def manifest(language: Language, icons: dict[str, str]) -> str:
    """Write the web manifest of a language, for its folder; `icons` are addresses from the root by what they are."""
    sized = [
        {"src": f"../{icons[name]}", "sizes": size, "type": kind, "purpose": purpose}
        for name, size, kind, purpose in (
            ("svg", "any", "image/svg+xml", "any"),
            ("192", "192x192", "image/png", "any"),
            ("512", "512x512", "image/png", "any"),
            ("maskable", "512x512", "image/png", "maskable"),
        )
    ]
    found = {
        "name": f"{text('publish.title', language)} – Provence Map", "short_name": "Provence Map", "lang": language,
        "description": text("publish.about", language), "start_url": "./", "scope": "../",
        "display": "standalone", "background_color": TOKENS["page"][0], "theme_color": TOKENS["primary"][0],
        "icons": sized,
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def worker(files: Files, kept: Iterable[str]) -> str:
    """Write the service worker that keeps some files of the site, each with its sum; other files, another version.

    A page is asked for by its folder: hosts lead `fr/index.html` there, some by a redirection.
    """
    sums = {path.removesuffix("index.html"): files.sum_of(path) for path in sorted(kept)}
    told = json.dumps(sums, indent=1)
    version = hashlib.sha256(told.encode()).hexdigest()[:16]
    return static("sw.js").replace("@version@", version).replace("/* @files@ */ {}", told)
