"""The commands on the sound of this machine: `listen` and `devices`."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from asr.capture.devices import Device, find_device, list_devices, what_is_missing
from asr.errors import BadInputError
from cues.deal_file import read_deal
from cues.events import AnyEvent, CallEnded
from overlay.configs import DEMO_PLAYBOOK
from overlay.engine_messages import Live, Start
from overlay.following import Follow, Outlets, follower
from overlay.kept_playbook import playbook_of
from overlay.options import (
    DealOption,
    EventsOption,
    HeadlessOption,
    JournalOption,
    JsonOption,
    LanguageOption,
    NoJournalOption,
)
from overlay.playing import no_window, run_in_window, run_live
from overlay.settings import AUTO, Loaded, Settings, load_settings
from overlay.setup_cli import guide, is_first_start
from overlay.terminal_check import check_in_terminal

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
    playbook: Annotated[Path | None, typer.Option("--playbook", metavar="DIR", help="The playbook's folder.")] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME|PATH", help="Whisper weights: a name, a folder, or auto.")
    ] = None,
    language: LanguageOption = None,
    deal: DealOption = None,
    events: EventsOption = None,
    headless: HeadlessOption = False,
    now: Annotated[bool, typer.Option("--now", help="Begin at once: no window, and no check of the sound.")] = False,
    journal: JournalOption = "",
    no_journal: NoJournalOption = False,
) -> None:
    """Listen to the call that goes on now: your microphone, and what this computer plays."""
    given = {"microphone": rep, "buyer_sound": buyer, "playbook": playbook, "model": model}
    options = {name: value for name, value in given.items() if value is not None}
    facts = read_deal(deal) if deal is not None else None
    loaded = load_settings()
    if not (now or headless) and is_first_start(loaded):
        _check_devices(loaded.settings, list_devices())
        if not guide(loaded, _trial(loaded)):
            return
        loaded = load_settings()
    settings = _with_options(loaded, options)
    for notice in (*loaded.notices, *_check_devices(settings, list_devices())):
        typer.echo(notice, err=True)
    start = replace(_start(settings, None if no_journal else journal, language), deal=facts)
    # Ctrl-C is how a live call ends.
    with follower(Outlets(events, terminal=not headless)) as follow, suppress(KeyboardInterrupt):
        if settings.auto:
            _calls(start, settings, follow, headless=headless)
        elif now or headless or no_window() is not None:
            if not now:
                check_in_terminal(settings.microphone, settings.buyer_sound)
            run_live(_with_consent(start), follow, headless=headless)
        else:
            run_in_window(start, follow)


@app.command()
def setup(headless: HeadlessOption = False) -> None:
    """Choose your microphone, see that the buyer is heard, see your own words; as at the first start."""
    loaded = load_settings()
    _check_devices(loaded.settings, list_devices())
    guide(loaded, _trial(loaded), headless=headless)


@app.command()
def devices(
    rep: RepOption = None,
    buyer: BuyerOption = None,
    seconds: Annotated[float, typer.Option("--seconds", metavar="N", help="Show levels for so long; 0: none.")] = 5.0,
    as_json: JsonOption = False,
) -> None:
    """List microphones and outputs, show how loud they are, and say what is missing."""
    from overlay.device_list import show_devices

    found = list_devices()
    missing = what_is_missing(found)
    if as_json:
        typer.echo(json.dumps({"devices": [asdict(device) for device in found], "missing": missing}, indent=1))
        return
    settings = load_settings().settings
    show_devices(found, rep or settings.microphone, buyer or settings.buyer_sound, seconds, missing)


def _with_options(loaded: Loaded, given: dict[str, str | Path]) -> Settings:
    """The settings, with what the command line says instead. Raises BadInputError for what the policy fixes."""
    for name, value in given.items():
        fixed = getattr(loaded.settings, name)
        if name in loaded.fixed and str(value) != str(fixed):
            raise BadInputError(f"{value}: {name} is fixed to {fixed} by {loaded.policy}; leave that option out.")
    return loaded.settings.model_copy(update=given)


def _check_devices(settings: Settings, devices: Sequence[Device]) -> list[str]:
    """What is missing. Raises BadInputError where nothing can be heard, or a device that was named is not there."""
    missing = what_is_missing(devices)
    if not devices:
        raise BadInputError(" ".join(missing))
    if settings.microphone is not None:
        find_device(settings.microphone, "microphone", devices)
    if settings.buyer_sound is not None:
        find_device(settings.buyer_sound, "loopback", devices)
    return missing


def _start(settings: Settings, journal: str | None, language: str | None = None) -> Start:
    playbook, threads = settings.playbook or DEMO_PLAYBOOK, settings.threads_in_force()
    live = Live(
        microphone=settings.microphone,
        buyer_sound=settings.buyer_sound,
        rep=settings.rep,
        consent=settings.consent,
        keep_audio=settings.keep_audio,
        silence_s=60 * settings.silence_minutes if settings.auto else None,
        threads=threads,
    )
    start = Start((), playbook, settings.model, live, journal=journal, language=language)
    used = playbook_of(start)
    if used.notice is not None:
        typer.echo(used.notice, err=True)
    return replace(start, model=_model(settings.model, language or used.playbook.language, threads))


def _trial(loaded: Loaded) -> Callable[[str | None], Start]:
    """Makes the start of an engine that only shows the rep's words; nothing is stored."""

    def make(microphone: str | None) -> Start:
        settings = loaded.settings.model_copy(update={"microphone": microphone, "consent": "none", "auto": False})
        return replace(_start(settings, None), port=0)

    return make


def _model(name: str, language: str, threads: int) -> str:
    """The weights; `auto` says which it takes, and why."""
    if name != AUTO:
        return name
    from overlay.self_test import choose_model, is_timed

    if not is_timed(threads):
        typer.echo("Timing this machine once, to choose how to listen; it takes some ten seconds.", err=True)
    choice = choose_model(threads, language)
    typer.echo(choice.sentence, err=True)
    return choice.model


def _with_consent(start: Start) -> Start:
    """Asks for a consent that is required where there is a terminal; else the overlay's key gives it in the call."""
    live = start.live
    if live is None or live.consent != "require" or not sys.stdin.isatty():
        return start
    agreed = typer.confirm("Does the other side agree that this call is written down?", err=True)
    if not agreed:
        raise BadInputError("Nothing is heard without that consent; start again when they agree.")
    return replace(start, live=replace(live, agreed=True))


def _calls(start: Start, settings: Settings, follow: Follow, *, headless: bool) -> None:
    """One call after the other, each from when both sides are heard until both are silent; until Ctrl-C."""
    from overlay.auto_start import wait_for_both

    ended: list[str] = []

    def follow_to_the_end(events: Iterable[AnyEvent]) -> None:
        follow(_noting_the_end(events, ended))

    while not ended or ended[-1].startswith("both sides were silent"):
        typer.echo("Waiting for a call: it begins when you and the buyer are heard.", err=True)
        wait_for_both(settings.microphone, settings.buyer_sound)
        run_live(start, follow_to_the_end, headless=headless)


def _noting_the_end(events: Iterable[AnyEvent], ended: list[str]) -> Iterator[AnyEvent]:
    for event in events:
        if isinstance(event, CallEnded):
            ended.append(event.reason)
        yield event
