"""Every message that enablement sees when a playbook is wrong: the whole line, place and mend."""

import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from asr.errors import BadInputError
from cues.check import PlaybookError, load_playbook

VALID = """\
playbook: Northwind
language: en
priorities:
  - id: cloud
    name: Move to Cloud
    weight: 3
    from: 2026-10-01
    until: 2027-03-31
behaviours:
  - id: quantify
    name: Put a number on it
    trained: 2026-10-06
    serves: [cloud]
    evidence: [what does that cost you in a month]
competitors:
  - name: Zendesk
    aliases: [zen desk]
trackers:
  - id: manual-work
    examples: [we do all of that by hand]
cues:
  - id: zendesk-in-place
    when:
      all:
        - {competitor: Zendesk, stance: [incumbent, evaluating]}
        - speaker: buyer
        - not: {moment: next_step}
    card:
      title: They run Zendesk today
      ask: What made you start looking?
      link: https://example.com/zendesk
    prompts: quantify
    cooldown: 5m
    window: 45s
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a playbook folder: `write("text")` or `write(a_yaml="text", b_yaml=b"bytes")`."""

    def _write(text: str | bytes | None = None, **files: str | bytes) -> Path:
        folder = tmp_path / "pb"
        folder.mkdir()
        for name, content in ({"p_yaml": text} if text is not None else files).items():
            raw = content.encode() if isinstance(content, str) else content
            (folder / name.replace("_", ".")).write_bytes(raw)
        return folder

    return _write


def lines(folder: Path) -> list[str]:
    """The error's lines, with file names instead of whole paths."""
    with pytest.raises(PlaybookError) as error:
        load_playbook(folder)
    return str(error.value).replace(f"{folder}{os.sep}", "").splitlines()


def with_cue(cue: str) -> str:
    return "playbook: N\ncues:\n  - id: a\n" + "".join(f"    {line}\n" for line in cue.splitlines())


CARD = "card: {title: t, ask: q}"

