"""What the list of calls shows: rows, filters, pages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from urllib.parse import urlencode

from asr.errors import BadInputError
from overlay.review.calls import EVERY_CALL, CallRow, Filters
from overlay.review.card_entries import OUTCOMES
from overlay.review.wording import deal_name

PAGE = 100
"""Calls on one page."""


@dataclass(frozen=True)
class Row:
    """One call; `length` is its share of the longest on the page, 0 to 100."""

    id: str
    when: datetime
    rep: str
    deal: str
    duration: float
    ended: bool
    length: float
    stage: str | None
    competitors: tuple[str, ...]
    cards: int
    outcomes: Mapping[str, int]


@dataclass(frozen=True)
class Choices:
    """What each filter can be set to."""

    rep: tuple[str, ...]
    stage: tuple[str, ...]
    competitor: tuple[str, ...]
    outcome: tuple[str, ...] = OUTCOMES


@dataclass(frozen=True)
class ListPage:
    """The list as a manager reads it."""

    rows: tuple[Row, ...]
    found: int
    """Calls that meet the filters, on all pages."""
    all: int
    filters: Filters
    choices: Choices
    page: int
    pages: int
    most: int
    """Outcomes of the call with the most, so that bars compare."""

    @property
    def filtered(self) -> bool:
        """Whether a filter is set."""
        return self.filters != EVERY_CALL

    def link(self, page: int) -> str:
        """The query string of another page of the same list."""
        asked = {key: str(value) for key, value in asdict(self.filters).items() if value is not None}
        return "?" + urlencode({**asked, "page": page})


def filters(query: Mapping[str, str]) -> Filters:
    """The filters of a query string; raises BadInputError for what is no date."""
    asked = {key: value.strip() for key, value in query.items() if value.strip()}
    return Filters(
        rep=asked.get("rep"),
        stage=asked.get("stage"),
        competitor=asked.get("competitor"),
        outcome=asked.get("outcome"),
        since=_day(asked, "since"),
        until=_day(asked, "until"),
        text=asked.get("text"),
    )


def page_number(query: Mapping[str, str]) -> int:
    """Which page is asked for; the first where that is no number."""
    given = query.get("page", "1")
    return int(given) if given.isdecimal() and len(given) < 9 else 1


def list_page(
    found: Sequence[CallRow], everything: Sequence[CallRow], asked: Filters, page: int, zone: tzinfo | None = None
) -> ListPage:
    """The page of the calls found, newest first, out of everything there is."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, page), pages)
    shown = sorted(found, key=lambda call: call.started, reverse=True)[(page - 1) * PAGE : page * PAGE]
    longest = max((call.duration_s for call in shown), default=0.0) or 1.0
    return ListPage(
        rows=tuple(_row(call, longest, zone) for call in shown),
        found=len(found),
        all=len(everything),
        filters=asked,
        choices=_choices(everything),
        page=page,
        pages=pages,
        most=max((sum(call.outcomes.values()) for call in shown), default=0) or 1,
    )


def _row(call: CallRow, longest: float, zone: tzinfo | None) -> Row:
    return Row(
        id=call.id,
        when=call.started.astimezone(zone),
        rep=call.rep or "",
        deal=deal_name(call.deal),
        duration=call.duration_s,
        ended=call.ended is not None,
        length=round(100 * call.duration_s / longest, 2),
        stage=call.last_stage,
        competitors=tuple(call.competitors),
        cards=call.cards,
        outcomes={outcome: call.outcomes[outcome] for outcome in OUTCOMES if call.outcomes.get(outcome)},
    )


def _choices(calls: Sequence[CallRow]) -> Choices:
    return Choices(
        rep=tuple(sorted({call.rep for call in calls if call.rep})),
        stage=tuple(sorted({call.last_stage for call in calls if call.last_stage})),
        competitor=tuple(sorted({name for call in calls for name in call.competitors})),
    )


def _day(asked: Mapping[str, str], key: str) -> date | None:
    given = asked.get(key)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise BadInputError(f"{key}={given}: is no date; write it like 2026-11-23.") from None
