"""A local server that answers as the official services do, faults included; every row it gives is made up.

    services.answer("geo.api.gouv.fr/epcis/200054807/communes", {"type": "FeatureCollection", ...})
    services.fault("geo.api.gouv.fr", faults.status(500), times=2)

`answers/<connector>.py` has `add(services)`, which gives all answers of that connector as its dossier describes them.
`python -m tests.services` serves all of them until it is stopped.
"""
