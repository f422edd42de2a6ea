"""What is legal in a playbook, but bad: the whole line of each warning, place and mend."""

import os
from datetime import date
from pathlib import Path

import pytest
from user import DEMO_PLAYBOOK

from asr import weights
from cues import lint_hearing
from cues.findings import Findings, find

DAY = date(2026, 11, 24)
CARD = "card: {title: t, ask: q}"


def found(folder: Path, text: str) -> Findings:
    (folder / "p.yaml").write_text(text)
    return find(folder, DAY)


def warnings(folder: Path, text: str) -> list[str]:
    """The lines of the warnings, with the file's name instead of its whole path."""
    return [str(warning).replace(f"{folder}{os.sep}", "") for warning in found(folder, text).warnings]


def with_cue(cue: str) -> str:
    return "playbook: N\ncues:\n  - id: a\n" + "".join(f"    {line}\n" for line in cue.splitlines())


def with_when(when: str) -> str:
    return with_cue(f"when:\n  {when}\n{CARD}") + "competitors: [{name: Zendesk}, {name: Freshdesk}]\n"


LONG = "You could say this line here aloud while they wait, but nobody ever will, since it has no end"

ONE_LINE: dict[str, tuple[str, str]] = {
    "a title of nine words": (
        with_cue("when: {moment: pain}\ncard: {title: It hurts them so badly that they must act, ask: q}"),
        'p.yaml:5:19: the title "It hurts them so badly that they must act" has 9 words; shorten it to 8 at most.',
    ),
    "a line of 92 characters": (
        with_cue(f"when: {{moment: pain}}\ncard: {{title: t, say: '{LONG}'}}"),
        f'p.yaml:5:27: the line "{LONG[:60]}..." has 93 characters; shorten it to 90 at most.',
    ),
    "a priority that is over": (
        "playbook: N\npriorities: [{id: p, name: P, until: 2026-11-23}]\n"
        "behaviours: [{id: b, name: B, serves: p}]\ncues: [{id: a, when: {moment: pain}, prompts: b, " + CARD + "}]\n",
        'p.yaml:2:38: the priority "p" ended on "2026-11-23" and counts no more; set a later date, or take it out.',
    ),
    "a priority without behaviours": (
        "playbook: N\npriorities: [{id: p, name: P}]\n",
        'p.yaml:2:19: no behaviour serves the priority "p"; let one serve it, or take it out.',
    ),
    "a behaviour without cues": (
        "playbook: N\nbehaviours: [{id: b, name: B}]\n",
        'p.yaml:2:19: no cue prompts the behaviour "b"; let one prompt it, or take it out.',
    ),
    "an alias that is an everyday word": (
        "playbook: N\ncompetitors:\n  - name: Frontapp\n    aliases: [front app, Front]\n",
        'p.yaml:4:26: the alias "Front" is an everyday word, so it counts only where the words around it fit a vendor; '
        "write more of the name, or take it out.",
    ),
    "two cues with the same condition": (
        with_cue("when: {moment: [pain, budget], speaker: buyer}\n" + CARD)
        + "  - id: b\n    when: {all: [{speaker: buyer}, {moment: [budget, pain]}]}\n    "
        + CARD,
        'p.yaml:7:11: the cue "a" (p.yaml, line 4) has the same condition, so both cards come at once; '
        "change one of the two, or make one cue of them.",
    ),
    "two speakers at a time": (
        with_when("all: [{speaker: rep}, {moment: pain}, {speaker: buyer}]"),
        "p.yaml:5:55: `speaker: buyer` never holds together with `speaker: rep`, so this cue never fires; "
        "take one of the two out.",
    ),
    "a past that can not have been": (
        with_when("{speaker: rep, earlier: {speaker: [buyer], not: {speaker: buyer}}}"),
        "p.yaml:5:65: `not speaker: buyer` never holds together with `speaker: buyer`, so this `earlier` never holds; "
        "take one of the two out.",
    ),
    "two stages at a time": (
        with_when("all:\n    - stage: [demo, pricing]\n    - all: [{stage: closing}, {moment: pain}]"),
        "p.yaml:7:25: `stage: closing` never holds together with `stage: [demo, pricing]` (line 6), "
        "so this cue never fires; take one of the two out.",
    ),
    "a moment and its opposite": (
        with_when("{moment: pain, not: {moment: [pain, budget]}}"),
        "p.yaml:5:36: `not moment: [pain, budget]` never holds together with `moment: pain`, "
        "so this cue never fires; take one of the two out.",
    ),
    "a competitor where none is named": (
        with_when("all: [{competitor: Zendesk, stance: past}, {not: {competitor: any}}]"),
        "p.yaml:5:69: `not competitor: any` never holds together with `competitor: Zendesk, stance: past`, "
        "so this cue never fires; take one of the two out.",
    ),
    "two stances of one competitor": (
        with_when("all: [{competitor: Zendesk, stance: past}, {competitor: Zendesk, stance: [incumbent, compared]}]"),
        "p.yaml:5:63: `competitor: Zendesk, stance: [incumbent, compared]` never holds together with "
        "`competitor: Zendesk, stance: past`, so this cue never fires; take one of the two out.",
    ),
    "any competitor where the playbook has none": (
        with_cue("when: {competitor: any}\n" + CARD),
        "p.yaml:4:24: `competitor: any` never holds, so this cue never fires; mend it, or take it out.",
    ),
    "words without a part of them": (
        with_when("{said: [New York City, in york], not: {said: York}}"),
        "p.yaml:5:52: `not said: York` never holds together with `said: [New York City, in york]`, "
        "so this cue never fires; take one of the two out.",
    ),
    "no stage at all": (
        with_when(
            "not: {any: [{stage: [opening, discovery, qualification, demo, pricing, negotiation, closing, renewal]}]}"
        ),
        "p.yaml:5:27: `not stage: [opening, discovery, qualification, demo, pricing, negotiation, closing, renewal]` "
        "never holds, so this cue never fires; mend it, or take it out.",
    ),
    "after later than before": (
        with_when("{moment: pain, before: 5m, after: 10m}"),
        "p.yaml:5:41: `after: 10m` never holds together with `before: 5m`, so this cue never fires; "
        "take one of the two out.",
    ),
    "contradictions in every branch": (
        with_when("any:\n    - {speaker: rep, not: {speaker: rep}}\n    - {stage: demo, all: [{stage: pricing}]}"),
        "p.yaml:6:41: `not speaker: rep` never holds together with `speaker: rep`, so this cue never fires; "
        "take one of the two out.",
    ),
    "a counterexample that says what an example says": (
        "playbook: N\ntrackers:\n  - id: t\n    examples: [we do all of that by hand in spreadsheets]\n"
        "    counterexamples: [all of that is done manually in spreadsheets]\n",
        'p.yaml:5:23: the counterexample "all of that is done manually in spreadsheets" says the same as the example '
        '"we do all of that by hand in spreadsheets"; take one of the two out.',
    ),
    "two trackers for one thing": (
        "playbook: N\ntrackers:\n  - {id: t, examples: [we do all of that by hand in spreadsheets]}\n"
        "  - {id: u, examples: [it costs us a weekend, we do everything by hand in Excel]}\n",
        'p.yaml:4:47: the example "we do everything by hand in Excel" is too near to "we do all of that by hand in '
        'spreadsheets" of the tracker "t"; word it further apart, or make one tracker of the two.',
    ),
}


