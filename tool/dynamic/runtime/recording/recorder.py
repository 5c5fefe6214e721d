"""Notes how a program calls the extension under test: which function, with which arguments, written as Python expressions.

Listens to sys.monitoring's CALL events, which name what is called; the arguments come from the call's own source, whose names are
looked up in the calling frame. Only what can be evaluated without calling anything is noted. Pure parts are tested by themselves."""

import ast
import atexit
import json
import linecache
import os
import sys
import types

MOST_PER_NAME, MOST_PER_PLACE, LONGEST = 200, 60, 600
INERT = (ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Attribute, ast.Subscript, ast.Slice, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp,
         ast.USub, ast.UAdd, ast.Not, ast.Invert, ast.BinOp, ast.Add, ast.Mult, ast.Sub, ast.JoinedStr, ast.FormattedValue)


def is_inert(node):
    """Evaluating it calls nothing but operators of what it names."""
    return all(isinstance(each, INERT) for each in ast.walk(node))


def expression_of(value, is_ours):
    """Python source for an equal value, or None. `@Type@` stands for an instance of a type under test."""
    if is_ours(type(value)) and not isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return f"@{type(value).__name__}@"
    if isinstance(value, type) and value.__module__ == "builtins":
        return value.__name__
    if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)):
        return _by_name(value)
    if isinstance(value, types.MethodType):
        return "(lambda *a, **k: None)"
    if type(value).__module__ == "_io" and hasattr(value, "read"):
        return "io.StringIO('ash oak')" if hasattr(value, "encoding") or type(value).__name__ == "StringIO" else "io.BytesIO(b'ash oak')"
    if isinstance(value, (list, tuple, dict, set)) and type(value).__module__ == "builtins" and len(value) <= 40:
        return _container(value, is_ours)
    text = repr(value)
    if len(text) > LONGEST:
        return None
    if isinstance(value, (str, bytes, int, float, complex, bool, type(None), type(Ellipsis))) and type(value).__module__ == "builtins":
        return f"float('{text}')" if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))) else text
    if type(value) in (bytearray, range, slice, frozenset) or type(value).__module__ in ("datetime", "decimal"):
        return f"decimal.{text}" if type(value).__module__ == "decimal" else text
    if isinstance(value, memoryview):
        inner = bytes(value) if value.nbytes <= LONGEST else None
        return None if inner is None else f"memoryview({inner!r})"
    return None


