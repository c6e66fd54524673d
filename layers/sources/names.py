"""Names of companies and sites as they are compared: without accents, legal forms, towns, words that tell nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# What a register writes before or after a name: legal forms, and words that half of all sites carry.
_LEGAL = (
    "SA SAS SASU SARL EURL SNC SCS SCA SE SCEA GAEC EARL GIE SEM SPL SCOP STE SOCIETE ETS ETABLISSEMENTS CIE COMPAGNIE"
)
_PLAIN = "DE DU DES D LA LE LES L ET EN A AU AUX SUR EX SITE USINE ETABLISSEMENT GROUPE FRANCE"
_SILENT = frozenset(f"{_LEGAL} {_PLAIN}".split())
# A commune is often named by its first word alone (Fos, Berre, Salon); these alone name no commune.
_NO_TOWN = frozenset({"PORT", "SAINT", "SAINTE", "LA", "LE", "LES", "VAL"})
_CEDEX = re.compile(r"\bCEDEX\b.*$")


def plain(name: str) -> str:
    """Return a name in capital letters and digits without accents, its words parted by single spaces."""
    letters = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).upper()
    # S.A.S. is SAS.
    return " ".join(re.findall(r"[A-Z0-9]+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", bare)))


def town(name: str) -> str:
    """Return the name of a town as addresses compare: without CEDEX, arrondissement and abbreviated saints."""
    bare = re.sub(r"\bSTE\b", "SAINTE", re.sub(r"\bST\b", "SAINT", _CEDEX.sub("", plain(name))))
    return re.sub(r"(\b\d+(ER|E|EME)?\b|\bARRONDISSEMENT\b)", "", bare).strip()


def towns(communes: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern that finds the names of these communes, whole or their first word, in a plain name."""
    found = set()
    for commune in communes:
        whole = plain(commune)
        words = whole.split()
        found.add(whole)
        if len(words) > 1 and words[1] in ("SUR", "L", "LES", "DE", "EN") and words[0] not in _NO_TOWN:
            found.add(words[0])
    longest_first = sorted(found - {""}, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b") if longest_first else re.compile(r"(?!)")


def core(name: str, places: re.Pattern[str]) -> str:
    """Return what tells a name from others; a name of silent words alone stays as it is."""
    bare = plain(name)
    words = [word for word in places.sub(" ", bare).split() if word not in _SILENT]
    return " ".join(words) or bare
