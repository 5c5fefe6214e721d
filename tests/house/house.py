"""The plan of the house as checks over source texts: which layer may include which, what is private to a room, which
library stays behind which wall, what the build links and compiles, how long a file may be, what it may be called. Every
check takes {path: text} and yields complaints."""

import functools
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
    "cython": ["base", "model", "project"],
    "analysis": ["base", "capi", "model"],
    "finding": ["base"],
    "rules": ["base", "capi", "model", "analysis", "finding"],
    "dynamic": ["base", "python", "project", "model", "cython", "finding"],
    "trial": ["base", "python", "dynamic", "packages", "finding"],
    "packages": ["base", "project", "finding"],
    "lsp": ["base", "finding", "reports"],
    "reports": ["base", "finding"],
    "audit": ["base", "capi", "model", "python", "project", "frontend", "cython", "analysis", "finding", "rules"],
    "plan": ["base", "capi", "model", "cython", "analysis", "finding", "audit"],
    "adoption": ["base", "python", "project", "finding", "packages", "reports", "audit", "dynamic", "trial"],
    "cli": ["base", "headers", "model", "python", "project", "cython", "finding", "reports", "audit", "plan", "dynamic", "trial", "adoption", "lsp"],
}

# Folders of a layer that are rooms: from outside only the header with the room's name is seen, its door. What a room
# may know besides itself, of its own layer.
ROOMS = {
    "dynamic/runtime": [],
    "dynamic/tsan": [],
    "dynamic/watch": ["runtime"],
    "dynamic/build": ["runtime"],
    "dynamic/sightings": ["runtime", "tsan", "watch"],
    "dynamic/runs": ["build", "runtime", "sightings", "tsan", "watch"],
    "dynamic/evidence": ["runs", "sightings", "tsan"],
    "packages/names": [],
    "packages/binaries": [],
    "packages/wheels": ["binaries", "names"],
    "packages/inputs": ["names"],
    "packages/index": ["inputs", "names", "wheels"],
    "packages/resolution": ["index", "inputs", "names", "wheels"],
    "packages/verdict": ["index", "inputs", "names", "resolution", "wheels"],
}
# Headers of a room that others may include beside its door.
SIDE_DOORS = {"dynamic/runtime/layout.h": "C as well as C++ reads it"}

# A library, the includes that are it, and the files it may be seen in (the whole path must match).
WALLS = [
    ("Clang", r"clang(-c)?/", r"tool/frontend/[^/]+"),
    ("LLVM's Object library and disassemblers", r"llvm/(Object|Support|ADT|BinaryFormat|DebugInfo|MC|TargetParser)/", r"tool/frontend/[^/]+|tool/packages/binaries/[^/]+"),
    ("LLVM", r"llvm(-c)?/", r"tool/frontend/[^/]+"),
    ("nlohmann/json", r"nlohmann/", r"reports/\w+\.cpp|tool/[\w/]+\.cpp|tool/lsp/connection\.h"),
    ("toml++", r"toml\+\+/|toml\.hpp", r"tool/(project|cli)/\w+\.cpp|tool/packages/inputs/(\w+\.cpp|toml_file\.h)|tool/packaging/toml\.cpp"),
    ("libarchive", r"archive(_entry)?\.h", r"tool/project/\w*archive\w*\.cpp|tool/python/unpack\.cpp|tool/packages/(wheels|resolution)/\w+\.cpp"),
    ("zlib", r"zlib\.h", r"tool/packages/wheels/zip\.cpp|tool/headers/blob\.cpp"),
    ("libcurl", r"curl/", r"tool/packages/index/http\.cpp"),
    ("spdlog", r"(spdlog|fmt)/", r"tool/base/log\.cpp|tool/packaging/(spdlog|format)\.cpp"),
    ("CLI11", r"CLI/", r"tool/cli/arguments\.cpp"),
    ("doctest", r"doctest(/|\.h)", r"tests/.+"),
]

# Layers in which JSON is nobody's format: facts, judgements and findings are structs.
WITHOUT_JSON = ["base", "capi", "model", "frontend", "analysis", "finding", "rules", "audit", "plan", "adoption", "cli"]

# Of the C library and POSIX; a header that is in none of these lists is a new library, which wants a wall.
SYSTEM = r"(sys|linux|netinet|arpa)/[\w/]+\.h|(assert|cxxabi|dirent|dlfcn|elf|errno|fcntl|fnmatch|glob|limits|link|locale|poll|pthread|pwd|regex|sched|signal|spawn|stdint|stdio|stdlib|string|strings|termios|time|unistd)\.h"
STANDARD = r"[a-z_0-9]+"

