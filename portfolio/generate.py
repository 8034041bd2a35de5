"""Make a portfolio: blocks of clients drawn one after another, two families of tables at a time."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any, get_args

from portfolio import bureau, cards, dates, instalments, pos, previous_table, repayment, scenarios
from portfolio.errors import InvalidRequest, PortfolioError
from portfolio.layout import load
from portfolio.parameters import DEFAULT_PATH
from portfolio.people import BLOCK, People
from portfolio.population import clients_of
from portfolio.writer import Format, Sinks, place_for, put_in_place

UNLABELLED_SHARE = 48_744 / 307_511
_ALONE_BELOW = 5_000  # clients; a second process costs more than it saves
_MOST_CLIENTS = 5_000_000
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
FAMILIES = ("clients", "loans")  # tables made by each process


@dataclass(frozen=True)
class Request:
    """What portfolio to make. ``block_clients`` bounds memory and changes nothing else."""

    clients: int
    seed: int
    scenario: str = "none"
    fmt: Format = "zip"
    parameters: Path = DEFAULT_PATH
    block_clients: int = 5_000

    def check(self) -> None:
        """Raise ``InvalidRequest`` or ``UnusableParameters`` before anything is written."""
        if not 1 <= self.clients <= _MOST_CLIENTS:
            msg = f"--clients must be between 1 and {_MOST_CLIENTS:,}, not {self.clients:,}."
            raise InvalidRequest(msg)
        if self.fmt not in get_args(Format):
            msg = f"There is no format {self.fmt!r}. Choose one of: {', '.join(get_args(Format))}."
            raise InvalidRequest(msg)
        if not 0 <= self.seed < 2**63:
            msg = f"--seed must be a whole number from 0 on, not {self.seed}."
            raise InvalidRequest(msg)
        scenarios.check(self.scenario)
        load(self.parameters)

    def blocks(self) -> list[tuple[bool, int, int, int]]:
        """(labelled, block, clients, rank) of every block, labelled ones first."""
        sizes = (self.clients, max(1, round(self.clients * UNLABELLED_SHARE)))
        result: list[tuple[bool, int, int, int]] = []
        for labelled, size in zip((True, False), sizes, strict=True):
            for block, start in enumerate(range(0, size, BLOCK)):
                result.append((labelled, block, min(BLOCK, size - start), len(result)))
        return result


def _tables(people: People, family: str, scenario: str) -> Iterator[tuple[str, Any]]:
    """(file stem, rows) of the tables of ``family`` for one block."""
    if family == "clients":
        clients = clients_of(people, scenario)
        yield f"application_{'train' if people.labelled else 'test'}", clients.applications()
        yield dates.STEM, clients.dates()
        credits = bureau.draw(people)
        yield "bureau", credits.table
        yield "bureau_balance", bureau.monthly_status(people, credits)
        return
    table, loans = previous_table.draw(people)
    yield "previous_application", table
    schedule = repayment.schedule(people, loans)
    yield "POS_CASH_balance", pos.table(people, schedule)
    card_months, card_payments = cards.table(people, loans)
    yield "credit_card_balance", card_months
    yield "installments_payments", instalments.table(people, schedule, card_payments)


def _make(request: Request, family: str, folder: Path, done: Callable[[int], None]) -> None:
    """Write the tables of ``family`` for every block into ``folder``."""
    parameters = load(request.parameters)
    sinks = Sinks(folder, request.fmt)
    at_once = max(1, request.block_clients // BLOCK)
    blocks = request.blocks()
    try:
        for start in range(0, len(blocks), at_once):
            group = blocks[start : start + at_once]
            for labelled, block, size, rank in group:
                people = People(parameters, request.seed, labelled, block, size, rank)
                for stem, frame in _tables(people, family, request.scenario):
                    sinks.add(stem, frame)
            done(len(group))
    finally:
        sinks.close()


def _work(request: Request, family: str, folder: Path, messages: Any) -> None:
    try:
        _make(request, family, folder, messages.put)
        messages.put(family)
    except Exception as error:
        messages.put(OSError(str(error)) if not isinstance(error, PortfolioError) else error)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started inside use one thread: two of them already fill two cores."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _make_in_two(request: Request, folder: Path, done: Callable[[int], None]) -> None:
    """Both families at once, each in its own process, as they share no row."""
    context = multiprocessing.get_context("spawn")
    messages: Any = context.Queue()
    workers = [
        context.Process(target=_work, args=(request, family, folder, messages), daemon=True)
        for family in FAMILIES
    ]
    with _one_thread_each():
        for worker in workers:
            worker.start()
    finished = 0
    try:
        while finished < len(workers):
            try:
                message = messages.get(timeout=1)
            except Empty:
                if any(w.exitcode not in (0, None) for w in workers):
                    msg = "a process that draws tables ended without a word (out of memory?)"
                    raise OSError(msg) from None
                continue
            if isinstance(message, Exception):
                raise message
            if isinstance(message, int):
                done(message)
            else:
                finished += 1
    finally:
        for worker in workers:
            if finished < len(workers):
                worker.terminate()
            worker.join()


def _silent(text: str) -> None:
    del text


def write(
    out: Path,
    clients: int,
    seed: int,
    fmt: Format = "zip",
    scenario: str = "none",
    force: bool = False,
    report: Callable[[str], None] = _silent,
    *,
    parameters: Path = DEFAULT_PATH,
    block_clients: int = 5_000,
) -> None:
    """Make a portfolio of ``clients`` labelled clients, and 16 % more without label, at ``out``.

    ``out`` is a zip of CSV files or a folder of parquet files in the Kaggle layout, with the side
    table ``application_dates``. The same arguments give the same bytes; ``block_clients`` changes
    memory only. Raises a ``PortfolioError``; what was at ``out`` is then untouched.
    """
    request = Request(clients, seed, scenario, fmt, parameters, block_clients)
    request.check()
    total = len(request.blocks()) * len(FAMILIES)
    progress = {"blocks": 0, "percent": -1}

    def done(blocks: int) -> None:
        progress["blocks"] += blocks
        percent = 100 * progress["blocks"] // total
        if percent // 5 > progress["percent"] // 5:
            report(f"portfolio: {percent} % of {clients:,} labelled clients drawn")
        progress["percent"] = percent

    with place_for(out, force=force) as working:
        if clients < _ALONE_BELOW:
            for family in FAMILIES:
                _make(request, family, working, done)
        else:
            _make_in_two(request, working, done)
        report("portfolio: putting the files in place")
        put_in_place(working, out, request.fmt)
