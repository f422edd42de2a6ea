"""What the mention heads are fitted on: each candidate with its label, and what the call said of the vendor before."""

import json

import numpy as np
import pytest

from models.competitors import Competitor
from models.dataset import Dataset, LabelledMention, LabelledUtterance, load_dataset
from models.encoder import Encoder
from models.labels import load_labels
from models.lexicon import learn_lexicon
from models.matrices import UNKNOWN, UNMEANT, MentionRows, mention_rows, turn_rows
from models.mentions import MENTION_WIDTH, STANCES

STANCE = load_labels().stance


def said(i: int, text: str, *mentions: tuple[str | None, str, str]) -> dict[str, object]:
    competitors = [{"name": name, "said": words, "stance": stance} for name, words, stance in mentions]
    given = {"call": "c1", "i": i, "t0": float(i), "speaker": "buyer", "person": None, "text": text}
    return {**given, "stage": "discovery", "role": None, "competitors": competitors, "moments": []}


@pytest.fixture(scope="module")
def rows(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> MentionRows:
    folder = tmp_path_factory.mktemp("data")
    call = [
        said(0, "We had Zendesk for years.", ("Zendesk", "Zendesk", "past")),
        said(1, "See you Monday."),
        said(2, "Zendesk beats Ticketly.", ("Zendesk", "Zendesk", "compared"), (None, "Ticketly", "compared")),
    ]
    (folder / "c1.jsonl").write_text("\n".join(map(json.dumps, call)))
    (folder / "competitors.json").write_text('[{"name": "Zendesk"}, {"name": "Monday"}]')
    whole = said(0, "We use zen desk.", ("Zendesk", "zen desk", "incumbent"))
    remark = {key: whole[key] for key in ("speaker", "text", "competitors")}
    (folder / "remarks.json").write_text(json.dumps([remark]))
    (folder / "everyday.json").write_text('[{"word": "slack", "text": "There is no slack in it."}]')
    lexicon = learn_lexicon(["we had", "use it"], 1)
    return mention_rows(load_dataset(folder), encoder, lexicon, load_labels())


def test_a_sure_name_comes_twice(rows: MentionRows) -> None:
    past, compared, incumbent = (STANCE.index(one) for one in ("past", "compared", "incumbent"))
    labels = [past, past, UNMEANT, compared, compared, compared, compared, incumbent, UNMEANT]
    assert rows.stance.tolist() == labels
    assert rows.again.tolist() == [False, True, False, False, True, False, True, False, False]
    assert rows.mention.shape == (len(labels), MENTION_WIDTH)


def test_a_call_stays_together_and_remarks_stand_alone(rows: MentionRows) -> None:
    assert rows.calls.tolist() == [0] * 7 + [1, 2]


def test_the_call_remembers_a_vendors_stance(rows: MentionRows) -> None:
    known = rows.mention[:, -STANCES:]
    remembered = np.flatnonzero(known.any(axis=1))
    assert remembered.tolist() == [3, 4]
    assert (known[remembered].argmax(axis=1) == STANCE.index("past")).all()


def test_the_bag_holds_the_words_next_to_the_name(rows: MentionRows) -> None:
    assert rows.words[0].any()
    assert not rows.words[2].any()


def in_part(i: int, labelled: set[str], **labels: object) -> LabelledUtterance:
    """A line that names three vendors, of which only `labelled` is known."""
    text = "We left Zendesk, and HubSpot, and Ticketly."
    nothing = {"stage": None, "role": None, "competitors": (), "moments": (), **labels}
    return LabelledUtterance("c1", i, float(i), "buyer", None, text, labelled=frozenset(labelled), **nothing)  # type: ignore[arg-type]


def test_what_nobody_labelled_is_no_example(encoder: Encoder) -> None:
    zendesk = LabelledMention("Zendesk", "Zendesk", "past")
    call = (
        in_part(0, set()),
        in_part(1, {"stage", "moment:pain"}, stage="demo", moments=("pain",)),
        in_part(2, {"role", "competitor:Zendesk", "competitor:HubSpot"}, competitors=(zendesk,)),
    )
    dataset = Dataset((call,), (Competitor("Zendesk"), Competitor("HubSpot"), Competitor("Ticketly")), (), ())
    lexicon, labels = learn_lexicon(["we had", "use it"], 1), load_labels()
    turns = turn_rows(dataset, encoder, lexicon, labels)
    assert turns.stage.tolist() == [UNKNOWN, labels.stage.index("demo"), UNKNOWN]
    assert turns.role.tolist() == [UNKNOWN, UNKNOWN, labels.role.index("none")]
    assert np.argwhere(turns.told).tolist() == [[1, labels.moment.index("pain")]]
    mentions = mention_rows(dataset, encoder, lexicon, labels)
    past = STANCE.index("past")
    assert mentions.stance.tolist() == [past, past, UNMEANT], "Ticketly, and the lines before, are nobody's"
