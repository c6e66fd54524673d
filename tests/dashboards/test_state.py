"""What a session knows: the View, from the query the map writes and back."""

from __future__ import annotations

import logging

import pytest

from dashboards.map_view import MapView
from dashboards.state import Session
from layers.view import View


def test_a_session_starts_with_the_default_view() -> None:
    session = Session()
    assert session.view == View()
    assert session.query == ""


def test_a_query_from_the_map_becomes_the_view() -> None:
    session = Session()
    session.query = "lang=fr&hidden=industry.metal&select=site:arcelormittal-fos"
    assert session.view.language == "fr"
    assert session.view.hidden == ("industry.metal",)
    assert session.view.selection == "site:arcelormittal-fos"


def test_a_view_shown_becomes_the_query_without_loss() -> None:
    session, view = Session(), View(layers=("poles", "industry"), year=2010, theme="dark")
    session.show(view)
    assert session.query == view.to_query()
    assert session.view == view


def test_what_cannot_be_read_is_left_out_and_the_log_does_not_repeat_what_a_link_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    session = Session()
    with caplog.at_level(logging.INFO):
        session.query = "year=1789&theme=dark"
    assert session.view == View(theme="dark")
    assert "parts of a link were ignored (1)" in caplog.text
    assert "1789" not in caplog.text


def test_sessions_share_nothing() -> None:
    one, other = Session(), Session()
    one.query = "theme=dark"
    assert other.view == View()
    assert Session().view == View()


def test_the_component_and_the_session_follow_each_other() -> None:
    session = Session(query="theme=dark")
    component = MapView.of(session)
    assert component.query == "theme=dark"
    component.query = "lang=fr"
    assert session.view == View(language="fr")
    session.show(View(year=2010))
    assert component.query == "year=2010"
