"""describe_tests.py ROOT: what the project's tests need and how they are run, as JSON. Reads files; runs nothing of them."""
import ast
import configparser
import json
import os
import pathlib
import re
import sys
import tomllib

TEST_NAMES = ("test", "tests", "testing", "test-requirements", "test_requires", "pytest", "dev", "develop", "development")
SKIPPED = {".git", ".hg", ".tox", ".nox", "build", "dist", "node_modules", "__pycache__", "third_party", "vendor"}
# What an option on pytest's command line comes from.
PLUGINS = {"--cov": "pytest-cov", "--no-cov": "pytest-cov", "-n": "pytest-xdist", "--numprocesses": "pytest-xdist", "--dist": "pytest-xdist",
           "--timeout": "pytest-timeout", "--benchmark": "pytest-benchmark", "--codspeed": "pytest-codspeed", "--hypothesis": "hypothesis",
           "--doctest-plus": "pytest-doctestplus", "--forked": "pytest-forked", "--reruns": "pytest-rerunfailures", "--asyncio": "pytest-asyncio"}
# What neither helps a test nor may be there: coverage slows, linters and documentation are somebody else's.
UNWANTED = {"pytest-xdist", "pre-commit", "tox", "nox", "black", "flake8", "mypy", "ruff", "isort", "pylint", "sphinx", "twine", "build",
            "wheel", "coverage", "coveralls", "codecov", "pip", "setuptools", "check-manifest", "pyright", "cibuildwheel", "towncrier",
            "bandit", "cogapp", "pytest-codspeed"}


def name_of(requirement):
    found = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return re.sub(r"[-_.]+", "-", found[1]).lower() if found else ""


def is_test_name(name):
    return re.sub(r"[-_.]+", "-", name).lower() in TEST_NAMES


def test_names(names):
    """Those for tests; those for development only where there are none."""
    wanted = [name for name in names if is_test_name(name)]
    return [name for name in wanted if not name.lower().startswith("dev")] or wanted


def text_of(path):
    try:
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() and path.stat().st_size < 4 << 20 else ""
    except OSError:
        return ""


class Described:
    def __init__(self, root):
        self.root = root
        self.requirements, self.pins, self.files, self.extras, self.paths, self.sources = [], [], [], [], [], []
        self.runner = "none"
        self.own = ""

    def need(self, requirement, source):
        # A hash or an exact pin is for the Python it was made with, which rarely is a free-threaded one.
        requirement = re.sub(r"\s*--hash=\S+", "", requirement.split(" #")[0]).rstrip("\\ ").strip()
        exact = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*===?\s*([^;\s,*]+)\s*(;.*)?$", requirement)
        requirement = re.sub(r"^([A-Za-z0-9._\[\],-]+)\s*===?\s*[^;\s,]+", r"\1", requirement)
        name = name_of(requirement)
        if not name or requirement.startswith("-") or name in UNWANTED or name == self.own:
            return
        if exact and all(name_of(known) != name for known in self.pins):
            self.pins.append(f"{exact[1]}=={exact[2]}{exact[3] or ''}")
        if all(name_of(known) != name for known in self.requirements):
            self.requirements.append(requirement)
        if source not in self.sources:
            self.sources.append(source)

    def file(self, path, source):
        """A requirements file, taken apart so that one line nobody can install does not cost the others."""
        for line in text_of(path).splitlines():
            line = line.strip()
            if line.startswith(("-r ", "--requirement ")):
                nested = (path.parent / line.split(None, 1)[1]).resolve()
                if nested != path and nested.is_relative_to(self.root):
                    self.file(nested, source)
            elif line and not line.startswith(("#", "-", ".", "/")):
                self.need(line, source)


