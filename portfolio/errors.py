"""What can go wrong when a portfolio is made, and what to do next.

PortfolioError
├── InvalidRequest        a number of clients, a scenario or a format that makes no sense
├── OutputExists          the output is there already and nobody said it may be replaced
├── OutputNotWritable     the disk is full or the place cannot be written
└── UnusableParameters    the parameters file is absent, damaged or of another version
"""


class PortfolioError(Exception):
    """Base of every error of this package; its text says what to do next."""


class InvalidRequest(PortfolioError, ValueError):
    """An argument that cannot be honoured."""


class OutputExists(PortfolioError):
    """The output exists and replacing it was not asked for."""


class OutputNotWritable(PortfolioError):
    """The output cannot be written; nothing half-made is left behind."""


class UnusableParameters(PortfolioError):
    """The parameters file cannot be used by this version of the generator."""
