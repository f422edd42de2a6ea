"""Which buyer speaks is told by names and turns, and not where neither tells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.events import Speaker
from models.people import People, hear

BAD = ["", " ", "...", "🙂🙂", "\x00", "Martin " * 10_000, "a, " * 10_000, "ünïcödé İ ß ﷽ ’s"]


def after(*said: str) -> People:
    """Who is who after lines like "rep: Hello." """
    people = People()
    for line in said:
        people = heard(people, line)
    return people


def heard(people: People, line: str) -> People:
    side, _, text = line.partition(": ")
    return hear(people, "rep" if side == "rep" else "buyer", text)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("This is Laura from the support desk.", "Laura"),
        ("Hello, Martin here.", "Martin"),
        ("I'm Alan, I run IT.", "Alan"),
        ("Good morning. My name is Zofia and I run the desk.", "Zofia"),
        ("hi lena agnes here", "Agnes"),
        ("my name is mirela", "Mirela"),
    ],
)
def test_who_says_their_name_is_known(text: str, person: str) -> None:
    assert after(f"buyer: {text}").person == person


@pytest.mark.parametrize(
    "text",
    [
        "I'm afraid, I have to go.",
        "I'm sorry, I was on mute.",
        "This is great.",
        "We are using Zendesk here.",
        "im fine i think",
        "nobody here",
        "And this is Matthias, he leads our house in Vienna.",
        "Everything is still done by hand here, by the way.",
    ],
)
def test_what_stands_where_a_name_could_is_no_name(text: str) -> None:
    assert after(f"buyer: {text}").person is None


@pytest.mark.parametrize(
    "question",
    [
        "Martin, what do you think?",
        "Great. And is Martin with us today?",
        "What would you need to see, Martin?",
        "Okay. Over to Martin for the numbers.",
        "Hi Martin, is this still a good time?",
        "Mr. Martin, what do you think?",
    ],
)
def test_who_is_asked_by_name_answers(question: str) -> None:
    people = after(f"rep: {question}", "buyer: Well, that depends on the price.")
    assert people.person == "Martin"


def test_a_buyer_may_ask_another_one() -> None:
    assert after("buyer: Martin here.", "buyer: I told you in June, Martin.", "buyer: You did.").person == "Martin"


def test_who_is_brought_along_is_known_by_name() -> None:
    people = after("buyer: My colleague Martin from finance is here.", "buyer: Martin, say hello.", "buyer: Hello.")
    assert people.person == "Martin"


def test_a_name_is_asked_for_in_one_of_several_pieces() -> None:
    people = after("rep: Martin, what do you think?", "rep: About the price, I mean.", "buyer: It is high.")
    assert people.person == "Martin"


@pytest.mark.parametrize(
    "answer",
    [
        "As Martin said, it is high.",
        "Ask Martin.",
        "He is in a meeting.",
        "No, he's not here.",
        "Not yet. Her train is late.",
    ],
)
def test_who_speaks_of_the_one_who_was_asked_is_somebody_else(answer: str) -> None:
    assert after("rep: And is Martin with us today?", f"buyer: {answer}").person is None


def test_a_new_name_outweighs_who_was_asked() -> None:
    assert after("rep: Martin, are you there?", "buyer: This is Laura, sorry.").person == "Laura"


def test_an_answer_is_one_utterance_and_then_anybody_may_speak() -> None:
    people = after("rep: Martin, what do you think?", "buyer: It is high.")
    assert heard(people, "buyer: And slow.").person is None
    assert after("rep: Martin, and you?", "buyer: It is high.", "rep: I see.", "buyer: And slow.").person is None


def test_a_sentence_that_goes_on_is_of_the_same_person() -> None:
    people = after("rep: Martin, what do you think?", "buyer: Well, we had a", "buyer: demo of Freshdesk in May.")
    assert people.person == "Martin"


def test_who_asks_is_not_whom_they_ask() -> None:
    people = after("rep: Hi Laura.", "buyer: This is Martin, hello.", "buyer: Laura, are you there?")
    assert people.person is None


@pytest.mark.parametrize("misheard", ["Martyn", "martin", "Martín"])
def test_a_name_that_is_misheard_is_the_one_that_is_known(misheard: str) -> None:
    people = after("buyer: Martin here.", f"rep: {misheard.title()}, what do you think?", "buyer: Hm.")
    assert people.person == "Martin"


def test_short_names_that_are_alike_are_two_people() -> None:
    people = after("buyer: This is Ron from sales.", "buyer: This is Rob from IT.")
    assert people.person == "Rob"
    assert people.buyers == ("Ron", "Rob")


def test_known_names_are_found_without_capitals_and_commas() -> None:
    people = after("buyer: hi lena agnes here", "rep: agnes what do you need", "buyer: a report that builds itself")
    assert people.person == "Agnes"


def test_several_who_are_greeted_leave_open_who_answers() -> None:
    people = after("rep: Hi Ruth, hi Anders. Did the storm leave you alone?", "buyer: It did.")
    assert people.person is None
    assert people.buyers == ("Ruth", "Anders")


def test_the_rep_s_own_people_are_no_buyers() -> None:
    people = after(
        "rep: Good morning, this is Tom from Northwind.",
        "rep: Let me introduce Nick.",
        "buyer: Hi Nick.",
        "rep: Nick, can you show the report?",
    )
    assert set(people.reps) == {"Tom", "Nick"}
    assert people.buyers == ()
    assert heard(people, "buyer: Nice.").person is None


def test_whom_a_buyer_speaks_to_is_the_rep_if_the_rep_answers() -> None:
    people = after("buyer: I have a question, Tom.", "rep: Sure.")
    assert people.reps == ("Tom",)


def test_the_rep_is_nobody_of_the_buyers() -> None:
    assert after("buyer: This is Laura, hello.", "rep: This is Tom, hi.").person is None


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_odd_text_is_by_nobody(text: str) -> None:
    assert after(f"buyer: {text}").person is None
    assert after(f"rep: {text}", "buyer: Yes.").person is None


words = st.sampled_from(
    ["Martin", "laura", "this is", "here", "Hi", ",", ".", "?", "I'm", "and", "is", "over to", "’s", "🙂"]
)
texts = st.one_of(st.text(max_size=80), st.lists(words, max_size=12).map(" ".join))
speakers: st.SearchStrategy[Speaker] = st.sampled_from(["rep", "buyer"])


@settings(deadline=None)
@given(call=st.lists(st.tuples(speakers, texts), max_size=12))
def test_whatever_is_said_it_never_raises_and_only_a_known_buyer_speaks(call: list[tuple[Speaker, str]]) -> None:
    people = People()
    for speaker, text in call:
        people = hear(people, speaker, text)
        assert people.person is None or (speaker == "buyer" and people.person in people.buyers)
