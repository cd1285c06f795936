"""Programs with an additional reader: a repair must not change what it reads, or must be refused."""
