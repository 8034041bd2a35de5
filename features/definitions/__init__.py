"""What each feature means: one module a table."""
