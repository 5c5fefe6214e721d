"""Whatever happens to the cache, the next run is right: killed half way, two runs at once, a full disk, no permission to
write, damaged entries. Each is compared with a run that knows no cache."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Place:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.cache = folder / "cache"
        self.project = folder / "project"
        shutil.copytree(HERE / "inputs/many", self.project)
        # Enough to be in the middle of something.
        for i in range(12):
            shutil.copy(HERE / "inputs/race.c", self.project / f"race{i}.c")
        self.wanted = self.run("--no-cache")

    def command(self, *options):
        return [str(self.program), "scan", str(self.project), "--format", "json", "-j", "2", *options]

    def environment(self):
        return {**os.environ, "XDG_CACHE_HOME": str(self.cache)}

    def run(self, *options, before=()):
        ran = subprocess.run([*before, *self.command(*options)], env=self.environment(), capture_output=True, timeout=120)
        return ran.returncode, ran.stdout

    def check(self, what, **how):
        came = self.run(**how)
        if came != self.wanted:
            sys.exit(f"{what}: exit code {came[0]} for {self.wanted[0]}, {len(came[1])} bytes of report for {len(self.wanted[1])}")

    def entries(self):
        return sorted(path for path in self.cache.rglob("*") if path.is_file())

    def forget(self):
        shutil.rmtree(self.cache, ignore_errors=True)


def killed(place):
    started = time.monotonic()
    place.check("cold")
    whole = time.monotonic() - started
    for part in range(1, 9):
        place.forget()
        run = subprocess.Popen(place.command(), env=place.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(whole * part / 9)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        place.check(f"after a kill at {part}/9")
        place.check(f"the second run after a kill at {part}/9")


def at_once(place):
    for _ in range(3):
        place.forget()
        runs = [subprocess.Popen(place.command(), env=place.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(3)]
        for run in runs:
            out, _ = run.communicate(timeout=120)
            if (run.returncode, out) != place.wanted:
                sys.exit("two runs at once: another report")
        place.check("after runs at once")


def damaged(place):
    place.forget()
    place.check("cold")
    for damage in (lambda b: b[: len(b) // 2], lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b"", lambda b: b"\0" * len(b), lambda b: b + b"x"):
        entries = place.entries()
        assert len(entries) > 20, entries
        for entry in entries:
            entry.write_bytes(damage(entry.read_bytes()))
        place.check("damaged entries")
    # One entry in the place of another: whole by its checksum, and still not what was asked for.
    facts = [entry for entry in place.entries() if entry.name.endswith(".facts")]
    units = [entry for entry in place.entries() if entry.name.endswith(".unit")]
    for group in (facts, units):
        contents = [entry.read_bytes() for entry in group]
        for entry, content in zip(group, contents[1:] + contents[:1]):
            entry.write_bytes(content)
    for entry in place.entries():
        if entry.name.endswith(".document"):
            entry.unlink()
    place.check("entries in each other's place")


def read_only(place):
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] if os.getuid() == 0 else []
    if drop and subprocess.run([*drop, "true"], capture_output=True).returncode != 0:
        return print("read-only: file modes cannot be made to count here; left out")
    for warm in (True, False):
        place.forget()
        if warm:
            place.check("cold")
        place.cache.mkdir(exist_ok=True)
        before = place.entries()
        for path in [place.cache, *place.cache.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        place.check("read-only", before=drop)
        if place.entries() != before:
            sys.exit("read-only: something was written all the same")
        for path in [place.cache, *(p for p in place.cache.rglob("*") if p.is_dir())]:
            path.chmod(0o755)
    place.check("after read-only")


def full_disk(place):
    place.forget()
    place.cache.mkdir()
    mounted = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=48k none "$0" && "$@" && exit 0; code=$?; exit $code', str(place.cache)]
    if subprocess.run([*mounted, "true"], capture_output=True).returncode != 0:
        return print("full disk: nothing can be mounted here; left out")
    place.check("full disk", before=mounted)
    place.check("after a full disk")


def main(program):
    for case in (killed, at_once, damaged, read_only, full_disk):
        with tempfile.TemporaryDirectory(prefix="ftaudit-cache-") as name:
            case(Place(program, pathlib.Path(name)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
