"""Source text: files, notebooks and their cells, parsing, positions and suppression comments."""
