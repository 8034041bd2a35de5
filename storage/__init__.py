"""What must never be lost: clients, records, people and keys, in one SQL database."""
