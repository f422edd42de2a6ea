"""The feed spoken from node, with the npm package `ws`."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from feed_clients import TOKEN, Served, card, hypothesis, stamped, started

from cues.events import CallEnded, Summary

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """client.mjs in a folder with its packages; nodejs and npm come with .ci/setup."""
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "client.mjs"):
        shutil.copy(HERE / name, folder)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True, timeout=200)
    return folder / "client.mjs"


def start(script: Path, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(["node", script, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_node_hears_the_call_and_steers_it(node_client: Path, served: Served) -> None:
    served.publish(started(), card("c1"))
    node = start(node_client, str(served.port), TOKEN, '{"action": "dismiss", "target": "c1"}', "garbage")
    assert node.stdout is not None
    assert [event["type"] for event in json.loads(node.stdout.readline())["events"]] == ["call_started", "card_shown"]
    taken = served.commands.get(timeout=20)
    assert (taken.action, taken.target) == ("dismiss", "c1")
    assert json.loads(node.stdout.readline())["type"] == "refused"
    end = CallEnded(reason="over", summary=Summary(1.0, 1, 0.5, None, (), 1, 0, {}))
    for event in stamped(hypothesis("u1", "café ü 漢字"), end):
        served.feed.publish(event)
    rest, errors = node.communicate(timeout=20)
    heard = [json.loads(line) for line in rest.splitlines()]
    assert [message["type"] for message in heard] == ["hypothesis", "call_ended"]
    assert heard[0]["stable"] == "café ü 漢字"
    assert node.returncode == 0, errors


def test_node_without_the_token_is_told_so(node_client: Path, served: Served) -> None:
    node = start(node_client, str(served.port), "wrong")
    _, errors = node.communicate(timeout=20)
    assert node.returncode == 1
    assert "401" in errors
