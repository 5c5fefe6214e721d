"""inventory.py list: what is installed, a JSON line a distribution. inventory.py needs FOLDER EXTRA...: what those extras of the
distribution that was installed from the folder ask for, a line each. inventory.py import MODULE...: imports each and tells, a
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


def needed(folder, extras):
    from pip._vendor.packaging.requirements import Requirement
    from pip._vendor.packaging.utils import canonicalize_name
    own, told = canonicalize_name, set()  # extras ask for others of the same distribution
    for distribution in metadata.distributions():
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        if "dir_info" not in origin or unquote(urlsplit(origin["url"]).path).rstrip("/") != folder.rstrip("/"):
            continue
        left = list(extras)
        for extra in left:
            for text in distribution.requires or []:
                one = Requirement(text)
                if one.marker is None or not one.marker.evaluate({"extra": extra}) or one.marker.evaluate({"extra": ""}):
                    continue
                if own(one.name) == own(distribution.metadata["Name"]):
                    left.extend(more for more in one.extras if more not in left)
                    continue
                one.marker = None
                if str(one) not in told:
                    told.add(str(one))
                    tell({"needs": str(one)})


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
elif sys.argv[1] == "needs":
    needed(sys.argv[2], sys.argv[3:])
else:
    imported(sys.argv[2:])
