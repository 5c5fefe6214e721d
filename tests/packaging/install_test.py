"""`cmake --install` into a folder, and the program there on an extension of the corpus. Arguments: cmake, the build folder, the
top of the sources and the version that CMake's project() says."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def said(*command, codes=(0,)):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in codes, (command, done.returncode, done.stdout[-500:], done.stderr[-500:])
    return done.stdout


def main(cmake, build, top, version):
    with tempfile.TemporaryDirectory() as name:
        prefix = Path(name) / "a prefix"
        said(cmake, "--install", build, "--prefix", prefix)
        files = sorted(path.relative_to(prefix).as_posix() for path in prefix.rglob("*") if path.is_file())
        wanted = {"bin/ftaudit", "share/man/man1/ftaudit.1", "share/bash-completion/completions/ftaudit",
                  "share/zsh/site-functions/_ftaudit", "share/fish/vendor_completions.d/ftaudit.fish", "share/doc/ftaudit/LICENSE",
                  "share/doc/ftaudit/README.md", "share/doc/ftaudit/CHANGELOG.md"}
        assert set(files) == wanted, files
        installed = prefix / "bin/ftaudit"
        assert said(installed, "--version") == f"ftaudit {version}\n"
        assert (prefix / "share/man/man1/ftaudit.1").read_text().startswith(".TH FTAUDIT 1"), "no manual page"
        assert "ftaudit" in (prefix / "share/bash-completion/completions/ftaudit").read_text()
        report = json.loads(said(installed, "scan", Path(top) / "corpus/tally", "--no-cache", "--format", "json", codes=(1,)))
        assert report["tool"]["version"] == version and len(report["findings"]) > 10, report["summary"]
    # Nobody else says a version of their own.
    assert re.search(rf"^## {re.escape(version)} ", (Path(top) / "CHANGELOG.md").read_text(), re.M), "CHANGELOG.md has no such version"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
