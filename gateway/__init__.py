"""HTTP, and nothing else: strict bodies, access, errors, the OpenAPI document, measurements.

``service.py`` plugs it into BentoML. The answers themselves are plain functions in ``answers``.
"""
