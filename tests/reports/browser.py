"""A page in a headless Chromium, driven over its debugging pipe (two file descriptors, messages ended by NUL). Only what
the tests of the HTML report ask of a browser."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


def find():
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


class Browser:
    def __init__(self, path):
        self.profile = tempfile.TemporaryDirectory(prefix="ftaudit-browser-")
        to_browser, self.out = os.pipe()
        self.inn, from_browser = os.pipe()

        def ends():
            # The two may be 3 and 4 already, the wrong way round.
            one, two = os.dup(to_browser), os.dup(from_browser)
            os.dup2(one, 3), os.dup2(two, 4)

        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            close_fds=False, preexec_fn=ends, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_browser), os.close(from_browser)
        self.waiting, self.number, self.events = b"", 0, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    session = None

    def message(self, timeout):
        end = time.monotonic() + timeout
        while b"\0" not in self.waiting:
            ready, _, _ = select.select([self.inn], [], [], max(0, end - time.monotonic()))
            if not ready:
                return None
            part = os.read(self.inn, 1 << 20)
            if not part:
                raise RuntimeError("the browser ended")
            self.waiting += part
        text, _, self.waiting = self.waiting.partition(b"\0")
        return json.loads(text)

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.message(60)
            if answer is None:
                raise RuntimeError(f"no answer to {method}")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, url):
        """Seconds until the page's load event."""
        self.events.clear()
        start = time.monotonic()
        self.ask("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            event = self.message(60)
            if event is None:
                raise RuntimeError(f"{url} does not load")
            self.events.append(event)
        return time.monotonic() - start

    def run(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def key(self, key):
        for kind in ("keyDown", "keyUp"):
            text, code = {"Enter": ("\r", 13), " ": (" ", 32), "Tab": ("", 9), "Escape": ("", 27)}.get(key, (key, 0))
            self.ask("Input.dispatchKeyEvent", type=kind, key=key, text=text, windowsVirtualKeyCode=code)

    def look(self, width, dark=False, height=900):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path, whole=False):
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as out:
            out.write(base64.b64decode(data))

    def complaints(self):
        """What the page said on its console, threw, or asked the network for."""
        self.ask("Runtime.evaluate", expression="1")  # lets what is under way arrive
        out = []
        for event in self.events:
            method, told = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                out.append("threw: " + json.dumps(told["exceptionDetails"].get("exception", {}).get("description")))
            elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
                out.append("console: " + json.dumps(told["args"]))
            elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
                out.append("log: " + told["entry"]["text"])
            elif method == "Network.requestWillBeSent" and not told["request"]["url"].startswith(("file:", "about:")):
                out.append("network: " + told["request"]["url"])
        return out

    def close(self):
        try:
            self.session = None
            self.ask("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out), os.close(self.inn)
        self.profile.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Checks:
    """What a page is asked to be, one method a matter; what is not so is kept and told at the end."""

    def __init__(self, page, pictures):
        self.page, self.pictures, self.failures = page, pictures, []

    def that(self, what, is_so):
        if not is_so:
            self.failures.append(what)

    def told_by(self, *checks):
        """Runs them, none of which may make the page complain; the exit code."""
        for check in checks:
            check()
            self.that(f"{check.__name__}: {self.page.complaints()}", not self.page.complaints())
        for failure in self.failures:
            print(failure)
        print(f"{len(self.failures)} failures")
        return 1 if self.failures else 0
