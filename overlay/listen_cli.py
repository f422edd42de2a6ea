"""The commands on the sound of this machine: `listen` and `devices`."""

import json
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated

import typer

from asr.capture.devices import find_device, list_devices, what_is_missing
from asr.errors import BadInputError
from overlay.configs import DEMO_PLAYBOOK
from overlay.device_list import show_devices
from overlay.engine_messages import Live, Start
from overlay.following import Outlets, follower
from overlay.options import (
    DEFAULT_MODEL,
    EventsOption,
    HeadlessOption,
    JournalOption,
    JsonOption,
    ModelOption,
    NoJournalOption,
    PlaybookOption,
)
from overlay.playing import run_live

app = typer.Typer()

RepOption = Annotated[
    str | None, typer.Option("--rep", metavar="DEVICE", help="Your microphone: its name, or a part of it.")
]
BuyerOption = Annotated[
    str | None, typer.Option("--buyer", metavar="DEVICE", help="The output that the buyer is heard through.")
]


@app.command()
def listen(
    rep: RepOption = None,
    buyer: BuyerOption = None,
    playbook: PlaybookOption = DEMO_PLAYBOOK,
    model: ModelOption = DEFAULT_MODEL,
    events: EventsOption = None,
    headless: HeadlessOption = False,
    journal: JournalOption = "",
    no_journal: NoJournalOption = False,
) -> None:
    """Listen to the call that goes on now: your microphone, and what this computer plays."""
    devices = list_devices()
    missing = what_is_missing(devices)
    if not devices:
        raise BadInputError(" ".join(missing))
    for sentence in missing:
        typer.echo(sentence, err=True)
    if rep is not None:
        find_device(rep, "microphone", devices)
    if buyer is not None:
        find_device(buyer, "loopback", devices)
    live = Live(microphone=rep, buyer_sound=buyer)
    start = Start((), playbook, model, live, journal=None if no_journal else journal)
    # Ctrl-C is how a live call ends.
    with follower(Outlets(events, terminal=not headless)) as follow, suppress(KeyboardInterrupt):
        run_live(start, follow, headless=headless)


@app.command()
def devices(
    rep: RepOption = None,
    buyer: BuyerOption = None,
    seconds: Annotated[float, typer.Option("--seconds", metavar="N", help="Show levels for so long; 0: none.")] = 5.0,
    as_json: JsonOption = False,
) -> None:
    """List microphones and outputs, show how loud they are, and say what is missing."""
    found = list_devices()
    missing = what_is_missing(found)
    if as_json:
        typer.echo(json.dumps({"devices": [asdict(device) for device in found], "missing": missing}, indent=1))
        return
    show_devices(found, rep, buyer, seconds, missing)
