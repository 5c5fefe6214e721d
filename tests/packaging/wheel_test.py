"""The wheel's file, with a small script for the program: pip takes it, both ways of starting it work, its RECORD is true, and the
same inputs give the same bytes. Argument: tool/packaging."""

import base64
import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def main(packaging):
    sys.path.insert(0, packaging)
    import blob
    import licences
    import wheel

    program = b'#!/bin/sh\necho "ran with $*"\n'
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = folder / "licences"
        texts.mkdir()
        (texts / "clang.txt").write_text("its licence\n")
        (folder / "again").mkdir()
        made = wheel.write(program, "0.1.0", "manylinux_2_28_x86_64", "# ftaudit\n", b"ours\n", texts, folder)
        again = wheel.write(program, "0.1.0", "manylinux_2_28_x86_64", "# ftaudit\n", b"ours\n", texts, folder / "again")
        assert made.read_bytes() == again.read_bytes(), "two wheels of the same differ"

        with zipfile.ZipFile(made) as archive:
            names = archive.namelist()
            for path, digest, size in csv.reader(io.StringIO(archive.read("ftaudit-0.1.0.dist-info/RECORD").decode())):
                names.remove(path)
                content = archive.read(path)
                if digest:
                    want = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                    assert (digest, int(size)) == (f"sha256={want}", len(content)), path
            assert not names, f"not in RECORD: {names}"
            told = archive.read("ftaudit-0.1.0.dist-info/METADATA").decode()
            assert "License-File: parts/clang.txt\n" in told and "License-File: LICENSE\n" in told, told

        there = folder / "there"
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check",
                               "--target", there, made], capture_output=True, text=True)
        if "No module named pip" in done.stderr or "is not a supported wheel" in done.stderr:
            print("pip is not here or not for this machine; the rest was looked at")
            return 0
        assert done.returncode == 0, done.stderr
        for command in ([there / "bin/ftaudit"], [sys.executable, "-m", "ftaudit"]):
            said = subprocess.run([*command, "scan", "a b"], capture_output=True, text=True, cwd=folder, env={"PYTHONPATH": str(there), "PATH": "/usr/bin:/bin"})
            assert said.stdout == "ran with scan a b\n", (command, said)

        pinned = (Path(packaging) / "headers.sha256").read_text().split("\n")
        carried = {line.split("  ")[1].split("-")[0] for line in pinned if line}
        assert carried and carried <= set(licences.PROJECTS), f"carried, and without a licence: {carried - set(licences.PROJECTS)}"

        headers = folder / "headers"
        for part in ("python/3.14t-3.14.6", "headers/numpy-2.4.6"):
            (headers / part).mkdir(parents=True)
        (folder / "lib").mkdir()
        (folder / "lib/libz.a").touch()
        rows = [("CPython", "3.14.6", "headers", "PSF-2.0", "a.txt"), ("numpy", "2.4.6", "headers", "BSD-3-Clause", "b.txt"),
                ("zlib1g-dev", "1.2", "linked", "Zlib", "c.txt")]
        owners = {"zlib1g-dev": ["libz.a"]}
        assert licences.missing(folder, owners, rows) == [], "all of it has a licence"
        for left_out, told in enumerate(("CPython 3.14.6", "numpy 2.4.6", "libz.a")):
            assert licences.missing(folder, owners, rows[:left_out] + rows[left_out + 1:]) == [told], told
        assert f"{'CPython':<12}3.14.6" in licences.index(rows), licences.index(rows)

        (headers / "clang/include").mkdir(parents=True)
        (headers / "clang/include/stddef.h").write_text("#define NULL 0\n")
        first = blob.pack(headers)
        (headers / "clang/include/stddef.h").touch()
        assert blob.pack(headers) == first and first.startswith(b"FTHEADERS1\n"), "a date changes the headers' bytes"
        (headers / "clang/include/stddef.h").write_text("#define NULL 1\n")
        assert blob.pack(headers)[11:75] != first[11:75], "other headers have the same identity"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
