"""The tabs: each lays out its components and connects them; what they say is in ``pages``."""
