"""HTTP beside the model: guard, errors, routers, observability, and the Python client.

``service.py`` holds the model's questions and mounts what is here. A request goes in, down and
out: guard, route, domain, record, answer.
"""
