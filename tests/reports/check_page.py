"""The HTML report in a real browser: loads without complaint or network, filters, keys and links work, nothing hostile runs,
and 2,000 findings are quick. Arguments: the program that writes the samples, and perhaps a folder for pictures."""

import pathlib
import subprocess
import sys
import tempfile
import time

import browser

VISIBLE = "document.querySelectorAll('.finding:not([hidden])').length"
# Generous, for a machine that does other things too; the page takes a tenth of it.
SLOWEST = 8.0


class Checks(browser.Checks):
    def __init__(self, page, folder, pictures):
        super().__init__(page, pictures)
        self.folder = folder

    def open(self, name, fragment=""):
        # Through an empty page: a change of the fragment alone would not load.
        self.page.open("about:blank")
        took = self.page.open(f"file://{self.folder}/{name}.html{fragment}")
        return took

    def every_page(self):
        for name in ("empty", "clean", "compared", "five", "full", "hostile", "large"):
            for width in (400, 900, 1400):
                for dark in (False, True):
                    self.page.look(width, dark)
                    self.open(name)
                    self.that(f"{name} at {width}: {self.page.complaints()}", not self.page.complaints())
                    self.that(f"{name} at {width} scrolls sideways", self.page.run("document.documentElement.scrollWidth <= innerWidth"))
                    if self.pictures:
                        self.page.picture(f"{self.pictures}/{name}_{width}_{'dark' if dark else 'light'}.png")

    def filters(self):
        self.page.look(1400)
        self.open("full")
        self.that("seven findings at first", self.page.run(VISIBLE) == 7)
        self.page.run("document.querySelector('[name=severity][value=medium]').click()")
        self.that("two of medium severity", self.page.run(VISIBLE) == 2)
        self.that("the state is in the address", "severity=medium" in self.page.run("location.hash"))
        self.page.run("document.querySelector('#filters').reset(); new Promise((go) => setTimeout(go, 50))")
        self.that("all again after the reset", self.page.run(VISIBLE) == 7)
        for select, value, left in (("rule", "FT101 borrowed-from-shared-container", 3), ("file", "src/clock.c", 1), ("entry", "webcache._cache.store", 1), ("run", "confirmed", 1)):
            self.page.run(f"{select}.value = {value!r}; {select}.dispatchEvent(new Event('change', {{bubbles: true}}))")
            self.that(f"{select}={value}: {self.page.run(VISIBLE)} instead of {left}", self.page.run(VISIBLE) == left)
            self.page.run(f"{select}.value = ''; {select}.dispatchEvent(new Event('change', {{bubbles: true}}))")
        self.page.run("q.value = 'PyDict_Next table'; q.dispatchEvent(new Event('input')); new Promise((go) => setTimeout(go, 400))")
        self.that("words are looked for in the whole text", self.page.run(VISIBLE) == 1)
        self.open("full", "#severity=medium")
        self.that("an address with filters shows what they leave", self.page.run(VISIBLE) == 2)
        self.open("full", "#q=no-such-word")
        self.that("nothing left is said", self.page.run(VISIBLE) == 0 and self.page.run("!nothing.hidden"))
        self.open("full")
        self.page.run("order.value = 'place'; order.dispatchEvent(new Event('change', {bubbles: true}))")
        places = self.page.run("[...document.querySelectorAll('.finding')].map((f) => [f.dataset.file, +f.dataset.line])")
        self.that("ordered by place", places == sorted(places) and len(places) == 7)

    def keys_and_links(self):
        self.open("full")
        first = self.page.run("list.children[0].id")
        self.page.key("j")
        self.that("j goes to the first finding", self.page.run("document.activeElement.parentElement.id") == first)
        self.page.key("Enter")
        self.that("Enter opens it", self.page.run("list.children[0].open"))
        self.page.key("j")
        self.that("j goes on", self.page.run("document.activeElement.parentElement === list.children[1]"))
        self.page.key("k")
        self.that("k goes back", self.page.run("document.activeElement.parentElement.id") == first)
        self.page.key("/")
        self.that("/ goes to the search", self.page.run("document.activeElement.id") == "q")
        second = self.page.run("list.children[1].id")
        self.open("full", "#" + second)
        self.that("a link opens its finding", self.page.run(f"document.getElementById('{second}').open"))
        self.that("each race shows its two sides", self.page.run("document.querySelectorAll('.sides > section').length") == 4)

    def colours(self):
        self.page.look(900, dark=True)
        self.open("full")
        shade = "getComputedStyle(document.body).backgroundColor"
        dark = self.page.run(shade)
        self.page.run("theme.click()")
        self.that("the button changes the colours", self.page.run(shade) != dark)
        self.page.run("theme.click()")
        self.that("and changes them back", self.page.run(shade) == dark)

    def hostile(self):
        self.page.look(1400)
        self.open("hostile")
        self.page.run("document.querySelector('#open').click()")
        time.sleep(0.2)
        self.that("markup of the project became markup", self.page.run("document.querySelectorAll('main script, main img, main svg, [onfocus], [onmouseover], [onerror]').length") == 0)
        self.that(f"hostile: {self.page.complaints()}", not self.page.complaints())

    def quick(self):
        self.page.look(1400)
        took = self.open("large")
        self.that(f"2,000 findings take {took:.1f} s", took < SLOWEST)
        ready = "new Promise((go) => requestAnimationFrame(() => setTimeout(go)))"
        times = {"load": took}
        for name, script in (("filter", "document.querySelector('[name=severity][value=high]').click()"), ("search", "q.value = 'function_77'; document.querySelector('[name=severity][value=high]').click()"), ("order", "q.value = ''; order.value = 'rule'; order.dispatchEvent(new Event('change', {bubbles: true}))"), ("open", "document.querySelector('#open').click()")):
            start = time.monotonic()
            self.page.run(f"{script}; {ready}")
            times[name] = time.monotonic() - start
            self.that(f"{name} takes {times[name]:.1f} s", times[name] < SLOWEST)
        self.that("large: 2,000 findings", self.page.run("document.querySelectorAll('.finding').length") == 2000)
        print("2,000 findings: " + ", ".join(f"{name} {took * 1000:.0f} ms" for name, took in times.items()))

    def printed(self):
        self.page.look(900)
        self.open("full")
        self.page.ask("Page.printToPDF")
        self.that("printing closes again what it opened", self.page.run("document.querySelectorAll('.finding[open]').length") == 0)


def main(writer, pictures=None):
    path = browser.find()
    if path is None:
        print("skipped: this needs Chromium (the Debian package chromium)")
        return 77
    with tempfile.TemporaryDirectory() as folder, browser.Browser(path) as page:
        subprocess.run([writer, "html", folder], check=True)
        checks = Checks(page, pathlib.Path(folder), pictures)
        return checks.told_by(checks.every_page, checks.filters, checks.keys_and_links, checks.colours, checks.hostile, checks.quick, checks.printed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