@pytest.mark.parametrize(("text", "line"), ONE_LINE.values(), ids=ONE_LINE.keys())
def test_what_is_bad_gives_one_line_with_its_place_and_its_mend(tmp_path: Path, text: str, line: str) -> None:
    assert warnings(tmp_path, text) == [line]


@pytest.mark.parametrize(
    "text",
    [
        with_cue(
            f"when: {{moment: pain}}\ncard: {{title: one two three four five six seven eight, say: '{LONG[:90]}'}}"
        ),
        with_cue(f"when: {{moment: pain}}\ncard:\n  title: t\n  say: |\n    {LONG[:90]}\n    {LONG[:90]}"),
        "playbook: N\ncompetitors: [{name: Front, aliases: [front app]}]\n",
        with_when("{stage: [demo, pricing], not: {stage: pricing}}"),
        with_when("{speaker: [rep, buyer], not: {speaker: rep}}"),
        with_when("any: [{all: [{stage: demo}, {stage: pricing}]}, {speaker: buyer}]"),
        with_when("all: [{moment: pain}, {moment: budget}, {not: {moment: authority}}]"),
        with_when("all: [{competitor: any, stance: past}, {competitor: Zendesk, stance: incumbent}]"),
        with_when("{competitor: any, not: {competitor: Zendesk}}"),
        with_when("{competitor: Zendesk, not: {competitor: Zendesk, stance: past}}"),
        with_when("{said: York, not: {said: New York}}"),
        with_cue("when: {moment: pain}\n" + CARD) + "  - {id: b, when: {not: {moment: pain}}, " + CARD + "}\n",
    ],
)
def test_what_is_good_gives_none(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, text) == []


