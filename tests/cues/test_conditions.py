"""When a condition holds, on which words, and what the playbook's schema says of it."""

import pytest

from asr.events import Word
from cues.check import load_playbook
from cues.playbook import Condition, Playbook
from cues.situation import Situation, because, judge
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
        *("priorities", "behaviours", "competitors", "trackers", "cues"),
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
