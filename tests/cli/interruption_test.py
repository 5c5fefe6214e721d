"""Ctrl-C in the middle of a scan: exit code 130 at once, no child left, no scratch folder left."""

import os
import pathlib
import signal
import subprocess
import sys
import tarfile
import tempfile
import time

ENDLESS = """#include <Python.h>
template <int N, int M> struct F { static constexpr long v = F<N - 1, M>::v + F<N - 1, M + 1>::v; };
template <int M> struct F<0, M> { static constexpr long v = M; };
long endless = F<900, 0>::v;
"""


def children(pid):
    out = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            out.append(int(entry.parent.name))
    return out


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(holds, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if held := holds():
            return held
        time.sleep(0.02)
    return holds()


def check(program, wanted, code):
    with tempfile.TemporaryDirectory(prefix="ftaudit-interruption-") as name:
        folder = pathlib.Path(name)
        (folder / "tmp").mkdir()
        # From an archive, so that there is a scratch folder to leave behind.
        source = folder / "endless-1.0"
        source.mkdir()
        (source / "endless.cpp").write_text(ENDLESS)
        with tarfile.open(folder / "endless-1.0.tar.gz", "w:gz") as archive:
            archive.add(source, "endless-1.0")
        run = subprocess.Popen([program, "scan", folder / "endless-1.0.tar.gz", "--format", "json"], env={**os.environ, "TMPDIR": str(folder / "tmp")},
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            workers = wait_for(lambda: children(run.pid))
            assert workers, "the scan never started to parse"
            assert list((folder / "tmp").iterdir()), "the archive was not unpacked into a scratch folder"
            os.kill(run.pid, wanted)
            begun = time.monotonic()
            out, err = run.communicate(timeout=10)
            assert time.monotonic() - begun < 5, "it took too long to stop"
        finally:
            run.kill()
        assert run.returncode == code, f"exit code {run.returncode}, not {code}"
        assert out == b"", f"half a report: {out!r}"
        assert b"interrupted" in err, err
        assert wait_for(lambda: not any(alive(pid) for pid in workers)), "a child still runs"
        left = list((folder / "tmp").iterdir())
        assert not left, f"left behind: {left}"


if __name__ == "__main__":
    check(sys.argv[1], signal.SIGINT, 130)
    check(sys.argv[1], signal.SIGTERM, 128 + signal.SIGTERM)
