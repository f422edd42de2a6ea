"""When a condition holds, on which words, and what the playbook's schema says of it."""

from collections.abc import Callable

import pytest
from talk import Talk, words

from asr.events import Utterance, Word
from cues.check import load_playbook
from cues.playbook import Condition, Playbook
from cues.situation import Situation, because, judge, said
from models.events import Mention, Reading


def situation(text: str = "we use Zendesk today", **fields: object) -> Situation:
    heard = tuple(Word(w, float(k), k + 1.0, 0.9) for k, w in enumerate(text.split()))
    known: dict[str, object] = {"stage": {"demo": 0.7, "pricing": 0.2}, "role": {"champion": 0.8}}
    reading = Reading(utterance="u1", partial=False, person=None, **{**known, **fields})  # type: ignore[arg-type]
    return Situation("buyer", heard, reading)


def certainty(when: dict[str, object], **fields: object) -> float:
    return round(judge(Condition.model_validate(when), situation(**fields)).certainty, 4)  # type: ignore[arg-type]


ZENDESK = (Mention("Zendesk", "Zendesk", "incumbent", 0.9),)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"speaker": "buyer"}, 1.0),
        ({"speaker": "rep"}, 0.0),
        ({"stage": "demo"}, 0.7),
        ({"stage": ["demo", "pricing"]}, 0.9),
        ({"stage": ["demo", "demo"]}, 0.7),
        ({"role": "champion", "stage": "demo"}, 0.7),
        ({"all": [{"stage": "demo"}, {"speaker": "rep"}]}, 0.0),
        ({"any": [{"stage": "demo"}, {"speaker": "rep"}]}, 0.7),
        ({"not": {"stage": "demo"}}, 0.3),
        ({"not": {"competitor": "any"}}, 0.0),
        ({"competitor": "Zendesk"}, 1.0),
        ({"competitor": ["Other", "Zendesk"], "stance": "incumbent"}, 0.9),
        ({"competitor": "Zendesk", "stance": "past"}, 0.0),
        ({"competitor": "Other"}, 0.0),
        ({"moment": ["pain", "budget"]}, 0.6),
        ({"moment": "authority"}, 0.0),
        ({"tracker": "manual-work"}, 0.8),
        ({"said": "ZENDESK today"}, 1.0),
        ({"said": "zen"}, 0.0),
        ({"said": ["nothing", "we use"]}, 1.0),
        ({"after": "4s"}, 1.0),
        ({"after": "5s"}, 0.0),
        ({"before": "4s"}, 0.0),
        ({"before": "5s"}, 1.0),
        ({"after": "1s", "not": {"after": "4s"}}, 0.0),
    ],
    ids=str,
)
def test_a_condition_is_as_certain_as_its_least_certain_part(when: dict[str, object], expected: float) -> None:
    heard = {"competitors": ZENDESK, "moments": {"pain": 0.2, "budget": 0.6}, "trackers": {"manual-work": 0.8}}
    assert certainty(when, **heard) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("C++", "we write C++ here", True),
        ("don’t know", "I don't know yet", True),
        ("think about it", "let us think about, it", True),
        ("it", "a bit", False),
        ("send me (anything)", "please send me anything", False),
    ],
)
def test_said_finds_whole_phrases_whatever_their_signs(phrase: str, text: str, found: bool) -> None:
    assert judge(Condition(said=(phrase,)), situation(text)).certainty == float(found)


@pytest.mark.parametrize("heard", ["migrate", "migrates", "migrated", "migrating", "Migrating,"])
def test_said_finds_a_verb_in_all_its_forms(heard: str) -> None:
    assert judge(Condition(said=("migrate",)), situation(f"we {heard} next year")).certainty == 1.0


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("integration", "do your integrations work", "integrations"),
        ("integrations", "is there an integration", "integration"),
        ("migrate our data", "that is, migrating our data", "migrating our data"),
        ("C++", "we write C++ here", "C++"),
        ("single sign-on", "do single sign-ons, work", "single sign-ons"),
        ("price", "what does pricing-wise change", "pricing-wise"),
        ("customer", "that is our customers' wish", "customers'"),
    ],
)
def test_the_words_that_an_inflection_rests_on_are_those_that_were_said(phrase: str, text: str, words: str) -> None:
    seen = situation(text)
    verdict = judge(Condition(said=(phrase,)), seen)
    assert verdict.certainty == 1.0
    assert " ".join(word.text.strip(",") for word in because(verdict, seen)) == words


