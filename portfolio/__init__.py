"""A synthetic portfolio in the layout of the Home Credit archive, made from aggregates only."""

from portfolio.generate import write

__all__ = ["write"]
