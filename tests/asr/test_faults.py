"""A fault of ours never quotes what was said."""

import json
import subprocess
import sys
import threading

import pytest
from pydantic import ValidationError
from user import DEMO_PLAYBOOK, ROOT

from asr.faults import described, say_what_ends_threads
from cues.events import EVENT
from overlay.engine_messages import START, Resume, Start

SAID = "we lay off forty people in May"
BROKEN = json.dumps(
    {"type": "utterance", "id": "u1", "channel": 0, "speaker": "rep", "text": SAID, "words": SAID}
).encode()


def test_a_library_s_message_is_left_out_and_the_place_is_given() -> None:
    with pytest.raises(ValidationError) as caught:
        EVENT.validate_json(BROKEN)
    assert SAID in str(caught.value)
    assert described(caught.value).startswith("ValidationError in test_faults.py, line ")


def test_what_the_system_says_is_kept() -> None:
    assert described(OSError(28, "No space left on device")) == "OSError (No space left on device)"


def test_a_thread_that_ends_says_where_without_a_word_of_the_call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    say_what_ends_threads()
    thread = threading.Thread(target=EVENT.validate_json, args=(BROKEN,), name="source")
    thread.start()
    thread.join()
    errors = capsys.readouterr().err
    assert errors.startswith("The thread source stopped: ValidationError")
    assert SAID not in errors


def test_an_engine_that_stops_on_a_broken_event_does_not_print_it() -> None:
    resume = Resume(call="c1", begun=0.0, died=1.0, seq=1, events=1)
    start = Start((), DEMO_PLAYBOOK, "tiny.en", port=0, resume=resume)
    done = subprocess.run(
        [sys.executable, "-m", "overlay.engine_process"],
        input=START.dump_json(start) + b"\n" + BROKEN + b"\n",
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1
    assert b"The engine stopped: ValidationError" in done.stderr
    assert SAID.encode() not in done.stderr
