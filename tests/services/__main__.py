"""Serve the answers of all connectors until stopped: PROVENCE_MAP_SERVICES is to be set to the address it prints."""

from __future__ import annotations

import importlib
import pkgutil
import time

from tests.services import answers
from tests.services.server import Services

if __name__ == "__main__":
    services = Services()
    for found in pkgutil.iter_modules(answers.__path__):
        importlib.import_module(f"tests.services.answers.{found.name}").add(services)
    print(services.url, flush=True)  # noqa: T201 (what it is run for)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        services.close()
