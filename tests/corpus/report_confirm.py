"""report_confirm.py FTAUDIT CORPUS NAME: an application whose package races. `ftaudit report --confirm` builds and runs its
sdist, and the verdict, the counts and the full report say so. Returns 77 when the Pythons that confirm needs are not there."""

import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

from confirm_corpus import SKIPPED, runners


def sdist(extension, folder):
    """As a project's own build would make it, but for what metadata a build writes."""
    with tarfile.open(folder / f"{extension.name}-1.0.tar.gz", "w:gz") as archive:
        archive.add(extension, arcname=f"{extension.name}-1.0", filter=lambda entry: None if "build" in entry.name.split("/") else entry)


def main(ftaudit, corpus, name):
    if not runners(ftaudit):
        print("skipped: --confirm needs a free-threaded Python and one with ThreadSanitizer")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="report-confirm-") as scratch:
        scratch = pathlib.Path(scratch)
        sources = scratch / "sources"
        sources.mkdir()
        sdist(pathlib.Path(corpus, name), sources)
        done = subprocess.run([ftaudit, "report", sources, "--confirm", name, "--budget", os.environ.get("FTAUDIT_BUDGET", "3m"), "--format", "json"],
                              cwd=scratch, capture_output=True, text=True, timeout=1500)
        report = json.loads(done.stdout)
        package = report["packages"][0]
        run = package["confirm"]
        print(json.dumps(run, indent=1), package["summary"], *package["not_checked"], done.stderr, sep="\n")
        assert package["name"] == name and not run["failed"], "it was not run"
        assert run["confirmed"] >= 1 and run["against"] >= 1, "nothing was seen"
        page = pathlib.Path(run["report"])
        assert page.parent.parent == scratch / "ftaudit-confirmed" and "confirmed" in page.read_text(), "no full report"
        full = json.loads((page.parent / "report.json").read_text())
        assert sum(1 for one in full["findings"] if one["witness"]["verdict"] == "confirmed") == run["confirmed"], "the counts are not the full report's"
        assert any(reason["source"] == "confirm" and str(page) in reason["what"] for reason in package["reasons"]), "no evidence"
        left = {path.name for path in scratch.iterdir()}
        assert left == {"sources", "ftaudit-confirmed"}, left
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
