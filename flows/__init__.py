"""Prefect flows: each module is one job and one command, ``python -m flows.<name> --help``.

Importing the package sets, before any library reads its environment, what a lender's machine
needs: no telemetry, and all state under one folder (``SCORING_HOME``).
"""

import os

from flows.settings import Settings

SETTINGS = Settings.from_environment(os.environ)

SETTINGS.home.mkdir(parents=True, exist_ok=True)  # Prefect makes its own folder, not the parents
for _name, _value in SETTINGS.environment().items():
    os.environ.setdefault(_name, _value)
