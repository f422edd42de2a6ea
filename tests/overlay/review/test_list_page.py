"""The list of calls: rows, filters and pages, without HTTP."""

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest
from reviewed import some_calls

from asr.errors import BadInputError
from overlay.review.calls import EVERY_CALL, Filters
from overlay.review.list_page import PAGE, filters, list_page, page_number
from overlay.review.wording import clock, deal_name, fact, label, span

CALLS = some_calls()


def test_newest_first_with_bars_that_compare() -> None:
    page = list_page(CALLS.calls(), CALLS.calls(), EVERY_CALL, 1, UTC)
    assert [row.id for row in page.rows[:3]] == ["call-1", "other-1", "other-2"]
    assert max(row.length for row in page.rows) == 100
    assert page.most == 11
    assert [row.ended for row in page.rows if row.deal == "Coho Winery"] == [False]
    assert not page.filtered


def test_the_choices_are_what_there_is() -> None:
    page = list_page([], CALLS.calls(), EVERY_CALL, 1)
    assert page.choices.rep == ("ann", "mei", "ravi", "tom")
    assert "Monday.com" in page.choices.competitor
    assert page.choices.stage[0] == "closing"


def test_a_query_string_is_filters() -> None:
    asked = filters(
        {"rep": " tom ", "stage": "", "since": "2026-11-01", "text": "too expensive", "page": "2", "x": "y"}
    )
    assert asked == Filters(rep="tom", since=date(2026, 11, 1), text="too expensive")
    assert list_page([], CALLS.calls(), asked, 1).filtered


@pytest.mark.parametrize("given", ["soon", "2026-13-01", "01/02/2026", "2026-11-01T00:00", "-1"])
def test_what_is_no_date_is_refused_in_one_sentence(given: str) -> None:
    with pytest.raises(BadInputError, match="is no date; write it like 2026-11-23"):
        filters({"until": given})


def test_long_lists_have_pages_that_keep_the_filters() -> None:
    first = CALLS.rows[0]
    many = [replace(first, id=str(k), started=first.started - timedelta(hours=k)) for k in range(PAGE + 5)]
    page = list_page(many, many, Filters(rep="tom", text="a & b"), 2, UTC)
    assert (len(page.rows), page.page, page.pages) == (5, 2, 2)
    assert page.link(1) == "?rep=tom&text=a+%26+b&page=1"
    assert list_page(many, many, EVERY_CALL, 99, UTC).page == 2
    assert page_number({"page": "-4"}) == page_number({"page": "x"}) == page_number({"page": "9" * 40}) == 1


def test_wording() -> None:
    assert (label("objection_price"), label("quantify-impact")) == ("price objection", "quantify impact")
    assert (clock(0), clock(65.9), clock(3725)) == ("0:00", "1:05", "1:02:05")
    assert (span(45), span(190), span(3900)) == ("45 s", "3 min", "1 h 5 min")
    assert (fact(15360.0), fact(0.5), fact("x")) == ("15360", "0.5", "x")
    assert (deal_name({"stage": "a", "account": "B"}), deal_name({"x": 3.0}), deal_name(None)) == ("B", "3.0", "")
