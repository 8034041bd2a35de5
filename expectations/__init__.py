"""What data must satisfy: one JSON suite per table, run by Great Expectations.

``suites/`` holds the expectations, each with its severity and its reason. ``checks`` runs them,
``report`` writes what they found, ``generate`` derives the feature table's suite from the
catalogue.
"""
