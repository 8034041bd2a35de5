"""The drawings: each is a figure with a caption, a label and the same numbers in a table."""
