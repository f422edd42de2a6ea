"""`offbook review`: the command that serves the pages."""

from typing import Annotated

import typer

from asr.errors import BadInputError
from overlay.token_file import new_token, review_token

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
    from cues.journal.open import open_to_read

    try:
        from overlay.review import serve
        from overlay.review.site import make_site
    except ModuleNotFoundError as error:
        raise BadInputError(
            f"offbook review needs {error.name}; install it with: pip install 'offbook[review]'"
        ) from error
    from overlay.review.journal_calls import JournalCalls

    opened = open_to_read(journal)
    try:
        token = _token()
        listening = serve.bind(port, typer.echo)
        url = f"http://{serve.ADDRESS}:{listening.getsockname()[1]}/?token={token}"
        typer.echo(f"The calls are at {url}\nCtrl-C ends it.")
        if not no_browser:
            serve.open_browser(url)
        serve.serve(make_site(JournalCalls(opened), token), listening)
    finally:
        opened.close()


def _token() -> str:
    """The kept one; where none can be kept, one for this run."""
    try:
        return review_token()
    except BadInputError as error:
        typer.echo(f"{error} Until then the address holds for one run.")
        return new_token()
