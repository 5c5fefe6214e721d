"""The page of `ftaudit report` in a real browser, from wheels made on the spot: it loads without complaint or network at three
widths, light and dark; filters, sorting and links work by mouse and by keys alone; what a package says stays text. Arguments:
the program, and perhaps a folder for pictures."""

import pathlib
import subprocess
import sys
import tempfile

import browser

HERE = pathlib.Path(__file__).resolve().parent
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
WHEELS = [("plain", "1.0"), ("quick", "2.0", "--tag", "cp313-cp313t", "--gil", "not-used", "--classifier", "3 - Stable"), ("quick10", "10.0", "--tag", "cp313-cp313t", "--gil", "not-used"),
          ("old", "0.9", "--tag", "cp313-cp313t", "--gil", "missing"), ("web", "3.0", "--needs", "quick", "--needs", "old", "--needs", "plain"), ("locked", "1.0", "--tag", "cp313-cp313"),
          ("loud", "1.0", "--tag", "cp313-cp313t", "--gil", "used", "--classifier", HOSTILE)]
VISIBLE = "[...document.querySelectorAll('#packages > tbody > tr:not([hidden])')].map((r) => r.cells[0].textContent)"
FOCUS = "(() => { const e = document.activeElement; return e.id || (e.tagName + ' ' + e.textContent.trim()); })()"
SORTED = "[...document.querySelectorAll('#packages > thead th')].map((h) => h.getAttribute('aria-sort'))"


def page_of(program, folder):
    for wheel in WHEELS:
        subprocess.run([sys.executable, HERE.parent / "cli/make_wheel.py", *wheel, "--into", folder / "wheels"], check=True)
    subprocess.run([program, "report", folder / "wheels", "--no-index", "--fail-on", "never", "--format", "html", "-o", folder / "page.html"], check=True)
    return f"file://{folder}/page.html"


