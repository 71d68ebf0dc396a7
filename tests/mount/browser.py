# SPDX-License-Identifier: MIT
# browser.py PROFILE SCHEME-WINDOW:PAGE… - opens each page in headless Chromium, in light or in dark, on
# a desk or on a phone; points at it, and prints what is seen: a line of JSON each. Asserts nothing.
# With SHOTS=DIRECTORY in the environment it leaves pictures there.
import base64, fcntl, json, os, pathlib, signal, subprocess, sys

WINDOW = {"desk": (1100, 1000), "phone": (390, 800)}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
         "--remote-debugging-pipe"]

# Pixels of the colour that a chart has by the style sheet, whether it is shown, and what is not right.
SEEN = """
(() => {
    const style = getComputedStyle(document.documentElement);
    const wanted = (name) => style.getPropertyValue(name).trim().match(/\\w\\w/g).map((x) => parseInt(x, 16));
    const pixels = [...document.querySelectorAll('canvas')].map((canvas) => {
        const [r, g, b] = wanted('--' + canvas.closest('figure').id);
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        let n = 0;
        for (let i = 0; i < data.length; i += 4)
            n += Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12 && data[i + 3] > 200;
        return n;
    });
    return {
        title: document.title,
        heading: document.querySelector('h1').textContent,
        background: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.body).color,
        pixels,
        sums: [...document.querySelectorAll('figcaption b')].map((b) => b.textContent),
        lines: [...document.querySelectorAll('tbody tr')].map((tr) => [...tr.children].map((td) => td.textContent)),
        foot: [...document.querySelectorAll('tfoot td')].map((td) => td.textContent),
        text: document.body.innerText,
        images: document.images.length,
        scripts: document.scripts.length,
        trapped: 'trapped' in window,
        wide: document.documentElement.scrollWidth > innerWidth,
    };
})()
"""

# Where a step of the first chart is; -1: the last.
PLACE = """
((step) => {
    const canvas = document.querySelector('canvas'), chart = Chart.getChart(canvas);
    const { left, top } = canvas.getBoundingClientRect(), { chartArea: area, data } = chart;
    const i = step < 0 ? data.labels.length + step : step, time = chart.options.indexAxis === 'x';
    const at = chart.scales[time ? 'x' : 'y'].getPixelForValue(i);
    return { label: data.labels[i], n: data.labels.length,
        x: time ? left + at : left + area.left + 20, y: time ? top + area.top + 20 : top + at };
})(%d)
"""

TIP = """
(() => {
    const tip = document.getElementById('tip'), box = tip.getBoundingClientRect();
    return { shown: !tip.hidden && tip.checkVisibility(),
        lines: [...tip.children].map((line) => [...line.childNodes].map((part) => part.textContent).join(' ')),
        inside: box.left >= 0 && box.right <= innerWidth };
})()
"""

CHOOSE = """
(() => {
    const choice = document.getElementById('choice');
    const options = [...choice.options];
    choice.value = (options.find((option) => option.textContent === 'Clicks') || options.at(-1)).value;
    choice.dispatchEvent(new Event('change'));
    return document.querySelector('#second b').textContent;
})()
"""


class Browser:
    """Chromium at the other end of two pipes: JSON, with a zero byte behind each."""

    def __init__(self, profile):
        (theirs_in, self.out), (self.into, theirs_out) = os.pipe(), os.pipe()
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs_in, theirs_out)]
        self.process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank"], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(3, 4),
            preexec_fn=lambda: (os.dup2(high[0], 3), os.dup2(high[1], 4)))
        for fd in (theirs_in, theirs_out, *high):
            os.close(fd)
        self.buffer, self.number, self.events = b"", 0, []

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.into, 1 << 16)
            if not piece:
                raise EOFError("chromium ended")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, name, session):
        def wanted(event):
            return event.get("method") == name and event.get("sessionId") == session
        while not any(map(wanted, self.events)):
            self.events.append(self.read())

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (EOFError, OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Page:
    def __init__(self, browser, path, scheme, window):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.target = target
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=WINDOW[window][0], height=WINDOW[window][1],
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.events.clear()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        browser.wait("Page.loadEventFired", self.session)

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def evaluate(self, text):
        answer = self.call("Runtime.evaluate", expression=text, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description"))
        return answer["result"].get("value")

    def settle(self):
        """Two frames later what was to be drawn has been."""
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def point(self, step):
        place = self.evaluate(PLACE % step)
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=place["x"], y=place["y"])
        self.settle()
        return {**self.evaluate(TIP), "label": place["label"], "steps": place["n"]}

    def press(self, key):
        self.evaluate("document.querySelector('canvas').focus()")
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key)
        self.settle()
        return self.evaluate(TIP)

    def shoot(self, name):
        picture = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(os.environ["SHOTS"], name).write_bytes(base64.b64decode(picture))

    def heard(self):
        requests, messages = [], []
        for event in self.browser.events:
            params = event.get("params", {})
            if event["method"] == "Network.requestWillBeSent":
                requests.append(params["request"]["url"])
            elif event["method"] == "Log.entryAdded":
                messages.append(params["entry"]["text"])
            elif event["method"] == "Runtime.exceptionThrown":
                messages.append(params["exceptionDetails"]["text"])
            elif event["method"] == "Runtime.consoleAPICalled":
                messages.append(str(params["args"]))
        return {"requests": requests, "messages": messages}

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)


def look(browser, path, scheme, window):
    page = Page(browser, path, scheme, window)
    page.settle()
    seen = page.evaluate(SEEN)
    if seen["pixels"]:
        seen["first"], seen["last"] = page.point(0), page.point(-1)
        seen["middle"] = page.point(seen["first"]["steps"] // 2)
        if "SHOTS" in os.environ:
            page.shoot(f"{pathlib.Path(path).stem}-{scheme}-{window}.png")
        seen["end"], seen["escape"] = page.press("End"), page.press("Escape")
        if page.evaluate("document.getElementById('choice') !== null"):
            seen["clicks"] = page.evaluate(CHOOSE)
    elif "SHOTS" in os.environ:
        page.shoot(f"{pathlib.Path(path).stem}-{scheme}-{window}.png")
    print(json.dumps({"page": pathlib.Path(path).stem, "scheme": scheme, "window": window, **seen, **page.heard()}))
    page.close()


def main(profile, *paths):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the browser ends, too
    browser = Browser(profile)
    try:
        for word in paths:
            how, path = word.split(":", 1)
            look(browser, path, *how.split("-"))
    finally:
        browser.close()


main(*sys.argv[1:])
