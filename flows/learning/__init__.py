"""From a feature table to a scorecard: what is learnt, chosen, judged, and compared by group."""
