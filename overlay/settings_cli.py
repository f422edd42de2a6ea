"""`offbook settings`: the settings in force and where each comes from."""

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from overlay.settings import Loaded, Settings, load_settings

app = typer.Typer()
_MISSING = {"rep": "(the system's user name)", "playbook": "(the demo playbook)"}


@app.command()
def settings() -> None:
    """Print the settings in force, where each comes from, and the file to change them in."""
    loaded = load_settings()
    Console(highlight=False).print(drawn(loaded))
    typer.echo()
    for notice in loaded.notices:
        typer.echo(notice)
    there = "" if loaded.file.exists() else " (not there yet)"
    typer.echo(f"Yours: {loaded.file}{there}")
    if loaded.fixed:
        typer.echo(f"Policy of this machine: {loaded.policy}")


def drawn(loaded: Loaded) -> Table:
    """A row for each setting: its name, its value, where that comes from."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("Setting", "Value", "From"):
        table.add_column(heading)
    for name in Settings.model_fields:
        table.add_row(name, Text(shown_value(loaded.settings, name)), loaded.origin(name))
    return table


def shown_value(settings: Settings, name: str) -> str:
    """A value as YAML writes it, with what a missing one amounts to."""
    value = getattr(settings, name)
    if name == "threads" and value is None:
        return f"{settings.threads_in_force()} (half of the cores)"
    if isinstance(value, float):
        return f"{value:g}"
    if value is None:
        return _MISSING.get(name, "(the system's default)")
    return str(value).lower() if isinstance(value, bool) else str(value)
