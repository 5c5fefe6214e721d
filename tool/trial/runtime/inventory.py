"""inventory.py list: what is installed, a JSON line a distribution. inventory.py import MODULE...: imports each and tells, a
line a module as it goes, whether that switched the GIL on and which compiled module did it.
Behind gil_watch.py and listing.py."""
import importlib
import json
import sys
import warnings
from importlib import metadata
from urllib.parse import unquote, urlsplit


def tell(row):
    print(json.dumps(row), flush=True)


def listed():
    for distribution in metadata.distributions():
        top, modules, files = contents(distribution)
        tags = [line.partition(":")[2].strip() for line in (distribution.read_text("WHEEL") or "").splitlines() if line.startswith("Tag:")]
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        folder = unquote(urlsplit(origin["url"]).path) if "dir_info" in origin else ""
        tell({"name": distribution.metadata["Name"], "version": distribution.version, "top": top, "modules": modules, "files": files,
              "tags": tags, "folder": folder, "location": str(distribution.locate_file(""))})


def imported(names):
    gil, culprits = getattr(sys, "_is_gil_enabled", lambda: True), []
    watch_gil(culprits.append)
    for name in names:
        tell({"begins": name})
        problem = ""
        try:
            importlib.import_module(name)
        except BaseException as error:  # SystemExit among them
            problem = f"{type(error).__name__}: {error}"[:300]
        tell({"module": name, "gil": gil(), "culprits": culprits, "problem": problem})


warnings.simplefilter("ignore")
if sys.argv[1] == "list":
    listed()
else:
    imported(sys.argv[2:])
