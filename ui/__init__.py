"""The advisor's app: it knows the service through its HTTP contract and nothing else.

The main path: ``__main__`` reads the options, ``app`` assembles login and one screen per language,
``screen`` lays out components and wires them, ``pages`` and ``figures`` turn answers into HTML.
"""