@pytest.mark.parametrize(
    ("language", "phrase", "text", "found"),
    [
        ("de", "Vertrag", "wir haben zwei Verträge", True),
        ("fr", "intégration", "vos intégrations", True),
        ("en", "Vertrag", "wir haben zwei Verträge", False),
        ("vi", "migrate", "migrate", True),
        ("vi", "migrate", "migrating", False),
        ("tr", "İstanbul", "İstanbul da", True),
    ],
)
def test_inflections_are_those_of_the_playbooks_language(language: str, phrase: str, text: str, found: bool) -> None:
    assert said((phrase,), text, language).certainty == float(found)


def test_after_holds_from_then_on_and_before_until_then(talk_with: Callable[[str], Talk]) -> None:
    cues = "cues:\n" + "".join(
        f"  - {{id: {key}, when: {{{key}: 10m, said: hello}}, card: {{title: T, ask: Q}}, cooldown: 1s}}\n"
        for key in ("after", "before")
    )
    talk = talk_with(f"playbook: N\n{cues}")
    for at in (60, 597, 600, 1200):
        talk.final("buyer", "hello", at, at + 2)
    assert talk.shown() == [("before", 62.5), ("before", 599.5), ("after", 602.5), ("after", 1202.5)]


def test_a_card_rests_on_the_words_of_the_conditions_that_name_some() -> None:
    when = Condition.model_validate({"competitor": "Zendesk", "speaker": "buyer"})
    seen = situation(competitors=ZENDESK, spans={"competitor:Zendesk": (7, 14)})
    assert [word.text for word in because(judge(when, seen), seen)] == ["Zendesk"]


def test_a_card_that_rests_on_no_words_in_particular_rests_on_all_of_them() -> None:
    seen = situation()
    assert because(judge(Condition.model_validate({"stage": "demo"}), seen), seen) == seen.words


def test_the_schema_of_a_playbook_has_the_names_that_a_person_writes() -> None:
    schema = Playbook.model_json_schema(by_alias=True)
    assert set(schema["properties"]) == {
        *("playbook", "version", "owner", "change", "language", "names"),
        *("priorities", "behaviours", "competitors", "trackers", "cues", "tests"),
    }
    parts = schema["$defs"]
    assert {"from", "until", "weight"} <= set(parts["Priority"]["properties"])
    assert {"all", "any", "not", "stance", "said"} <= set(parts["Condition"]["properties"])
    assert schema["required"] == ["playbook"]
    assert parts["Tracker"]["required"] == ["id", "examples"]
    assert parts["Cue"]["required"] == ["id", "when", "card"]


def test_the_schema_allows_what_the_playbook_allows() -> None:
    parts = Playbook.model_json_schema(by_alias=True)["$defs"]
    cooldown = parts["Cue"]["properties"]["cooldown"]
    assert (cooldown["type"], cooldown["default"]) == ("string", "2m")
    one, several = parts["Condition"]["properties"]["speaker"]["anyOf"][:2]
    assert one == {"enum": ["rep", "buyer"]}
    assert several == {"type": "array", "items": one, "minItems": 1}


def test_the_demo_playbook_loads(pytestconfig: pytest.Config) -> None:
    assert load_playbook(pytestconfig.rootpath / "configs" / "playbooks" / "demo").cues


def with_when(when: str) -> str:
    return f"playbook: N\ncues:\n  - {{id: a, when: {when}, card: {{title: T, ask: Q}}, cooldown: 1s}}\n"


