"""The pages as pure functions: an answer of the service in, escaped HTML out."""
