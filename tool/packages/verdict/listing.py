"""Put before programs that look at what is installed: what there is to import of a distribution."""
import importlib.machinery


def contents(distribution):
    """The names to import, the compiled modules, and the files of either kind."""
    suffixes = sorted(importlib.machinery.EXTENSION_SUFFIXES, key=len, reverse=True)
    top, modules, files = set(), [], []
    for file in distribution.files or []:
        parts = list(file.parts)
        if ".." in parts or parts[0].endswith((".dist-info", ".data")):
            continue
        suffix = next((one for one in [*suffixes, ".py"] if parts[-1].endswith(one)), None)
        if suffix is None:
            continue
        files.append("/".join(file.parts))
        parts[-1] = parts[-1][: -len(suffix)]
        if parts[-1] == "__init__":
            parts.pop()
        if not parts or not all(part.isidentifier() for part in parts):
            continue
        top.add(parts[0])
        if suffix != ".py":
            modules.append(".".join(parts))
    return sorted(top), sorted(modules), files


