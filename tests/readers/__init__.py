"""Programs with an additional reader: a repair must not change the value it reads, or must be refused."""
