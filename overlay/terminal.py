"""Draws a call in the terminal with rich, while it goes on.

Thread: `terminal` (owner: _Redrawing) draws the newest screen where it looks different; the rest runs in the caller's.
"""

import io
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from asr.errors import BadInputError
from cues.events import AnyEvent, Summary
from overlay.screen import CardView, Line, Screen, clock_time, progress, show

REDRAWS_PER_S = 8
_ROWS_AROUND, _ROWS_OF_CARDS, _ROWS_OF_LINE = 5, 11, 2
_SPEAKER = {"rep": ("Rep", "bold cyan"), "buyer": ("Buyer", "bold magenta"), "unknown": ("?", "bold")}


def watch(events: Iterable[AnyEvent], console: Console, picture: Path | None = None) -> Iterator[AnyEvent]:
    """Passes the events on, and draws the call meanwhile; at the end it stands as a summary of five lines.

    `picture` is an SVG file for how it looked when most cards were up.
    """
    screen = best = Screen()
    with _redrawing(console) as redrawing:
        for event in events:
            screen = show(screen, event)
            best = screen if len(screen.cards) >= max(1, len(best.cards)) else best
            if redrawing is not None:
                redrawing.screen = screen
            elif event.type in ("utterance", "card_shown", "fault"):
                console.print(_plain(screen, event))
            yield event
    if picture is not None:
        save_picture(best, picture)
    if screen.summary is not None:
        console.print(Rule("The call"))
        console.print("\n".join(five_lines(screen.summary, screen.lags)))
        if screen.off_book is not None and screen.off_book.done:
            console.print(f"Off book    {progress(screen.off_book)}")


@contextmanager
def _redrawing(console: Console) -> "Iterator[_Redrawing | None]":
    if not console.is_terminal:
        yield None
        return
    with Live(Text(""), console=console, auto_refresh=False) as live:
        redrawing = _Redrawing(live, console)
        try:
            yield redrawing
        finally:
            redrawing.stop()


class _Redrawing:
    """Draws `screen`, which its owner replaces, until `stop`. Rich's thread would also draw what has not changed."""

    def __init__(self, live: Live, console: Console) -> None:
        self.screen = Screen()
        self._live, self._console = live, console
        self._drawn: Screen | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._draw_on, name="terminal", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; the last screen stands."""
        self._stopped.set()
        self._thread.join()
        self._draw()

    def _draw_on(self) -> None:
        while not self._stopped.wait(1 / REDRAWS_PER_S):
            self._draw()

    def _draw(self) -> None:
        # Levels are not drawn here, and of the time only the seconds are.
        screen = replace(self.screen, t=float(int(self.screen.t)), levels=None)
        if screen != self._drawn:
            self._drawn = screen
            self._live.update(draw(screen, self._console.height), refresh=True)


def save_picture(screen: Screen, file: Path) -> None:
    """The screen as an SVG, as rich would have drawn it."""
    console = Console(record=True, width=100, force_terminal=True, file=io.StringIO())
    console.print(draw(screen))
    try:
        console.save_svg(str(file), title="offbook demo")
    except OSError as error:
        raise BadInputError(f"--picture {file}: can't be written ({error.strerror}); give another file.") from error


def draw(screen: Screen, rows: int = 50) -> RenderableType:
    """The whole picture: where the call is, both sides' words, and the cards; fits in `rows` of the terminal."""
    running = sorted(screen.running.values(), key=lambda line: line.at)
    lines = [*(line for _, line in screen.lines), *running]
    fitting = (rows - _ROWS_AROUND - (_ROWS_OF_CARDS if screen.cards else 0)) // _ROWS_OF_LINE
    parts: list[RenderableType] = [_header(screen), _grid(lines[-max(2, fitting) :])]
    if screen.cards:
        parts += [Text(""), _cards(screen.cards)]
    parts += [Text(notice, style="dim") for notice in screen.notices[-2:]]
    return Group(*parts)


def five_lines(summary: Summary, lags: tuple[float, ...]) -> list[str]:
    """The call in five lines."""
    outcomes = ", ".join(f"{count} {name}" for name, count in sorted(summary.outcomes.items())) or "none closed"
    middle = sorted(lags)[len(lags) // 2] if lags else None
    lag = f", half of them within {middle:.1f} s of the words" if middle is not None else ""
    return [
        f"Length      {clock_time(summary.duration_s)}, {summary.utterances} utterances, "
        f"the rep spoke {summary.talk_share_rep:.0%} of the time",
        f"Stage       ended in {summary.last_stage or 'no stage that could be read'}",
        f"Competitors {', '.join(summary.competitors) or 'none named'}",
        f"Cards       {summary.cards} shown{lag}",
        f"Behaviours  {summary.opportunities} opportunities: {outcomes}",
    ]


def _header(screen: Screen) -> RenderableType:
    stage = f"{screen.stage} {screen.stage_p:.0%}" if screen.stage else "listening"
    text = Text.assemble((" ● ", "bold green"), (clock_time(screen.t), "bold"), "  ", (stage, "bold yellow"))
    text.append(f"   {screen.playbook} · {screen.source}", style="dim")
    return Group(text, Rule(style="dim"))


def _grid(lines: Sequence[Line]) -> Table:
    """Time, who, what was said, and what was read in it, each in its column."""
    grid = Table.grid(padding=(0, 1), expand=True)
    for ratio in (None, None, 3, 1):
        grid.add_column(ratio=ratio)
    for line in lines:
        name, style = _SPEAKER[line.speaker]
        said = Text(line.firm)
        if line.soft:
            said.append((" " if line.firm else "") + line.soft, style="dim italic")
        found = Text(" · ".join(line.found), style="green")
        grid.add_row(Text(clock_time(line.at), style="dim"), Text(name, style=style), said, found)
    return grid


def _cards(cards: Sequence[CardView]) -> Table:
    """The cards side by side."""
    grid = Table.grid(expand=True)
    for _ in cards:
        grid.add_column(ratio=1)
    grid.add_row(*map(_card, cards))
    return grid


def _card(card: CardView) -> Panel:
    content = card.shown.content
    if card.help != "full":
        return Panel(Text(content.title if card.help == "headline" else "●", style="dim"), border_style="dim")
    body = Text()
    for name, value in (("Ask", content.ask), ("Say", content.say), ("Proof", content.proof), ("Avoid", content.avoid)):
        if value:
            body.append(f"{name:6}", style="bold")
            body.append(value + "\n")
    words = " ".join(word.text for word in card.shown.because[-12:])
    body.append(f"Heard “{words}”, {card.lag:.1f} s before this came", style="dim")
    return Panel(body, title=content.title, title_align="left", border_style="yellow", subtitle=content.link)


def _plain(screen: Screen, event: AnyEvent) -> RenderableType:
    """One event as plain lines, for a pipe or a file."""
    if event.type == "card_shown":
        return _card(screen.cards[-1])
    if event.type == "fault":
        return Text(event.message)
    return _grid([screen.lines[-1][1]]) if screen.lines else Text("")
