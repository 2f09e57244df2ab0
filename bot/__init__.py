"""Front ends and wiring: channels, web pages, the command line and the one place that puts everything together.

A rule about a resident or a ticket does not belong here but one room down, in `handlers`.
"""

from importlib.metadata import version

__version__ = version("linli")
