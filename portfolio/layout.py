"""Which variables each table of the archive is made of."""

from __future__ import annotations

from types import MappingProxyType

from portfolio import applications, bureau, clients, previous, repayment

TABLE_VARIABLES = MappingProxyType(
    {
        "applications": (*applications.VARIABLES, *applications.MIRRORED),
        "clients": clients.VARIABLES,
        "bureau": bureau.VARIABLES,
        "previous": previous.VARIABLES,
        "loans": repayment.LOANS,
        "cards": repayment.CARDS,
    }
)