ONE_LINE: dict[str, tuple[str, str]] = {
    "an open bracket": (
        "playbook: N\ncues: [a\n",
        'p.yaml:2:7: the bracket "[" opened here is not closed (reading stopped on line 3); '
        "close it, or put the texts inside it in quotes.",
    ),
    "open quotes": (
        'playbook: N\nowner: "Ann\n',
        "p.yaml:2:8: the quotes opened here are not closed; put the same quote at the end of the text.",
    ),
    "a second colon": (
        "playbook: Northwind: the book\n",
        "p.yaml:1:20: a colon stands where none can; put the text in quotes, "
        "or check this line's indentation and the colon of the line above.",
    ),
    "a text that begins with @": (
        "playbook: @N\n",
        'p.yaml:1:11: a text can\'t begin with "@"; put the text in quotes.',
    ),
    "bold text": (
        "playbook: **N**\n",
        'p.yaml:1:11: a text can\'t begin with "*" or "&", which YAML keeps for itself; put the text in quotes.',
    ),
    "a tab as indentation": (
        "playbook: N\ncues:\n\t- id: a\n",
        "p.yaml:3:1: a tab is used as indentation; indent with spaces.",
    ),
    "a tab under a text": (
        "playbook: N\nowner: x\n\tid: a\n",
        "p.yaml:3:1: a tab is used as indentation; indent with spaces.",
    ),
    "an entry out of line": (
        "playbook: N\ncues:\n  - id: a\n   when: x\n",
        "p.yaml:4:4: this line is indented less than the entry it belongs to, or misses its dash; "
        "line it up with the rest.",
    ),
    "a closing bracket too many": (
        "playbook: N\ncues: []]\n",
        "p.yaml:2:9: this is no `key: value` like the lines before it; check its indentation, "
        "and that quotes and brackets before it are closed only once.",
    ),
    "a control character": (
        "playbook: N\nowner: \x07\n",
        "p.yaml:2:8: the control character U+0007 stands here; take it out.",
    ),
    "a second document": (
        "playbook: N\n---\nplaybook: M\n",
        'p.yaml:2:1: a second document begins here; take the line "---" out.',
    ),
    "a list at the top": (
        "- a\n- b\n",
        "p.yaml:1:1: a playbook file is made of keys; begin it with `playbook: NAME`.",
    ),
    "plain text": ("hello\n", "p.yaml:1:1: a playbook file is made of keys; begin it with `playbook: NAME`."),
    "an empty file": ("", "p.yaml:1:1: the playbook has no name; begin a file with `playbook: NAME`."),
    "only a comment": ("# later\n", "p.yaml:1:1: the playbook has no name; begin a file with `playbook: NAME`."),
    "no name": ("language: en\n", "p.yaml:1:1: the playbook has no name; begin a file with `playbook: NAME`."),
    "a name without text": ("playbook:\n", 'p.yaml:1:10: "playbook" has no value; write one, or take it out.'),
    "a name of blanks": ("playbook: '  '\n", 'p.yaml:1:11: "playbook" is empty; write a text, or take it out.'),
    "cues without dashes": (
        "playbook: N\ncues:\n  id: a\n",
        'p.yaml:3:3: "cues" needs a list; begin each of its entries with a dash.',
    ),
    "an unknown key at the top": ("playbook: N\ncue: []\n", 'p.yaml:2:1: unknown key "cue"; did you mean "cues"?'),
    "an unknown key in a card": (
        with_cue("when: {moment: pain}\ncard:\n  title: t\n  ask: q\n  prof: p"),
        'p.yaml:8:7: unknown key "prof"; did you mean "proof"?',
    ),
    "an unknown key in a condition": (
        with_cue("when: {moment: pain, stages: demo}\n" + CARD),
        'p.yaml:4:26: unknown key "stages"; did you mean "stage"?',
    ),
    "Python's spelling of a key": (
        "playbook: N\npriorities:\n  - {id: a, name: x, from_: 2026-01-01}\n",
        'p.yaml:3:22: unknown key "from_"; did you mean "from"?',
    ),
    "the same key twice": (
        "playbook: N\nplaybook: M\n",
        'p.yaml:2:1: the key "playbook" stands twice in one mapping; keep one of them.',
    ),
    "a list as key": (
        "playbook: N\n? [a, b]\n: c\n",
        "p.yaml:2:3: a key must be one word, not a list or mapping; put it in quotes.",
    ),
    "the same id twice": (
        "playbook: N\npriorities:\n  - {id: no, name: x}\n  - {id: no, name: y}\n",
        'p.yaml:4:10: duplicate id "no", first in p.yaml, line 3; rename one.',
    ),
    "the same competitor twice": (
        "playbook: N\ncompetitors:\n  - name: Zendesk\n  - name: Zendesk\n",
        'p.yaml:4:11: duplicate name "Zendesk", first in p.yaml, line 3; rename one.',
    ),
    "an id with a blank": (
        "playbook: N\npriorities:\n  - {id: A B, name: x}\n",
        'p.yaml:3:10: "A B" is no id; use lower-case letters, digits and dashes, such as zendesk-in-place.',
    ),
    "an unknown behaviour": (
        with_cue("when: {moment: pain}\n" + CARD + "\nprompts: quantfy") + "behaviours: [{id: quantify, name: Q}]\n",
        'p.yaml:6:14: unknown behaviour "quantfy"; did you mean "quantify"?',
    ),
    "a behaviour where none is defined": (
        with_cue("when: {moment: pain}\n" + CARD + "\nprompts: quantify"),
        'p.yaml:6:14: unknown behaviour "quantify"; the playbook defines no behaviour yet; add it.',
    ),
    "an unknown priority": (
        "playbook: N\npriorities: [{id: cloud, name: C}]\nbehaviours:\n  - {id: b, name: B, serves: [cloud, clowd]}\n",
        'p.yaml:4:38: unknown priority "clowd"; did you mean "cloud"?',
    ),
    "an unknown tracker": (
        with_cue("when: {tracker: manual}\n" + CARD) + "trackers: [{id: manual-work, examples: by hand}]\n",
        'p.yaml:4:21: unknown tracker "manual"; did you mean "manual-work"?',
    ),
    "an unknown competitor deep inside": (
        with_cue("when:\n  any:\n    - all:\n        - not: {competitor: Zendsk}\n" + CARD)
        + "competitors: [{name: Zendesk}]\n",
        'p.yaml:7:33: unknown competitor "Zendsk"; did you mean "Zendesk"?',
    ),
    "an unknown stage": (
        with_cue("when: {stage: [demo, prcing]}\n" + CARD),
        'p.yaml:4:26: unknown stage "prcing"; did you mean "pricing"?',
    ),
    "an unknown role": (
        with_cue("when: {role: champ}\n" + CARD),
        'p.yaml:4:18: unknown role "champ"; did you mean "champion"?',
    ),
    "an unknown moment": (
        with_cue("when: {moment: pian}\n" + CARD),
        'p.yaml:4:20: unknown moment "pian"; did you mean "pain"?',
    ),
    "an unknown stance": (
        with_cue("when: {competitor: any, stance: using}\n" + CARD),
        'p.yaml:4:37: unknown stance "using"; choose one of incumbent, evaluating, past, compared, mentioned.',
    ),
    "an unknown speaker": (
        with_cue("when: {speaker: both}\n" + CARD),
        'p.yaml:4:21: unknown speaker "both"; choose one of rep, buyer.',
    ),
    "a month that does not exist": (
        "playbook: N\npriorities:\n  - {id: p, name: P, from: 2026-13-01}\n",
        'p.yaml:3:28: "2026-13-01" is no date; write it as year-month-day, such as 2026-10-31.',
    ),
    "a date in words": (
        "playbook: N\nbehaviours:\n  - {id: p, name: P, trained: 6 October}\n",
        'p.yaml:3:31: "6 October" is no date; write it as year-month-day, such as 2026-10-31.',
    ),
    "until before from": (
        "playbook: N\npriorities:\n  - {id: p, name: P, from: 2026-12-01, until: 2026-10-01}\n",
        'p.yaml:3:47: "2026-10-01" lies before from, 2026-12-01; swap the two dates.',
    ),
    "a weight in words": (
        "playbook: N\npriorities:\n  - {id: p, name: P, weight: heavy}\n",
        'p.yaml:3:30: "heavy" is no weight; write a number above 0, at most 100.',
    ),
    "more than half held out": (
        "playbook: N\nbehaviours:\n  - {id: b, name: B, holdout: 0.6}\n",
        'p.yaml:3:31: "0.6" is no share to hold out; write a number from 0 to 0.5.',
    ),
    "a fading of another kind": (
        "playbook: N\nbehaviours:\n  - {id: b, name: B, fading: no}\n",
        'p.yaml:3:30: "no" is no value for fading; write on or off.',
    ),
    "a weight of nothing": (
        "playbook: N\npriorities:\n  - {id: p, name: P, weight: nan}\n",
        'p.yaml:3:30: "nan" is no weight; write a number above 0, at most 100.',
    ),
    "an empty card": (
        with_cue("when: {moment: pain}\ncard: {title: t}"),
        'p.yaml:5:11: "card" is empty; add one of ask, say, proof.',
    ),
    "a card of blank lines": (
        with_cue("when: {moment: pain}\ncard:\n  title: t\n  ask:\n  say:"),
        'p.yaml:6:7: "card" is empty; add one of ask, say, proof.',
    ),
    "a card without title": (
        with_cue("when: {moment: pain}\ncard: {ask: q}"),
        'p.yaml:5:11: "title" is missing here; add it.',
    ),
    "a cue without condition": (with_cue(CARD), 'p.yaml:3:5: "when" is missing here; add it.'),
    "a condition without keys": (
        with_cue("when: {}\n" + CARD),
        'p.yaml:4:11: "when" is empty; say when the card comes, such as `moment: pain`.',
    ),
    "a condition left blank": (
        with_cue("when:\n  moment: pain\n  stage:\n" + CARD),
        'p.yaml:6:13: "stage" has no value; write one, or take it out.',
    ),
    "a condition with an empty list": (
        with_cue("when: {stage: []}\n" + CARD),
        'p.yaml:4:19: "stage" is an empty list; add at least one entry, or take it out.',
    ),
    "all: of nothing": (
        with_cue("when: {all: []}\n" + CARD),
        'p.yaml:4:17: "all" is an empty list; add at least one entry, or take it out.',
    ),
    "stance without competitor": (
        with_cue("when: {stance: past}\n" + CARD),
        'p.yaml:4:11: "when" has stance without competitor; add `competitor: any` beside it.',
    ),
    "within without earlier": (
        with_cue("when: {moment: pain, within: 30s}\n" + CARD),
        'p.yaml:4:11: "when" has within without earlier; add `earlier: CONDITION` beside it.',
    ),
    "earlier inside earlier": (
        with_cue("when: {earlier: {all: [{moment: pain}, {earlier: {said: price}}]}}\n" + CARD),
        'p.yaml:4:11: "when" has earlier inside earlier; put the two beside each other under `all:`.',
    ),
    "silence inside earlier": (
        with_cue("when: {earlier: {silence: 4s}}\n" + CARD),
        'p.yaml:4:11: "when" has silence inside earlier, which looks at what was said; take it out.',
    ),
    "a tracker under earlier that is not defined": (
        with_cue("when: {earlier: {tracker: manual}}\n" + CARD),
        'p.yaml:4:31: unknown tracker "manual"; the playbook defines no tracker yet; add it.',
    ),
    "a talk share without bounds": (
        with_cue("when: {talk_share: {}}\n" + CARD),
        'p.yaml:4:24: "talk_share" is empty; give it above or below, such as `above: 0.65`.',
    ),
    "a talk share in percent": (
        with_cue("when: {talk_share: {above: 65}}\n" + CARD),
        'p.yaml:4:32: "65" is no share; write a number between 0 and 1, such as 0.65.',
    ),
    "a talk share that nothing can have": (
        with_cue("when: {talk_share: {above: 0.6, below: 0.3}}\n" + CARD),
        'p.yaml:4:24: "talk_share" is never above the one and below the other; swap the two, or take one out.',
    ),
    "a number as talk share": (
        with_cue("when: {talk_share: 0.65}\n" + CARD),
        'p.yaml:4:24: "0.65" needs bounds, such as `talk_share: {above: 0.65}`.',
    ),
    "an unknown bound of the talk share": (
        with_cue("when: {talk_share: {abov: 0.65}}\n" + CARD),
        'p.yaml:4:25: unknown key "abov"; did you mean "above"?',
    ),
    "a deal without facts": (
        with_cue("when: {deal: {}}\n" + CARD),
        'p.yaml:4:18: "deal" is empty; name a fact, such as `segment: enterprise`.',
    ),
    "a text as deal": (
        with_cue("when: {deal: enterprise}\n" + CARD),
        'p.yaml:4:18: "enterprise" needs facts, such as `deal: {segment: enterprise}`.',
    ),
    "a deal's value without bounds": (
        with_cue("when: {deal: {value: 50000}}\n" + CARD),
        'p.yaml:4:26: "50000" needs bounds, such as `value: {at_least: 50000}`.',
    ),
    "a deal's value with signs": (
        with_cue("when: {deal: {value: {at_least: 50k}}}\n" + CARD),
        'p.yaml:4:37: "50k" is no number; write it without signs, such as 50000.',
    ),
    "an unknown bound of a deal's fact": (
        with_cue("when: {deal: {value: {at_leest: 50}}}\n" + CARD),
        'p.yaml:4:27: unknown key "at_leest"; did you mean "at_least"?',
    ),
    "bounds that nothing lies within": (
        with_cue("when: {deal: {value: {at_least: 50, at_most: 40}}}\n" + CARD),
        'p.yaml:4:26: "value" has at_least above at_most; swap the two, or take one out.',
    ),
    "an empty text among the names": (
        "playbook: N\nnames: ['']\ncues: []\n",
        "p.yaml:2:9: an entry of names is empty; write a text, or take it out.",
    ),
    "a list as condition": (
        with_cue("when: [pain]\n" + CARD),
        'p.yaml:4:11: "when" needs a condition such as `moment: pain`; several go under `all:` or `any:`.',
    ),
    "a title that may have a hole": (
        with_cue("when: {moment: pain}\ncard: {title: '{account} hesitates', ask: q}"),
        'p.yaml:5:19: "{account} hesitates" is no title where account is not known; '
        "add what stands there then: {account|TEXT}.",
    ),
    "a card whose lines all may be left out": (
        with_cue("when: {moment: pain}\ncard: {title: t, ask: ['For {account}?', 'For {value}?']}"),
        'p.yaml:5:11: "card" has no ask, say or proof where account is not known; '
        "add what stands there then: {account|TEXT}.",
    ),
    "a language that is none": (
        with_cue("when: {moment: pain}\ncard: {title: t, ask: q, languages: {german: {title: t, ask: q}}}"),
        'p.yaml:5:50: "german" is no language; write two small letters such as de.',
    ),
    "a card in another language without lines": (
        with_cue("when: {moment: pain}\ncard: {title: t, ask: q, languages: {de: {title: t}}}"),
        'p.yaml:5:46: "de" is empty; add one of ask, say, proof.',
    ),
    "a text as card": (
        with_cue("when: {moment: pain}\ncard: Trade"),
        'p.yaml:5:11: "Trade" needs keys such as title and ask; write each on a line of its own.',
    ),
    "a text as cue": (
        "playbook: N\ncues:\n  - Trade\n",
        'p.yaml:3:5: "Trade" must have keys; write each of them as `key: value`, such as `id: my-id`.',
    ),
    "nothing as cue": (
        "playbook: N\ncues:\n  -\n",
        "p.yaml:3:4: an entry of cues has no value; write one, or take it out.",
    ),
    "a list as title": (
        with_cue("when: {moment: pain}\ncard: {title: [t], ask: q}"),
        'p.yaml:5:19: "title" must be one text, not a list or a mapping; write it on one line, or put it in quotes.',
    ),
    "a very long title": (
        with_cue(f"when: {{moment: pain}}\ncard: {{title: {'long ' * 101}, ask: q}}"),
        f'p.yaml:5:19: "{"long " * 12}..." is longer than the 500 characters that title may have; shorten it.',
    ),
    "a tracker without examples": (
        "playbook: N\ntrackers:\n  - {id: t, examples: []}\n",
        'p.yaml:3:23: "examples" is an empty list; add at least one entry, or take it out.',
    ),
    "an empty example": (
        "playbook: N\ntrackers:\n  - {id: t, examples: ['']}\n",
        "p.yaml:3:24: an entry of examples is empty; write a text, or take it out.",
    ),
    "a link without https": (
        with_cue("when: {moment: pain}\ncard: {title: t, ask: q, link: example.com}"),
        'p.yaml:5:36: "example.com" is no web address; write it without spaces, such as https://example.com/page.',
    ),
    "a language in words": (
        "playbook: N\nlanguage: english\n",
        'p.yaml:2:11: "english" is no language; write two small letters such as en.',
    ),
    "a cooldown without unit": (
        with_cue("when: {moment: pain}\n" + CARD + "\ncooldown: 120"),
        'p.yaml:6:15: "120" is no duration; write 20s or 5m.',
    ),
    "a cooldown in words": (
        with_cue("when: {moment: pain}\n" + CARD + "\ncooldown: 5 minutes"),
        'p.yaml:6:15: "5 minutes" is no duration; write 20s or 5m.',
    ),
    "a window of nothing": (
        with_cue("when: {moment: pain}\n" + CARD + "\nwindow: 0s"),
        'p.yaml:6:13: "0s" is no duration; write 20s or 5m.',
    ),
    "a cooldown of years": (
        with_cue("when: {moment: pain}\n" + CARD + f"\ncooldown: {'9' * 400}s"),
        f'p.yaml:6:15: "{"9" * 60}..." is longer than a day; write 20s or 5m.',
    ),
    "a list as cooldown": (
        with_cue("when: {moment: pain}\n" + CARD + "\ncooldown: [5m]"),
        'p.yaml:6:15: "cooldown" is no duration; write 20s or 5m.',
    ),
    "a behaviour by its name": (
        with_cue("when: {moment: pain}\n" + CARD + "\nprompts: Ask why")
        + "behaviours: [{id: ask-why, name: Ask why}]\n",
        'p.yaml:6:14: unknown behaviour "Ask why"; did you mean "ask-why"?',
    ),
    "a text as condition": (
        with_cue("when: {all: [pain]}\n" + CARD),
        'p.yaml:4:18: "pain" needs a condition such as `moment: pain`.',
    ),
    "a blank stage": (
        with_cue("when: {stage: ''}\n" + CARD),
        'p.yaml:4:19: unknown stage ""; choose one of opening, discovery, qualification, demo, pricing, negotiation, '
        "closing, renewal.",
    ),
    "no space behind a colon": (
        with_cue("when: {moment: pain, stage:demo}\n" + CARD),
        'p.yaml:4:26: the key "stage:demo" has no value; put a space behind the colon.',
    ),
    "examples left blank": (
        "playbook: N\ntrackers:\n  - id: t\n    examples:\n",
        'p.yaml:4:14: "examples" has no value; write one, or take it out.',
    ),
    "a text that begins with a question mark": (
        with_cue("when: {moment: pain}\ncard:\n  title: t\n  ask: ? who"),
        'p.yaml:7:12: a text can\'t begin with "?"; put the text in quotes.',
    ),
    "a YAML version from the future": (
        "%YAML 9.9\n---\nplaybook: N\n",
        'p.yaml:1:1: a line can\'t begin with "%"; put the text in quotes.',
    ),
    "a control character in disguise": (
        'playbook: "N\\e[2J"\n',
        "p.yaml:1:11: this text holds the control character U+001B; take it out.",
    ),
    "an alias as key": (
        "playbook: &a N\n*a : x\n",
        "p.yaml:2:1: a key must be one word, not a list or mapping; put it in quotes.",
    ),
    "an alias of nothing": (
        "playbook: *n\n",
        'p.yaml:1:11: a text can\'t begin with "*" or "&", which YAML keeps for itself; put the text in quotes.',
    ),
    "a comma inside {...}": (
        with_cue("when: {moment: pain}\ncard: {title: Trade, never discount, ask: Which part would you leave out?}"),
        'p.yaml:5:26: the comma before "never discount" ends the value inside {...}; '
        "put the whole text in quotes, or write one key per line.",
    ),
    "a key without value inside {...}": (
        "playbook: N\npriorities:\n  - {id, name: x, id: y}\n",
        'p.yaml:3:6: "id" has no value inside {...}; write `id: VALUE`, or put the whole text in quotes.',
    ),
    "an alias inside what it names": (
        "playbook: N\ncues: &a [*a]\n",
        "p.yaml:2:11: the alias *a stands inside what it names; write the value out.",
    ),
    "nesting 10,000 deep": (
        "playbook: N\ncues: " + "[" * 10_000,
        "p.yaml:2:45: values nest more than 40 deep; a playbook needs no more than 10.",
    ),
    "a merge key": (
        "playbook: N\npriorities:\n  - &p {id: a, name: x}\n  - {<<: *p, id: b, name: y}\n",
        'p.yaml:4:6: playbooks have no merge key "<<"; write the values out.',
    ),
}


