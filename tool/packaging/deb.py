"""The .deb, by dpkg-deb: the same program for every release of Debian and Ubuntu since 2018, with its manual page and
completions. The same inputs give the same bytes."""

import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CONTROL = """Package: ftaudit
Version: {version}
Architecture: {architecture}
Maintainer: ftaudit <ftaudit@localhost>
Section: devel
Priority: optional
Installed-Size: {size}
Depends: libc6 (>= 2.28)
Recommends: libc6-dev, python3
Suggests: clang, git, gdb
Description: tells whether an extension of CPython survives without the GIL
 Reads the C, C++ or Cython sources of an extension and says, with evidence, what
 breaks when threads run in parallel, and what exactly to change.
"""


def write(program, version, architecture, licence, parts_licences, folder):
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        files = {"usr/bin/ftaudit": Path(program).read_bytes(), "usr/share/doc/ftaudit/copyright": licence}
        said = lambda *arguments: subprocess.run([program, *arguments], check=True, capture_output=True).stdout
        files["usr/share/man/man1/ftaudit.1.gz"] = gzip.compress(said("man"), mtime=0)
        for shell, place in {"bash": "bash-completion/completions/ftaudit", "zsh": "zsh/vendor-completions/_ftaudit",
                             "fish": "fish/vendor_completions.d/ftaudit.fish"}.items():
            files[f"usr/share/{place}"] = said("completion", shell)
        for path in sorted(parts_licences.iterdir()):
            files[f"usr/share/doc/ftaudit/parts/{path.name}"] = path.read_bytes()
        for name, content in files.items():
            to = root / name
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(content)
            to.chmod(0o755 if name.startswith("usr/bin/") else 0o644)
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN/control").write_text(CONTROL.format(version=version, architecture=architecture,
                                                            size=sum(map(len, files.values())) // 1024))
        for path in [root, *root.rglob("*")]:
            if path.is_dir():
                path.chmod(0o755)
        deb = Path(folder) / f"ftaudit_{version}_{architecture}.deb"
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, deb], check=True, stdout=subprocess.DEVNULL,
                       env=dict(os.environ, SOURCE_DATE_EPOCH="315532800"))
    return deb
