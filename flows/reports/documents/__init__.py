"""The product's documents: figures of a run kept as JSON, templates, and what renders them."""
