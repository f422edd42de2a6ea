"""Debian's Chromium, driven through chromedriver: a few calls of WebDriver and of the DevTools protocol."""

import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from overlay.page_picture import FLAGS

INSTALLED = shutil.which("chromium") is not None and shutil.which("chromedriver") is not None


class Browser:
    """One window."""

    def __init__(self, client: httpx2.Client, session: str) -> None:
        self._client = client
        self._session = session

    def open(self, url: str) -> None:
        self._post("url", {"url": url})

    def url(self) -> str:
        return str(self._client.get(f"/session/{self._session}/url").json()["value"])

    def run(self, script: str) -> Any:
        """What a script returns."""
        return self._post("execute/sync", {"script": script, "args": []})

    def press(self, *keys: str) -> None:
        """Presses keys where the focus is."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._post("actions", {"actions": [{"type": "key", "id": "keys", "actions": strokes}]})

    def click_at(self, x: int, y: int) -> None:
        """Clicks a point of the window."""
        strokes = [
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._post("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": strokes}]})

    def look(self, width: int, height: int, *, dark: bool = False, print_: bool = False, scripts: bool = True) -> None:
        """Sets the size of the page, its colours, paper or screen, and whether its scripts run."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.devtools("Emulation.setDeviceMetricsOverride", size)
        colours = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.devtools("Emulation.setEmulatedMedia", {"media": "print" if print_ else "screen", "features": [colours]})
        self.devtools("Emulation.setScriptExecutionDisabled", {"value": not scripts})

    def picture(self, file: Path) -> None:
        """A picture of the whole page."""
        size = self.devtools("Page.getLayoutMetrics", {})["cssContentSize"]
        wanted = {"clip": {**size, "scale": 1}, "captureBeyondViewport": True, "format": "png"}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(self.devtools("Page.captureScreenshot", wanted)["data"]))

    def devtools(self, command: str, params: dict[str, Any]) -> Any:
        return self._post("goog/cdp/execute", {"cmd": command, "params": params})

    def _post(self, what: str, body: dict[str, Any]) -> Any:
        answer = self._client.post(f"/session/{self._session}/{what}", json=body).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{what}: {answer['message']}")
        return answer


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A window with a profile of its own; it and its driver end with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)
    try:
        _wait_for(client)
        options = {"args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        value = client.post("/session", json=wanted).json()["value"]
        assert "sessionId" in value, value
        yield Browser(client, value["sessionId"])
        client.delete(f"/session/{value['sessionId']}")
    finally:
        driver.terminate()
        driver.wait(10)
        client.close()


def _wait_for(client: httpx2.Client) -> None:
    for _ in range(100):
        try:
            client.get("/status")
            return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError("chromedriver does not answer")
