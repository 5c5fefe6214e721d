"""Clean roots of Debian releases, and what a stranger does in them: install the wheel or the .deb without a network and
scan an sdist. Roots are made by debootstrap once and copied for each try."""

import json
import shutil
import subprocess
import time
from pathlib import Path

SUITES = ("bullseye", "trixie")


def root_of(suite, folder, mirror):
    root = folder / suite
    if not (folder / f"{suite}.done").exists():
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", "--include=python3-venv,python3-pip,ca-certificates", suite, root,
                        f"{mirror}/debian"], check=True, stdout=subprocess.DEVNULL)
        (folder / f"{suite}.done").touch()
    return root


def findings(report):
    return sorted((one["rule"], one["location"]["file"], one["location"]["line"], one["location"]["column"])
                  for one in json.loads(report)["findings"])


class Stranger:
    """Commands in a throw-away copy of a root: no network, an empty environment and home."""

    def __init__(self, root, scratch):
        self.root = Path(scratch) / root.name
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", "--reflink=auto", root, self.root], check=True)
        (self.root / "try").mkdir()

    def give(self, file):
        shutil.copy(file, self.root / "try")

    def run(self, command, codes=(0,)):
        began = time.monotonic()
        # /proc is mounted in a namespace of its own, so nothing of it is left behind.
        done = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "sh", "-c",
                               'mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/tmp" && mount --bind /dev "$1/dev" && '
                               'exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c "cd /try && $2"',
                               "sh", self.root, command], capture_output=True, text=True)
        if done.returncode not in codes:
            raise RuntimeError(f"in {self.root.name}: {command}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout, time.monotonic() - began

    def leave(self):
        shutil.rmtree(self.root, ignore_errors=True)


def as_stranger(root, scratch, wheel, deb, sdists, expected):
    """Lines that tell what it took; raises where a report is another than on the machine that made the package."""
    stranger = Stranger(root, scratch)
    try:
        for file in [wheel, deb, *sdists]:
            stranger.give(file)
        _, venv = stranger.run("python3 -m venv env")
        _, installed = stranger.run(f"env/bin/python -m pip install -q --disable-pip-version-check --no-index ./{wheel.name}")
        yield f"{root.name}: python3 -m venv: {venv:.1f} s; pip install of the wheel: {installed:.1f} s"
        module, _ = stranger.run("env/bin/python -m ftaudit --version")
        program, start = stranger.run("env/bin/ftaudit --version")
        assert module == program, (module, program)
        yield f"{root.name}: {program.strip()}; first start: {start * 1000:.0f} ms"
        first = None
        for sdist in sdists:
            report, seconds = stranger.run(f"env/bin/ftaudit scan {sdist.name} --format json", codes=(0, 1))
            found, wanted = findings(report), findings(expected[sdist.name])
            if found != wanted:
                raise RuntimeError(f"{root.name}: {sdist.name}: {len(found)} findings instead of {len(wanted)}: "
                                   f"{[one for one in found if one not in wanted][:3]} {[one for one in wanted if one not in found][:3]}")
            yield f"{root.name}: scan of {sdist.name}: {seconds:.1f} s, {len(found)} findings as expected"
            if first is None:
                first = venv + installed + seconds
                yield f"{root.name}: from nothing to the first report: 3 commands, {first:.1f} s, {(installed + seconds):.1f} s of it after the venv"
        stranger.run(f"python3 -m pip install -q --no-index --target there ./{wheel.name} && PYTHONPATH=there python3 -m ftaudit --version")
        _, seconds = stranger.run(f"dpkg -i ./{deb.name} && /usr/bin/ftaudit --version")
        yield f"{root.name}: dpkg -i: {seconds:.1f} s"
        report, _ = stranger.run(f"/usr/bin/ftaudit scan {sdists[0].name} --no-cache --format json", codes=(0, 1))
        if findings(report) != findings(expected[sdists[0].name]):
            raise RuntimeError(f"{root.name}: the .deb's program reports something else")
        stranger.run("ln -s /usr/bin/ftaudit linked && ./linked doctor")
    finally:
        stranger.leave()
