"""report_hostile.py FTAUDIT: the whole command against an index that lies, breaks and hangs, and packages made to hurt. Every
package has its line and its reason, nothing is written beside what was asked for, and no run takes long."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "cli"))
from make_wheel import library  # noqa: E402

FREE = "cp313-cp313t-manylinux_2_17_x86_64"


class Checks:
    def __init__(self):
        self.failures = []

    def that(self, what, is_so):
        if not is_so:
            self.failures.append(what)


def wheel(root, name, version, needs=(), tag="py3-none-any", files=(), metadata=None):
    """A wheel in the index. `files`: (path, bytes) more."""
    folder = root / name
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    text = metadata or f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {need}\n" for need in needs)
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file, content in files:
            out.writestr(file, content)
        out.writestr(f"{info}/METADATA", text)
        out.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: {tag}\n")
        out.writestr(f"{info}/RECORD", "")
    # As indexes do: the metadata beside the file, so that a resolver need not open it.
    pathlib.Path(f"{path}.metadata").write_text(text)
    return path


@contextlib.contextmanager
def index(root, log):
    with subprocess.Popen([sys.executable, HERE / "index_server.py", root, log], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.stdin.close()
            server.terminate()


class Scratch:
    """A machine of its own for the command: home, caches, temporary files, and a place where nothing may change."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        self.work, self.tmp, self.canary = self.root / "work", self.root / "tmp", self.root / "canary"
        for one in (self.work, self.tmp, self.canary, self.root / "home"):
            one.mkdir()
        (self.canary / "bird").write_text("sings")

    def environment(self, cache):
        out = {name: value for name, value in os.environ.items() if not name.startswith(("FTAUDIT_", "PIP_", "UV_")) and not name.lower().endswith("_proxy")}
        out.update(HOME=str(self.root / "home"), XDG_CACHE_HOME=str(self.root / cache), TMPDIR=str(self.tmp), PIP_CONFIG_FILE="/dev/null", UV_NO_CONFIG="1",
                   PIP_CACHE_DIR=str(self.root / cache / "pip"), UV_CACHE_DIR=str(self.root / cache / "uv"))
        return out

    def report(self, ftaudit, *arguments, cache="cache"):
        done = subprocess.run([ftaudit, "report", *arguments, "--format", "json"], cwd=self.work, env=self.environment(cache), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=500)
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    def untouched(self, given):
        return (sorted(path.name for path in self.work.iterdir()) == sorted(given) and not list(self.tmp.iterdir())
                and [path.name for path in self.canary.iterdir()] == ["bird"] and (self.canary / "bird").read_text() == "sings")


def everything_said(package):
    return " | ".join([package["summary"], package["yanked"], *package["not_checked"], *(reason["what"] for reason in package["reasons"])])


def packages(root):
    """What hurts, and what each line of the report must say: standing, and words of its reasons."""
    module = library("good", "not-used")
    wheel(root, "good", "1.0", tag=FREE, files=[("good.so", module)])
    cut = wheel(root, "truncated", "1.0", tag=FREE, files=[("truncated.so", library("truncated", "not-used"))])
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    wheel(root, "bomb", "1.0", tag=FREE, files=[("bomb.so", bytes(400 << 20))])
    wheel(root, "climber", "1.0", tag=FREE, files=[("../../canary/evil.so", module), ("../canary/bird", b"dead"), ("climber.so", library("climber", "not-used"))])
    wheel(root, "wrongelf", "1.0", tag=FREE, files=[("wrongelf.so", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8)])
    wheel(root, "noelf", "1.0", tag=FREE, files=[("noelf.so", b"no library at all")])
    root.joinpath("nozip").mkdir()
    root.joinpath("nozip", f"nozip-1.0-{FREE}.whl").write_bytes(b"\0garbage" * 999)
    withdrawn = wheel(root, "withdrawn", "1.0")
    withdrawn.with_name(withdrawn.name + ".yanked").write_text("eats data")
    wheel(root, "snake", "1.0", needs=["tail"])
    wheel(root, "tail", "1.0", needs=["snake"])
    wheel(root, "lib", "1.0"), wheel(root, "lib", "2.0")
    wheel(root, "left", "1.0", needs=["lib<2"])
    wheel(root, "right", "1.0", needs=["lib>=2"])
    wheel(root, "liar", "1.0", metadata="Metadata-Version: 2.1\nName: somebody-else\nVersion: 7\n")
    wheel(root, "loud", "1.0", metadata="Metadata-Version: 2.1\nName: loud\nVersion: 1.0\nClassifier: Programming Language :: Python :: Free Threading :: \x1b[31mred\x07\n")
    return {"good": ("declared-only", ""), "truncated": ("unknown", "could not be read"), "bomb": ("unknown", "neither ELF"), "climber": ("unknown", "evil.so"),
            "wrongelf": ("unknown", "wrongelf"), "noelf": ("unknown", "noelf"), "nozip": (None, "nozip"), "withdrawn": ("pure-python", "eats data"), "snake": ("pure-python", ""),
            "tail": ("pure-python", ""), "goood": ("cannot-install", "did you mean good"), "liar": (None, ""), "loud": ("pure-python", "")}


