"""`offbook test`: given a playbook, when this is said, then this card comes, as enablement writes it."""

import json
from pathlib import Path

import pytest
from talk import read_playbook
from user import DEMO_PLAYBOOK, Run, refused

from cues.check import PlaybookError
from overlay.rehearsal.rehearse import call_setup
from overlay.rehearsal.scenarios import Result, run

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))
CUES = """\
playbook: N
cues:
  - id: greets
    when: {said: good morning}
    card: {title: They greet you, ask: How are you?}
  - id: leaves
    when: {said: goodbye}
    card: {title: They leave, ask: When do we meet?}
tests:
"""

pytestmark = pytest.mark.usefixtures("machine")


def results(playbook: str, folder: Path) -> list[Result]:
    return list(run(call_setup(read_playbook(folder / "p", playbook))))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_scenario_of_the_file_passes(file: Path, tmp_path: Path) -> None:
    found = results(file.read_text(encoding="utf-8"), tmp_path)
    assert [result.instead for result in found if not result.passed] == []
    assert len(found) >= 3


def test_what_came_instead_is_told_with_its_words(tmp_path: Path) -> None:
    tests = """\
  - {name: another comes, said: [{buyer: Good morning to you.}], cards: leaves}
  - {name: nothing comes, said: [{buyer: Hello.}], cards: [greets, leaves]}
  - {name: one comes, said: [{buyer: Goodbye then.}], cards: []}
  - {name: it comes, said: [{rep: Goodbye then.}], not: leaves}
  - {name: the order counts, said: [{buyer: Goodbye.}, {at: 90s, buyer: Good morning.}], cards: [greets, leaves]}
"""
    found = results(CUES + tests, tmp_path)
    assert not any(result.passed for result in found)
    assert [result.instead for result in found] == [
        "expected leaves; came greets at 0:12 (“Good morning”)",
        "expected greets, then leaves; came nothing",
        "expected no card; came leaves at 0:11 (“Goodbye”)",
        "expected no leaves; came leaves at 0:11 (“Goodbye”)",
        "expected greets, then leaves; came leaves at 0:11 (“Goodbye.”), then greets at 1:31 (“Good morning.”)",
    ]


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ("{name: a, said: [{buyer: hi}], cards: greet}", 'unknown cue "greet"; did you mean "greets"?'),
        ("{name: a, said: [{buyer: hi}], not: [leave]}", 'unknown cue "leave"; did you mean "leaves"?'),
        ("{name: a, said: [{buyer: hi}]}", "needs one of cards and not"),
        ("{name: a, said: [{buyer: hi}], cards: greets, not: leaves}", "needs one of cards and not"),
        ("{name: a, said: [{buyer: hi}], cards: }", '"cards" has no value'),
        ("{name: a, said: [{buyer: hi, rep: ho}], cards: []}", "needs one side that speaks"),
        ("{name: a, said: [{customer: hi}], cards: []}", 'unknown key "customer"; choose one of rep, buyer, at.'),
        ("{name: a, said: [hi], cards: []}", '"hi" must have keys'),
        ("{name: a, said: hi, cards: []}", "needs a list of lines"),
        ("{name: a, said: [], cards: []}", "is an empty list"),
        ("{name: a, cards: []}", '"said" is missing here'),
        ("{name: a, said: [{buyer: hi, at: late}], cards: []}", '"late" is no duration'),
        ("{name: a, said: [{buyer: hi, at: 5m}, {rep: ho, at: 20s}], cards: []}", "lies before one above it"),
    ],
)
def test_a_scenario_that_is_written_wrong_is_an_error_of_the_playbook(test: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(PlaybookError) as error:
        read_playbook(tmp_path / "p", f"{CUES}  - {test}\n")
    assert sentence in str(error.value)
    assert "p.yaml:10:" in str(error.value)


def test_two_scenarios_of_one_name_are_an_error(tmp_path: Path) -> None:
    test = "  - {name: a, said: [{buyer: hi}], cards: []}\n"
    with pytest.raises(PlaybookError, match='duplicate name "a"'):
        read_playbook(tmp_path / "p", CUES + test + test)


def test_the_demo_playbook_s_scenarios_pass(offbook: Run) -> None:
    done = offbook("test", DEMO_PLAYBOOK)
    assert done.returncode == 0, done.stdout
    assert "✓ Price pushback brings the trade card" in done.stdout
    assert done.stdout.endswith("6 of 6 tests passed.\n")


def test_the_command_exits_with_1_where_one_fails_and_with_2_where_none_can_be_run(
    offbook: Run, tmp_path: Path
) -> None:
    read_playbook(tmp_path / "p", f"{CUES}  - {{name: a, said: [{{buyer: Goodbye.}}], cards: greets}}\n")
    failed = offbook("test", tmp_path / "p")
    assert failed.returncode == 1
    assert "✗ a: expected greets; came leaves at 0:11 (“Goodbye.”)." in failed.stdout
    told = json.loads(offbook("test", tmp_path / "p", "--json").stdout)
    assert (told["failed"], told["tests"][0]["came"][0]["cue"]) == (1, "leaves")
    read_playbook(tmp_path / "none", CUES.removesuffix("tests:\n"))
    refused(offbook("test", tmp_path / "none"), "has no tests")
    read_playbook(tmp_path / "bad", CUES.removesuffix("tests:\n"))
    (tmp_path / "bad" / "p.yaml").write_text("playbook: N\ncues: [{id: x}]\n")
    assert offbook("test", tmp_path / "bad").returncode == 2
