"""The `offbook` command. Each command gathers its input, calls one function, and prints.

Exit codes: 0 done, 1 a fault, 2 bad input.
"""

import json
import logging
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from asr.capture.file import Recording, open_stereo, open_two
from asr.errors import BadInputError
from asr.faults import described, say_what_ends_threads
from cues.deal_file import read_deal
from cues.events import EVENT
from cues.playbook_schema import playbook_schema
from overlay import check_cli, data_cli, doctor_cli, journal_cli, listen_cli, settings_cli, try_cli, watch_cli
from overlay.configs import DEMO_CALL, DEMO_PLAYBOOK
from overlay.demo import run_demo
from overlay.engine_messages import Start
from overlay.following import Outlets, follower
from overlay.live_call import run_headless
from overlay.options import (
    DEFAULT_MODEL,
    DealOption,
    EventsOption,
    HeadlessOption,
    JournalOption,
    JsonOption,
    LanguageOption,
    ModelOption,
    NoJournalOption,
    PlaybookOption,
)
from overlay.parent import EngineLostError
from overlay.playing import play_at_max, run_live
from overlay.review.cli import review

TRY_NEXT = """
Try next
  offbook replay CALL.wav    a call of your own: stereo, you on the left, the buyer on the right
  offbook review             the calls so far, in the browser
  offbook check DIR          a copy of configs/playbooks/demo with a card of yours
  offbook --help             everything else"""

app = typer.Typer(
    name="offbook",
    help="A call assistant that stays on this machine: hears both sides, reads the call, shows the right card in time.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
bench = typer.Typer(help="Measure the product on this machine.", no_args_is_help=True)
models = typer.Typer(help="Get model weights, or go back to the heads before.", no_args_is_help=True)
schema = typer.Typer(help="Print the JSON Schema of the events, the feed or a playbook.", no_args_is_help=True)
app.command()(review)
app.add_typer(listen_cli.app)
app.add_typer(journal_cli.app)
app.add_typer(check_cli.app)
app.add_typer(try_cli.app)
app.add_typer(watch_cli.app)
app.add_typer(settings_cli.app)
app.add_typer(doctor_cli.app)
app.add_typer(data_cli.app)
app.add_typer(bench, name="bench")
app.add_typer(models, name="models")
app.add_typer(schema, name="schema")


@app.command()
def demo(
    model: ModelOption = DEFAULT_MODEL,
    headless: HeadlessOption = False,
    events: EventsOption = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="SVG", help="Save the terminal's picture when two cards are up.")
    ] = None,
    journal: JournalOption = "",
    no_journal: NoJournalOption = False,
) -> None:
    """Play the demo call in real time, with the overlay; without a display it leaves pictures in out/demo."""
    recording = open_stereo(DEMO_CALL / "call.opus")
    start = Start(recording.files, DEMO_PLAYBOOK, model, journal=None if no_journal else journal)
    with follower(Outlets(events, terminal=not headless, picture=picture)) as follow:
        if headless:
            run_headless(start, follow)
            return
        pictures = run_demo(start, follow)
    if events != "-":
        typer.echo(TRY_NEXT)
    if pictures:
        listed = "\n".join(f"  {picture}" for picture in pictures)
        typer.echo(f"\nPictures of this call\n{listed}", err=events == "-")


@app.command()
def replay(
    file: Annotated[Path | None, typer.Argument(help="Stereo sound: left is the rep, right the buyer.")] = None,
    rep: Annotated[Path | None, typer.Option("--rep", metavar="FILE", help="The rep's side alone.")] = None,
    buyer: Annotated[Path | None, typer.Option("--buyer", metavar="FILE", help="The buyer's side alone.")] = None,
    speed: Annotated[
        str, typer.Option("--speed", metavar="real|max", help="Real pace, or as fast as it goes.")
    ] = "real",
    playbook: PlaybookOption = DEMO_PLAYBOOK,
    model: ModelOption = DEFAULT_MODEL,
    language: LanguageOption = None,
    deal: DealOption = None,
    events: EventsOption = None,
    headless: HeadlessOption = False,
    journal: JournalOption = "",
    no_journal: NoJournalOption = False,
    fading: Annotated[bool, typer.Option("--fading", help="Cards step back, as in your next live call.")] = False,
) -> None:
    """Run a recorded call through the whole chain, in any format PyAV reads."""
    if speed not in ("real", "max"):
        raise BadInputError(f"--speed {speed}: is no speed; choose real or max.")
    if fading and no_journal:
        raise BadInputError("--fading: goes by your calls in the journal; leave --no-journal out.")
    recording = _recording(file, rep, buyer)
    start = Start(
        recording.files,
        playbook,
        model,
        journal=None if no_journal else journal,
        language=language,
        deal=read_deal(deal) if deal is not None else None,
        fading=fading,
    )
    with follower(Outlets(events, terminal=not headless)) as follow:
        if speed == "max":
            play_at_max(recording, start, follow)
        else:
            run_live(start, follow, headless=headless)


