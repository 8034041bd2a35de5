"""What jobs share: champion, lock, processes, terminal, run folder."""