def test_one_thing_and_then_another_within_two_minutes(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{moment: objection_price, earlier: {said: price, speaker: rep}, within: 2m}"))
    talk.final("buyer", "that is too much", 10, 12, objection_price=0.9)
    talk.final("buyer", "the price is too high", 20, 22, objection_price=0.9)
    talk.final("rep", "our prices are public", 30, 32)
    talk.final("buyer", "hm", 40, 42)
    assert talk.shown() == []
    talk.final("buyer", "that is too much", 149, 151, objection_price=0.9)
    talk.final("buyer", "that is too much", 151, 153, objection_price=0.9)
    assert talk.shown() == [("a", 151.5)]


def test_nobody_asked_about_something_after_ten_minutes(talk_with: Callable[[str], Talk]) -> None:
    when = "{after: 10m, not: {earlier: {said: budget}}}"
    quiet, asked = talk_with(with_when(when)), talk_with(with_when(when))
    asked.final("rep", "do you have a budget for this", 200, 202)
    for talk in (quiet, asked):
        talk.final("buyer", "yes", 300, 302)
        talk.final("buyer", "and so on", 640, 642)
    assert (quiet.shown(), asked.shown()) == ([("a", 642.5)], [])


def test_what_holds_in_this_very_utterance_is_not_earlier(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{moment: pain, earlier: {moment: pain}}"))
    talk.final("buyer", "this hurts", 10, 12, pain=0.9)
    assert talk.shown() == []
    talk.final("buyer", "it hurts", 20, 22, pain=0.9)
    assert talk.shown() == [("a", 22.5)]


def test_what_only_partial_text_said_is_not_remembered(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{moment: pain, earlier: {said: budget}}"))
    name = talk.partial("rep", "your budget", 10, 11)
    talk.final("rep", "your gadget", 10, 12, id=name)
    talk.final("buyer", "this hurts", 20, 22, pain=0.9)
    assert talk.shown() == []


def test_a_long_call_is_remembered_in_as_much_as_a_short_one(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{any: [{earlier: {moment: pain}}, {earlier: {said: one}}, {earlier: {said: one}}]}"))
    for k in range(200):
        talk.final("buyer", "one thing that hurts", 10 * k, 10 * k + 2, pain=0.9)
    assert list(talk.state.memory.held.values()) == [1992.0, 1992.0]


def test_the_reps_share_of_the_talk_is_known_once_a_minute_has_been_spoken(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{talk_share: {above: 0.65}}"))
    talk.final("rep", "let me tell you", 10, 55)
    talk.final("buyer", "yes", 60, 70)
    assert talk.shown() == []
    talk.final("buyer", "yes", 80, 86)
    assert talk.shown() == [("a", 86.5)]
    talk.final("buyer", "and now it is my turn", 120, 180)
    assert len(talk.shown()) == 1


def test_a_rep_who_says_little_is_told_apart(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{talk_share: {below: 0.3}}"))
    talk.final("rep", "hello", 10, 13)
    talk.final("buyer", "let me tell you", 20, 90)
    assert talk.shown() == [("a", 90.5)]


SILENCE = "{silence: 4s, speaker: rep, said: budget}"


def test_a_question_that_nobody_answers_brings_its_card_after_the_silence(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when(SILENCE))
    talk.final("rep", "what is your budget?", 10, 12)
    assert talk.shown() == []
    talk.until(100)
    assert talk.shown() == [("a", 16.0)]


@pytest.mark.parametrize("text", ["that is the budget", "what is your plan?"])
def test_silence_follows_a_question_that_fulfils_the_other_keys(talk_with: Callable[[str], Talk], text: str) -> None:
    talk = talk_with(with_when(SILENCE))
    talk.final("rep", text, 10, 12)
    talk.until(100)
    assert talk.shown() == []


def test_whoever_begins_to_speak_breaks_the_silence(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when(SILENCE))
    talk.final("rep", "what is your budget?", 10, 12)
    talk.partial("buyer", "well", 15.0, 15.5)
    talk.until(100)
    assert talk.shown() == []


def test_who_answered_before_the_question_was_read_breaks_the_silence_too(talk_with: Callable[[str], Talk]) -> None:
    running, over = talk_with(with_when(SILENCE)), talk_with(with_when(SILENCE))
    running.partial("buyer", "well", 12.1, 12.2)
    over.final("buyer", "none", 11.8, 12.1)
    for talk in (running, over):
        talk.final("rep", "what is your budget?", 10, 12)
        talk.until(100)
        assert talk.shown() == []


def test_a_question_that_was_read_late_brings_its_card_at_once_and_not_in_the_past(
    talk_with: Callable[[str], Talk],
) -> None:
    talk = talk_with(with_when(SILENCE))
    heard = words("what is your budget?", 10, 12)
    said = Utterance(t=20.0, id="u1", channel=0, speaker="rep", audio_start=10.0, audio_end=12.0, text="", words=heard)
    talk.take(said)
    talk.take(Reading(t=20.0, utterance="u1", partial=False, person=None, stage={}, role={}))
    talk.until(100)
    assert talk.shown() == [("a", 20.0)]


def test_a_silence_fires_only_what_it_makes_hold(talk_with: Callable[[str], Talk]) -> None:
    talk = talk_with(with_when("{any: [{said: budget}, {silence: 4s}]}") + "  - {id: b, when: {silence: 8s}, "
                     "card: {title: T, ask: Q}}\n")  # fmt: skip
    talk.final("rep", "what is your budget?", 10, 12)
    talk.until(100)
    assert talk.shown() == [("a", 12.5), ("b", 20.0)]
