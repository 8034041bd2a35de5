"""Raw tables in, one row per client out; each feature is declared once.

Where to start reading:

- ``tables`` and ``columns.csv``: what the raw tables hold;
- ``prepare``: the raw archive becomes typed, sorted parquet;
- ``affordability``, ``external_scores``, ``bureau``, ``previous``, ``instalments``...: the
  features, table by table, in the grammar of ``declare`` and ``family``;
- ``catalogue``: all of them in one order, with ``groups`` (the words) and ``policy`` (what is
  denied);
- ``build`` computes them for a whole portfolio, ``one`` for a single request, ``encode`` makes the
  matrix a booster reads.
"""
