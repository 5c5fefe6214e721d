"""What a callable says of its parameters: text signatures, docstrings of hand-written and bound functions, stubs.

Pure text work; nothing here imports or calls what it reads about."""

import ast
import re


class Parameter:
    """One parameter: its name ("" where unknown), the words of its type, whether it must be given."""

    def __init__(self, name="", type_words="", required=True, keyword_only=False, default=None):
        self.name, self.type_words, self.required = name, type_words, required
        self.keyword_only, self.default = keyword_only, default

    def __repr__(self):
        return f"Parameter({self.name!r}, {self.type_words!r}, required={self.required})"

    def __eq__(self, other):
        return vars(self) == vars(other)


def of_arguments(arguments, skip_first=False):
    """Parameters of an ast.arguments; *args and **kwargs are left out."""
    ordered = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(ordered) - len(arguments.defaults)) + arguments.defaults
    found = []
    for argument, default in list(zip(ordered, defaults))[1 if skip_first else 0:]:
        found.append(_parameter(argument, default, False))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found.append(_parameter(argument, default, True))
    return found


def _parameter(argument, default, keyword_only):
    words = ast.unparse(argument.annotation) if argument.annotation is not None else ""
    text = ast.unparse(default) if default is not None else None
    return Parameter(argument.arg, words, default is None, keyword_only, text)


def _parsed(head):
    """Parameters of "name(a, b=1) -> T" or None."""
    head = re.sub(r"\$(\w+)", r"\1", head)  # "$self" of Argument Clinic
    head = re.sub(r"<[^<>]*>", "None", head)  # defaults shown as "<object at 0x...>"
    name, parenthesis, rest = head.partition("(")
    if not parenthesis:
        return None
    try:
        tree = ast.parse("def f(" + rest.rstrip().rstrip(":") + ": pass")
    except (SyntaxError, ValueError):
        return None
    return of_arguments(tree.body[0].args)


def _head(text, name):
    """The "name(...)" at the start of `text`, up to its closing parenthesis and result."""
    if not re.match(rf"(?:[\w.]+\.)?{re.escape(name)}\s*\(", text):
        return None
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 and sign in ")]}":
            return text[: at + 1]
    return None


OPTIONAL = re.compile(r"\[\s*,?\s*([^\[\]]*)\]")


def of_docstring(doc, name):
    """All signatures that a docstring opens with or lists, as lists of Parameter. Understands "f(a, b=1)\\n--", "f(a[, b]) -> x",
    and what pybind11 and nanobind write: "f(self: T, arg0: int) -> None", also numbered or in an error message."""
    found = []
    for line in (doc or "").splitlines()[:40]:
        line = re.sub(r"^\s*(\d+\.\s+|def\s+)?", "", line)
        line = re.sub(r"^\((?=\w+:)", name + "(", line)  # "1. (self: T, x: int) -> None"
        head = _head(line, name)
        if head is None:
            continue
        while OPTIONAL.search(head) and not re.search(r":\s*\w*\[", head):
            head = OPTIONAL.sub(lambda inner: "".join(f", {part.split('=')[0].strip()}=None" for part in inner[1].split(",") if part.strip()), head)
            head = head.replace("(, ", "(")
        head = re.sub(r"(?<![\w.])\.\.\.", "", head).replace(",)", ")").replace(", )", ")")
        parameters = _parsed(head)
        if parameters is not None:
            found.append(without_self(parameters))
    return found


def without_self(parameters):
    if parameters and parameters[0].name in ("self", "cls", "module", "type") and not parameters[0].keyword_only:
        return parameters[1:]
    return parameters


def of_callable(function, name):
    """The signatures that a live callable offers: its text signature, then its docstring."""
    found = []
    text = getattr(function, "__text_signature__", None)
    if isinstance(text, str):
        parameters = _parsed(name + text)
        if parameters is not None:
            found.append(without_self(parameters))
    if hasattr(function, "__code__"):
        found.extend(_of_python_function(function))
    doc = getattr(function, "__doc__", None)
    if isinstance(doc, str):
        found.extend(each for each in of_docstring(doc, name) if each not in found)
    return found


def _of_python_function(function):
    import inspect
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return []
    found = []
    for each in signature.parameters.values():
        if each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD):
            continue
        words = each.annotation if isinstance(each.annotation, str) else getattr(each.annotation, "__name__", "")
        found.append(Parameter(each.name, "" if each.annotation is each.empty else words, each.default is each.empty,
                               each.kind == each.KEYWORD_ONLY))
    return [without_self(found)]


def of_stub(text):
    """{"Meter.hit": [[Parameter, ...], ...]} of a .pyi file; classes under their __init__ or __new__."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    found = {}
    _walk_stub(tree.body, "", found)
    return found


def _walk_stub(body, owner, found):
    for node in body:
        if isinstance(node, ast.ClassDef):
            _walk_stub(node.body, owner + node.name + ".", found)
        elif isinstance(node, (ast.If, ast.Try)):
            _walk_stub(node.body, owner, found)
            _walk_stub(node.orelse, owner, found)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            static = any("staticmethod" in ast.unparse(each) for each in node.decorator_list)
            parameters = of_arguments(node.args, skip_first=bool(owner) and not static)
            name = owner.rstrip(".") if node.name in ("__init__", "__new__") else owner + node.name
            found.setdefault(name, []).append(parameters)
