"""Each condition's sample in PLAYBOOK.md, run through the cue engine: the card comes there, and only there."""

from pathlib import Path
from typing import Any

import pytest
from talk import Talk, read_playbook, words

from asr.events import Speaker, Utterance
from cues.events import CardShown, DealChanged
from cues.playbook_tables import samples
from models.events import Mention, Reading

Said = tuple[Speaker, str, float, float, dict[str, Any]]
"""Who says what, when it begins (s into the call) and how long it takes, and what the reader makes of it."""
Told = tuple[Said | DealChanged, ...]


def reads(
    speaker: Speaker = "buyer", text: str = "we are fine", begin: float = 10.0, seconds: float = 1.0, **fields: Any
) -> Told:
    return ((speaker, text, begin, seconds, fields),)


ZENDESK = Mention("Zendesk", "Zendesk", "compared", 0.9)
LONG = reads("rep", "so let me tell you all about us", begin=8.0, seconds=65.0)
HOSTED: Told = (DealChanged(t=1.0, deal={"product": "hosted", "renewal": "2027-01-31"}),)
PRICE = reads("rep", "our prices are public", begin=8.0)
FIRES: dict[str, tuple[Told, Told]] = {
    "stage": (reads(stage={"demo": 0.8}), reads(stage={"pricing": 0.8})),
    "role": (reads(role={"economic_buyer": 0.8}), reads(role={"champion": 0.8})),
    "competitor": (reads(competitors=(ZENDESK,)), reads()),
    "stance": (reads(competitors=(ZENDESK,)), reads(competitors=(Mention("Zendesk", "Zendesk", "past", 0.9),))),
    "moment": (reads(moments={"objection_price": 0.8}), reads(moments={"pain": 0.8})),
    "tracker": (reads(trackers={"manual-work": 0.8}), reads(trackers={"manual-work": 0.2})),
    "speaker": (reads("buyer"), reads("rep")),
    "said": (reads(text="do you have single sign-ons too"), reads(text="who signs on a single page")),
    "after": (reads(begin=700.0), reads()),
    "before": (reads(), reads(begin=700.0)),
    "earlier": (PRICE + reads(), reads()),
    "within": (PRICE + reads(), PRICE + reads(begin=700.0)),
    "talk_share": (LONG, reads(seconds=65.0)),
    "silence": (reads(text="how many hours is that?"), reads(text="that is many hours")),
    "deal": (HOSTED + reads(), (DealChanged(t=1.0, deal={"product": "hosted", "renewal": "2027-08-01"}), *reads())),
    "all": (reads(moments={"pain": 0.8}), reads("rep", moments={"pain": 0.8})),
    "any": (reads(trackers={"manual-work": 0.8}), reads()),
    "not": (reads(stage={"demo": 0.9}), reads(stage={"opening": 0.9})),
}
"""For each condition, something said on which its sample's card comes, and something on which it does not."""


def test_every_condition_has_a_sample_that_is_run() -> None:
    assert set(samples()) == set(FIRES)


@pytest.mark.parametrize("condition", FIRES)
def test_the_card_comes_on_what_the_sample_names_and_on_nothing_else(condition: str, tmp_path: Path) -> None:
    told, other = FIRES[condition]
    assert shown(samples()[condition], told, tmp_path)
    assert not shown(samples()[condition], other, tmp_path)


def shown(sample: str, told: Told, folder: Path) -> bool:
    """Whether the sample's card comes when this is said."""
    when = sample if sample.startswith("{") else f"{{{sample}}}"
    playbook = (
        "playbook: N\ncompetitors: [{name: Zendesk}]\ntrackers: [{id: manual-work, examples: we do it by hand}]\n"
        f"cues:\n  - id: sample\n    when: {when}\n    card: {{title: t, ask: q}}\n"
    )
    talk = Talk(read_playbook(folder / "playbook", playbook))
    for k, said in enumerate(told):
        if isinstance(said, DealChanged):
            talk.take(said)
        else:
            tell(talk, f"u{k}", said)
    talk.until(1000.0)
    return any(isinstance(event, CardShown) for event in talk.events)


def tell(talk: Talk, name: str, said: Said) -> None:
    """One utterance; its final comes half a second later."""
    speaker, text, begin, seconds, fields = said
    end = begin + seconds
    talk.take(
        Utterance(
            t=end + 0.5,
            id=name,
            channel=0 if speaker == "rep" else 1,
            speaker=speaker,
            audio_start=begin,
            audio_end=end,
            text=text,
            words=words(text, begin, end),
        )
    )
    talk.take(Reading(t=end + 0.5, utterance=name, partial=False, person=None, **{"stage": {}, "role": {}, **fields}))
