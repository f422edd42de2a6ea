"""A condition that is called contradictory never holds, whatever the cue engine hears and reads."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asr.events import Speaker, Word
from cues.claims import Claim, alternatives
from cues.contradiction import contradiction
from cues.deal import KnownDeal
from cues.memory import Memory
from cues.playbook import Condition
from cues.situation import HOLDS, Situation, judge
from models.events import Mention, Reading, Stance

STAGES, MOMENTS, SPEAKERS = ["demo", "pricing", "closing"], ["pain", "budget"], ["rep", "buyer"]
VENDORS, STANCES, PHRASES = ["Zendesk", "Freshdesk"], ["incumbent", "past"], ["new york", "york", "yorks"]
TIMES = ["30s", "1m", "90s"]
SHARES_OF_TALK = [{"above": 0.6}, {"below": 0.3}]
EARLIER: list[dict[str, Any]] = [{"moment": "pain"}, {"said": "york"}]


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def leaves() -> st.SearchStrategy[dict[str, Any]]:
    competitor = {"competitor": some([*VENDORS, "any"])}
    return st.one_of(
        st.fixed_dictionaries({"stage": some(STAGES)}),
        st.fixed_dictionaries({"speaker": some(SPEAKERS)}),
        st.fixed_dictionaries({"moment": some(MOMENTS)}),
        st.fixed_dictionaries({"said": some(PHRASES)}),
        st.fixed_dictionaries(competitor, optional={"stance": some(STANCES)}),
        st.fixed_dictionaries({"stage": some(STAGES), "moment": some(MOMENTS)}),
        st.fixed_dictionaries({"after": st.sampled_from(TIMES)}),
        st.fixed_dictionaries({"earlier": st.sampled_from(EARLIER)}, optional={"within": st.sampled_from(TIMES)}),
        st.fixed_dictionaries({"deal": st.sampled_from([{"segment": "small"}, {"value": {"at_least": 5}}])}),
        st.fixed_dictionaries({"talk_share": st.sampled_from(SHARES_OF_TALK)}),
        st.fixed_dictionaries({"before": st.sampled_from(TIMES)}),
    )


LEAVES = leaves()
PARTS = st.one_of(
    LEAVES,
    st.fixed_dictionaries({"not": LEAVES}),
    st.fixed_dictionaries({"any": st.lists(LEAVES, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"not": st.fixed_dictionaries({"all": st.lists(LEAVES, min_size=1, max_size=2)})}),
)
CONDITIONS = st.fixed_dictionaries({"all": st.lists(PARTS, min_size=2, max_size=5)})
"""Many of them contradict themselves."""


SHARES = [
    (1, 0, 0, 0),
    (0, 1, 0, 0),
    (4, 4, 2, 0),
    (5, 4, 1, 0),
    (1, 1, 1, 0),
    (3, 3, 3, 1),
    (0, 6, 4, 0),
    (1, 0, 2, 7),
]
"""How the stage's probability may lie among demo, pricing, closing and another one."""
CHANCES = [0.0, 0.3, 0.49, 0.51, 0.7, 1.0]
"""Not 0.5: there both a claim and its opposite hold."""


def situation(
    speaker: Speaker,
    shares: tuple[int, ...],
    chances: list[float],
    stances: list[Stance | None],
    said: str,
    at: float,
    held: list[int],
    rep_s: float,
) -> Situation:
    """What the reader can give: stages sum to 1, and each vendor is mentioned once or not at all."""
    reading = Reading(
        utterance="u",
        partial=False,
        person=None,
        stage={name: share / sum(shares) for name, share in zip([*STAGES, "opening"], shares, strict=True)},
        role={},
        moments=dict(zip(MOMENTS, chances, strict=True)),
        competitors=tuple(
            Mention(name, name, stance, 0.8) for name, stance in zip(VENDORS, stances, strict=True) if stance
        ),
    )
    before = {Condition.model_validate(EARLIER[k]): 20.0 for k in held}
    return Situation(
        speaker,
        tuple(Word(word, 0.0, at, 1.0) for word in said.split()),
        reading,
        memory=Memory(before, rep_s, 100.0 - rep_s),
        deal=KnownDeal({"value": rep_s / 10}),
    )


SITUATIONS = st.builds(
    situation,
    st.sampled_from(["rep", "buyer"]),
    st.sampled_from(SHARES),
    st.tuples(st.sampled_from(CHANCES), st.sampled_from(CHANCES)),
    st.tuples(*[st.sampled_from([None, "incumbent", "past", "compared"])] * 2),
    st.sampled_from(["we are in new york", "york", "nothing of it"]),
    st.sampled_from([10.0, 30.0, 45.0, 60.0, 75.0, 90.0, 200.0]),
    st.lists(st.sampled_from([0, 1]), max_size=2),
    st.sampled_from([20.0, 50.0, 90.0]),
)


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, st.lists(SITUATIONS, min_size=5, max_size=5))
def test_a_contradiction_never_holds(written: dict[str, Any], heard: list[Situation]) -> None:
    condition = Condition.model_validate(written)
    if contradiction(alternatives(condition, (), frozenset(VENDORS)), "en"):
        assert max(judge(condition, each).certainty for each in heard) <= HOLDS + 1e-9


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, SITUATIONS)
def test_the_alternatives_together_hold_where_the_condition_does(written: dict[str, Any], heard: Situation) -> None:
    condition = Condition.model_validate(written)
    found = alternatives(condition, (), frozenset(VENDORS))
    sure = max(min(certainty(claim, heard) for claim in each) for each in found)
    assert abs(sure - judge(condition, heard).certainty) < 1e-9


def certainty(claim: Claim, heard: Situation) -> float:
    keys = {claim.key, *{"competitor": ["stance"], "earlier": ["within"]}.get(claim.key, [])}
    alone = judge(claim.source.model_copy(update=dict.fromkeys(set(Condition.model_fields) - keys)), heard).certainty
    return 1 - alone if claim.denied else alone
