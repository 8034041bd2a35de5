"""The advisor's app: it knows the service through its HTTP contract and nothing else.

The main path: ``__main__`` reads the options, ``app`` assembles login, guard and one screen per
language, ``screen`` lays out the tabs, each in a file or folder of its own; ``figures`` and the
templates turn answers into HTML. The client's own page is ``client_page``.
"""
