"""``ETag`` and ``If-Match``: nobody replaces a version that they have not seen."""

from __future__ import annotations

from api.errors import Refused


def etag(version: str) -> str:
    """Return a version as the header ``ETag`` has it."""
    return f'"{version}"'


def must_match(held: str | None, if_match: str | None) -> None:
    """Raise ``Refused`` unless the caller knows the version that is to be replaced.

    ``held`` is the version held, ``None`` when there is nothing to replace. 428 when ``If-Match``
    was not sent though there is, 412 when it names another version.
    """
    if if_match is None:
        if held is not None:
            detail = "Send If-Match with the ETag of the version that you replace."
            raise Refused(428, "version_required", detail)
        return
    named = {one.strip() for one in if_match.split(",")}
    if held is None or (named != {"*"} and etag(held) not in named):
        raise Refused(412, "changed", "It has changed since: read it again, then replace it.")
