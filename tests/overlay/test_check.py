"""`offbook check` as enablement, editors and CI run it."""

import json
import os
import shutil
from pathlib import Path

import pytest
from user import DEMO_PLAYBOOK, Run, refused

from tests.bench.playbook_check import BAR_S, CUES, many_cues

WARNED = "cues:\n  - id: one\n    when: {moment: budget}\n    card: {title: a b c d e f g h i, ask: q}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo playbook."""
    shutil.copytree(DEMO_PLAYBOOK, tmp_path / "playbook")
    return tmp_path / "playbook"


def test_a_good_playbook_is_summed_up_in_one_line(offbook: Run, folder: Path) -> None:
    result = offbook("check", folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == ("Northwind: 3 priorities, 6 behaviours, 20 cues, 5 competitors, 4 trackers; no errors.\n")


def test_warnings_alone_are_no_failure(offbook: Run, folder: Path) -> None:
    (folder / "more.yaml").write_text(WARNED)
    result = offbook("check", folder)
    assert result.returncode == 0
    assert result.stdout.endswith("no errors.\n")
    assert result.stderr == (
        f'{folder}/more.yaml:4:19: warning: the title "a b c d e f g h i" has 9 words; shorten it to 8 at most.\n'
    )


def test_warnings_follow_the_errors(offbook: Run, folder: Path) -> None:
    (folder / "more.yaml").write_text(WARNED + "  - id: two\n    when: {moment: budgt}\n    card: {title: t, ask: q}\n")
    result = offbook("check", folder)
    assert (result.returncode, result.stdout) == (2, "")
    error, warning = result.stderr.splitlines()
    assert error == f'{folder}/more.yaml:6:20: unknown moment "budgt"; did you mean "budget"?'
    assert warning.startswith(f"{folder}/more.yaml:4:19: warning: ")


def test_json_lists_errors_and_warnings_alike(offbook: Run, folder: Path) -> None:
    (folder / "more.yaml").write_text(WARNED + "  - id: two\n    when: {moment: budgt}\n    card: {title: t, ask: q}\n")
    result = offbook("check", folder, "--json")
    assert (result.returncode, result.stderr) == (2, "")
    assert json.loads(result.stdout) == [
        {
            "severity": "error",
            "file": f"{folder}/more.yaml",
            "line": 6,
            "column": 20,
            "message": 'unknown moment "budgt"; did you mean "budget"?',
        },
        {
            "severity": "warning",
            "file": f"{folder}/more.yaml",
            "line": 4,
            "column": 19,
            "message": 'the title "a b c d e f g h i" has 9 words; shorten it to 8 at most.',
        },
    ]


def test_json_of_a_good_playbook_is_an_empty_list(offbook: Run, folder: Path) -> None:
    result = offbook("check", folder, "--json")
    assert (result.returncode, json.loads(result.stdout), result.stderr) == (0, [], "")


def test_what_a_terminal_would_obey_is_not_printed(offbook: Run, folder: Path) -> None:
    (folder / "more.yaml").write_text('cues:\n  - id: "a\\e[2Jb"\n    when: {said: x}\n    card: {title: t, ask: q}\n')
    result = offbook("check", folder)
    assert result.returncode == 2
    assert "more.yaml:2:9: this text holds the control character U+001B; take it out." in result.stderr
    assert "\x1b" not in result.stderr


def test_a_folder_that_is_not_there_is_told_in_one_sentence_also_with_json(offbook: Run) -> None:
    refused(offbook("check", "nowhere", "--json"), "nowhere: no such playbook folder")


def test_the_cues_of_a_large_company_are_checked_within_seconds(offbook: Run, tmp_path: Path) -> None:
    many_cues(tmp_path, CUES)
    before = os.times()
    result = offbook("check", tmp_path)
    after = os.times()
    assert f" {CUES} cues," in result.stdout, result.stderr
    # Processor time, and twice the bar: other tests run beside it. The figure itself is the bench's.
    assert sum(after[2:4]) - sum(before[2:4]) < 2 * BAR_S
