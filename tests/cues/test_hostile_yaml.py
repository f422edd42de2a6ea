"""Whatever stands in a playbook's files: it loads, or every line of the error names a place and a mend."""

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from user import DEMO_PLAYBOOK, ROOT

from cues.check import PlaybookError, read_draft
from cues.findings import lint

DAY = date(2026, 11, 24)
SAMPLE = re.search(r"```yaml\n(.*?)```", (ROOT / "cues/PLAYBOOK.md").read_text(encoding="utf-8"), re.DOTALL)
assert SAMPLE
PLAYBOOKS = [SAMPLE[1].encode(), *(file.read_bytes() for file in sorted(DEMO_PLAYBOOK.glob("*.yaml")))]
PIECES = [
    *(b"\0 \x07 \x1b \x7f \xff \xc3 \xed\xa0\x80 \xe2\x80\xa8 \xef\xbb\xbf \xc2\x85 \xf0\x9f\x92\xac").split(),
    *(b"\t|\r|\n|\n\n|  |:| : |- |, |? |# |---\n|...\n|%YAML 9.9\n|%TAG ! x\n".split(b"|")),
    *(b"{ } [ ] {{ [[ ' \" \\ > @ ` ! !! !!binary !!python/object:os.system & &a * *a << <<:".split()),
    *(b"| |- >+ null ~ no on .inf .nan 0x1F 1e999 -1 2026-13-01 9999-12-31 2026-02-30 5m 0s NaN".split()),
    *(b'"\\0" "\\ud800" "\\x1b[2J" "\\U0010FFFF" "a\\nb"'.split()),
    b"9" * 5_000,
    b"-" * 5_000,
    b"[" * 100,
    b"{a: " * 100,
    b"- " * 100,
    b"&b [" * 50,
    b"x" * 2_000,
    *(b"id: a|when:|when: {}|all: []|not: {not: {not: {moment: pain}}}|cues:|trackers:|playbook: N".split(b"|")),
]
Change = Callable[[bytes], bytes]


def put(at: int, gone: int, piece: bytes) -> Change:
    """Writes a piece over some bytes."""
    return lambda raw: raw[: at % (len(raw) + 1)] + piece + raw[at % (len(raw) + 1) + gone :]


def value(line: int, piece: bytes) -> Change:
    """Writes a piece where a line's value stands."""

    def change(raw: bytes) -> bytes:
        lines = raw.split(b"\n")
        key, colon, _ = lines[line % len(lines)].partition(b": ")
        lines[line % len(lines)] = key + (colon or b": ") + piece
        return b"\n".join(lines)

    return change


def move(line: int, to: int, indent: int) -> Change:
    """Writes a line again elsewhere, indented otherwise."""

    def change(raw: bytes) -> bytes:
        lines = raw.split(b"\n")
        lines.insert(to % (len(lines) + 1), b" " * indent + lines[line % len(lines)].lstrip())
        return b"\n".join(lines)

    return change


def laughs(levels: int, wide: int, key: bytes) -> Change:
    """Lists of aliases of lists of aliases, used at the end."""
    names = [b"l%d" % level for level in range(levels)]
    lists = [b"&l0 [ha]"] + [b"&%s [%s]" % (new, b", ".join([b"*" + old] * wide)) for old, new in pairwise(names)]
    return lambda raw: raw + b"\n%s:\n" % key + b"".join(b"  - %s\n" % each for each in lists)


PIECE = st.one_of(st.sampled_from(PIECES), st.binary(max_size=6), st.text(max_size=6).map(lambda text: text.encode()))
PLACE = st.integers(0, 10_000)
CHANGES = st.one_of(
    st.builds(put, PLACE, st.integers(0, 12), PIECE),
    st.builds(value, PLACE, PIECE),
    st.builds(move, PLACE, PLACE, st.integers(0, 12)),
    st.builds(laughs, st.integers(1, 9), st.integers(1, 9), st.sampled_from([b"x", b"cues", b"trackers", b"owner"])),
)
FILES = st.builds(
    lambda raw, changes: [raw := change(raw) for change in changes][-1],
    st.sampled_from(PLAYBOOKS),
    st.lists(CHANGES, min_size=1, max_size=4),
)
LINE = re.compile(r"p\.yaml:(\d+):(\d+): (?!.*(nput should|valid string|see cues|Traceback)).+[.?]")


def loads_or_says_why(folder: Path, raw: bytes) -> None:
    (folder / "p.yaml").write_bytes(raw)
    draft = read_draft(folder)
    told = [*draft.problems, *lint(draft, DAY)]
    for problem in told:
        line = str(problem).removeprefix(f"{folder}/")
        found = LINE.fullmatch(line)
        assert found, line
        assert int(found[1]) <= len(re.split(rb"\r\n?|\n|\xc2\x85|\xe2\x80[\xa8\xa9]", raw)) + 1, line
    assert len(str(PlaybookError(draft.problems)).splitlines()) == len(set(draft.problems))


@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_a_playbook_changed_at_will_loads_or_says_why(tmp_path: Path, raw: bytes) -> None:
    loads_or_says_why(tmp_path, raw)


@pytest.mark.verify
@settings(
    max_examples=100_000, deadline=None, derandomize=False, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(FILES)
def test_a_playbook_changed_at_will_loads_or_says_why_in_very_many_cases(tmp_path: Path, raw: bytes) -> None:
    loads_or_says_why(tmp_path, raw)