@schema.command("events")
def schema_events() -> None:
    """The events of a call, one JSON object a line."""
    _print_json(EVENT.json_schema())


@schema.command("feed")
def schema_feed() -> None:
    """The messages of the feed, both ways."""
    from overlay.feed_messages import schema as messages

    _print_json(messages())


@schema.command("playbook")
def schema_playbook() -> None:
    """A playbook's YAML files; a file that names it in its first line is completed by editors."""
    _print_json(playbook_schema())


@app.command()
def train(
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Call files; else the project's own.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where heads.onnx goes.")] = None,
    add: Annotated[
        Path | None, typer.Option("--add", metavar="DIR", help="Calls of your own (all of them) to learn on top.")
    ] = None,
) -> None:
    """Train the heads (stage, role, stance, moments) from labelled calls.

    With --add, calls of your own are learned on top, in a minute, and are in force from the next call on, unless what
    the heads knew suffers: then nothing is installed (exit code 1).
    """
    if add is not None:
        if out is not None:
            raise BadInputError("--out FILE: has no use beside --add, which installs what it learns; leave one out.")
        from overlay.heads_cli import learn_on_top

        learn_on_top(add, data)
        return
    from models.dataset import TRAINING_DATA
    from models.heads import HEADS_FILE
    from models.train import train as train_heads

    train_heads(data or TRAINING_DATA, out or HEADS_FILE, report=typer.echo)


@app.command("eval")
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Labelled calls (*.jsonl).")],
    pictures: Annotated[
        Path | None,
        typer.Option("--pictures", metavar="DIR", help="Draw calibration and confusions into this folder."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the readings on labelled calls."""
    from models.evaluate import evaluate as evaluate_calls
    from models.own_heads import heads_in_force
    from models.reader import load_reader
    from overlay.figures import print_eval

    found = heads_in_force()
    if found.notice is not None:
        typer.echo(found.notice, err=True)
    evaluation = evaluate_calls(folder, partial(load_reader, heads=found.heads))
    if as_json:
        _print_json(evaluation.figures)
    else:
        print_eval(evaluation.figures, Console())
    if pictures is not None:
        from overlay.eval_pictures import draw

        for file in draw(evaluation, pictures):
            typer.echo(f"Drawn: {file}", err=True)


@bench.command("asr")
def bench_asr(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="call.wav, call.json, and NAME.wav of each utterance.")],
    model: ModelOption = DEFAULT_MODEL,
    peers: Annotated[bool, typer.Option("--peers", help="Play it again as others transcribe, beside ours.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Play a call in real time; word errors, lag, load and memory of the recogniser."""
    from overlay.bench_asr import OURS, POLICIES, measure
    from overlay.figures import print_asr

    scored = measure(folder, model, tuple(POLICIES) if peers else (OURS,))
    figures = {name: each.figures.as_json() for name, each in scored.items()}
    if as_json:
        _print_json(figures if peers else figures[OURS])
    else:
        print_asr(scored, Console())


@bench.command("cards")
def bench_cards(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="call.wav, playbook/, cards.json.")],
    playbook: Annotated[
        Path | None, typer.Option("--playbook", metavar="DIR", help="The playbook's folder; else DIR/playbook.")
    ] = None,
    model: ModelOption = DEFAULT_MODEL,
    as_json: JsonOption = False,
) -> None:
    """Play a call in real time; how soon the right cards come, and whether others do."""
    from overlay.bench_cards import measure
    from overlay.figures import print_cards

    figures = measure(folder, playbook or folder / "playbook", model)
    if as_json:
        _print_json(figures.as_json())
    else:
        print_cards(figures, Console())


@models.command("get")
def models_get(name: Annotated[str, typer.Argument(help="Such as small.en, or OWNER/NAME on the model hub.")]) -> None:
    """Download Whisper weights; the only command that uses the network."""
    from asr.weights import download_whisper
    from overlay.download import snapshot

    folder = download_whisper(name, snapshot)
    typer.echo(f"{name} is in {folder}; use it with --model {name}.")


@models.command("rollback")
def models_rollback() -> None:
    """Undo the last `offbook train --add`: the heads before it are in force again, in the end Offbook's own."""
    from overlay.heads_cli import go_back

    go_back()


def main() -> None:
    """Entry point: errors become one sentence and an exit code."""
    logging.getLogger("libav").setLevel(logging.CRITICAL)
    say_what_ends_threads()
    try:
        app()
    except BadInputError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except EngineLostError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        print(f"offbook stopped: {described(error)}. Please report it.", file=sys.stderr)
        sys.exit(1)


def _recording(file: Path | None, rep: Path | None, buyer: Path | None) -> Recording:
    if file is not None and rep is None and buyer is None:
        return open_stereo(file)
    if file is None and rep is not None and buyer is not None:
        return open_two(rep, buyer)
    raise BadInputError("replay needs one stereo FILE, or both --rep FILE and --buyer FILE; give one or the other.")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=1, ensure_ascii=False))
