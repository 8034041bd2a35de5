"""``python -m ui``: serve the advisor's app until it is stopped."""

from __future__ import annotations

import os
import sys

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", DO_NOT_TRACK="1")

import uvicorn  # the switches above are read when Gradio is imported

from ui.app import create_app
from ui.settings import read_settings


def main() -> None:
    """Serve the app on the asked address."""
    settings = read_settings()
    app = create_app(settings)
    sys.stdout.write(f"Advisor's app on http://{settings.host}:{settings.port}/fr\n")
    sys.stdout.flush()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
