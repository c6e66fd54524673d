"""The look of pages that run no script: one style sheet inside the page, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from layers.style import css_variables

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def style(*names: str) -> str:
    """Join the tokens, in the theme that the browser asks for, and the style sheets of a page."""
    light, dark = css_variables().split("\n")
    themed = f"{light}\n@media (prefers-color-scheme:dark){{{dark.replace('[data-theme=dark]', ':root')}}}\n"
    return themed + "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in names)


@cache
def policy(*names: str) -> str:
    """Give the content security policy of a page: its own style sheets and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style(*names).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
