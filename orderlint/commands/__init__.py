"""The subcommands. Each module here is a command, unless its name starts with `_`.

The modules import click alone; what a command does, it imports when it runs.
"""
