"""The engine: checks, repairs and writes many files, on one core or several."""