def read_pyproject(found, root):
    try:
        data = tomllib.loads(text_of(root / "pyproject.toml"))
    except tomllib.TOMLDecodeError:
        return
    project = data.get("project", {}) if isinstance(data.get("project"), dict) else {}
    found.own = name_of(str(project.get("name", "")))
    for extra in test_names(project.get("optional-dependencies", {})):
        found.extras.append(extra)
        found.sources.append(f"the extra {extra}")
    groups = data.get("dependency-groups", {})

    def group(name, source, seen):
        if name in seen or not isinstance(groups.get(name), list):
            return
        for item in groups[name]:
            if isinstance(item, str):
                found.need(item, source)
            elif isinstance(item, dict) and "include-group" in item:
                group(item["include-group"], source, seen | {name})

    for name in test_names(groups):
        group(name, f"the dependency group {name}", set())
    tool = data.get("tool", {})
    options = tool.get("pytest", {}).get("ini_options") or tool.get("pytest")
    if isinstance(options, dict) and options:
        pytest_settings(found, options)
    wheel = tool.get("cibuildwheel", {})
    wanted = wheel.get("test-requires", [])
    words = " ".join(map(str, wanted)).split() if isinstance(wanted, list) else str(wanted).split()
    for before, word in zip([""] + words, words):
        if before == "-r":
            found.file((root / word).resolve(), "cibuildwheel's test-requires")
        else:
            found.need(word, "cibuildwheel's test-requires")
    for extra in wheel.get("test-extras", []) if isinstance(wheel.get("test-extras"), list) else str(wheel.get("test-extras", "")).split(","):
        if extra and extra not in found.extras:
            found.extras.append(extra)
    hatch = tool.get("hatch", {}).get("envs", {}).get("test", {})
    for item in hatch.get("dependencies", []) if isinstance(hatch, dict) else []:
        found.need(item, "hatch's test environment")


def pytest_settings(found, options):
    found.runner = "pytest"
    paths = options.get("testpaths", [])
    found.paths = [path for path in (paths if isinstance(paths, list) else str(paths).split()) if (found.root / path).exists()] or found.paths
    words = options.get("addopts", [])
    for word in words if isinstance(words, list) else str(words).split():
        for option, plugin in PLUGINS.items():
            if word == option or word.startswith(option + "=") or (len(option) > 2 and word.startswith(option + "-")):
                if plugin not in UNWANTED:
                    found.need(plugin, "pytest's addopts")
    for plugin in options.get("required_plugins", []) if isinstance(options.get("required_plugins"), list) else str(options.get("required_plugins", "")).split():
        found.need(plugin, "pytest's required_plugins")
    for setting, plugin in (("asyncio_mode", "pytest-asyncio"), ("timeout", "pytest-timeout"), ("asyncio_default_fixture_loop_scope", "pytest-asyncio")):
        if setting in options:
            found.need(plugin, "pytest's settings")


