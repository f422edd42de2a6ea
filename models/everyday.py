"""Names that are also everyday words, and the everyday company in which they are not the vendor.

Anything else about such a word, or a name that is missing here, is judged by its surroundings alone
(`models.surroundings`).
"""

import re

from models.surroundings import any_of, around

REACH = 4
"""Words on either side that may keep the word company."""

_A = "a an the this no any some every each what your his her"
_DAYS = "tuesday wednesday thursday friday saturday sunday"
COMPANY = {
    "front": (
        "in up out on_the on_this on_that every_* the the_* this_* home shop sea quiet two different",
        "of desk* door* line* office* page* end* row* runner* seat* room* gate* load* about the a it them",
    ),
    "gong": (f"{_A} hit* ring* rang bang* dinner big brass", ""),
    "intercom": ("the that an door gate over", ""),
    "linear": (
        "a is isn't not be been strictly more roughly are aren't quite so all very purely straight",
        "in growth process way scale fashion path metres meters feet regression with line increase",
    ),
    "monday": (
        f"on by next last this every until till each since before after past following come first_thing is of {_DAYS}",
        f"morning* afternoon* evening* night* next week at or and to then works noon lunch after before {_DAYS}",
    ),
    "notion": (f"{_A} that my odd strange funny silly vague foggiest faintest slightest had wild", "of that to about"),
    "outreach": (
        f"{_A} our community customer cold sales more much do does doing of donor patient student parish public school",
        "program* work* team* effort* to event* officer coordinator call*",
    ),
    "segment": (
        f"{_A} our my market customer price business enterprise one top biggest per the_*",
        "of our the by them it",
    ),
    "slack": (
        f"{_A} much cut more enough little bit_of lot_of them him her me us gone is too up_the",
        "in off for season month* week* period* time* tide rope* day*",
    ),
    "snowflake": (f"{_A} special single paper little unique like", ""),
    "stripe": (f"{_A} red blue green yellow white black thin wide pin magnetic of_every", "on down across along"),
    "tableau": (f"{_A} quite_a whole living lovely frozen", "vivant"),
}
"""By name: words before it, then words after it."""
_BOUGHT = (
    "account* alert* bill board* bot* call* channel* connector* contract copy dashboard* doc* event* fee* invoice* "
    "licen* message* page* people quote recording* renewal* report* seat* server table* template* thing thread*"
)
"""What follows a vendor's name, so that "the Slack channel" is no slack."""


def _company(before: str, after: str) -> re.Pattern[str]:
    follows = rf"|@ {any_of(after)}" if after else ""
    return re.compile(rf"(?<!\S){any_of(before)} @(?!\w| {any_of(_BOUGHT)}){follows}|@s\b")


_PATTERNS = {word: _company(before, after) for word, (before, after) in COMPANY.items()}


def in_everyday_company(text: str, start: int, end: int) -> bool:
    """Whether the word at [start, end) stands as the everyday word does: "in front of", "cut us some slack"."""
    said = text[start:end].lower()
    # A plural's "s" stays outside the word, where the patterns see it.
    plural = said not in _PATTERNS and said.endswith("s")
    company = _PATTERNS.get(said[:-1] if plural else said)
    return company is not None and bool(company.search(around(text, start, end - plural, REACH)))
