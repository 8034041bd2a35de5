"""Measurements: our speed beside typical peers' in one run, and how real the portfolio looks."""