def read_ini(found, root):
    for name, section in (("pytest.ini", "pytest"), (".pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        try:
            parser.read_string(text_of(root / name))
        except configparser.Error:
            continue
        if name.endswith("pytest.ini") and (root / name).is_file():
            found.runner = "pytest"
        if parser.has_section(section):
            pytest_settings(found, {key: value or "" for key, value in parser.items(section)})
        if name == "setup.cfg":
            for section_name in ("options", "metadata"):
                if parser.has_section(section_name):
                    for line in (parser.get(section_name, "tests_require", fallback="") or "").splitlines():
                        found.need(line, "setup.cfg's tests_require")
                    if section_name == "metadata":
                        found.own = found.own or name_of(parser.get("metadata", "name", fallback="") or "")
            if parser.has_section("options.extras_require"):
                for extra in parser.options("options.extras_require"):
                    if is_test_name(extra):
                        found.extras.append(extra)
                        found.sources.append(f"the extra {extra}")
        if name == "tox.ini":
            for part in parser.sections():
                if part == "testenv":
                    read_tox(found, parser, part, root)


def read_tox(found, parser, section, root):
    for line in (parser.get(section, "deps", fallback="") or "").splitlines():
        # "py38: dep" and "{env:..}" are conditions; what is left unconditional or on any factor is tried.
        line = re.sub(r"^[\w{},.!-]+\s*:\s+", "", line.strip())
        if line.startswith("-r"):
            found.file((root / line[2:].strip().replace("{toxinidir}/", "").replace("{tox_root}/", "")).resolve(), "tox.ini")
        elif line and "{" not in line:
            found.need(line, "tox.ini")
    for extra in re.split(r"[\s,]+", parser.get(section, "extras", fallback="") or ""):
        if is_test_name(extra) and extra not in found.extras:
            found.extras.append(extra)
    commands = parser.get(section, "commands", fallback="") or ""
    if "pytest" in commands:
        found.runner = "pytest"


def read_setup_py(found, root):
    try:
        tree = ast.parse(text_of(root / "setup.py"))
    except (SyntaxError, ValueError):
        return
    names = {target.id: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)
             for target in node.targets if isinstance(target, ast.Name)}

    def strings(node):
        node = names.get(node.id, node) if isinstance(node, ast.Name) else node
        if isinstance(node, (ast.List, ast.Tuple)):
            return [item.value for item in node.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []

    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        for keyword in call.keywords:
            if keyword.arg == "tests_require":
                for item in strings(keyword.value):
                    found.need(item, "setup.py's tests_require")
            elif keyword.arg == "extras_require":
                value = names.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
                for key in value.keys if isinstance(value, ast.Dict) else []:
                    if isinstance(key, ast.Constant) and is_test_name(str(key.value)):
                        found.extras.append(key.value)
                        found.sources.append(f"the extra {key.value}")
            elif keyword.arg == "name" and getattr(call.func, "id", getattr(call.func, "attr", "")) == "setup":
                found.own = found.own or name_of("".join(strings(keyword.value)))


def read_noxfile(found, root):
    try:
        tree = ast.parse(text_of(root / "noxfile.py"))
    except (SyntaxError, ValueError):
        return
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or "test" not in function.name:
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "install":
                words = [word.value for word in call.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
                for before, word in zip([""] + words, words):
                    if before in ("-r", "--requirement"):
                        found.file((root / word).resolve(), "noxfile.py")
                    elif not word.startswith(("-", ".", "/")):
                        found.need(word, "noxfile.py")


def read_requirement_files(found, root):
    for folder in (root, root / "requirements", root / "tests", root / "test", root / "testing", root / "ci", root / "requirements_dev"):
        for path in sorted(folder.glob("*.txt")) if folder.is_dir() else []:
            stem = path.stem.lower()
            if re.search(r"(^|[-_.])(tests?|pytest|testing)($|[-_.])", stem) or (folder.name in ("tests", "test") and stem == "requirements"):
                found.file(path, path.relative_to(root).as_posix())


def test_files(root):
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED and not name.startswith(".") and not name.endswith(".egg-info")
                      and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))]
        for name in sorted(files):
            if name.endswith(".py") and (name.startswith("test") or name[:-3].endswith(("_test", "_tests")) or name == "conftest.py"):
                yield pathlib.Path(folder, name)


def read_tests(found, root):
    """Whose tests these are, by what they import; and what they import that nothing else names."""
    uses_pytest = uses_unittest = False
    folders = []
    for path in list(test_files(root))[:400]:
        text = text_of(path)
        if path.name == "conftest.py" or re.search(r"^\s*(from\s+pytest\b|import\s[^#\n]*\bpytest\b)", text, re.M) or re.search(r"^(async )?def test_", text, re.M):
            uses_pytest = True
        if re.search(r"^\s*(from\s+unittest\b|import\s[^#\n]*\bunittest\b)", text, re.M):
            uses_unittest = True
        for module in ("hypothesis", "numpy", "pytz", "tzlocal"):
            if re.search(rf"^(import|from)\s+{module}\b", text, re.M):
                found.need(module, "what the tests import")
        if path.name != "conftest.py":
            folders.append(path.parent)
    if found.runner == "none" and (uses_pytest or uses_unittest):
        found.runner = "pytest" if uses_pytest else "unittest"
    if not found.paths and folders:
        for common in ("tests", "test"):
            if any(folder.is_relative_to(root / common) for folder in folders):
                found.paths = [common]
        if not found.paths:
            found.paths = sorted({folder.relative_to(root).as_posix() for folder in folders})


def main(root):
    found = Described(pathlib.Path(root).resolve())
    for read in (read_setup_py, read_pyproject, read_ini, read_noxfile, read_requirement_files, read_tests):
        read(found, found.root)
    json.dump({"runner": found.runner, "requirements": found.requirements, "pins": found.pins, "extras": sorted(set(found.extras)), "paths": found.paths,
               "sources": list(dict.fromkeys(found.sources))}, sys.stdout)


main(sys.argv[1])
