"""The Décision tab: the answer about the case, what would turn it, and the signature."""
