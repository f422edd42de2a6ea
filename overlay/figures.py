"""Tables of the measured figures, for the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from models.evaluate import Figures
from overlay.bench_asr import AsrFigures
from overlay.bench_cards import CardFigures

Row = tuple[str, str]


def print_asr(figures: AsrFigures, console: Console) -> None:
    """What `offbook bench asr` measured."""
    rows = [
        ("word error rate", f"{figures.wer:.2f} %"),
        ("the same model offline (30 s windows, beam 5)", f"{figures.wer_offline:.2f} %"),
        ("lag of a stable word, p50 / p95", _pair(figures.stable_lag_p50_s, figures.stable_lag_p95_s)),
        (
            "lag of the final after the speaker stopped, p50 / p95",
            _pair(figures.final_lag_p50_s, figures.final_lag_p95_s),
        ),
        ("partial words that change later", f"{figures.changed_partial_share:.1%}"),
        ("stable words that the final corrects", f"{figures.corrected_stable_share:.1%}"),
        ("decoder busy per second of speech", f"{figures.busy_per_audio_s:.2f} s"),
        ("processor time per second of speech", f"{figures.cpu_per_audio_s:.2f} s"),
        ("peak memory", f"{figures.peak_rss_mb:.0f} MB"),
    ]
    console.print(_table(f"Recogniser: {figures.words} words, {figures.speech_s:.0f} s of speech", rows))


def print_cards(figures: CardFigures, console: Console) -> None:
    """What `offbook bench cards` measured."""
    rows = [
        ("lag after the trigger's words, p50 / p95", _pair(figures.lag_p50_s, figures.lag_p95_s)),
        ("cards before the turn ends", f"{figures.before_turn_end_share:.0%}"),
        ("recall", f"{figures.recall:.0%}"),
        ("precision", f"{figures.precision:.0%}"),
        *(("missed", name) for name in figures.missed),
        *(("should not have come", name) for name in figures.false),
    ]
    console.print(_table(f"Cards: {figures.cards} shown", rows))


def print_eval(figures: Figures, console: Console) -> None:
    """What `offbook eval` measured."""
    rows: list[Row] = []
    for head, value in figures.items():
        if isinstance(value, dict):
            rows += [(f"{head} {name.replace('_', ' ')}", _number(number)) for name, number in value.items()]
        elif head.startswith("ms_"):
            rows.append((f"time per utterance {head[3:]}", _number(value, " ms")))
    title = f"Readings: {figures['utterances']} utterances of {figures['calls']} calls"
    console.print(_table(title, rows))


def _number(value: float | None, unit: str = "") -> str:
    return "-" if value is None else f"{value:.3g}{unit}"


def _pair(p50: float | None, p95: float | None) -> str:
    return "-" if p50 is None or p95 is None else f"{p50:.2f} s / {p95:.2f} s"


def _table(title: str, rows: Iterable[Row]) -> Table:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for row in rows:
        table.add_row(*row)
    return table
