"""Words become stable when two hypotheses agree, and stay so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from asr.commit import Agreed, same, step
from asr.events import Word


def words(text: str, start: float = 0.0) -> tuple[Word, ...]:
    return tuple(Word(w, start + 0.3 * k, start + 0.3 * k + 0.25, 0.9) for k, w in enumerate(text.split()))


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
    odd = (Word("a", 0.0, 0.2, 0.9), Word("b", 9.0, 9.2, 0.9), Word("c", 0.4, 0.6, 0.9))
    assert said(step(step(Agreed(), odd, 1.0), odd, 1.0).stable) == "a"


def test_an_empty_hypothesis_takes_nothing_back() -> None:
    state = step(step(Agreed(), words("we run"), 2), words("we run"), 2)
    assert step(state, (), 3).stable == state.stable


TAILS = st.lists(
    st.tuples(st.lists(st.sampled_from("we run Zendesk zendesk, today but".split()), max_size=6), st.floats(0, 4)),
    max_size=12,
)


@settings(max_examples=300)
@given(TAILS)
def test_stable_text_only_grows_and_two_hypotheses_stand_behind_every_word(
    tails: list[tuple[list[str], float]],
) -> None:
    state, before = Agreed(), Agreed()
    for texts, end in tails:
        tail = words(" ".join(texts))
        state = step(before, tail, end)
        assert state.stable[: len(before.stable)] == before.stable
        new = state.stable[len(before.stable) :]
        assert all(same(old.text, word.text) for old, word in zip(before.tail, new, strict=False))
        assert len(new) <= len(before.tail)
        assert all(word.start < end for word in (*new, *state.tail))
        before = state