@pytest.mark.parametrize(("text", "line"), ONE_LINE.values(), ids=ONE_LINE.keys())
def test_one_mistake_gives_one_line_with_its_place_and_its_mend(write: Write, text: str, line: str) -> None:
    assert lines(write(text)) == [line]


def test_nothing_is_wrong_with_the_playbook_that_the_other_tests_break(write: Write) -> None:
    playbook = load_playbook(write(VALID))
    assert (playbook.cues[0].cooldown, playbook.cues[0].window) == (300, 45)
    assert len(playbook.hash) == 64


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (
            b"playbook: N\nowner: caf\xe9\n",
            "p.yaml:2:11: byte 0xe9 is not UTF-8; save the file with the encoding UTF-8.",
        ),
        (
            b"\xef\xbb\xbfplaybook: \xff\n",
            "p.yaml:1:11: byte 0xff is not UTF-8; save the file with the encoding UTF-8.",
        ),
        (
            "playbook: é".encode() + b"\xe9",
            "p.yaml:1:12: byte 0xe9 is not UTF-8; save the file with the encoding UTF-8.",
        ),
        ("playbook: N".encode("utf-16"), "p.yaml:1:1: byte 0xff is not UTF-8; save the file with the encoding UTF-8."),
    ],
)
def test_a_file_that_is_not_utf8_is_named_with_the_place_of_the_byte(write: Write, raw: bytes, line: str) -> None:
    assert lines(write(raw)) == [line]


