"""`python -m orderlint`."""

from orderlint.cli import main

main()
