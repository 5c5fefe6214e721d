"""Imports one module and tells what became of the GIL. Run with -I by a free-threaded interpreter in a process of its own:
probe_script.py OUTPUT MODULE, or probe_script.py OUTPUT --list DISTRIBUTION to tell what there is to import.
Behind gil_watch.py and listing.py."""

import importlib
import json
import sys
from importlib import metadata


def listing(distribution):
    top, extensions, _ = contents(metadata.distribution(distribution))
    installed = sorted(f"{one.metadata['Name']}=={one.version}" for one in metadata.distributions())
    return {"top": top, "extensions": extensions, "installed": installed}


def importing(module):
    culprits = []
    watch_gil(culprits.append)
    result = {"before": sys._is_gil_enabled(), "error": ""}
    try:
        importlib.import_module(module)
    except BaseException as error:
        result["error"] = f"{type(error).__name__}: {error}"[:500]
    result["after"] = sys._is_gil_enabled()
    result["culprits"] = culprits
    return result


if __name__ == "__main__":
    output, *what = sys.argv[1:]
    result = listing(what[1]) if what[0] == "--list" else importing(what[0])
    # Written before the interpreter ends: a crash in its last steps is told by the signal, and what was seen is kept.
    with open(output, "w", encoding="utf-8") as file:
        json.dump(result, file)
