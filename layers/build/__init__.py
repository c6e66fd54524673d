"""Build: turn the extracts and the hand-kept rows into the tables the map reads, offline, same bytes each time."""
