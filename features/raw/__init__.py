"""The raw tables: how they are read, typed, sorted and kept; each column is declared once."""
