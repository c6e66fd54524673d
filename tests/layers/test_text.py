"""Texts: the same keys in both languages, none missing, none empty, none unused, French set as French is set."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from dashboards import usage_heard, usage_names
from geo import systems
from layers import drape, export, listing, planning
from layers.catalogue import load
from layers.cited import STATUS_GROUPS
from layers.connections import REACHED
from layers.ogc import query
from layers.refresh.check import TOPICS
from layers.sheet import ORIENTATIONS
from layers.snapshot import FORMATS, area
from layers.snapshot.diff import ADDED, CHANGED, MOVED, REMOVED
from layers.stories.scene import CHARTS, TRANSITIONS
from layers.stories.scene import KINDS as KINDS_OF_SCENE
from layers.style import ACCESS_CLASSES, INDUSTRY_FAMILIES, PLACE_CLASSES, PROJECT_FAMILIES, THEMES
from layers.text import TextError, language_of, text, texts
from layers.view import COLUMNS, DRAPES, FILTERS, KINDS, LANGUAGES, LAYERS, RANGES, WITH_UNIT, Language, View
from layers.vocabulary import (
    ANSWERS,
    BROWNFIELD_STATUSES,
    CONFIDENCE,
    INVESTMENT_SCOPES,
    LINE_STATES,
    PLACE_CATEGORIES,
    PROJECT_STATUSES,
    PROTECTIONS,
    RAIL_KINDS,
    RAIL_USES,
    SECTOR_FAMILY,
    SITE_STATUSES,
    TECHNOLOGY_FAMILY,
    VERDICTS,
    ZONE_KINDS,
)
from layers.web import assets, payload

ROOT = Path(__file__).resolve().parents[2]
JS = sorted([*(ROOT / "layers/web/js").glob("*.js"), *(ROOT / "dashboards").rglob("*.js")])
PYTHON = sorted([*(ROOT / "layers").rglob("*.py"), *(ROOT / "dashboards").rglob("*.py")])
GROUPS = {key.partition(".")[0] for key in texts("en")}
NNBSP = "\u202f"

# Texts that are named by a value: the prefix in the scripts, and every value that may follow it.
POINTS = ("industry", "decarbonation", "places", "perceptions")
ACCESS_TYPES = {kind.replace(" ", "-") for layer in ("stations", "airports") for kind in load(layer)["kind"]}
SOURCE = {path.name: path.read_text(encoding="utf-8") for path in [*JS, *PYTHON]}
OFFICIAL_CELLS = re.findall(r"const CELLS = \[(.*)\]", SOURCE["parts.js"])[0]
AREAS_AND_LINES = [*drape.AREAS.items(), *drape.LINES.items()]
FILTER_PARTS = {
    "group": ("all", "sites", "projects"),
    "unit": tuple(name for name in RANGES if name != WITH_UNIT),
    "note": RANGES,
    "of": ("industry", "decarbonation"),
}
STORY_SOURCE = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "layers/stories").glob("*.py"))
COUNTED = ("population", "communes", "sites", "projects", "investment")
PARTS = (*STATUS_GROUPS, *(family.id for family in PROJECT_FAMILIES))
COMPOSED = {
    *(f"in_{language}" for language in LANGUAGES),
    *("topic", "title", "caption", "notes", "about", "picture_alt", "picture_credit", "years_first", "years_last"),
    *(
        f"{form}{name}{end}"
        for name in ("highlights", "asked")
        for form, end in (("", ""), ("add_", ""), ("", "_help"))
    ),
    *(f"{key}_{value}" for key, values in (("kind", KINDS_OF_SCENE), ("transition", TRANSITIONS)) for value in values),
    *("kind", "transition", "chart", "move_up", "move_down", "double", "delete"),
    *(f"chart_{chart}" for chart in CHARTS),
}
PUBLISHED = sorted((ROOT / "layers/publish/templates").glob("*.html"))
OGC_SOURCE = "".join(
    path.read_text(encoding="utf-8")
    for path in [
        *(ROOT / "layers/ogc").glob("*.py"),
        ROOT / "dashboards/ogc_page.py",
        *(ROOT / "dashboards").rglob("ogc.html"),
    ]
)
OGC = {
    *re.findall(r"""\bsay\(["'](\w+)["'][,)]""", OGC_SOURCE),
    *re.findall(r'"(fault_\w+)"', OGC_SOURCE),
    *(
        f"a_{answer}"
        for answer in ("landing", "api", "conformance", "collections", "collection", "schema", "features", "feature")
    ),
    *(f"p_{name.replace('-', '_')}" for name in query.ITEMS),
    *(f"t_{kind}" for kind in ("string", "integer", "number", "boolean")),
    *("prev", "next", "yes", "no", "api", "conformance", "collections"),
}
# Of the Plan page: steps, areas, kinds of sheet, what is missing, states of a file, and what is one or many.
PLANNED = {
    *(f"step_{step}" for step in ("layers", "area", "crs", "format", "sheet")),
    *(f"area_{kind}" for kind in ("metropolis", "pole", "communes", "drawn")),
    *(f"missing_{step}" for step in ("layers", "area_pole", "area_communes", "area_drawn", "numbers", "format")),
    *(f"sheet_{form}{part}" for form in planning.SHEETS for part in ("", "_what")),
    *(f"paper_{way}" for way in ORIENTATIONS),
    *ORIENTATIONS,
    *("area", "rule", "preview", "zoom", "bundle", "waiting", "failed", "stopped", "mb", "kb"),
}
USAGE_PAGE = (ROOT / "dashboards/templates/usage.html").read_text(encoding="utf-8")
DYNAMIC: dict[str, set[str]] = {
    "access": ACCESS_TYPES,
    "around": {"circle", "polygon", "typed", "west", "south", "east", "north"},
    "card": {"smaller", "larger"},
    "category": {*PLACE_CATEGORIES, *load("places")["category"]},
    "cli": set(re.findall(r'\bsay\("(\w+)"\)', SOURCE.get("cli.py", ""))),
    "code": {"port", "station", "airport"},
    "compose": COMPOSED,
    "column": {column.id for column in (*listing.COLUMNS, *listing.ELEVATION)},
    "confidence": set(CONFIDENCE),
    "drape": {
        *(f"zone_{kind}" for kind in ZONE_KINDS),
        *(f"{part}_{status}" for part in ("brownfield", "fallow") for status in BROWNFIELD_STATUSES),
        *(f"protected_{kind}" for kind in PROTECTIONS),
        *(f"rail_{kind}" for kind in RAIL_KINDS),
        *(f"use_{use}" for use in RAIL_USES),
        *(f"answer_{answer}" for answer in ANSWERS),
        *(f"state_{state}" for state in LINE_STATES),
        *(drape.text_key(layer, style.id).partition(".")[2] for layer, styles in AREAS_AND_LINES for style in styles),
        *(f"{canvas}_{form}" for canvas in ("areas", "lines") for form in ("one", "other")),
    },
    "desk": {"html", "pdf", "pptx"},
    "export": set(export.SOURCE_COLUMNS),
    "family": {family.id for family in INDUSTRY_FAMILIES} | set(load("industry")["family"]),
    "figure": {"co2_metropolis", "co2_pole", *COUNTED, *(f"projects-{name}" for name in PARTS)},
    "figure_note": set(re.findall(r'(?:_noted\(|by=|note=)"(\w+)"', SOURCE["cited.py"])) | {"population", "communes"},
    "fields": {
        *(f"kind_{kind}" for kind in ("text", "integer", "number", "flag", "list", "object")),
        *("unplaced", "twice"),
    },
    "fresh": {f"cell_{name}" for name in (*re.findall(r'"(\w+)"', OFFICIAL_CELLS), "other")},
    "geo_api": {"joined", "left", "named"},
    "filter": {
        *FILTERS,
        *RANGES,
        "least",
        "most",
        *(f"{part}_{name}" for part, names in FILTER_PARTS.items() for name in names),
    },
    "group": set(re.findall(r'\{ id: "(\w+)", layers:', SOURCE["tree.js"])),
    "where": {"criterion", "value", "weight", "adds", "rank", "commune", "zone", "points", "range"},
    "kind": {*KINDS, *(f"{kind}_other" for kind in (*KINDS, "company"))},
    "keys": set(re.findall(r'\["[^"]+", "(\w+)"\]', SOURCE["keys.js"])),
    "language": set(LANGUAGES),
    "layer": {*ACCESS_CLASSES, "industry", "perceptions", "poles", "communes", *DRAPES},
    "month": {str(month) for month in range(1, 13)},
    "near": set(ACCESS_CLASSES),
    "diff": {ADDED, REMOVED, CHANGED, MOVED, "columns_added", "columns_removed"},
    "ogc": OGC,
    "opening": set(re.findall(r'"(\w+)"', re.search(r"_OPENING[^=]*= \((.*?)\)", SOURCE["explore.py"])[1])),  # type: ignore[index]
    "page": {*re.findall(r'"id": "(\w+)", "href"', SOURCE.get("routes.py", "")), "stories", "downloads"},
    "place": set(PLACE_CLASSES),
    "plan": PLANNED,
    "plan_draw": {"rectangle", "polygon"},
    "plan_layer": set(planning.ORDER),
    "plan_type": {"text", "integer", "number", "boolean"},
    "publish": {
        *re.findall(r'\bsay\("(\w+)"', "".join(p.read_text("utf-8") for p in PUBLISHED)),
        *("rows_one", "rows_other"),
    },
    "publish_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_publish.py"])),
    "precision": {value for layer in POINTS for value in load(layer)["position_precision"].dropna()},
    "scope": set(INVESTMENT_SCOPES) - {"site"},
    "sector": {*SECTOR_FAMILY, *load("industry")["sector"]},
    "seveso": {"upper", "lower", "none", "unknown", *load("industry")["seveso"]},
    "refresh": set(re.findall(r'\bsay\("(\w+)"', (ROOT / "layers/refresh/report.html").read_text(encoding="utf-8"))),
    "check": {
        *re.findall(r'health\.add\(\s*"\w+",\s*"(\w+)"', (ROOT / "layers/refresh/check.py").read_text("utf-8")),
        *re.findall(r"""\btell\(["'](\w+)["']""", SOURCE["cli_check.py"]),
        *(f"topic_{topic}" for topic in TOPICS),
    },
    "check_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_check.py"])),
    "relief_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_relief.py"])),
    "refresh_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_refresh.py"])),
    "report": {"commune", "share", "counted", *REACHED},
    "scenery": {f"{layer}_{form}" for layer in (*POINTS, *ACCESS_CLASSES) for form in ("one", "other")},
    "export_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_plan.py"])),
    "snapshot_area": set(get_args(area.Kind)) - {"pole", "communes"},
    "snapshot_dictionary": {"layer", "column", "type", "unit", "meaning"},
    "snapshot_format": set(FORMATS),
    "snapshot_system": set(get_args(systems.Kind)) - {"flat", "degrees"},
    "sheet_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_sheet.py"])),
    "zonal_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_zonal.py"])),
    "siting_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_siting.py"])),
    "serve_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_serve.py"])),
    "hosting": {
        *(name for why in re.findall(r'Refusal\("(\w+)"', SOURCE["gate.py"]) for name in (f"{why}_said",)),
        *re.findall(r'Refusal\("(full|stopping|often|closed|large|length)"', SOURCE["gate.py"]),
        *("sign_in_why", "name", "password", "enter", "wrong", "tries"),
    },
    "shortlist": {"up", "down", "compare_site", "compare_commune"},
    "site_status": {*SITE_STATUSES, *load("industry")["status"]},
    "story": set(re.findall(r'\.add\("(\w+)"', STORY_SOURCE))
    | {"title_long", "caption_long", "no_story", "unreadable"},
    "story_map": {"base", *LAYERS} - {"poles", "communes", *DRAPES},
    "story_chart": {
        *CHARTS,
        *(f"unit_{name}" for name in ("co2", "projects", "people")),
        *(f"{name}_note" for name in ("emissions", "starts", "undated", "projects", "poles")),
    },
    "status": {*PROJECT_STATUSES, *load("decarbonation")["status"]},
    "panel": {"layers", "filters"},
    "table": set(COLUMNS),
    "tech": {*TECHNOLOGY_FAMILY, *load("decarbonation")["technology"]},
    "technology": {family.id for family in PROJECT_FAMILIES} | set(load("decarbonation")["family"]),
    "theme": set(THEMES),
    "usage": {
        *(f"kind_{kind}" for kind in usage_names.KINDS),
        *(f"page_{page}" for page in usage_heard.PAGES),
        *(f"width_{width}" for width in usage_heard.WIDTHS),
        *(f"frame_{frame}" for frame in usage_heard.FRAMES),
        *(f"from_{place}" for place in usage_names.FROM),
        *re.findall(r"""\bsay\(["'](\w+)["'][,)]""", SOURCE["usage_page.py"] + USAGE_PAGE),
    },
    "usage_cli": set(re.findall(r'\bsay\("(\w+)"', SOURCE["cli_usage.py"])),
    "verdict": set(VERDICTS),
}
# Addresses of the server, written like keys.
SERVICES = {"around.json", "brief.pdf", "story.json", "story.zip", "table.xlsx"}
# Written in the script as a choice between two prefixes, or with the beginning of a name.
CHOSEN = {"fresh", "sector", "tech"}