def test_every_mistake_of_every_file_is_told_at_once_in_order(write: Write) -> None:
    folder = write(
        b_yaml="cues:\n  - id: x\n    when: {stage: demoo}\n    card: {title: t, link: nowhere}\n    cooldown: soon\n",
        a_yaml="playbook: N\nlanguage: english\npriorities:\n  - {id: p, name: P, from: never, weight: -1}\n",
    )
    assert lines(folder) == [
        'a.yaml:2:11: "english" is no language; write two small letters such as en.',
        'a.yaml:4:28: "never" is no date; write it as year-month-day, such as 2026-10-31.',
        'a.yaml:4:43: "-1" is no weight; write a number above 0, at most 100.',
        'b.yaml:3:19: unknown stage "demoo"; did you mean "demo"?',
        'b.yaml:4:11: "card" is empty; add one of ask, say, proof.',
        'b.yaml:4:28: "nowhere" is no web address; write it without spaces, such as https://example.com/page.',
        'b.yaml:5:15: "soon" is no duration; write 20s or 5m.',
    ]


def test_an_id_used_in_two_files_names_the_other_file(write: Write) -> None:
    folder = write(
        a_yaml="playbook: N\npriorities: [{id: p, name: P}]\n",
        b_yaml="playbook: M\npriorities:\n  - {id: p, name: Q}\n",
    )
    assert lines(folder) == [
        'b.yaml:1:1: the key "playbook" stands in another file of this playbook too; keep one of them.',
        'b.yaml:3:10: duplicate id "p", first in a.yaml, line 2; rename one.',
    ]


