"""How soon a card is on the screen: `python -m tests.bench.overlay_latency`, on a desk of its own (Xvfb).

A feed sends card events, each hiding the one before, while two processes load both cores. The overlay runs as its own
process, as in a call; it notes when the card has been painted (end of paintEvent), on the clock that both share.
"""

import argparse
import json
import multiprocessing
import random
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from cues.events import CardHidden
from tests.call_events import HANDWORK, ZENDESK, card, hearing, talk
from tests.overlay.window.desk import Desk, desk, program, wait_until
from tests.stub_feed import TOKEN, stub_feed
from tests.user import DEMO_CALL

GAP_S = 0.15
OVERLAY = """
import sys, time
from overlay.window import card
from overlay.window.app import Overlay
from overlay.window.feed_client import Address
painted, out = set(), open(sys.argv[3], "a", buffering=1)
def paint(self, event, paint=card.CardWidget.paintEvent):
    paint(self, event)
    if self.card and self.card.id not in painted:
        painted.add(self.card.id)
        out.write(f"{self.card.id} {time.monotonic()}\\n")
card.CardWidget.paintEvent = paint
sys.exit(Overlay(lambda: Address(int(sys.argv[1]), sys.argv[2]), linger_s=4.0).run())
"""


def measure(cards: int, loads: int) -> dict[str, float | int]:
    """Milliseconds from send to painted, and the overlay's memory in MB."""
    with TemporaryDirectory() as folder, desk() as here, stub_feed(talk()) as feed:
        notes = Path(folder) / "painted"
        with program(here, "-c", OVERLAY, str(feed.port), TOKEN, str(notes)) as overlay:
            wait_until(lambda: feed.clients, 20)
            time.sleep(1)
            busy = [multiprocessing.Process(target=_burn, daemon=True) for _ in range(loads)]
            for process in busy:
                process.start()
            sent = _send(here, feed.send, cards)
            time.sleep(1)
            memory = _memory_mb(overlay)
            for process in busy:
                process.kill()
            seen = dict(line.split() for line in notes.read_text().splitlines())
    lags = {name: 1000 * (float(seen[name]) - at) for name, at in sent.items() if name in seen}
    return _figures(lags, len(sent), memory)


REAL = """
import sys, time
from overlay import cli, parent
from overlay.engine_messages import Ready
from overlay.window import card
notes, painted, begun = open(sys.argv.pop(1), "a", buffering=1), set(), [0.0]
def paint(self, event, paint=card.CardWidget.paintEvent):
    paint(self, event)
    if self.card and self.card.id not in painted:
        painted.add(self.card.id)
        notes.write(f"painted {self.card.id} {time.monotonic()}\\n")
def happenings(self, happenings=parent.Parent.happenings):
    for each in happenings(self):
        if isinstance(each, Ready):
            begun[0] = each.begun
        elif each.type == "card_shown":
            notes.write(f"said {each.card} {begun[0] + each.t}\\n")
        yield each
card.CardWidget.paintEvent, parent.Parent.happenings = paint, happenings
cli.main()
"""


def measure_call() -> dict[str, float | int]:
    """The same in a real call: from the time that its `card_shown` bears to painted, while its own engine decodes.

    The process is the one that a rep has: window, parent and terminal.
    """
    with TemporaryDirectory() as folder, desk() as here:
        notes, most = Path(folder) / "notes", 0.0
        notes.touch()
        call = ["replay", str(DEMO_CALL), "--journal", f"{folder}/journal.db"]
        with program(here, "-c", REAL, str(notes), *call, stdout=subprocess.DEVNULL) as overlay:
            while overlay.poll() is None:
                most = max(most, _memory_mb(overlay))
                time.sleep(0.2)
        times: dict[str, dict[str, float]] = {"said": {}, "painted": {}}
        for line in notes.read_text().splitlines():
            kind, name, at = line.split()
            times[kind][name] = float(at)
    lags = {name: 1000 * (times["painted"][name] - at) for name, at in times["said"].items()}
    return _figures(lags, len(times["said"]), most)


def _figures(found: dict[str, float], sent: int, memory: float) -> dict[str, float | int]:
    lags = sorted(found.values())
    return {
        "cards": sent,
        "painted": len(lags),
        "p50_ms": round(lags[len(lags) // 2], 1),
        "p95_ms": round(lags[int(len(lags) * 0.95)], 1),
        "max_ms": round(lags[-1], 1),
        "overlay_rss_mb": round(memory, 1),
    }


def _send(here: Desk, send, cards: int) -> dict[str, float]:  # type: ignore[no-untyped-def]
    """Cards at uneven times, with live words between them; when each was sent."""
    sent: dict[str, float] = {}
    before: str | None = None
    chance = random.Random(4)
    for k in range(cards):
        name = f"c{k}"
        t = 50.0 + k
        if before is not None:
            send(CardHidden(t=t, cue=before, card=before, opportunity=None, reason="expired"))
        send(hearing(1, f"and now the words number {k}", "go on", t, "u2"))
        time.sleep(GAP_S * (0.5 + chance.random()))
        sent[name] = time.monotonic()
        send(card(name, HANDWORK if k % 2 else ZENDESK, "we run Zendesk", t))
        time.sleep(GAP_S)
        before = name
    return sent


def _burn() -> None:
    while True:
        sum(range(10_000))


def _memory_mb(process: subprocess.Popen[str]) -> float:
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4096 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=100)
    parser.add_argument("--loads", type=int, default=2, help="busy processes at the same time")
    parser.add_argument("--call", action="store_true", help="the demo call itself, with its own engine")
    options = parser.parse_args()
    print(json.dumps(measure_call() if options.call else measure(options.cards, options.loads)))


if __name__ == "__main__":
    main()
