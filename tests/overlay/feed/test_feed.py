"""The feed as its clients know it."""

import json
import socket
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest
from feed_clients import TOKEN, Message, Served, card, client, hypothesis, read, reading, stamped, started, utterance
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from cues.events import DealChanged
from models.events import Reading
from overlay.feed import MOST_CLIENTS, OUTBOX, Feed
from overlay.feed_messages import Command


def kinds(message: Message) -> list[str]:
    return [event["type"] for event in message["events"]]


def test_who_joins_late_gets_the_state_and_then_every_event(served: Served) -> None:
    served.publish(started(), utterance("u1", "We run Zendesk."), reading("u1"), card("c1"))
    with served.client() as late:
        first = read(late)
        served.feed.publish(stamped(*[hypothesis("u2", "since")] * 5)[4])
        assert first["type"] == "state"
        assert kinds(first) == ["call_started", "utterance", "reading", "card_shown"]
        assert read(late)["seq"] == 4


def test_two_clients_hear_the_same(served: Served) -> None:
    with served.client() as one, served.client() as two:
        assert read(one)["events"] == read(two)["events"] == []
        served.publish(*[hypothesis("u1", "words")] * 50)
        heard = [[read(each)["seq"] for _ in range(50)] for each in (one, two)]
    assert heard == [list(range(50))] * 2


def test_a_command_reaches_the_call(served: Served) -> None:
    served.publish(started(), card("c1"))
    with served.client() as rep:
        read(rep)
        rep.send('{"action": "dismiss", "target": "c1"}')
        rep.send('{"action": "pin"}')
        rep.send('{"action": "feedback", "target": "c1", "value": "helpful"}')
        rep.send('{"action": "correct", "value": "stage:demo"}')
        taken = [served.commands.get(timeout=5) for _ in range(4)]
    assert [(event.action, event.target, event.value) for event in taken] == [
        ("dismiss", "c1", None),
        ("pin", "c1", None),
        ("feedback", "c1", "helpful"),
        ("correct", None, "stage:demo"),
    ]


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ("garbage", "This is no JSON"),
        (b"\xff\x00\xfe", "This is no JSON"),
        ("[]", "message: "),
        ('{"action": "dance"}', "action: "),
        ('{"action": "mark", "tarhet": "u1"}', "tarhet: "),
        ('{"action": "mark", "value": 3}', "value: "),
        ('{"action": "mark", "value": "%s"}' % ("x" * 5000), "value: "),
        ('{"action": "dismiss", "target": "c9"}', "dismiss: no card 'c9' is up"),
        ('{"action": "pin"}', "pin: no card is up."),
        ('{"action": "deal", "deal": {"value": [5]}}', "deal.value."),
        ('{"action": "deal", "deal": "large"}', "deal: "),
        ('{"action": "deal"}', "deal: give all that is known of it"),
        ('{"action": "correct"}', 'correct: give the value "stage:" and one of opening, discovery, '),
        ('{"action": "correct", "value": "demo"}', 'correct: give the value "stage:" and one of opening, '),
        ('{"action": "correct", "value": "stage:lunch"}', 'correct: give the value "stage:" and one of opening, '),
    ],
)
def test_garbage_is_answered_and_the_client_may_go_on(served: Served, sent: str | bytes, answer: str) -> None:
    with served.client() as rep:
        read(rep)
        rep.send(sent)
        refused = read(rep)
        assert refused["type"] == "refused"
        assert refused["message"].startswith(answer)
        rep.send('{"action": "pause"}')
        assert served.commands.get(timeout=5).action == "pause"


def test_a_deal_becomes_an_event_that_says_all_of_it(served: Served) -> None:
    with served.client() as rep:
        read(rep)
        for deal in ('{"account": "Contoso", "value": 50000}', "null"):
            rep.send(f'{{"action": "deal", "deal": {deal}}}')
        asked = [served.commands.get(timeout=5) for _ in range(2)]
    assert asked == [DealChanged(deal={"account": "Contoso", "value": 50000.0}), DealChanged(deal=None)]


def test_more_commands_than_the_call_takes_are_refused(served: Served) -> None:
    with served.client() as rep:
        read(rep)
        for _ in range(5):
            rep.send('{"action": "mark"}')
        assert read(rep) == {"type": "refused", "message": "mark: the call can't take it now; try again."}


def test_ten_megabytes_close_the_connection_and_nothing_else(served: Served) -> None:
    with served.client() as good:
        read(good)
        with served.client() as big:
            read(big)
            with suppress(ConnectionClosed):
                big.send("x" * 10_000_000)
            with pytest.raises(ConnectionClosed):
                read(big)
        served.publish(started())
        assert read(good)["type"] == "call_started"
    assert served.commands.empty()


def refusal(served: Served, token: str | None = TOKEN, path: str = "/", origin: str | None = None) -> int:
    with pytest.raises(InvalidStatus) as refused, served.client(token, path, origin):
        pass
    return refused.value.response.status_code


def test_no_token_or_another_one_is_refused(served: Served) -> None:
    assert refusal(served, token=None) == 401
    assert refusal(served, token="") == 401
    assert refusal(served, token=TOKEN[:-1]) == 401
    assert refusal(served, token="é" * 20) == 401
    assert refusal(served, token=None, path="/?token=wrong") == 401


