# SPDX-License-Identifier: MIT
"""A headless Chromium that a test talks to, over a pair of pipes and with
nothing but Python's own library.

    with Browser() as browser:
        browser.open("file:///tmp/page.html")
        browser.press("ArrowRight")
        assert browser.ask("document.title") == "a page"
"""

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless=new", "--no-sandbox", "--remote-debugging-pipe",
         "--enable-unsafe-swiftshader", "--no-first-run", "--hide-scrollbars",
         "--allow-file-access-from-files", "--window-size=1280,800"]

# What a key is called, and its old number, which some pages still read.
KEYS = {" ": ("Space", 32), "ArrowRight": ("ArrowRight", 39),
        "ArrowLeft": ("ArrowLeft", 37), "ArrowUp": ("ArrowUp", 38),
        "ArrowDown": ("ArrowDown", 40), "Home": ("Home", 36),
        "End": ("End", 35), "PageDown": ("PageDown", 34),
        "PageUp": ("PageUp", 33), "Escape": ("Escape", 27)}


def find():
    """The program, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One browser with one page."""

    def __init__(self, timeout=60):
        self.timeout = timeout
        self.number = 0
        self.rest = b""
        self.errors = []  # that the page's scripts threw
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self.to = os.pipe()
        self.back, theirs_out = os.pipe()
        command = ["sh", "-c",
                   f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}', find(),
                   f"--user-data-dir={self.folder.name}"] + FLAGS
        self.process = subprocess.Popen(
            command, pass_fds=(theirs_in, theirs_out), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        self.call("Page.enable")
        self.call("Runtime.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        # Its children outlive it by a moment, and write into its folder.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        os.close(self.to)
        os.close(self.back)
        self.folder.cleanup()

    def call(self, method, **params):
        """One command of the protocol, and its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def next(self):
        """The next message of the browser."""
        end = time.monotonic() + self.timeout
        while b"\0" not in self.rest:
            ready = select.select([self.back], [], [],
                                  max(0, end - time.monotonic()))[0]
            data = os.read(self.back, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError("the browser does not answer")
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\0")
        message = json.loads(line)
        if message.get("method") == "Runtime.exceptionThrown":
            details = message["params"]["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get(
                "description", details["text"]))
        return message

    def open(self, url):
        """Goes to a page and waits until it is loaded."""
        self.call("Page.navigate", url=url)
        self.wait("document.readyState == 'complete'")

    def ask(self, expression):
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression, seconds=20):
        """Waits until an expression is true. False when it never is."""
        end = time.monotonic() + seconds
        while not self.ask(f"!!({expression})"):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

    def press(self, key, shift=False):
        """A key goes down and up."""
        code, number = KEYS.get(key, ("Key" + key.upper(), ord(key.upper()[0])))
        event = {"key": key, "code": code, "windowsVirtualKeyCode": number,
                 "modifiers": 8 if shift else 0}
        if len(key) == 1:
            event["text"] = key
        self.call("Input.dispatchKeyEvent", type="keyDown", **event)
        event.pop("text", None)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def click(self, x, y):
        """The left button, down and up."""
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y,
                      button="left", clickCount=1)

    def shot(self, path):
        """What the page looks like, as a PNG."""
        data = self.call("Page.captureScreenshot")["data"]
        with open(path, "wb") as stream:
            stream.write(base64.b64decode(data))
