"""Programs with a reader more: whether a repair leaves what it reads as it is, or is refused."""
