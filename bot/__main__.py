"""`python -m bot`, for machines without the `linli` command (Windows: `py -m bot`)."""

from bot.cli import main

main()
