"""A served feed, clients that speak to it, and a few events to say."""

import json
import queue
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from talk import words
from websockets.sync.client import ClientConnection, connect

from asr.events import Event, Hypothesis, Utterance
from cues.events import AnyEvent, CallStarted, CardContent, CardShown, PlaybookVersion, RepAction
from models.events import Reading
from overlay.feed import Feed

TOKEN = "a-token-of-this-machine-and-of-no-other"
Message = dict[str, Any]


@dataclass
class Served:
    """A feed that is served, and the commands that it took."""

    feed: Feed
    port: int
    commands: "queue.Queue[RepAction]" = field(default_factory=queue.Queue)

    def client(
        self, token: str | None = TOKEN, path: str = "/", origin: str | None = None
    ) -> AbstractContextManager[ClientConnection]:
        return client(self.port, token, path, origin)

    def publish(self, *events: Event) -> list[AnyEvent]:
        made = stamped(*events)
        for event in made:
            self.feed.publish(event)
        return made


@contextmanager
def client(
    port: int, token: str | None = TOKEN, path: str = "/", origin: str | None = None
) -> Iterator[ClientConnection]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    headers |= {} if origin is None else {"Origin": origin}
    with connect(f"ws://127.0.0.1:{port}{path}", additional_headers=headers, max_size=None) as connection:
        yield connection


def read(client: ClientConnection, timeout: float = 5) -> Message:
    message: Message = json.loads(client.recv(timeout))
    return message


def stamped(*events: Event) -> list[AnyEvent]:
    """Numbered from 0, as one call's."""
    return [replace(event, call="call", seq=seq) for seq, event in enumerate(events)]  # type: ignore[misc]


def started() -> CallStarted:
    return CallStarted(
        started="2026-11-23T10:00:00+00:00",
        rep="sam",
        deal=None,
        source="call.opus",
        channels=("rep", "buyer"),
        playbook=PlaybookVersion("Northwind", None, "0"),
        models=(),
    )


def hypothesis(name: str, text: str, t: float = 1.0, channel: int = 1) -> Hypothesis:
    heard = words(text, t - 1, t)
    return Hypothesis(
        t=t, utterance=name, channel=channel, audio_start=t - 1, audio_end=t, stable=text, rest="and", words=heard
    )


def utterance(name: str, text: str, t: float = 1.0) -> Utterance:
    heard = words(text, t - 1, t)
    return Utterance(t=t, id=name, channel=1, speaker="buyer", audio_start=t - 1, audio_end=t, text=text, words=heard)


def reading(name: str, stage: str = "discovery", *, partial: bool = False, t: float = 1.0) -> Reading:
    return Reading(t=t, utterance=name, partial=partial, person=None, stage={stage: 0.9}, role={"champion": 0.4})


def card(name: str, cue: str = "price", t: float = 1.0) -> CardShown:
    return CardShown(
        t=t,
        cue=cue,
        card=name,
        content=CardContent("Trade, never discount", ask="Which part would you leave out?"),
        opportunity=None,
        utterance="u1",
        because=words("too expensive", t - 1, t),
        audio_end=t,
        rank=1.0,
    )
