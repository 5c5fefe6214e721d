"""Imports one module and tells what became of the GIL. Run with -I by a free-threaded interpreter in a process of its own:
probe_script.py OUTPUT MODULE, or probe_script.py OUTPUT --list DISTRIBUTION to tell what there is to import."""

import importlib
import importlib.machinery
import json
import sys


def listing(distribution):
    from importlib import metadata

    suffixes = sorted(importlib.machinery.EXTENSION_SUFFIXES, key=len, reverse=True)
    top, extensions = set(), []
    for file in metadata.distribution(distribution).files or []:
        parts = list(file.parts)
        if ".." in parts or parts[0].endswith((".dist-info", ".data")):
            continue
        suffix = next((s for s in [*suffixes, ".py"] if parts[-1].endswith(s)), None)
        if suffix is None:
            continue
        parts[-1] = parts[-1][: -len(suffix)]
        if parts[-1] == "__init__":
            parts.pop()
        if not parts or not all(part.isidentifier() for part in parts):
            continue
        top.add(parts[0])
        if suffix != ".py":
            extensions.append(".".join(parts))
    installed = sorted(f"{d.metadata['Name']}=={d.version}" for d in metadata.distributions())
    return {"top": sorted(top), "extensions": sorted(extensions), "installed": installed}


def importing(module):
    culprits = []
    loader = importlib.machinery.ExtensionFileLoader

    def watched(method):
        def run(self, argument):
            before = sys._is_gil_enabled()
            try:
                return method(self, argument)
            finally:
                if not before and sys._is_gil_enabled():
                    culprits.append(self.name)

        return run

    loader.create_module = watched(loader.create_module)
    loader.exec_module = watched(loader.exec_module)
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