def test_a_broken_file_does_not_make_the_names_it_defines_unknown_elsewhere(write: Write) -> None:
    folder = write(
        a_yaml="playbook: N\nbehaviours: [{id: quantify, name: Q}\n",
        b_yaml=with_cue("when: {moment: pain}\n" + CARD + "\nprompts: quantify").removeprefix("playbook: N\n"),
    )
    assert lines(folder) == [
        'a.yaml:2:13: the bracket "[" opened here is not closed (reading stopped on line 3); '
        "close it, or put the texts inside it in quotes.",
    ]


def test_aliases_that_explode_are_refused_quickly_and_in_little_memory(write: Write) -> None:
    laughs = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        laughs += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    folder = write("playbook: N\n" + laughs)
    tracemalloc.start()
    begun = time.monotonic()
    found = lines(folder)
    took, peak = time.monotonic() - begun, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [
        "p.yaml:7:20: the file holds more than 200000 values once its aliases (*name) are written out; shorten it."
    ]
    assert took < 1
    assert peak < 5_000_000


def test_a_file_of_100_mb_is_refused_without_being_read(write: Write) -> None:
    folder = write(p_yaml="playbook: N\n")
    with (folder / "p.yaml").open("r+b") as file:
        file.truncate(100_000_000)
    begun = time.monotonic()
    assert lines(folder) == ["p.yaml:1:1: the file has 100 MB, more than the 4 MB allowed; split or shorten it."]
    assert time.monotonic() - begun < 0.5


