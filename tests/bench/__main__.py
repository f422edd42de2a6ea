"""`make bench`: every figure of the product, on the demo call or (SPEECH=DIR) on a folder of real speech."""

import shutil
import sys
from pathlib import Path

from rich.console import Console

from models.evaluate import evaluate
from models.reader import load_reader
from overlay import bench_asr, bench_cards
from overlay.configs import DEMO_CALL, DEMO_PLAYBOOK
from overlay.figures import print_asr, print_cards, print_eval
from tests.bench import engine_memory, live_accuracy, names, stutter

HELD_OUT = Path("models/data/test")
OWN_SPEECH = [Path(__file__).parent / name for name in ("read_speech", "dialogue")]
"""Real sentences, and a synthesised call of twenty minutes in which sides interrupt each other and talk at once."""


def main(speech: str | None) -> None:
    """Prints the tables one after another; some forty minutes on two cores."""
    console = Console()
    for folder in (Path(speech) if speech else DEMO_CALL, *OWN_SPEECH):
        console.print(f"Playing {folder.name} in real time ...", style="dim")
        print_asr(bench_asr.measure(folder, "base"), console)
    names.print_names(names.compare(OWN_SPEECH[-1], DEMO_PLAYBOOK), console)
    console.print("Playing the demo call for its cards ...", style="dim")
    print_cards(bench_cards.measure(DEMO_CALL, DEMO_PLAYBOOK, "base"), console)
    engine_memory.print_memory(engine_memory.peak_mb(DEMO_CALL / "call.opus"), console)
    print_eval(evaluate(HELD_OUT, load_reader).figures, console)
    if shutil.which("pulseaudio"):
        console.print("Playing a meeting beside Offbook ...", style="dim")
        stutter.print_stutter(stutter.measure(), console)
        console.print("Playing the demo call through real devices ...", style="dim")
        live_accuracy.print_comparison(live_accuracy.compare(DEMO_CALL), console)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
