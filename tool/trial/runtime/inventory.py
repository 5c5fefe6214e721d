"""inventory.py list: what is installed, a JSON line a distribution. inventory.py import MODULE...: imports each and tells, a
line a module as it goes, whether that switched the GIL on and which compiled module did it."""
import importlib
import importlib.machinery
import json
import sys
import warnings
from importlib import metadata
from urllib.parse import unquote, urlsplit


def tell(row):
    print(json.dumps(row), flush=True)


def listed():
    suffixes = sorted(importlib.machinery.EXTENSION_SUFFIXES, key=len, reverse=True)
    for distribution in metadata.distributions():
        files, modules, top = [], [], set()
        for file in distribution.files or []:
            parts = list(file.parts)
            if ".." in parts or parts[0].endswith((".dist-info", ".data")):
                continue
            suffix = next((one for one in [*suffixes, ".py"] if parts[-1].endswith(one)), None)
            if suffix is None:
                continue
            if suffix != ".py" or parts[-1].endswith(".py"):
                files.append("/".join(file.parts))
            parts[-1] = parts[-1][: -len(suffix)]
            if parts[-1] == "__init__":
                parts.pop()
            if not parts or not all(part.isidentifier() for part in parts):
                continue
            top.add(parts[0])
            if suffix != ".py":
                modules.append(".".join(parts))
        tags = [line.partition(":")[2].strip() for line in (distribution.read_text("WHEEL") or "").splitlines() if line.startswith("Tag:")]
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        folder = unquote(urlsplit(origin["url"]).path) if "dir_info" in origin else ""
        tell({"name": distribution.metadata["Name"], "version": distribution.version, "top": sorted(top), "modules": sorted(modules), "files": files,
              "tags": tags, "folder": folder, "location": str(distribution.locate_file(""))})


def imported(names):
    gil, culprits = getattr(sys, "_is_gil_enabled", lambda: True), []
    loader = importlib.machinery.ExtensionFileLoader

    def watched(method):
        def run(self, argument):
            before = gil()
            try:
                return method(self, argument)
            finally:
                if not before and gil():
                    culprits.append(self.name)
        return run

    loader.create_module, loader.exec_module = watched(loader.create_module), watched(loader.exec_module)
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