LONGEST = 400
LONGEST_RULE = 120

BANNED = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "stuff"}

# In a logical line, comments gone: what stands behind the directive.
INCLUDE = re.compile(r"[ \t]*(?:#|%:)[ \t]*(?:include|include_next|import)\b(.*)")
NAMED = re.compile(r'[ \t]*(?:"([^"]+)"|<([^>]+)>)[ \t]*$')
# A literal or a comment, whichever begins first.
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?(?:\*/|\Z)', re.S)

# Code as users write it, for ftaudit to read.
FOREIGN = re.compile(r"/cases/|^tests/headers/sample/|^tests/cli/inputs/|^tests/frontend/headers/|^corpus/")


CODE = (".h", ".hpp", ".inc", ".cpp", ".cc")


def is_code(path):
    return path.endswith(CODE) and not FOREIGN.search(path)


def layer_of(path):
    top, _, rest = path.partition("/")
    return rest.partition("/")[0] if top == "tool" else top if top in LAYERS else None


def directives(text):
    """(line, what stands behind #include), however it is spelled: the compiler's first steps, done here."""
    spliced = re.sub(r"\\\r?\n", "\0", text)  # a line may go on on the next; each \0 was a line
    plain = TOKEN.sub(lambda m: m[0] if m[0][0] in "\"'" else " " + "\0" * (m[0].count("\n") + m[0].count("\0")), spliced)
    line = 1
    for part in plain.split("\n"):
        found = INCLUDE.match(part.replace("\0", ""))
        if found:
            yield line, found[1]
        line += 1 + part.count("\0")


@functools.lru_cache(maxsize=None)
def all_includes(path, text):
    out = []
    for line, rest in directives(text):
        named = NAMED.match(rest)
        out.append((f"{path}:{line}", named and named[1], named and named[2], rest.strip()))
    return out


def includes(path, text):
    for where, own, system, _ in all_includes(path, text):
        if own or system:
            yield where, own, system


def check_spelling(files):
    """What a macro includes cannot be read off, so nothing includes by one."""
    for path, text in files.items():
        if is_code(path):
            for where, own, system, rest in all_includes(path, text):
                if not own and not system:
                    yield f"{where}: includes what a macro says ({rest})"


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
        for match in re.finditer(r"ftaudit_(?:layer\(|walls\(\s*ftaudit\s)\s*(\w+)(.*?)\)", text, re.S):
            words = re.findall(r"[\w:.$/{}-]+", match[2])
            if match[1] == "name":  # the function itself
                continue
            depends, inside = [], False
            for word in words:
                if word in ("DEPENDS", "SEEN", "ROOMS", "LINK", "SOURCES"):
                    inside = word == "DEPENDS"
                elif inside:
                    depends.append(word)
            for other in depends:
                if other not in LAYERS.get(match[1], []):
                    yield f"{path}: target {match[1]} must not depend on {other}"


def room_of(path):
    layer, _, rest = path.removeprefix("tool/").partition("/")
    room = f"{layer}/{rest.partition('/')[0]}"
    return room if "/" in rest else None


def check_rooms(files):
    """Rooms are entered by their doors, and know no room above them."""
    headers = {path.removeprefix("tool/") for path in files}
    for path, text in files.items():
        if not is_code(path) or layer_of(path) is None:
            continue
        own_room = room_of(path)
        if path.startswith("tool/") and own_room is not None and own_room not in ROOMS:
            yield f"{path}: {own_room} is no room of the house"
        for where, own, _ in includes(path, text):
            if own is None or own not in headers or own.count("/") < 2 or own.startswith("rules/"):
                continue
            room = own.rpartition("/")[0]
            if room == own_room or room not in ROOMS:
                continue
            if own != f"{room}/{room.partition('/')[2]}.h" and own not in SIDE_DOORS:
                yield f"{where}: {own} is private to {room}"
            if own_room in ROOMS and own_room.partition("/")[0] == room.partition("/")[0]:
                if room.partition("/")[2] not in ROOMS[own_room]:
                    yield f"{where}: {own_room} must not know {room} ({own})"


