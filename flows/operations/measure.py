"""What each step of a flow costs: seconds and peak memory, said at the end of the run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import psutil

SAMPLE_EVERY_S = 0.05
_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Measure:
    """Cost of one step: wall-clock seconds and peak resident memory of this process, in MB."""

    step: str
    seconds: float
    peak_mb: float

    def as_json(self) -> dict[str, object]:
        """Return the measure as plain values."""
        return asdict(self)


class Meter:
    """Measures the steps of one run, in order; it lives as long as the run."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self.measures: list[Measure] = []
        self._report = report

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what runs inside, and say when it starts and ends. A failed step is not kept."""
        self._report(f"{name} ...")
        start, memory = time.perf_counter(), _PeakMemory()
        with memory:
            yield
        measure = Measure(name, round(time.perf_counter() - start, 3), round(memory.peak_mb, 1))
        self.measures.append(measure)
        self._report(f"{name}: {measure.seconds:.1f} s, {measure.peak_mb:,.0f} MB")


class _PeakMemory:
    """Samples the resident memory of this process while it is open."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.peak_mb = 0.0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _look(self) -> None:
        self.peak_mb = max(self.peak_mb, self._process.memory_info().rss / _MEGABYTE)

    def _sample(self) -> None:
        while True:
            self._look()
            if self._stop.wait(SAMPLE_EVERY_S):
                return


def table(measures: Sequence[Measure]) -> str:
    """Return the measures as lines for a terminal, with the total time and the highest peak."""
    total = Measure(
        "total",
        sum(measure.seconds for measure in measures),
        max((measure.peak_mb for measure in measures), default=0.0),
    )
    width = max(len(measure.step) for measure in (*measures, total))
    lines = (
        f"  {measure.step:<{width}}  {measure.seconds:8.1f} s  {measure.peak_mb:8,.0f} MB"
        for measure in (*measures, total)
    )
    return "\n".join(("What each step cost (time, peak memory):", *lines))
