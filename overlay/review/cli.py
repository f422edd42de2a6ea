"""`offbook review`: the command that serves the pages."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PORT = 8733


def review(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where on loopback; 0 is any.")] = DEFAULT_PORT,
    journal: Annotated[
        str | None, typer.Option("--journal", metavar="URL", envvar="OFFBOOK_JOURNAL", help="Another journal.")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the pages in the browser.")] = True,
) -> None:
    """Review calls in the browser: every call as a timeline, its words, its cards and what became of them."""