def _by_name(value):
    """The name a function or class goes by in its module, if that finds it again."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    found = sys.modules.get(module) if isinstance(module, str) else None
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is value:
        return f"{name}" if module == "builtins" else f"{module}.{name}"
    return None if isinstance(value, type) else "(lambda *a, **k: None)"


def _container(value, is_ours):
    if isinstance(value, dict):
        parts = [(expression_of(key, is_ours), expression_of(item, is_ours)) for key, item in value.items()]
        if any(None in part for part in parts):
            return None
        text = "{" + ", ".join(f"{key}: {item}" for key, item in parts) + "}"
    else:
        items = [expression_of(item, is_ours) for item in value]
        if None in items:
            return None
        inner = ", ".join(items)
        text = {list: f"[{inner}]", tuple: f"({inner},)" if len(items) == 1 else f"({inner})", set: f"{{{inner}}}" if items else "set()"}[type(value)] \
            if type(value) in (list, tuple, set) else None
    return text if text is not None and len(text) <= LONGEST else None


def arguments_of(call, look_up, is_ours):
    """The arguments of an ast.Call as text, or None where more than one cannot be told. `look_up(node)` evaluates an inert node."""
    parts, unknown = [], 0
    for name, node in [(None, node) for node in call.args] + [(keyword.arg or "**", keyword.value) for keyword in call.keywords]:
        if name == "**" or isinstance(node, ast.Starred):
            return None
        text = _argument(node, look_up, is_ours)
        if text is None:  # the driver tries what it has there
            text, unknown = "?unknown?", unknown + 1
        parts.append(text if name is None else f"{name}={text}")
    return ", ".join(parts) if unknown < 2 else None


def _argument(node, look_up, is_ours):
    if isinstance(node, ast.Lambda):
        return "(lambda *a, **k: None)"
    if isinstance(node, ast.Starred) or not is_inert(node):
        return None
    try:
        return expression_of(look_up(node), is_ours)
    except Exception:
        return None


class Recorder:
    def __init__(self, folder, modules, unlike=None):
        """`unlike`: how names of files begin whose calls are not wanted."""
        self.unlike = unlike
        self.folder, self.roots = folder, {name.partition(".")[0] for name in modules if name}
        self.calls, self.places, self.trees = {}, {}, {}

    def is_ours(self, kind):
        return (getattr(kind, "__module__", None) or "").partition(".")[0] in self.roots and isinstance(kind, type)

    def name_of(self, called):
        """What the stress driver knows it by: "Meter", "Meter.hit", "count"; None for what is not under test."""
        if isinstance(called, (types.FunctionType, types.MethodType)):
            return None
        if isinstance(called, type):
            return called.__name__ if self.is_ours(called) else None
        owner = getattr(called, "__objclass__", None) or getattr(called, "__self__", None)
        name = getattr(called, "__name__", None)
        if name is None:
            return f"{type(called).__name__}.__call__" if self.is_ours(type(called)) else None
        if isinstance(owner, types.ModuleType):
            return name if owner.__name__.partition(".")[0] in self.roots else None
        if isinstance(owner, type):
            return f"{owner.__name__}.{name}" if self.is_ours(owner) else None
        if owner is not None and self.is_ours(type(owner)):
            return f"{type(owner).__name__}.{name}"
        return name if (getattr(called, "__module__", None) or "").partition(".")[0] in self.roots else None

    def on_call(self, code, offset, called, _first):
        place = (code, offset)
        seen = self.places.get(place, 0) + 1
        self.places[place] = seen
        if seen > MOST_PER_PLACE:
            return sys.monitoring.DISABLE
        if self.unlike and code.co_filename.startswith(self.unlike):
            return sys.monitoring.DISABLE
        try:
            name = self.name_of(called)
            if name is not None:
                self._note(name, code, offset, sys._getframe(1))
        except Exception:
            return sys.monitoring.DISABLE
        return None

    def _note(self, name, code, offset, frame):
        if frame.f_code is not code:
            return
        call = self._call_at(code, offset)
        if call is None:
            return

        def look_up(node):
            return eval(compile(ast.Expression(node), "<argument>", "eval"), frame.f_globals, frame.f_locals)
        text = arguments_of(call, look_up, self.is_ours)
        known = self.calls.setdefault(name, {})
        if text is not None and (text in known or len(known) < MOST_PER_NAME):
            known[text] = known.get(text, 0) + 1

    def _call_at(self, code, offset):
        calls = self.trees.get(code.co_filename)
        if calls is None:
            calls = self.trees[code.co_filename] = {}
            try:
                tree = ast.parse("".join(linecache.getlines(code.co_filename)))
            except (SyntaxError, ValueError):
                tree = ast.Module([], [])
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    calls[node.lineno, node.end_lineno, node.col_offset, node.end_col_offset] = node
        if not calls:
            return None
        positions = self.places.setdefault(code, None) or list(code.co_positions())
        self.places[code] = positions
        return calls.get(positions[offset // 2])

    def write(self):
        if not self.calls:
            return
        path = os.path.join(self.folder, f"{os.getpid()}.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(self.calls, file)
        os.replace(path + ".part", path)


def listen(recorder):
    recorder.tool = next(each for each in (3, 4, 5, 0) if sys.monitoring.get_tool(each) is None)
    sys.monitoring.use_tool_id(recorder.tool, "ftaudit")
    sys.monitoring.register_callback(recorder.tool, sys.monitoring.events.CALL, recorder.on_call)
    sys.monitoring.set_events(recorder.tool, sys.monitoring.events.CALL)
    return recorder


def start(folder, modules):
    recorder = listen(Recorder(folder, modules))

    def stop():
        sys.monitoring.set_events(recorder.tool, 0)
        recorder.write()
    atexit.register(stop)
    return recorder
