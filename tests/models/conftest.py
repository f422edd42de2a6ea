"""The real encoder and heads, loaded once."""

import pytest

from models.competitors import Competitor
from models.encoder import Encoder
from models.heads import Heads
from models.reader import Reader
from models.trackers import Tracker

COMPETITORS = [
    Competitor("Zendesk", ("zen desk",)),
    Competitor("HubSpot"),
    Competitor("Monday.com"),
    Competitor("Slack"),
    Competitor("Notion"),
    Competitor("Outreach"),
    Competitor("Gong"),
    Competitor("Tableau"),
    Competitor("Snowflake"),
    Competitor("Salesforce"),
    Competitor("ServiceNow"),
    Competitor("Freshdesk"),
]
TRACKERS = [
    Tracker(
        "manual-work",
        ("we do all of that by hand in spreadsheets", "someone copies it over every morning"),
        ("here is the spreadsheet you asked for",),
    )
]
BEHAVIOURS = [
    Tracker(
        "quantify-impact",
        ("what does that cost you in a month", "how many hours a week does the team lose to that"),
    )
]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture(scope="session")
def heads() -> Heads:
    return Heads()


@pytest.fixture(scope="session")
def shared_reader(encoder: Encoder, heads: Heads) -> Reader:
    return Reader(encoder, heads, COMPETITORS, TRACKERS, BEHAVIOURS)


@pytest.fixture
def reader(shared_reader: Reader) -> Reader:
    """One that knows nothing of any call; to make it anew takes a second."""
    shared_reader.reset()
    return shared_reader
