"""Names are found as they are said and misheard; everyday words that are also names are not."""

import pytest

from models.competitors import Competitor, Finder
from models.encoder import Encoder
from models.reader import Reader
from models.sound import sound_key


def found(reader: Reader, text: str) -> list[tuple[str, str]]:
    reading = reader.read("u1", "buyer", text, partial=False)
    for mention in reading.competitors:
        start, end = reading.spans[f"competitor:{mention.name}"]
        assert text[start:end] == mention.said
    return [(mention.name, mention.said) for mention in reading.competitors]


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("We're on Zendesk today and the team likes it.", "Zendesk", "Zendesk"),
        ("we've been on zen desk for three years", "Zendesk", "zen desk"),
        ("We moved from zen disk to a shared inbox last spring.", "Zendesk", "zen disk"),
        ("Our marketing people use hub spot for the newsletters.", "HubSpot", "hub spot"),
        ("It all lives in sales force, every account we have.", "Salesforce", "sales force"),
        ("We track the projects in monday dot com at the moment.", "Monday.com", "monday dot com"),
        ("Monday.com quoted us less per seat than you do.", "Monday.com", "Monday.com"),
        ("All our tickets come in through Slack and we answer them there.", "Slack", "Slack"),
        ("We keep the docs in Notion and link them from the tickets.", "Notion", "Notion"),
        ("Our reporting runs on Tableau, on top of Snowflake.", "Tableau", "Tableau"),
        ("Zendesk's price went up again.", "Zendesk", "Zendesk"),
    ],
)
def test_found(reader: Reader, text: str, name: str, said: str) -> None:
    assert (name, said) in found(reader, text)


@pytest.mark.parametrize(
    "text",
    [
        "Let's talk Monday.",
        "Can you send me the contract by Monday morning?",
        "next monday works for me",
        "We should cut them some slack, they only started in June.",
        "There isn't much slack in the schedule.",
        "I had no notion it would take that long.",
        "The community outreach is going well this year.",
        "They ring a gong whenever somebody closes.",
        "We put it on the table for the board.",
        "I had a complaint land on my desk in May.",
        "I'd like to get out each month when it suits us.",
    ],
)
def test_everyday_words_are_no_competitor(reader: Reader, text: str) -> None:
    assert found(reader, text) == []


def test_one_mention_per_vendor(reader: Reader) -> None:
    assert found(reader, "Zendesk, well, zen desk and once more Zendesk.") == [("Zendesk", "Zendesk")]


def test_candidates_carry_what_was_said_and_where() -> None:
    finder = Finder([Competitor("Globex", ("globe x",))], lambda word: word in {"globe", "x"})
    (one,) = finder.find("They had Globex's tool.")
    assert (one.name, one.start, one.end, one.sure) == ("Globex", 9, 15, True)
    (other,) = finder.find("a globe x thing")
    assert not other.sure


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Okta", "sign on goes through octa for everybody", "octa"),
        ("Asana", "We plan it all in a sauna, I believe.", "a sauna"),
        ("Freshdesk", "They had free desk before.", "free desk"),
        ("Pipedrive", "It is all in pipe drive dot com today.", "pipe drive dot com"),
    ],
)
def test_misheard_names_may_be_meant(encoder: Encoder, name: str, text: str, said: str) -> None:
    (one,) = Finder([Competitor("Pipedrive.com" if name == "Pipedrive" else name)], encoder.is_word).find(text)
    assert text[one.start : one.end] == said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Asana", "That is an answer I can live with."),
        ("Okta", "We opened the office in october."),
        ("Slack", "I like it, it doesn't lack a thing."),
        ("Salesforce", "Those are sales for us, every one."),
    ],
)
def test_what_a_sentence_is_held_together_with_is_no_name(encoder: Encoder, name: str, text: str) -> None:
    assert Finder([Competitor(name)], encoder.is_word).find(text) == []


@pytest.mark.parametrize(
    ("misheard", "name"), [("tablo", "tableau"), ("nite", "night"), ("sign", "sine"), ("zero", "xero")]
)
def test_what_sounds_the_same_has_the_same_key(misheard: str, name: str) -> None:
    assert sound_key(misheard) == sound_key(name)
