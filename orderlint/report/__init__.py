"""Reporters: findings in, text out. One file a format; nothing here prints or reads a file."""
