"""Run the command line as ``python -m ringtrue``."""

from ringtrue.cli import main

main()
