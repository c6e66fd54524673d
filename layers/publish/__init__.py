"""The site: map, stories, downloads and data as static files for any web host, in French and English.

In two lines:

    from layers import publish
    publish.publish(Path("site"), publish.Choices(url="https://example.org/map/"))
"""

from __future__ import annotations

from layers.publish.choices import FORMATS, Choices, PublishError
from layers.publish.site import Report, publish

__all__ = ["FORMATS", "Choices", "PublishError", "Report", "publish"]
