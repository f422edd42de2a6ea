"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_MODEL = "base"

PlaybookOption = Annotated[
    Path, typer.Option("--playbook", metavar="DIR", help="The playbook's folder.", show_default="the demo playbook")
]
ModelOption = Annotated[str, typer.Option("--model", metavar="NAME|PATH", help="Whisper weights: a name or a folder.")]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", metavar="XX", help="What is spoken, such as en or vi; else what the playbook says."),
]
DealOption = Annotated[
    Path | None, typer.Option("--deal", metavar="FILE", help="What is known of the deal, in YAML or JSON.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")]
EventsOption = Annotated[
    str | None, typer.Option("--events", metavar="FILE|-", help="Write the events as JSON lines; - is the output.")
]
HeadlessOption = Annotated[bool, typer.Option("--headless", help="Show nothing while the call goes on.")]
NoJournalOption = Annotated[bool, typer.Option("--no-journal", help="Keep no record of this call.")]
JournalOption = Annotated[
    str, typer.Option("--journal", metavar="URL", help="Another journal: a file or sqlite:///FILE.", show_default="")
]
