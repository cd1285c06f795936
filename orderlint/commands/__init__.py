"""The subcommands. Each module here is a command, unless its name starts with `_`.

The modules only import click. The code of a command is imported when it runs.
"""
