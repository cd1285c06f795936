"""Headless Chromium, controlled by the DevTools protocol: the layout, accessibility tree and keyboard use of a page."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

__all__ = ["BROWSER", "Page", "look_at"]

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_LOADED = "new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', () => done()))"
_PATIENCE = 120  # seconds; sufficient for a slow machine


class Page:
    """A page that is open in the browser.

    Args:
        connection: A DevTools connection to the page.
    """

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self._connection = connection
        self._number = 0

    async def __call__(self, method: str, **params: object) -> Mapping[str, Any]:
        """Call a method of the protocol."""
        self._number += 1
        await self._connection.write_message(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            text = await asyncio.wait_for(self._connection.read_message(), _PATIENCE)
            assert text is not None, "the browser has closed the connection"
            answer = json.loads(text)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    async def value(self, expression: str) -> Any:
        """The value of a JavaScript expression, after promises are resolved."""
        answer = await self("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def look(self, width: int = 1000, media: str = "screen", scheme: str = "light") -> None:
        """Show the page in a window of a width, or in print, in light or dark mode."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        await self("Emulation.setDeviceMetricsOverride", **size)
        await self(
            "Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}]
        )

    async def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            await self("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **typed)

    async def said(self) -> list[tuple[str, str]]:
        """The roles and names in the accessibility tree, in order."""
        nodes = (await self("Accessibility.getFullAXTree"))["nodes"]
        told = [node for node in nodes if not node["ignored"]]
        return [(node["role"]["value"], str(node.get("name", {}).get("value", ""))) for node in told]


def look_at(file: Path, profile: Path, look: Callable[[Page], Awaitable[None]]) -> None:
    """Open a file in a new browser.

    Args:
        file: The file.
        profile: A folder for the data of the browser.
        look: The function to call with the page.
    """
    assert BROWSER is not None
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    options = ["--headless", *sandbox, "--disable-gpu", "--remote-debugging-port=0", "--remote-allow-origins=*"]
    command = [BROWSER, *options, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            asyncio.run(_look(file.as_uri(), profile, look))
        finally:
            process.terminate()


async def _look(url: str, profile: Path, look: Callable[[Page], Awaitable[None]]) -> None:
    page = Page(await websocket_connect(await _address(profile), max_message_size=2**28))
    await page("Page.navigate", url=url)
    await page.value(_LOADED)
    await look(page)


async def _address(profile: Path) -> str:
    """The address of the DevTools connection; the browser writes its port to a file."""
    for _ in range(_PATIENCE * 10):
        port = profile / "DevToolsActivePort"
        if port.exists() and (number := re.match(r"\d+", port.read_text(encoding="utf-8"))):
            answer = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{number[0]}/json")
            for tab in json.loads(answer.body):
                if tab["type"] == "page":
                    return str(tab["webSocketDebuggerUrl"])
        await asyncio.sleep(0.1)
    raise AssertionError("the browser shows no page")