def key_pattern() -> str:
    """Return the pattern of a key: one of the groups, a dot, a name."""
    return rf"(?:{'|'.join(sorted(GROUPS))})\.[\w-]+"


def keys_in_scripts() -> set[str]:
    """Return every literal that reads like a key, selectors of elements apart; `count` asks for two forms."""
    found: set[str] = set()
    for path in JS:
        code = path.read_text(encoding="utf-8")
        counted = set(re.findall(rf'\bcount\("({key_pattern()})"', code))
        found |= {f"{key}_{form}" for key in counted for form in ("one", "other")}
        found |= set(re.findall(rf'(?<!\bh\()"({key_pattern()})"', code)) - counted
    return found - SERVICES


def keys_in_modules() -> set[str]:
    """Return every first argument of `text(...)` or `both(...)` that is written out; `count` asks for two forms."""
    found: set[str] = set()
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            key = node.args[0]
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                continue
            if name in {"text", "both"}:
                found.add(key.value)
            elif name == "count" and re.fullmatch(key_pattern(), key.value):
                found |= {f"{key.value}_{form}" for form in ("one", "other")}
    return found


def keys_written_out() -> set[str]:
    """Return every literal of the modules that is a key, wherever it stands: in a table of texts, or in a choice."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PYTHON]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {node.value for node in nodes if isinstance(node.value, str)} & set(texts("en"))


def prefixes_in_use() -> set[str]:
    """Return the group of every key that is put together from a value, in scripts and modules."""
    # Two folders may have a module of one name.
    code = "".join(path.read_text(encoding="utf-8") for path in [*JS, *PYTHON])
    return set(re.findall(rf"[`\"]({'|'.join(sorted(GROUPS))})\.\$?\{{", code))


def placeholders(said: str) -> list[str]:
    """Return the names of a text's placeholders."""
    return sorted(re.findall(r"\{(\w+)\}", said))


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(texts("en")) == list(texts("fr"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_stands_in_spaces(language: Language) -> None:
    wrong = [key for key, said in texts(language).items() if not said or said != said.strip() or "  " in said]
    assert wrong == []


def test_both_languages_have_the_same_placeholders() -> None:
    french = texts("fr")
    assert {k: placeholders(said) for k, said in texts("en").items()} == {k: placeholders(french[k]) for k in french}


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_are_placeholders_only(language: Language) -> None:
    for key, said in texts(language).items():
        assert not re.search(r"[{}]", re.sub(r"\{\w+\}", "", said)), key


def test_every_key_the_scripts_name_exists() -> None:
    assert keys_in_scripts() - set(texts("en")) == set()
    assert len(keys_in_scripts()) > 100


def test_every_key_the_modules_name_exists() -> None:
    assert keys_in_modules() - set(texts("en")) == set()
    assert "document.noscript" in keys_in_modules()


def test_every_value_that_a_text_is_named_by_has_its_text() -> None:
    assert [prefix for prefix, values in DYNAMIC.items() if not values] == [], "nothing is known to follow these"
    named = {f"{prefix}.{value}" for prefix, values in DYNAMIC.items() for value in values}
    assert named - set(texts("en")) == set()


def test_the_prefixes_above_are_those_in_use() -> None:
    assert prefixes_in_use() | CHOSEN == set(DYNAMIC)


def test_no_text_is_unused() -> None:
    named = {f"{prefix}.{value}" for prefix, values in DYNAMIC.items() for value in values}
    unused = set(texts("en")) - named - keys_in_scripts() - keys_in_modules() - keys_written_out()
    assert unused == set()


def test_scripts_are_given_the_groups_they_name_and_no_others() -> None:
    named = {key.partition(".")[0] for key in keys_in_scripts()} | CHOSEN | {"seveso", "status"}
    code = "".join(path.read_text(encoding="utf-8") for path in JS)
    named |= set(re.findall(rf"[`\"]({'|'.join(sorted(GROUPS))})\.\$?\{{", code))
    assert named - assets.spoken() == set()
    sent = {key.partition(".")[0] for key in payload.config(("industry",), view=View())["texts"]["fr"]}
    for_others = {"siting_said", "zonal", "relief_fault", "refresh", "ogc", "snapshot", "service"}
    assert {group for group in sent if group.endswith("_cli") or group in for_others} == set()


def breaking(language: Language, rules: dict[str, str]) -> list[str]:
    """Name the texts of a language that a pattern finds, each with what the pattern stands for."""
    found = [(key, rule) for key, said in texts(language).items() for rule in rules if re.search(rule, said)]
    return [f"{key}: {rules[rule]}" for key, rule in found]


def test_french_has_its_narrow_spaces_and_apostrophes() -> None:
    rules = {
        rf"(?<!{NNBSP})[;:!?%»]": "U+202F goes before ; : ! ? % »",
        rf"«(?!{NNBSP})": "U+202F goes after «",
        "'": "’ is the apostrophe",
        '"': "« » are the quotation marks",
        r"\bCO2\b": "CO₂ is written with its subscript",
    }
    assert breaking("fr", rules) == []


def test_english_has_its_apostrophes_quotation_marks_and_no_french_spaces() -> None:
    rules = {
        rf"['\"{NNBSP}«»]": "“ ” and ’ are the marks, no space before a sign",
        r"\s[;:!?%]": "no space goes before a sign",
        r"\bCO2\b": "CO₂ is written with its subscript",
    }
    assert breaking("en", rules) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_written_twice_or_in_two_tables(language: Language) -> None:
    raw = (ROOT / "layers/locale" / f"{language}.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(raw)
    assert sum(len(table) for table in tables.values()) == len(texts(language))
    assert all(isinstance(said, str) for table in tables.values() for said in table.values())


def test_a_text_is_filled() -> None:
    assert text("nearby.count", "en", n=23, km=5) == "23 within 5 km"
    assert text("nearby.count", "fr", n=23, km=5) == "23 à moins de 5 km"


def test_an_unknown_key_is_named_with_the_file_to_look_in() -> None:
    with pytest.raises(TextError, match=r"'tree.leaf' in 'fr' lacks 'tree.leaf': see layers/locale/fr.toml"):
        text("tree.leaf", "fr")


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(TextError, match=r"'nearby.count' in 'en' lacks 'km'"):
        text("nearby.count", "en", n=1)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("fr", "fr"), ("fr-FR", "fr"), ("fr_FR.UTF-8", "fr"), ("FR", "fr"),
        ("en", "en"), ("en_GB.UTF-8", "en"), ("C", "en"), ("de-DE", "en"), ("", "en"), (None, "en"),
    ],
)  # fmt: skip
def test_a_tag_is_read_as_french_or_else_as_english(tag: str | None, language: Language) -> None:
    assert language_of(tag) == language