def test_a_file_of_4_mb_of_values_is_refused_within_seconds(write: Write) -> None:
    folder = write("- a\n" * 999_000)
    begun = time.monotonic()
    assert lines(folder) == ["p.yaml:200000:3: the file holds more than 200000 values; shorten it."]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda p: None, "no such playbook folder; check the path."),
        (lambda p: p.write_text("x"), "is a file; give the folder that holds the playbook's YAML files."),
        (lambda p: p.mkdir(), "holds no YAML file (*.yaml); a playbook has at least one."),
        (lambda p: (p / "x.yaml").mkdir(parents=True), "holds no YAML file (*.yaml); a playbook has at least one."),
    ],
)
def test_a_folder_without_a_playbook_is_named(tmp_path: Path, make: Callable[[Path], object], sentence: str) -> None:
    folder = tmp_path / "pb"
    make(folder)
    with pytest.raises(BadInputError) as error:
        load_playbook(folder)
    assert str(error.value) == f"{folder}: {sentence}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_named(write: Write) -> None:
    folder = write(VALID)
    (folder / "p.yaml").chmod(0)
    assert lines(folder) == ["p.yaml:1:1: the file can't be read (Permission denied); check its permissions."]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + VALID,
        VALID.replace("\n", "\r\n"),
        VALID.replace("They run Zendesk today", "42"),
        VALID.replace("They run Zendesk today", "no"),
        VALID.replace("id: quantify\n", "id: no\n").replace("prompts: quantify", "prompts: no"),
        VALID.replace("serves: [cloud]", "serves: cloud"),
        VALID + "priorities:\n".replace("priorities", "owner") + "  Sales enablement\n",
        VALID.replace("    window: 45s\n", "").replace("cooldown: 5m", "cooldown: 1.5 h"),
        "playbook: N\ncues:\ntrackers:\n",
        "# a comment\n---\nplaybook: N\n",
        "playbook: N\nowner: &me Ann\nversion: *me\n",
        "playbook: &me N\nowner: &me Ann\nversion: *me\n",
    ],
    ids=str,
)
def test_what_a_person_may_write_loads(write: Write, text: str) -> None:
    assert load_playbook(write(text))


def test_numbers_and_yes_and_no_stay_the_text_that_was_written(write: Write) -> None:
    card = load_playbook(write(with_cue("when: {said: on}\ncard: {title: 42, ask: no, say: 2026-10-01}"))).cues[0].card
    assert (card.title, card.ask, card.say) == ("42", ("no",), ("2026-10-01",))
