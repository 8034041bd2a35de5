"""Pages, pictures and documents from figures."""