def every_package(ftaudit, url, root, scratch, checks):
    wanted = packages(root)
    (scratch.work / "wanted.txt").write_text("\n".join([*(name for name in wanted if name not in ("tail", "withdrawn")), "withdrawn==1.0", "left", "right", "lib==9", "x" * (10 << 20), "good >>> 1", "-r not-there.txt", ""]))
    began = time.monotonic()
    code, report, errors = scratch.report(ftaudit, "-r", "wanted.txt", "--index-url", url + "/json")
    took = time.monotonic() - began
    checks.that(f"exit code {code}", code == 3)
    by_name = {package["name"]: package for package in report["packages"]}
    for name, (standing, words) in wanted.items():
        package = by_name.get(name)
        if package is None:
            checks.that(f"{name} has no line", False)
            continue
        said = everything_said(package)
        print(f"{name:10} {package['standing']:15} {said[:150]}")
        checks.that(f"{name}: {package['standing']}, not {standing}: {said}", standing in (None, package["standing"]))
        checks.that(f"{name}: {words!r} is not in: {said}", words in said)
    conflict = [name for name in ("left", "right") if by_name[name]["standing"] == "cannot-install"]
    checks.that(f"one of left and right gives way: {conflict}", len(conflict) == 1 and "lib" in everything_said(by_name[conflict[0]]))
    checks.that("lib==9 and what others need of it", "9" in everything_said(by_name["lib"]))
    problems = "\n".join(report["problems"])
    print(problems[:1500])
    for words in ("wanted.txt:16", "good >>> 1", "not-there.txt"):
        checks.that(f"{words!r} is not among the problems", words in problems)
    checks.that("a line of 10 MB stands whole in the report", len(problems) < 100_000)
    checks.that(f"it took {took:.0f} s", took < 300)
    checks.that(f"something was left behind or touched: {list(scratch.work.iterdir())}, {list(scratch.tmp.iterdir())}, {list(scratch.canary.iterdir())}", scratch.untouched(["wanted.txt"]))
    print(f"hostile packages: {took:.1f} s, {len(report['packages'])} lines, stderr {errors[-200:]!r}")
    terminal = subprocess.run([ftaudit, "report", "-r", "wanted.txt", "--index-url", url + "/json", "-v"], cwd=scratch.work, env=scratch.environment("cache"), capture_output=True, timeout=500)
    checks.that("control characters reach the terminal", not any(byte < 32 and byte != 10 for byte in terminal.stdout))


def every_index(ftaudit, url, scratch, checks):
    """Indexes that answer badly, and what the line of a package must say then."""
    (scratch.work / "wanted.txt").write_text("good\n")
    for mode, words, most in (("404", "no index knows it", 60), ("500", "answers 500", 90), ("garbage", "", 60), ("redirect", None, 60), ("loop", "", 60), ("endless", "", 120), ("drip", "256 bytes", 90), ("hang", "no answer within 20 s", 90)):
        began = time.monotonic()
        code, report, _ = scratch.report(ftaudit, "-r", "wanted.txt", "--index-url", f"{url}/{mode}", "--fail-on", "unsupported", cache=f"cache-{mode}")
        took = time.monotonic() - began
        package = report["packages"][0]
        said = everything_said(package)
        print(f"{mode:8} {took:5.1f} s, exit {code}: {package['standing']}: {said[:170]}")
        if words is None:
            checks.that(f"{mode}: {package['standing']}: {said}", package["standing"] == "declared-only" and code == 0)
        else:
            # An index that is down says nothing about a package; one that knows no such name does.
            wanted = ("cannot-install", 1) if mode == "404" else ("unknown", 3)
            checks.that(f"{mode}: {package['standing']}, exit code {code}", (package["standing"], code) == wanted)
            checks.that(f"{mode}: {words!r} is not in: {said}", words in said and len(said) > 20)
        checks.that(f"{mode}: took {took:.0f} s", took < most)
        checks.that(f"{mode}: something was left behind", scratch.untouched(["wanted.txt"]))


def many_files(ftaudit, url, log, scratch, checks):
    """Several requirement files in one run share what is fetched: no file of a package is asked for twice."""
    for number in range(6):
        (scratch.work / f"service{number}.txt").write_text("good\nlib==2.0\n" + ("snake\n" if number % 2 else ""))
    inputs = [part for number in range(6) for part in ("-r", f"service{number}.txt")]
    log.write_text("")
    code, report, _ = scratch.report(ftaudit, *inputs, "--index-url", url + "/json", cache="cache-many")
    own = [line for line in log.read_text().splitlines() if "ftaudit" in line]
    pages = [line for line in own if "/json/" in line]
    checks.that(f"exit code {code}", code == 0)
    checks.that("every file asks for good", sorted(asked.split(":")[0] for asked in next(p for p in report["packages"] if p["name"] == "good")["asked_by"]) == [f"service{n}.txt" for n in range(6)])
    checks.that(f"pages asked for more than once: {pages}", len(pages) == len(set(pages)) == 4)
    checks.that("parts of a wheel fetched more than once", len(own) == len(set(own)))
    print(f"six files: {len(report['packages'])} packages, {len(own)} requests of ftaudit's own, {len(log.read_text().splitlines())} with the resolver's")
    log.write_text("")
    scratch.report(ftaudit, *inputs, "--index-url", url + "/json", cache="cache-many")
    again = [line for line in log.read_text().splitlines() if "ftaudit" in line]
    checks.that(f"a second run asks again: {again}", not again)
    for number in range(6):
        (scratch.work / f"service{number}.txt").unlink()


def main(ftaudit):
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="ftaudit-hostile-") as folder:
        folder = pathlib.Path(folder)
        root, log = folder / "index", folder / "requests.log"
        root.mkdir()
        (folder / "machine").mkdir()
        scratch = Scratch(folder / "machine")
        with index(root, log) as url:
            every_package(ftaudit, url, root, scratch, checks)
            every_index(ftaudit, url, scratch, checks)
            many_files(ftaudit, url, log, scratch, checks)
    for failure in checks.failures:
        print("FAILED:", failure)
    print(f"{len(checks.failures)} failures")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
