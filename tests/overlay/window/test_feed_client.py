"""The overlay's side of the feed, without a window."""

import threading
import time

from call_events import STARTED, hearing, talk
from stub_feed import TOKEN, StubFeed, as_json, stub_feed

from overlay.presenter import Command, Link, Message, Restored, Said
from overlay.window.feed_client import NOT_SENT, REFUSED, Address, FeedClient, understood
from tests.overlay.window.desk import wait_until


class Ear:
    """Collects what a client posts, up to `room`."""

    def __init__(self, feed: StubFeed, room: int = 1000, token: str = TOKEN) -> None:
        self.heard: list[Message] = []
        self.overflows = 0
        self.room = room
        self.client = FeedClient(lambda: Address(feed.port, token), self.post, self.overflow)

    def post(self, message: Message) -> bool:
        if len(self.heard) >= self.room:
            return False
        self.heard.append(message)
        return True

    def overflow(self) -> None:
        self.overflows += 1
        self.heard.clear()


def test_the_state_comes_first_then_the_events_in_order() -> None:
    with stub_feed(talk()) as feed:
        ear = Ear(feed)
        ear.client.start()
        wait_until(lambda: feed.clients)
        events = [hearing(1, f"word {k}", "", 50.0) for k in range(20)]
        feed.send(*events)
        wait_until(lambda: len(ear.heard) == 21)
        assert ear.heard == [Restored(tuple(talk())), *events]
        ear.client.stop()


def test_a_command_arrives_as_the_protocol_has_it() -> None:
    with stub_feed([STARTED]) as feed:
        ear = Ear(feed)
        ear.client.start()
        wait_until(lambda: feed.clients)
        ear.client.send(Command("dismiss", "c1"))
        assert feed.commands.get(timeout=2) == {"action": "dismiss", "target": "c1", "value": None}
        ear.client.stop()


def test_a_command_without_an_engine_is_said_to_be_lost() -> None:
    with stub_feed() as feed:
        ear = Ear(feed)
    ear.client.start()
    ear.client.send(Command("pause"))
    wait_until(lambda: Said(NOT_SENT) in ear.heard)
    ear.client.stop()


def test_the_engine_s_sentence_for_a_refusal_is_passed_on() -> None:
    assert understood('{"type": "refused", "message": "That card is gone."}') == Said("That card is gone.")


def test_a_wrong_token_is_said() -> None:
    with stub_feed([STARTED]) as feed:
        ear = Ear(feed, token="wrong")
        ear.client.start()
        wait_until(lambda: Said(REFUSED) in ear.heard)
        ear.client.stop()


def test_who_cannot_keep_up_asks_for_the_state_again() -> None:
    with stub_feed(talk()) as feed:
        ear = Ear(feed, room=50)
        ear.client.start()
        wait_until(lambda: feed.clients)
        feed.send(*(hearing(1, f"word {k}", "", 50.0) for k in range(49)))
        wait_until(lambda: len(ear.heard) == 50)
        feed.send(hearing(1, "one too many", "", 50.0))
        wait_until(lambda: ear.overflows == 1 and Restored(tuple(talk())) in ear.heard)
        ear.client.stop()


def test_a_lost_engine_is_found_again_within_half_a_second_on_its_new_port() -> None:
    with stub_feed([STARTED]) as first, stub_feed([STARTED]) as second:
        ports = [first.port]
        ear = Ear(first)
        client = FeedClient(lambda: Address(ports[0], TOKEN), ear.post, ear.overflow)
        client.start()
        wait_until(lambda: first.clients)
        ports[0] = second.port
        first.close()
        lost = time.monotonic()
        wait_until(lambda: second.clients, 2)
        assert time.monotonic() - lost < 0.5
        wait_until(lambda: ear.heard == [Restored((STARTED,)), Link.LOST, Restored((STARTED,))])
        client.stop()


def test_it_stops_at_once() -> None:
    with stub_feed([STARTED]) as feed:
        ear = Ear(feed)
        ear.client.start()
        wait_until(lambda: feed.clients)
        ear.client.stop()
        wait_until(lambda: not [t for t in threading.enumerate() if t.name in ("feed", "commands")], 3)


def test_garbage_is_nothing() -> None:
    for text in ("{", "[]", "null", "7", b"\xff", '{"type": "state"}', '{"type": "card_shown"}', "[" * 100_000):
        assert understood(text) is None
    assert understood(as_json(STARTED)) == STARTED