def check_circles(files):
    """A source and its header are one; no two such include each other, directly or through others."""
    graph = {}
    for path, text in files.items():
        if is_code(path) and layer_of(path) is not None:
            stem = path.removeprefix("tool/").rpartition(".")[0]
            to = {own.rpartition(".")[0] for _, own, _ in includes(path, text) if own}
            graph.setdefault(stem, set()).update(to - {stem})

    def reached(start):
        seen, waiting = set(), [start]
        while waiting:
            for to in graph.get(waiting.pop(), ()):
                if to not in seen:
                    seen.add(to)
                    waiting.append(to)
        return seen

    reach = {stem: reached(stem) for stem in graph}
    circles = {frozenset(to for to in reach[stem] if stem in reach.get(to, ())) for stem in graph if stem in reach[stem]}
    for circle in sorted(circles, key=sorted):
        yield f"{', '.join(sorted(circle))}: they include each other in a circle"


def check_links(files):
    """What is linked by hand obeys the table, too."""
    for path, text in files.items():
        if not path.endswith("CMakeLists.txt") or path.startswith("tests/"):
            continue
        for match in re.finditer(r"target_link_libraries\(\s*ftaudit(?:_(\w+))?\s+([^)]*)\)", text):
            target = match[1] or "cli"
            for other in re.findall(r"\bftaudit_([\w${}]+)", match[2]):
                if "$" in other:
                    yield f"{path}: {target} links {other}: name what is linked"
                elif other not in LAYERS.get(target, []):
                    yield f"{path}: target {target} must not link {other}"


def check_sources(files):
    """Every source is compiled, once: what no list names is not there, and nobody notices."""
    for path, text in files.items():
        layer = layer_of(path)
        if not path.endswith("CMakeLists.txt") or layer not in LAYERS or layer == "rules" or path.count("/") > 2:
            continue
        folder = path.rpartition("/")[0] + "/"
        listed = re.findall(r"^\s*([\w/]+\.cpp)\b", text, re.M)
        for name in sorted({name for name in listed if listed.count(name) > 1}):
            yield f"{path}: {name} is listed {listed.count(name)} times"
        words = set(re.findall(r"[\w/]+\.cpp\b", text))
        for other in files:
            if other.startswith(folder) and other.endswith(".cpp") and other.removeprefix(folder) not in words:
                yield f"{other}: is in no list of {path}"


def check_rules(files):
    """A rule is its folder and one word in the list."""
    text = files.get("rules/CMakeLists.txt")
    if text is None:
        return
    listed = set(re.search(r"set\(rules\s([^)]*)\)", text)[1].split())
    folders = {path.split("/")[1] for path in files if re.fullmatch(r"rules/\w+/rule\.(cpp|md)", path)}
    for name in sorted(folders - listed):
        yield f"rules/{name}: is not in the list of rules/CMakeLists.txt"
    for name in sorted(listed - folders):
        yield f"rules/CMakeLists.txt: there is no rule {name}"


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


def longest(path):
    if FOREIGN.search(path):
        return None
    if re.fullmatch(r"rules/\w+/rule\.cpp", path):
        return LONGEST_RULE
    return LONGEST if path.endswith(CODE + (".c", ".py")) else None


def check_lengths(files):
    for path, text in files.items():
        lines, most = text.count("\n"), longest(path)
        if most is not None and lines > most:
            yield f"{path}: {lines} lines; over {most} wants " + (
                "an analysis" if most == LONGEST_RULE else "to be split by idea")


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
        if is_code(path) and path.endswith((".h", ".hpp")):
            if not text.startswith("// "):
                yield f"{path}: opens without a paragraph on what it is"
            if "#pragma once" not in text:
                yield f"{path}: has no #pragma once"


# A name of CPython's, or of a field of its structs, as a whole literal that something is compared with, listed in, or
# given to a question.
SPELLED = re.compile(r'(?:[=!]=|[\w({,?:]|\breturn\b)\s*"(\*?_?Py\w*|(?:tp|nb|sq|mp|am|bf|m|ml|ob|wr)_[a-z_]*)"')


def check_capi_names(files):
    """What CPython's names mean is capi's to know: analyses and rules ask it, and spell names only in what they tell users."""
    for path, text in files.items():
        if not is_code(path) or layer_of(path) not in ("analysis", "rules"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for name in SPELLED.findall(line.partition("//")[0]):
                yield f"{path}:{number}: \"{name}\" wants a question of capi that says what is meant"


CHECKS = [check_layers, check_rooms, check_circles, check_targets, check_links, check_sources, check_rules, check_walls,
          check_spelling, check_clang_stays_inside, check_lengths, check_names, check_headers,
          check_capi_names]