def test_unsure_between_two_stages_the_cue_engine_may_fire_so_there_is_no_warning(tmp_path: Path) -> None:
    when = "all: [{stage: [demo, pricing]}, {not: {stage: demo}}, {not: {stage: pricing}}]"
    assert warnings(tmp_path, with_when(when)) == []


def test_warnings_come_beside_errors_and_only_of_what_is_sound(tmp_path: Path) -> None:
    text = (
        "playbook: N\npriorities:\n  - {id: p, name: P, weight: heavy, until: 2020-01-01}\n  - {id: q, name: Q}\n"
        "behaviours: [{id: b, name: B, serves: [q], trained: soon}]\n"
        "cues:\n  - {id: a, when: {stage: deemo}, prompts: b, card: {title: a b c d e f g h i, ask: q}}\n"
        "  - {id: b, when: {stage: demo}, card: {title: a b c d e f g h i, ask: q}}\n"
    )
    seen = found(tmp_path, text)
    assert [error.place.line for error in seen.errors] == [3, 5, 7]
    assert [(warning.place.line, warning.message.split(";")[0]) for warning in seen.warnings] == [
        (3, 'no behaviour serves the priority "p"'),
        (8, 'the title "a b c d e f g h i" has 9 words'),
    ]


def test_of_what_an_unreadable_file_may_use_nothing_is_called_unused(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("cues: [\n")
    seen = found(tmp_path, "playbook: N\npriorities: [{id: p, name: P}]\n")
    assert len(seen.errors) == 1
    assert seen.warnings == ()


@pytest.mark.parametrize(
    "parts",
    [
        ["{any: [{moment: pain}, {moment: budget}, {moment: authority}]}"] * 12,
        [f"{{said: word {number}}}" for number in range(20_000)],
    ],
    ids=["hundreds of alternatives", "thousands of parts"],
)
def test_a_condition_too_large_to_be_compared_is_left_alone(tmp_path: Path, parts: list[str]) -> None:
    assert warnings(tmp_path, with_when(f"all: [{{speaker: rep}}, {{speaker: buyer}}, {', '.join(parts)}]")) == []


def test_other_languages_than_english_are_not_held_against_english_words(tmp_path: Path) -> None:
    text = "playbook: N\nlanguage: de\ncompetitors: [{name: Frontapp, aliases: [front]}]\n"
    assert warnings(tmp_path, text) == []


def test_without_the_encoders_weights_it_says_that_the_trackers_were_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lint_hearing._encoder.cache_clear()
    monkeypatch.setattr(weights, "find_spec", lambda name: None)
    seen = found(tmp_path, ONE_LINE["two trackers for one thing"][0] + "competitors: [{name: F, aliases: [front]}]\n")
    assert seen.notice is not None
    assert seen.notice.startswith(
        "The trackers' sentences were not compared: The sentence encoder's weights are missing"
    )
    assert [warning.message.split(",")[0] for warning in seen.warnings] == ['the alias "front" is an everyday word']


def test_the_demo_playbook_has_nothing_to_warn_of() -> None:
    seen = find(DEMO_PLAYBOOK, DAY)
    assert (seen.errors, seen.warnings, seen.notice) == ((), (), None)
