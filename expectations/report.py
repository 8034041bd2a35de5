"""The report of the checks: ``checks.html`` for a person, ``checks.json`` for a program.

The page stands alone: no script, no font, no address. Neither file holds a client's value.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from expectations.checks import CheckResult, Failure

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#111827;background:#fff;max-width:62rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0;width:100%}
caption{text-align:left;font-weight:600;padding:.25rem 0}
td,th{border:1px solid #d1d5db;padding:.3rem .6rem;text-align:left;vertical-align:top}
td.number{text-align:right;font-variant-numeric:tabular-nums}
.critical{color:#991b1b;font-weight:600}.warning{color:#854d0e;font-weight:600}
.met{color:#166534;font-weight:600}
"""


def write(results: Sequence[CheckResult], folder: Path, name: str = "checks") -> Path:
    """Write ``<name>.html`` and ``<name>.json`` into ``folder`` and return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    written_at = datetime.now(UTC).replace(microsecond=0)
    values = {
        "written_at": written_at.isoformat(),
        "success": all(result.success for result in results),
        "tables": [asdict(r) | {"success": r.success, "sampled": r.sampled} for r in results],
    }
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    page = folder / f"{name}.html"
    page.write_text(_page(results, written_at), encoding="utf-8")
    return page


def _page(results: Sequence[CheckResult], written_at: datetime) -> str:
    body = "".join(map(_details, (r for r in results if r.failures)))
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>Data checks: {_verdict(results)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>Data checks: {_verdict(results)}</h1>"
        f"<p>Written {written_at:%Y-%m-%d %H:%M} UTC. A critical expectation that is not met stops "
        "the training; a warning is for a person to look at.</p>"
        f"{_summary(results)}{body}</main></body></html>\n"
    )


def _verdict(results: Sequence[CheckResult]) -> str:
    critical = sum(len(r.of("critical")) for r in results)
    warning = sum(len(r.of("warning")) for r in results)
    if critical:
        return f"refused, {critical} critical"
    return f"accepted with {warning} warnings" if warning else "accepted, all met"


def _summary(results: Sequence[CheckResult]) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(r.table)}</th><td>{_state(r)}</td>"
        f"<td class='number'>{r.expectations:,}</td><td class='number'>{r.rows:,}</td>"
        f"<td>{f'a sample of {r.checked_rows:,}' if r.sampled else 'all'}</td>"
        f"<td class='number'>{r.seconds:.1f}</td></tr>"
        for r in results
    )
    return _table(
        "Tables checked",
        ("Table", "Result", "Expectations", "Rows", "Rows checked", "Seconds"),
        rows,
    )


def _state(result: CheckResult) -> str:
    critical, warning = len(result.of("critical")), len(result.of("warning"))
    if critical:
        return f"<span class='critical'>{critical} critical, {warning} warnings</span>"
    if warning:
        return f"<span class='warning'>{warning} warnings</span>"
    return "<span class='met'>all met</span>"


def _details(result: CheckResult) -> str:
    ordered = (*result.of("critical"), *result.of("warning"))
    rows = "".join(_failure(failure) for failure in ordered)
    table = _table(
        f"Expectations of {result.table} that are not met",
        ("Severity", "Expected", "Share of rows", "Why it is expected"),
        rows,
    )
    return f"<h2>{escape(result.table)}</h2>{table}"


def _failure(failure: Failure) -> str:
    share = "" if failure.share is None else f"{failure.share:.2%}"
    return (
        f"<tr><td class='{failure.severity}'>{failure.severity}</td>"
        f"<td>{escape(failure.message)}</td><td class='number'>{share}</td>"
        f"<td>{escape(failure.why)}</td></tr>"
    )


def _table(caption: str, header: Sequence[str], rows: str) -> str:
    cells = "".join(f"<th scope='col'>{escape(name)}</th>" for name in header)
    return (
        f"<div class='scroll' tabindex='0' role='region' aria-label='{escape(caption)}'>"
        f"<table><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
