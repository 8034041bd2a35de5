"""Rows of a history that are so: so many of so many, or the share that they are of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scoring.facts.declare import Absence, Fact, fact
from scoring.facts.periods import Part
from scoring.facts.shapes import Pair


@dataclass(frozen=True, slots=True)
class Portion:
    """The rows that ``measure`` marks among those that ``of`` counts, and their words.

    ``counted`` are the parts of the history over which the catalogue counts all rows; a share of
    another part is said alone. ``why`` gives the reasons for which nothing is known of a part,
    the widest first; ``none`` says that there is no such row.
    """

    measure: str
    of: str
    subject: str
    many: Pair
    none: Pair
    counted: tuple[Part, ...]
    why: Callable[[Part], tuple[Absence, ...]]

    def count(self, part: Part) -> Fact:
        """Return the fact of how many there are in ``part``."""
        if part not in self.counted:
            return self._fact(part, "count", self.many, ("{value}", "{value}"), {})
        reads = {"known": part.item(self.of, "count")}
        return self._fact(
            part, "count", self.many, ("{value} sur {known}", "{value} of {known}"), reads
        )

    def share(self, part: Part) -> Fact:
        """Return the fact of the share that they are of ``part``."""
        if part not in self.counted:
            fr, en = self.many
            share = (f"Part des {fr[0].lower()}{fr[1:]}", f"Share of {en[0].lower()}{en[1:]}")
            return self._fact(part, "share", share, ("{value}", "{value}"), {})
        reads = {"met": part.item(self.measure, "count"), "known": part.item(self.of, "count")}
        figures = ("{met} sur {known} ({value})", "{met} of {known} ({value})")
        return self._fact(part, "share", self.many, figures, reads)

    def _fact(
        self, part: Part, statistic: str, what: Pair, figures: Pair, reads: dict[str, str]
    ) -> Fact:
        fr, en = (f"{words}{of}" for words, of in zip(self.many, (part.fr, part.en), strict=True))
        return fact(
            part.item(self.measure, statistic),
            self.subject,
            "count" if statistic == "count" else "percent",
            known=(f"{what[0]}{part.fr} : {figures[0]}.", f"{what[1]}{part.en}: {figures[1]}."),
            none=(f"{fr} : {self.none[0]}.", f"{en}: {self.none[1]}."),
            unknown=(f"{fr} : information non connue.", f"{en}: not known."),
            absences=self.why(part),
            reads=reads,
        )
