"""What was asked since a release, and how far it is from what was learnt."""
