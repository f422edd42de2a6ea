"""`offbook review`: the command that serves the pages."""

from typing import Annotated

import typer

DEFAULT_PORT = 8733


def review(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port on this machine; 0 is any.")] = (
        DEFAULT_PORT
    ),
    journal: Annotated[
        str | None, typer.Option("--journal", metavar="URL", help="Another journal: a file or sqlite:///FILE.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Review calls in the browser: the list, and each call as a timeline with its words, cards and outcomes."""
    from cues.journal.open import open_journal
    from overlay.review.journal_calls import JournalCalls
    from overlay.review.serve import ADDRESS, bind, open_browser, serve
    from overlay.review.site import make_site
    from overlay.review.token import review_token

    opened = open_journal(journal)
    try:
        token = review_token(opened.file.parent)
        listening = bind(port, typer.echo)
        url = f"http://{ADDRESS}:{listening.getsockname()[1]}/?token={token}"
        typer.echo(f"The calls are at {url}\nCtrl-C ends it.")
        if not no_browser:
            open_browser(url)
        serve(make_site(JournalCalls(opened), token), listening)
    finally:
        opened.close()
