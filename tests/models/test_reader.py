"""A reading is honest, fast, and changes what the reader knows only when it is final."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from models.competitors import Competitor
from models.encoder import Encoder
from models.events import Mention
from models.labels import load_labels
from models.reader import Reader, load_reader
from models.sentences import split
from models.trackers import Tracker

PAIN = "We lose about ten hours a week re-typing orders by hand, and last month it cost us a customer."


def test_a_reading_names_every_label(reader: Reader) -> None:
    reading = reader.read("u1", "buyer", PAIN, partial=False, person="Ann")
    labels = load_labels()
    assert tuple(reading.stage) == labels.stage
    assert tuple(reading.role) == tuple(reading.role_evidence) == labels.role
    assert tuple(reading.moments) == labels.moment
    assert sum(reading.stage.values()) == pytest.approx(1, abs=1e-2)
    assert sum(reading.role.values()) == pytest.approx(1, abs=1e-2)
    assert (reading.utterance, reading.partial, reading.person) == ("u1", False, "Ann")
    assert (reading.call, reading.seq, reading.t) == ("", -1, 0.0)


def test_a_moment_says_which_words_it_rests_on(reader: Reader) -> None:
    text = f"Sure, good morning to you too. {PAIN}"
    reading = reader.read("u1", "buyer", text, partial=False)
    assert reading.moments["pain"] >= 0.5
    start, end = reading.spans["moment:pain"]
    assert text[start:end] in PAIN
    assert len(text[start:end].split()) < len(PAIN.split())


def test_behaviours_are_the_reps_and_roles_the_buyers(reader: Reader) -> None:
    rep = reader.read("u1", "rep", "What does that cost you in a month?", partial=False)
    buyer = reader.read("u2", "buyer", "What does that cost you in a month?", partial=False)
    assert rep.behaviours["quantify-impact"] >= 0.5
    assert rep.role_evidence == {}
    assert buyer.behaviours == {}
    assert buyer.role_evidence != {}


def test_a_tracker_fires_on_its_concept_only(reader: Reader) -> None:
    text = "Okay, thanks. All of that is done by hand in a spreadsheet."
    hit = reader.read("u1", "buyer", text, partial=False)
    miss = reader.read("u2", "buyer", "Here is the spreadsheet you asked for.", partial=False)
    ordinary = reader.read("u3", "buyer", "I will be in Leeds on Friday.", partial=False)
    assert hit.trackers["manual-work"] >= 0.5
    start, end = hit.spans["tracker:manual-work"]
    assert "spreadsheet" in text[start:end]
    assert miss.trackers["manual-work"] < 0.5
    assert ordinary.trackers["manual-work"] < 0.1


def test_a_partial_reading_changes_nothing(reader: Reader) -> None:
    reader.read("u1", "buyer", "Hi, nice to meet you.", partial=False, person="Ann")
    first = reader.read("u2", "buyer", PAIN, partial=True, person="Ann")
    for text in ("Send me the contract and I sign it today.", "I hold the budget for this, it is my call."):
        reader.read("u2", "buyer", text, partial=True, person="Ann")
    assert reader.read("u2", "buyer", PAIN, partial=True, person="Ann") == first


def test_evidence_of_a_role_stays_with_the_person(reader: Reader) -> None:
    text = "The budget is mine, and if I say yes we buy it, nobody else has to sign."
    once = reader.read("u1", "buyer", text, partial=False, person="Ann").role
    reader.read("u2", "buyer", text, partial=False, person="Ann")
    ann = reader.read("u3", "buyer", "Okay.", partial=False, person="Ann").role
    bob = reader.read("u4", "buyer", "Okay.", partial=False, person="Bob").role
    assert ann["economic_buyer"] > once["economic_buyer"]
    assert ann["economic_buyer"] > bob["economic_buyer"]


def test_what_a_person_showed_counts_where_nobody_knows_who_speaks(reader: Reader) -> None:
    text = "The budget is mine, and if I say yes we buy it, nobody else has to sign."
    reader.read("u1", "buyer", text, partial=False, person="Ann")
    assert reader.read("u2", "rep", "Good.", partial=False).role["economic_buyer"] > 0.5
    assert reader.read("u3", "buyer", "Okay.", partial=True).role["economic_buyer"] > 0.5
    assert reader.read("u3", "buyer", "...", partial=False, person="Bob").role["economic_buyer"] < 0.5


def test_what_the_call_said_of_a_vendor_counts_where_it_is_named_again(reader: Reader) -> None:
    def again(*before: str, partial: bool = False) -> Mention:
        reader.reset()
        for number, text in enumerate(before):
            reader.read(f"u{number}", "buyer", text, partial=partial and text is before[-1])
        (mention,) = reader.read(
            "u9", "buyer", "And the reports in Zendesk, what about those?", partial=True
        ).competitors
        return mention

    ours = again("We run everything on Zendesk today.", "Right.")
    theirs = again("We had Zendesk until two years ago and left them.", "Right.")
    assert ours != theirs, "nothing else differs: the same words, after the same word"
    unheard = again("We had Zendesk until two years ago and left them.", partial=True)
    assert unheard == again()


def stage_of(reader: Reader, text: str, *, partial: bool = False) -> str:
    stages = reader.read("u9", "buyer", text, partial=partial).stage
    assert sum(stages.values()) == pytest.approx(1, abs=1e-2)
    return max(stages, key=lambda stage: stages[stage])


def test_the_rep_s_stage_is_read_at_once_and_until_the_talk_says_otherwise(reader: Reader) -> None:
    assert stage_of(reader, PAIN) == "discovery"
    reader.correct("qualification")
    for _ in range(30):
        assert stage_of(reader, "And who would look at that?", partial=True) == "qualification"
    assert stage_of(reader, "...") == "qualification"
    for text in ("Yes, that is right.", "And who would look at that?"):
        assert stage_of(reader, text) == "qualification"
    for text in ("Show me how the import works.", "So this screen lists all orders?", "Can I filter them?") * 3:
        last = stage_of(reader, text)
    assert last == "demo"


def test_the_last_correction_counts(reader: Reader) -> None:
    reader.read("u1", "buyer", PAIN, partial=False)
    reader.correct("renewal")
    reader.correct("qualification")
    assert stage_of(reader, "And who would look at that?") == "qualification"


def test_a_stage_that_is_none_can_t_be_corrected_to(reader: Reader) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        reader.correct("lunch")


def test_reset_forgets_the_call(reader: Reader) -> None:
    fresh = reader.read("u1", "buyer", PAIN, partial=False, person="Ann")
    reader.read("u2", "rep", "Shall we look at the price?", partial=False)
    reader.correct("closing")
    reader.reset()
    assert reader.read("u1", "buyer", PAIN, partial=False, person="Ann") == fresh


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "🎉🎉🎉", "...?!", "\x00\x01\x07", "\ud83d"])
def test_nothing_is_read_out_of_nothing(reader: Reader, text: str) -> None:
    reading = reader.read("u1", "buyer", text, partial=False)
    assert (reading.competitors, reading.moments, reading.trackers, reading.spans) == ((), {}, {}, {})


@pytest.mark.parametrize(
    "text",
    [
        "word " * 10_000,
        "x" * 100_000,
        "мы используем другую систему",
        "我们每天手动输入",
        "a\x00b\ud83d c",
        "ok 🎉 Zendesk",
    ],
)
def test_odd_text_is_read(reader: Reader, text: str) -> None:
    reading = reader.read("u1", "rep", text, partial=False)
    assert all(0 <= start <= end <= len(text) for start, end in reading.spans.values())


def test_a_usual_utterance_takes_milliseconds(reader: Reader) -> None:
    times = []
    for number in range(30):
        text = f"We have {number} people on the desk and every morning they check the inbox before the calls start."
        began = time.process_time()
        reader.read(f"u{number}", "buyer", text, partial=False)
        times.append(time.process_time() - began)
    assert float(np.median(times)) < 0.02, "p50 was under 10 ms of processor time when this was written"


def test_the_same_text_has_the_same_vector(encoder: Encoder) -> None:
    alone = encoder.encode([PAIN])[0]
    among = Encoder().encode(["Hi.", PAIN, "A longer sentence that stands beside it in the batch."])[1]
    assert np.array_equal(alone, among)
    assert float(np.linalg.norm(alone)) == pytest.approx(1, abs=1e-5)


def test_load_reader_is_ready() -> None:
    assert load_reader([], [], []).read("u1", "rep", "Good morning.", partial=True).competitors == ()


def test_sentences_keep_their_place() -> None:
    text = "Yes. We do that by hand. Why do you ask?"
    assert [text[start:end] for start, end in split(text)] == ["Yes. We do that by hand.", "Why do you ask?"]


def test_another_playbook_changes_what_it_listens_for_and_nothing_that_it_knows_of_the_call() -> None:
    reader = load_reader([], [Tracker("manual-work", ("we do all of that by hand in spreadsheets",))], [])
    reader.read("u1", "buyer", "The budget is mine, and if I say yes we buy it.", partial=False, person="Ann")
    text = f"{PAIN} And we run Zendesk today."
    before = reader.read("u2", "buyer", text, partial=True, person="Ann")
    reader.listen_for(reader.prepare([Competitor("Zendesk")], [], []))
    after = reader.read("u2", "buyer", text, partial=True, person="Ann")
    assert (after.stage, after.role, after.moments) == (before.stage, before.role, before.moments)
    assert (before.competitors, [mention.name for mention in after.competitors]) == ((), ["Zendesk"])
    assert (list(before.trackers), after.trackers) == (["manual-work"], {})


def test_another_playbook_is_prepared_beside_a_call_that_is_read() -> None:
    reader = load_reader([], [], [])
    trackers = [Tracker(f"t{k}", tuple(f"example {k} {n} of what people say" for n in range(10))) for k in range(40)]
    texts = [f"Well, {k} of them came back last week." for k in range(200)]
    alone = [reader.read("u", "buyer", text, partial=True) for text in texts]
    with ThreadPoolExecutor(1) as other:
        prepared = other.submit(reader.prepare, [], trackers, [])
        beside = [reader.read("u", "buyer", text, partial=True) for text in texts]
        reader.listen_for(prepared.result())
    assert beside == alone
    assert list(reader.read("u", "buyer", PAIN, partial=True).trackers) == [f"t{k}" for k in range(40)]
