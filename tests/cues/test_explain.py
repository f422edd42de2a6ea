"""A condition as a tree: each part with its own certainty, the root with that of the whole."""

import pytest
from call_events import words

from cues.explain import Part, Value, explain, leaves
from cues.playbook import Condition
from cues.situation import Situation, judge
from models.events import Mention, Reading

READING = Reading(
    utterance="u1",
    partial=False,
    person=None,
    stage={"discovery": 0.12, "demo": 0.3, "pricing": 0.58},
    role={"procurement": 0.7},
    competitors=(Mention("Zendesk", "zen desk", "incumbent", 0.91),),
    moments={"objection_price": 0.31, "pain": 0.8},
    trackers={"manual-work": 0.6},
)
SITUATION = Situation("buyer", words("We are on zen desk today"), READING)

CONDITIONS = [
    {"moment": "objection_price"},
    {"moment": ["objection_price", "pain"], "stage": ["discovery", "demo"]},
    {"competitor": "Zendesk", "stance": "incumbent", "speaker": "buyer"},
    {"competitor": "any", "stance": "compared"},
    {"said": ["zen desk", "Freshdesk"]},
    {"not": {"stage": "pricing"}},
    {"said": "zen desk", "earlier": {"said": "price"}, "within": "2m"},
    {"after": "10m", "talk_share": {"above": 0.6}, "silence": "4s", "deal": {"segment": "enterprise"}},
    {"any": [{"tracker": "manual-work", "role": "procurement"}, {"all": [{"speaker": "rep"}, {"moment": "pain"}]}]},
]


def explained(**keys: object) -> Part:
    return explain(Condition.model_validate(keys), SITUATION)


@pytest.mark.parametrize("keys", CONDITIONS)
def test_the_root_is_as_certain_as_the_cue(keys: dict[str, object]) -> None:
    assert explained(**keys).certainty == judge(Condition.model_validate(keys), SITUATION).certainty


def test_each_value_of_a_key_has_its_own_certainty() -> None:
    part = explained(stage=["discovery", "demo"])
    assert (part.key, part.values) == ("stage", (Value("discovery", 0.12), Value("demo", 0.3)))
    assert part.certainty == pytest.approx(0.42)
    assert not part.holds


def test_several_keys_must_all_hold() -> None:
    part = explained(moment="pain", speaker="rep")
    assert part.key == "all"
    assert [(one.key, one.holds) for one in part.parts] == [("moment", True), ("speaker", False)]


def test_a_stance_stands_beside_its_competitor() -> None:
    (part,) = leaves(explained(competitor="Zendesk", stance=["compared"]))
    assert (part.key, part.beside, part.certainty) == ("competitor", ("compared",), 0.0)
    assert explained(competitor="Zendesk", stance="incumbent").certainty == 0.91


def test_what_was_earlier_is_told_with_its_time_and_judged_with_it() -> None:
    (part,) = leaves(explained(earlier={"said": "price"}, within="2m"))
    assert (part.key, part.beside, part.certainty) == ("earlier", ("2m",), 0.0)
    assert [value.name for value in part.values] == ["{said: [price]}"]


def test_not_turns_what_is_in_it_around() -> None:
    part = explained(**{"not": {"stage": "pricing"}})
    assert (part.key, part.holds) == ("not", False)
    assert [(one.key, one.holds) for one in part.parts] == [("stage", True)]


def test_any_and_all_keep_their_branches() -> None:
    part = explained(any=[{"moment": "objection_price"}, {"said": "zen desk"}])
    assert (part.key, part.certainty) == ("any", 1.0)
    assert [(one.key, one.certainty) for one in part.parts] == [("moment", 0.31), ("said", 1.0)]
