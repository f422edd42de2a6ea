"""What `offbook train --add` and `offbook models rollback` say and do: a company's own heads come and go."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import typer

from models.dataset import TRAINING_DATA
from models.own_heads import heads_in_force, install, roll_back


def learn_on_top(folder: Path, kept: Path | None) -> None:
    """Learns the calls in `folder`, and puts the new heads in force unless they are worse: then exit code 1."""
    # It takes a second to import, which no other command should pay.
    from models.learn import learn

    learned = learn(folder, kept or TRAINING_DATA, report=typer.echo)
    typer.echo(f"\nOn the {learned.reference_calls} reference calls, so far and after it")
    for one in learned.compared:
        typer.echo(f"  {one.name:<17}{one.before:>7.1%}{one.after:>9.1%}")
    fell = [f"{one.name} fell from {one.before:.1%} to {one.after:.1%}" for one in learned.compared if one.fell]
    if fell:
        typer.echo(
            f"Nothing is installed: {_joined(fell)} on the reference calls, by more than one point; "
            f"{heads_in_force().name} stay in force.",
            err=True,
        )
        raise typer.Exit(1)
    so_far = heads_in_force()
    if so_far.heads.sha256 == sha256(learned.content).hexdigest():
        typer.echo(f"\nNothing is new: {so_far.name} are the same and stay in force.")
        return
    install(learned.content)
    typer.echo(f"\nIn force now: {heads_in_force().name}. `offbook models rollback` goes back to those before.")


def go_back() -> None:
    """Goes back one step, and says what is in force then."""
    gone = roll_back()
    found = heads_in_force()
    if found.notice is not None:
        typer.echo(found.notice, err=True)
    typer.echo(
        f"In force now: {found.name}." if gone else f"There is nothing to go back to: {found.name} are in force."
    )


def _joined(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