def test_a_browser_gives_the_token_in_the_address(served: Served) -> None:
    with served.client(token=None, path=f"/?token={TOKEN}", origin="http://localhost:8080") as page:
        assert read(page)["type"] == "state"


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        ("http://127.0.0.1:9000", True),
        ("https://localhost", True),
        ("http://[::1]:1", True),
        ("chrome-extension://abcdefghijklmnop", True),
        ("moz-extension://11-22", True),
        ("https://example.com", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("https://example.com/http://localhost", False),
        ("null", False),
        ("", False),
    ],
)
def test_pages_of_foreign_origin_stay_outside_even_with_the_token(served: Served, origin: str, welcome: bool) -> None:
    if welcome:
        with served.client(origin=origin) as page:
            assert read(page)["type"] == "state"
    else:
        assert refusal(served, origin=origin) == 403


def test_more_clients_than_it_takes_are_turned_away(served: Served) -> None:
    with ExitStack() as stack:
        for _ in range(MOST_CLIENTS):
            read(stack.enter_context(served.client()))
        assert refusal(served) == 503


def test_it_listens_on_loopback_alone(served: Served) -> None:
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", served.port))


def test_another_port_where_the_wanted_one_is_in_use(served: Served) -> None:
    second = Feed(TOKEN, lambda action: True, port=served.port)
    port = second.start()
    assert port != served.port
    with client(port) as rep:
        assert read(rep)["type"] == "state"
    second.stop()


def test_what_was_said_last_arrives_before_the_feed_closes(served: Served) -> None:
    with served.client() as rep:
        read(rep)
        served.publish(*[hypothesis("u1", "words")] * 500)
        served.feed.stop()
        assert [read(rep)["seq"] for _ in range(500)] == list(range(500))
        with pytest.raises(ConnectionClosed):
            read(rep)
    served.feed.publish(stamped(started())[0])


def test_a_client_that_goes_without_a_word_is_forgotten(served: Served) -> None:
    with served.client() as rep:
        read(rep)
        rep.socket.shutdown(socket.SHUT_RDWR)
    served.publish(started())
    with served.client() as other:
        assert kinds(read(other)) == ["call_started"]


PER_S = 1000
LOAD_S = 6


def long_reading(k: int) -> Reading:
    return replace(reading(f"u{k}", partial=True, t=float(k)), trackers={f"tracker-{n}": 0.5 for n in range(150)})


def never_reads(port: int) -> socket.socket:
    """A client that lets everything lie in its buffers."""
    idle = socket.socket()
    idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    idle.connect(("127.0.0.1", port))
    idle.sendall(
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {TOKEN}\r\n\r\n".encode()
    )
    assert idle.recv(12) == b"HTTP/1.1 101"
    return idle


def listen(each: ClientConnection, into: list[int]) -> None:
    """Reads until all are there or none comes any more."""
    with suppress(ConnectionClosed, TimeoutError):
        while len(into) < PER_S * LOAD_S:
            into.append(int(str(each.recv(10)).split('"seq":', 1)[1].split(",", 1)[0]))


def publish_at_pace(feed: Feed) -> list[float]:
    """Seconds that each event took to be said, ascending."""
    events = stamped(*map(long_reading, range(PER_S * LOAD_S)))
    begun, waits = time.monotonic(), []
    for k, event in enumerate(events):
        time.sleep(max(0.0, begun + k / PER_S - time.monotonic()))
        before = time.perf_counter()
        feed.publish(event)
        waits.append(time.perf_counter() - before)
    return sorted(waits)


def test_a_thousand_events_a_second_while_one_client_never_reads(served: Served) -> None:
    """The two that read miss nothing, the one that does not is dropped, and saying an event never waits."""
    heard: list[list[int]] = [[], []]
    with served.client() as one, served.client() as two:
        read(one), read(two)
        idle = never_reads(served.port)
        threads = [threading.Thread(target=listen, args=pair) for pair in zip((one, two), heard, strict=True)]
        for thread in threads:
            thread.start()
        waits = publish_at_pace(served.feed)
        for thread in threads:
            thread.join(20)
        middle, late, most = (waits[round(share * (len(waits) - 1))] for share in (0.5, 0.99, 1.0))
        print(f"publish: p50 {middle * 1e6:.0f} us, p99 {late * 1e6:.0f} us, most {most * 1e3:.1f} ms")
        assert heard == [list(range(PER_S * LOAD_S))] * 2
        assert late < 0.05
        assert most < 1
        assert len(served.feed._clients) == 2
    idle.settimeout(5)
    with suppress(ConnectionResetError):
        while idle.recv(1_000_000):
            pass
    idle.close()


def test_an_outbox_holds_less_than_a_call(served: Served) -> None:
    """A client that reads nothing costs the engine no more than this."""
    idle = never_reads(served.port)
    for event in stamped(*map(long_reading, range(OUTBOX * 3))):
        served.feed.publish(event)
        assert all(len(each.outbox) <= OUTBOX for each in served.feed._clients)
    idle.close()


def test_the_schema_describes_every_message(served: Served) -> None:
    from overlay.feed_messages import schema

    made = schema()
    served_types = made["$defs"]["ServerMessage"]["discriminator"]["mapping"]
    assert {"state", "refused", "call_started", "hypothesis", "card_shown", "rep_action", "call_ended"} <= set(
        served_types
    )
    assert made["$defs"]["ClientMessage"] == {"$ref": "#/$defs/Command"}
    assert set(made["$defs"]["Command"]["properties"]) == set(Command.model_fields)
    references = {part.split('"')[0] for part in json.dumps(made).split('"#/$defs/')[1:]}
    assert references <= set(made["$defs"])
