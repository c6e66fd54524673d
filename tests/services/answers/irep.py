"""IREP (dossier §5.2): a catalogue, and an archive of two tables a year."""

from __future__ import annotations

import io
import zipfile

from tests.services.server import Answer, Services

CATALOGUE = "georisques.gouv.fr/webappReport/ws/telechargement/irep"
FILES = "files.georisques.fr/irep"
KIND = "application/zip"
TOTAL = "Dioxyde de carbone (CO2) total (d'origine biomasse et non biomasse)"
BIOMASS = "Dioxyde de carbone (CO2) d'origine biomasse"
FOSSIL = "Dioxyde de carbone (CO2) d'origine non biomasse"
OLD_TOTAL, OLD_BIOMASS = "CO2 Total (CO2 d'origine biomasse et non biomasse)", "CO2 Total d'origine biomasse uniquement"

ESTABLISHMENTS_HEAD = (
    "identifiant;nom_etablissement;numero_siret;adresse;code_postal;commune;code_insee;code_departement;code_region;"
    "coordonnees_x;coordonnees_y;code_epsg;code_ape;libelle_ape;code_eprtr;libelle_eprtr"
)
EMISSIONS_HEAD = "identifiant;nom_etablissement;annee_emission;milieu;polluant;quantite;unite"


def establishment(number: str, name: str, insee: str, x: str, y: str, *, epsg: str = "4326", siret: str = "1") -> str:
    """Write one row of etablissements.csv."""
    where = f"1 rue Fictive;13990;Exempleville;{insee};{insee[:2]} ;93;{x};{y};{epsg}"
    return f"{number};{name};{siret};{where};20.14Z;Chimie;;"


def release(number: str, year: int, label: str, said: str, *, medium: str = "Air", unit: str = "kg/an") -> str:
    """Write one row of emissions.csv."""
    return f"{number};USINE;{year};{medium};{label};{said};{unit}"


def establishments() -> list[str]:
    """Write the establishments: ours, one of nobody, a natural person, one far away."""
    return [
        establishment("0006400001", "EXEMPLE CHIMIE", "13999", "5.251", "43.351"),
        establishment("6400002", "STOCKAGES DE LA RADE", "13216", "5,361", "43,361"),
        establishment("0006400099", "INCONNUE DU BOIS", "84089", "890000", "6263000", epsg="2154"),
        establishment("0006400098", "DURAND MARCEL", "13055", "5.37", "43.37", siret=""),
        establishment("0001300001", "LOIN DE TOUT", "13004", "5.15", "43.35"),
    ]


def emissions(year: int) -> list[str]:
    """Write the releases of a year."""
    return [
        release("0006400001", year, TOTAL, "90000000"),
        release("6400002", year, TOTAL, "23400000,4" if year == 2022 else "< seuil"),
        release("6400002", year, BIOMASS, "11400000" if year == 2022 else "< seuil"),
        release("6400002", year, FOSSIL, "12000000,4" if year == 2022 else "< seuil"),
        release("6400002", year, "Monoxyde de carbone (CO)", "999999999"),
        release("6400002", year, TOTAL, "777777777", medium="Eau (direct)"),
        release("0006400099", year, TOTAL, "15000000"),
        release("0006400098", year, TOTAL, "16000000"),
        release("0001300001", year, TOTAL, "99000000"),
        release("0006400001", year, "Benzène", "< seuil"),
    ]


def archive(
    year: int, *, places: list[str] | None = None, releases: list[str] | None = None, encoding: str = "utf-8-sig"
) -> bytes:
    """Pack the two tables of a year, in a folder, as the service does."""
    tables = {
        "etablissements": [ESTABLISHMENTS_HEAD, *(establishments() if places is None else places)],
        "emissions": [EMISSIONS_HEAD, *(emissions(year) if releases is None else releases)],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, lines in tables.items():
            into.writestr(f"{year}/{name}.csv", "".join(f"{line}\r\n" for line in lines).encode(encoding))
        into.writestr(f"{year}/Prelevements.csv", b"identifiant;annee\r\n")
    return packed.getvalue()


def add(services: Services) -> None:
    """Answer as the service does: the last year is not there yet."""
    link = f"https://{FILES}/{{}}.zip"
    years = {str(year): {"formatFichier": "zip", "lien": link.format(year)} for year in (2022, 2023)}
    services.answer(CATALOGUE, {"annuel": {**years, "2024": None}})
    for year in (2022, 2023):
        services.answer(f"{FILES}/{year}.zip", Answer(archive(year), kind=KIND))
