"""The plan of the house as checks over source texts: which layer may include which, which library stays behind which
wall, how long a file may be, what it may be called. Every check takes {path: text} and yields complaints."""

import re

# Who may include whom. A layer may always include itself.
LAYERS = {
    "base": [],
    "capi": ["base"],
    "headers": ["base"],
    "packaging": ["base", "headers"],
    "model": ["base"],
    "python": ["base", "headers"],
    "project": ["base"],
    "frontend": ["base", "capi", "headers", "model", "project"],
    "analysis": ["base", "capi", "model"],
    "finding": ["base"],
    "rules": ["base", "capi", "model", "analysis", "finding"],
    "dynamic": ["base", "python", "project", "model", "finding"],
    "packages": ["base", "project", "finding"],
    "lsp": ["base", "finding", "reports"],
    "reports": ["base", "finding"],
    "cli": ["base", "capi", "headers", "model", "python", "project", "frontend", "analysis", "finding", "rules", "dynamic", "packages", "lsp", "reports"],
}

# A library, the includes that are it, and the files it may be seen in (the whole path must match).
WALLS = [
    ("Clang", r"clang(-c)?/", r"tool/frontend/[^/]+"),
    ("LLVM's Object library and disassemblers", r"llvm/(Object|Support|ADT|BinaryFormat|DebugInfo|MC|TargetParser)/", r"tool/(frontend|packages)/[^/]+"),
    ("LLVM", r"llvm(-c)?/", r"tool/frontend/[^/]+"),
    ("nlohmann/json", r"nlohmann/", r"reports/\w+\.cpp|tool/\w+/\w+\.cpp|tool/lsp/connection\.h"),
    ("toml++", r"toml\+\+/|toml\.hpp", r"tool/(project|cli|packages)/\w+\.cpp|tool/packages/toml_file\.h|tool/packaging/toml\.cpp"),
    ("libarchive", r"archive(_entry)?\.h", r"tool/project/\w*archive\w*\.cpp|tool/python/unpack\.cpp|tool/packages/\w+\.cpp"),
    ("zlib", r"zlib\.h", r"tool/packages/zip\.cpp|tool/headers/blob\.cpp"),
    ("libcurl", r"curl/", r"tool/packages/\w+\.cpp"),
    ("spdlog", r"(spdlog|fmt)/", r"tool/base/log\.cpp|tool/packaging/(spdlog|format)\.cpp"),
    ("CLI11", r"CLI/", r"tool/cli/(\w+_)?options\.cpp"),
    ("doctest", r"doctest(/|\.h)", r"tests/.+"),
]

# Layers in which JSON is nobody's format: facts, judgements and findings are structs.
WITHOUT_JSON = ["base", "capi", "model", "frontend", "analysis", "finding", "rules", "cli"]

# Of the C library and POSIX; a header that is in none of these lists is a new library, which wants a wall.
SYSTEM = r"(sys|linux|netinet|arpa)/[\w/]+\.h|(assert|cxxabi|dirent|dlfcn|elf|errno|fcntl|fnmatch|glob|limits|link|locale|poll|pthread|pwd|sched|signal|spawn|stdint|stdio|stdlib|string|strings|termios|time|unistd)\.h"
STANDARD = r"[a-z_0-9]+"

LONGEST = 400
LONG = {
    "tool/project/meson.cpp": "meson's functions are many; each is a few lines",
    "tool/analysis/values.cpp": "to be split: definitions, uses and identities are three ideas",
    "tool/dynamic/confirmation.cpp": "to be split: the workloads become rows of a list",
    "tool/dynamic/sighting.cpp": "to be split: what is seen, and what it is laid beside",
    "tool/frontend/shapes.cpp": "to be split: one shape a file",
    "tool/packages/processor_x86_64.cpp": "one instruction set, decoded row by row",
    "tool/project/selection.cpp": "to be split: what is chosen, and why not",
}

BANNED = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "stuff"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)


# Code as users write it, for ftaudit to read.
FOREIGN = re.compile(r"/cases/|^tests/headers/sample/|^tests/cli/inputs/|^tests/frontend/headers/|^corpus/")


def is_code(path):
    return path.endswith((".h", ".cpp")) and not FOREIGN.search(path)


def layer_of(path):
    top, _, rest = path.partition("/")
    return rest.partition("/")[0] if top == "tool" else top if top in LAYERS else None


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(path, text):
    for match in INCLUDE.finditer(text):
        yield f"{path}:{line_of(text, match.start())}", match[1], match[2]