class Checks(browser.Checks):
    def __init__(self, page, url, pictures):
        super().__init__(page, pictures)
        self.url = url

    def equal(self, what, came, wanted):
        self.that(f"{what}: {came}, not {wanted}", came == wanted)

    def open(self, fragment=""):
        self.page.open("about:blank")
        self.page.open(self.url + fragment)

    def tab(self, times=1):
        for _ in range(times):
            self.page.key("Tab")
        return self.page.run(FOCUS)

    def looks(self):
        for width in (400, 900, 1400):
            for dark in (False, True):
                self.page.look(width, dark)
                self.open()
                self.that(f"at {width}: {self.page.complaints()}", not self.page.complaints())
                self.that(f"at {width} the page scrolls sideways", self.page.run("document.documentElement.scrollWidth <= innerWidth"))
                if self.pictures:
                    self.page.picture(f"{self.pictures}/adoption_{width}_{'dark' if dark else 'light'}.png")
                self.page.run("document.getElementById('all').click()")
                evidence = self.page.run("document.querySelector('#packages .evidence').getBoundingClientRect().width")
                self.that(f"at {width} evidence is {evidence} wide", evidence > 300)
                if self.pictures:
                    self.page.picture(f"{self.pictures}/adoption_{width}_{'dark' if dark else 'light'}_open.png", whole=True)

    def filters(self):
        self.page.look(1400)
        self.open()
        self.equal("all, worst first", self.page.run(VISIBLE)[-2:], ["plain", "web"])
        self.page.run("search.value = 'QUICK'; search.dispatchEvent(new Event('input'))")
        self.equal("words are looked for in the whole row", sorted(self.page.run(VISIBLE)), ["quick", "quick10"])
        self.that("it is told how many", self.page.run("shown.textContent").endswith("of 7 shown"))
        self.that("the state is in the address", self.page.run("location.hash") == "#q=QUICK")
        self.page.run("search.value = ''; search.dispatchEvent(new Event('input'))")
        self.page.run("standing.value = 'switches-gil-on'; standing.dispatchEvent(new Event('input'))")
        self.equal("one standing", sorted(self.page.run(VISIBLE)), ["loud", "old"])
        self.open("#s=supports")
        self.equal("an address with a filter", self.page.run(VISIBLE), ["quick"])
        self.open("#q=nothing-has-this-word")
        self.equal("nothing", self.page.run(VISIBLE), [])

    def keys(self):
        self.open()
        order = [self.tab() for _ in range(9)]
        self.equal("the order of the tab key", order, ["search", "standing", "direct", "all", "theme", "BUTTON Package", "BUTTON Version", "BUTTON Standing", "SUMMARY " + self.page.run("document.querySelector('#packages tbody summary').textContent")])
        self.that("what has the focus shows it", self.page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid")
        self.page.key("Enter")
        self.that("Enter opens the evidence", self.page.run("document.querySelector('#packages tbody details').open"))
        self.page.key(" ")
        self.that("Space closes it", not self.page.run("document.querySelector('#packages tbody details').open"))
        self.open()
        self.tab(6)
        self.page.key("Enter")
        names = self.page.run(VISIBLE)
        self.equal("Enter on a header sorts by name", names, sorted(names))
        self.equal("and says so", self.page.run(SORTED)[0], "ascending")
        self.page.key(" ")
        self.equal("Space turns it round", self.page.run(VISIBLE), sorted(names, reverse=True))
        self.tab()
        self.page.key("Enter")
        versions = self.page.run("[...document.querySelectorAll('#packages > tbody > tr')].map((r) => r.cells[1].textContent)")
        self.equal("versions are numbers", versions, sorted(versions, key=float))
        self.equal("one header says so", self.page.run(SORTED), [None, "ascending", None, None])
        self.page.key("/")
        self.equal("/ goes to the search", self.page.run(FOCUS), "search")
        for letter in "quick10":
            self.page.key(letter)
        self.equal("what is typed is looked for", (self.page.run("search.value"), self.page.run(VISIBLE)), ("quick10", ["quick10"]))
        self.page.key("Escape")
        self.page.key("j")
        first = self.page.run(VISIBLE)[0]
        self.equal("j goes to the first row", self.page.run("document.activeElement.closest('tr').cells[0].textContent"), first)
        self.page.key("j"), self.page.key("k")
        self.equal("k goes back", self.page.run("document.activeElement.closest('tr').cells[0].textContent"), first)

    def links(self):
        self.open("#p-old")
        self.that("an address of a package opens it", self.page.run("document.querySelector('#p-old details').open"))
        self.open("#s=supports")
        self.page.run("document.querySelector('.tree a[href=\"#p-old\"]').click(); new Promise((go) => setTimeout(go, 200))")
        self.that("a link leads to what a filter hid", self.page.run("!document.querySelector('#p-old').hidden && document.querySelector('#p-old details').open"))
        self.that("every link leads somewhere", self.page.run("[...document.querySelectorAll('a[href^=\"#\"]')].every((a) => document.getElementById(a.getAttribute('href').slice(1)))"))

    def colours(self):
        shade = "getComputedStyle(document.body).backgroundColor"
        for dark in (True, False):
            self.page.look(900, dark)
            self.open()
            before = self.page.run(shade)
            self.page.run("theme.click()")
            self.that("the button changes the colours", self.page.run(shade) != before)
            self.page.run("theme.click()")
            self.equal("and changes them back", self.page.run(shade), before)

    def hostile(self):
        self.open()
        self.page.run("document.getElementById('all').click()")
        self.that("the classifier is shown", self.page.run("document.querySelector('#p-loud').textContent.includes('onerror')"))
        self.that("what a package says became markup", self.page.run("document.querySelectorAll('img, main script, [onerror]').length") == 0)


def main(program, pictures=None):
    path = browser.find()
    if path is None:
        print("skipped: this needs Chromium (the Debian package chromium)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        url = page_of(program, pathlib.Path(folder))
        with browser.Browser(path) as page:
            checks = Checks(page, url, pictures)
            return checks.told_by(checks.looks, checks.filters, checks.keys, checks.links, checks.colours, checks.hostile)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
