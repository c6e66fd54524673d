"""The Union Registry (dossier §6.1): two packed tables of all countries."""

from __future__ import annotations

import gzip

from tests.services.server import Answer, Services

HOST = "dlsclimabi.blob.core.windows.net/public-data/eutlpublic/extracts/_all_extracts"
OPERATORS = f"{HOST}/operator/operators_daily.csv.gz"
YEARLY = f"{HOST}/operators_yearly_activity/operators_yearly_activity_daily.csv.gz"
KIND = "application/gzip"

OPERATORS_HEAD = (
    "REGISTRY_CODE,REGISTRY_NAME,INSTALLATION_IDENTIFIER,INSTALLATION_NAME,EPER_IDENTIFICATION,ACTIVITY_TYPE_CODE,"
    "ACTIVITY_TYPE,PERMIT_IDENTIFIER,PERMIT_REVOCATION_DATE,CITY,POSTAL_CODE,ADDRESS1,ADDRESS2,YEAR_OF_FIRST_EMISSIONS,"
    "YEAR_OF_LAST_EMISSIONS,ACCOUNT_REGISTRY_CODE,ACCOUNT_IDENTIFIER,SNAPSHOT_DATE"
)
YEARLY_HEAD = "REGISTRY_CODE,INSTALLATION_IDENTIFIER,PERIOD_YEAR,VERIFIED_EMISSIONS,ALLOCATION"


def operator(
    number: int,
    name: str,
    city: str,
    postal: str,
    *,
    registry: str = "FR",
    activity: str = "20",
    first: str = "2013",
    last: str = "",
) -> str:
    """Write one installation."""
    return (
        f'{registry},Name,{number},"{name}",,{activity},Combustion,P-{number},,{city},{postal},1 rue Fictive,,'
        f"{first},{last},{registry},{number},2026-07-30"
    )


def operators() -> list[str]:
    """Write the installations: ours, two of nobody, one abroad with a number of ours, an airline, one elsewhere."""
    return [
        operator(900001, "EXEMPLE CHIMIE", "EXEMPLEVILLE", "13990"),
        operator(900002, "DOUBLE SA A", "PERTUIS", "84120", last="2023"),
        operator(900003, "DOUBLE SA B", "PERTUIS CEDEX", "84120", first="2022"),
        operator(900004, "CHAUFFERIE NOUVELLE", "MARSEILLE 15", "13015"),
        operator(900005, "ANCIENNE FOUR", "LIEU-DIT DU FOUR", "13990", first="2005", last="2010"),
        operator(900001, "ELSEWHERE GMBH", "KÖLN", "13990", registry="DE"),
        operator(900006, "AIR EXEMPLE", "MARSEILLE", "13002", activity="10"),
        operator(900007, "LYON CHIMIE", "LYON", "69001"),
        operator(900008, "ARLES PAPIER", "ARLES", "13200"),
    ]


def yearly() -> list[str]:
    """Write the figures: -1 is none, 0 is one, and one account follows another."""
    figures = [
        ("FR", 900001, 2022, "100000"), ("FR", 900001, 2023, "0"), ("FR", 900001, 2024, "90000.0"),
        ("FR", 900001, 2025, "-1"), ("DE", 900001, 2022, "555"), ("DE", 900001, 2025, "555"),
        ("FR", 900002, 2021, "10"), ("FR", 900002, 2022, "20"), ("FR", 900002, 2023, "-1"),
        ("FR", 900003, 2022, "2"), ("FR", 900003, 2023, "3"), ("FR", 900003, 2024, "4"),
        ("FR", 900004, 2024, "8000"), ("FR", 900005, 2010, "3000"), ("FR", 900006, 2024, "1"),
        ("FR", 900007, 2024, "70000"), ("FR", 900008, 2024, "60000"),
    ]  # fmt: skip
    return [f"{country},{number},{year},{tonnes},0" for country, number, year, tonnes in figures]


def packed(head: str, rows: list[str]) -> bytes:
    """Pack a table as the service does."""
    return gzip.compress("".join(f"{line}\n" for line in (head, *rows)).encode())


def add(services: Services) -> None:
    """Answer as the service does."""
    services.answer(OPERATORS, Answer(packed(OPERATORS_HEAD, operators()), kind=KIND))
    services.answer(YEARLY, Answer(packed(YEARLY_HEAD, yearly()), kind=KIND))