def check_layers(files):
    for path, text in files.items():
        layer = layer_of(path)
        if not is_code(path) or layer is None:
            continue
        if layer not in LAYERS:
            yield f"{path}: {layer} is no layer of the house"
            continue
        for where, own, _ in includes(path, text):
            if own is None:
                continue
            to = own.partition("/")[0]
            if to not in LAYERS or "/" not in own:
                yield f'{where}: "{own}" does not begin with its layer'
            elif to != layer and to not in LAYERS[layer]:
                yield f"{where}: {layer} must not know {to} ({own})"
            elif to == layer == "rules" and own.count("/") > 1 and not path.startswith(own.rpartition("/")[0] + "/"):
                yield f"{where}: a rule must not know another ({own})"


def check_targets(files):
    """The build's DEPENDS may not say more than the table."""
    for path, text in files.items():
        if not path.endswith("CMakeLists.txt") or path.startswith("tests/"):
            continue
        for match in re.finditer(r"ftaudit_layer\(\s*(\w+)(.*?)\)", text, re.S):
            words = re.findall(r"[\w:.$/{}-]+", match[2])
            if match[1] == "name":  # the function itself
                continue
            depends, inside = [], False
            for word in words:
                if word in ("DEPENDS", "LINK", "SOURCES"):
                    inside = word == "DEPENDS"
                elif inside:
                    depends.append(word)
            for other in depends:
                if other not in LAYERS.get(match[1], []):
                    yield f"{path}: target {match[1]} must not depend on {other}"


def check_walls(files):
    """Tests may use a library to make what the code under test reads."""
    for path, text in files.items():
        if not is_code(path) or path.startswith("tests/"):
            continue
        for where, _, system in includes(path, text):
            if system is None:
                continue
            for library, headers, allowed in WALLS:
                if not re.match(headers, system):
                    continue
                if not re.fullmatch(allowed, path):
                    yield f"{where}: {library} does not belong here (<{system}>)"
                elif library == "nlohmann/json" and layer_of(path) in WITHOUT_JSON:
                    yield f"{where}: {layer_of(path)} has no business with JSON (<{system}>)"
                break
            else:
                if not re.fullmatch(STANDARD, system) and not re.fullmatch(SYSTEM, system):
                    yield f"{where}: <{system}> belongs to no library the house knows"


def check_clang_stays_inside(files):
    """Nothing outside frontend gets Clang's headers through one of frontend's own."""
    by_name = {path.removeprefix("tool/"): path for path in files}
    reaches = {}

    def reached(path):
        if path not in reaches:
            reaches[path] = None
            for _, own, system in includes(path, files[path]):
                if system is not None and re.match(r"clang|llvm", system):
                    reaches[path] = f"<{system}>"
                elif own in by_name and reached(by_name[own]) and not reaches[path]:
                    reaches[path] = f"{own} -> {reached(by_name[own])}"
        return reaches[path]

    for path in files:
        if is_code(path) and layer_of(path) not in (None, "frontend", "packages") and reached(path):
            yield f"{path}: sees Clang through {reached(path)}"


def check_lengths(files):
    for path, text in files.items():
        lines = text.count("\n")
        if is_code(path) and lines > LONGEST and path not in LONG:
            yield f"{path}: {lines} lines; over {LONGEST} wants a reason in {__name__}.LONG"
    for path in LONG:
        if path in files and files[path].count("\n") <= LONGEST:
            yield f"{path}: is short enough now; take it out of {__name__}.LONG"


def check_names(files):
    for path in files:
        if FOREIGN.search(path):
            continue
        for part in path.split("/"):
            stem = part.partition(".")[0]
            if stem in BANNED or stem.rpartition("_")[2] in BANNED:
                yield f"{path}: {stem} says nothing; call it what it holds"
            if is_code(path) and not re.fullmatch(r"[a-z0-9_]+", stem):
                yield f"{path}: {part} is not lower_snake"


def check_headers(files):
    for path, text in files.items():
        if is_code(path) and path.endswith(".h"):
            if not text.startswith("// "):
                yield f"{path}: opens without a paragraph on what it is"
            if "#pragma once" not in text:
                yield f"{path}: has no #pragma once"


CHECKS = [check_layers, check_targets, check_walls, check_clang_stays_inside, check_lengths, check_names, check_headers]
