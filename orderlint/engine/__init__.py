"""The engine: many files, on one core or many. What a run knows, checks, repairs and writes."""
