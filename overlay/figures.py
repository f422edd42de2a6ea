"""Tables of the measured figures, for the terminal."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.evaluate import Figures
from overlay.bench_cards import CardFigures
from overlay.bench_scores import AsrFigures, Scored

Row = tuple[str, str]

ASR_BARS = {
    "word error rate": "offline + 0.5",
    "the same model offline (30 s windows, beam 5)": "",
    "lag of a stable word, p50 / p95": "0.7 s / 1.4 s",
    "lag of the final after the speaker stopped, p50 / p95": "0.6 s / 1.0 s",
    "partial words that change later": "15 %",
    "stable words that the final corrects": "3 %",
    "decoder busy per second of speech": "0.5 s",
    "processor time per second of speech": "1.1 s",
    "peak memory": "600 MB",
    "lag of a stable word while both talk for 15 s or more, p95 / from 3 s later on": "2.5 s / 1.4 s",
}
"""The rows, and what we mean to hold with base int8 on two cores."""


def print_asr(scored: Mapping[str, Scored], console: Console) -> None:
    """What `offbook bench asr` measured, a column for each policy beside the bars, and the lags over the call."""
    ways = [_asr_column(each.figures) for each in scored.values()]
    first = next(iter(scored.values())).figures
    table = Table(title=f"Recogniser: {first.words} words, {first.speech_s:.0f} s of speech", title_justify="left")
    for name in ("", *scored, "bar"):
        table.add_column(name, justify="right" if name else "left")
    for row, bar in ASR_BARS.items():
        table.add_row(row, *(way[row] for way in ways), bar)
    console.print(table)
    console.print(Text.from_ansi(_lag_plot(scored, min(console.width, 100))))


def _asr_column(figures: AsrFigures) -> dict[str, str]:
    values = (
        f"{figures.wer:.2f} %",
        f"{figures.wer_offline:.2f} %",
        _pair(figures.stable_lag_p50_s, figures.stable_lag_p95_s),
        _pair(figures.final_lag_p50_s, figures.final_lag_p95_s),
        f"{figures.changed_partial_share:.1%}",
        f"{figures.corrected_stable_share:.1%}",
        f"{figures.busy_per_audio_s:.2f} s",
        f"{figures.cpu_per_audio_s:.2f} s",
        f"{figures.peak_rss_mb:.0f} MB",
        _pair(figures.both_lag_p95_s, figures.after_both_lag_p95_s),
    )
    return dict(zip(ASR_BARS, values, strict=True))


def _lag_plot(scored: Mapping[str, Scored], width: int) -> str:
    """The lag of each word (s) over the time in the call (s); marks instead of colours tell the policies apart."""
    import plotext

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(width, 18)
    for (name, each), mark in zip(scored.items(), "●+x", strict=False):
        lags = sorted(each.lags, key=lambda word: word.end)
        plotext.scatter([word.end for word in lags], [word.lag for word in lags], label=name, marker=mark)
    plotext.xlabel("time in the call (s)")
    plotext.ylabel("lag of a word (s)")
    drawn: str = plotext.build()
    return drawn


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
