"""Words become stable when hypotheses agree, or the model is sure, and stay so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from asr.commit import DROPPED, EDGE_S, LIKELY, SURE, Agreed, dropped, pause, same, shown, step
from asr.events import Word


def words(text: str, start: float = 0.0, probability: float = 0.7) -> tuple[Word, ...]:
    return tuple(Word(w, start + 0.3 * k, start + 0.3 * k + 0.25, probability) for k, w in enumerate(text.split()))


def said(agreed: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in agreed)


def test_a_running_sentence_grows_word_by_word_as_in_a_recorded_call() -> None:
    """Each pass hears more, says the stable words again as prefix, and guesses anew behind them."""
    passes = [
        ("so we", 0.6, "", "so we"),
        ("So we run", 1.0, "So we", "run"),
        ("run send desk", 1.4, "So we run", "send desk"),
        ("Zendesk today.", 1.8, "So we run", "Zendesk today."),
        ("Zendesk today, but", 2.2, "So we run Zendesk today,", "but"),
    ]
    state = Agreed()
    for text, heard_until, stable, rest in passes:
        start = state.stable[-1].end if state.stable else 0.0
        state = step(state, words(text, start), heard_until + 1)
        assert (said(state.stable), said(state.tail)) == (stable, rest)


def test_case_and_punctuation_do_not_break_agreement() -> None:
    assert same("Zendesk,", "zendesk")
    assert same("It's", "its")
    assert not same("Zendesk", "send")


def test_another_number_is_another_word() -> None:
    assert not same("17.5", "175")
    assert not same("$50", "50%")
    assert same("17.5,", "17.5")


def test_signs_alone_agree_only_with_themselves() -> None:
    assert not same("+", "-")
    assert not same("...", "?")
    assert same("-", "-")


def test_a_word_beyond_the_sound_is_never_stable() -> None:
    first = step(Agreed(), words("and then"), 0.2)
    second = step(first, words("and then"), 0.2)
    assert said(second.stable) == "and"


def test_words_behind_one_that_lies_beyond_the_sound_are_not_heard_either() -> None:
    odd = (Word("a", 0.0, 0.2, 0.7), Word("b", 9.0, 9.2, 0.7), Word("c", 0.4, 0.6, 0.7))
    assert said(step(step(Agreed(), odd, 1.0), odd, 1.0).stable) == "a"


def test_an_empty_hypothesis_takes_nothing_back() -> None:
    state = step(step(Agreed(), words("we run"), 2), words("we run"), 2)
    assert step(state, (), 3).stable == state.stable


def test_a_word_of_which_the_model_is_sure_is_stable_at_first_sight() -> None:
    assert said(step(Agreed(), words("we run", probability=0.95), 2.0).stable) == "we run"


def test_but_not_where_it_touches_the_end_of_the_sound() -> None:
    state = step(Agreed(), words("we run", probability=0.95), 0.6)
    assert (said(state.stable), said(state.tail)) == ("we", "run")


def test_nor_behind_one_of_which_it_is_not() -> None:
    odd = (*words("we", probability=0.7), *words("run", 0.3, 0.95))
    assert said(step(Agreed(), odd, 2.0).stable) == ""


def test_a_word_that_the_model_doubts_must_stand_three_times() -> None:
    state = Agreed()
    for stable in ("", "", "send desk"):
        state = step(state, words("send desk", probability=0.3), 2.0)
        assert said(state.stable) == stable


def test_a_doubtful_word_that_changes_begins_anew() -> None:
    state = Agreed()
    for text in ("send", "send", "Zendesk", "Zendesk"):
        state = step(state, words(text, probability=0.3), 2.0)
    assert said(state.stable) == ""
    assert said(step(state, words("Zendesk", probability=0.3), 2.0).stable) == "Zendesk"


def test_guesses_at_the_end_of_a_tail_are_not_shown() -> None:
    state = step(Agreed(), (*words("we run", probability=0.7), *words("the the", 0.6, 0.1)), 9.0)
    assert said(shown(state)) == "we run"


TAILS = st.lists(
    st.tuples(
        st.lists(st.sampled_from("we run Zendesk zendesk, today but".split()), max_size=6),
        st.floats(0, 4),
        st.floats(0, 1),
    ),
    max_size=12,
)


@settings(max_examples=300)
@given(TAILS)
def test_stable_text_only_grows_and_every_word_was_sure_or_stood_twice(
    tails: list[tuple[list[str], float, float]],
) -> None:
    before = Agreed()
    for texts, end, probability in tails:
        state = step(before, words(" ".join(texts), probability=probability), end)
        assert state.stable[: len(before.stable)] == before.stable
        assert len(state.stood) == len(state.tail)
        new = state.stable[len(before.stable) :]
        stood = sum(1 for old, word in zip(before.tail, new, strict=False) if same(old.text, word.text))
        for k, word in enumerate(new):
            assert k < stood or (word.probability >= SURE and word.end <= end - EDGE_S)
        assert all(word.start < end for word in (*new, *state.tail))
        before = state


def test_in_a_pause_what_is_likely_stands_at_once() -> None:
    draft = (*words("So we run"), *words("Zendesk", 0.9, LIKELY), *words("toady", 1.2, LIKELY - 0.1))
    state = pause(Agreed(words("so we"), words("ran")), draft)
    assert (said(state.stable), said(state.tail)) == ("so we run Zendesk", "toady")
    assert said(step(state, words("toady", 1.2), 9.0).stable) == "so we run Zendesk toady"


def test_a_draft_that_begins_otherwise_changes_nothing() -> None:
    state = Agreed(words("so we"), words("run"))
    assert pause(state, words("So he runs Zendesk")) == state
    assert pause(state, words("so")) == state


def test_a_sentence_that_a_final_leaves_out_is_seen() -> None:
    stable = words("to people put them together by hand. How many hours does that")
    assert dropped(stable, words("How many hours does that cost you?")) == 7
    assert dropped(stable, words("Two people put them together by hand. How many hours does that cost?")) == 0
    assert dropped(stable, words("To people put them together by hand.")) == len(stable)
    assert dropped((), words("Hello.")) == 0


def test_a_sentence_that_was_heard_twice_is_not_left_out() -> None:
    stable = words("we can see if north one fits. We can see if north one fits.")
    assert dropped(stable, words("we can see if Northwind fits.")) == 0


def test_other_words_in_its_place_are_no_passage_left_out() -> None:
    stable = words("a b c d e f")
    assert dropped(stable, words("a b x y e f")) == 0
    assert dropped(stable, words("a b e f")) == 0
    assert dropped(stable, words("a e f")) == 1 + DROPPED


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_stable_text_only_grows_in_a_pause(stable: list[str], draft: list[str]) -> None:
    state = Agreed(words(" ".join(stable)))
    assert pause(state, words(" ".join(draft))).stable[: len(stable)] == state.stable
    assert 0 <= dropped(state.stable, words(" ".join(draft))) <= len(stable)
