"""Which compiled packages a test enters: those whose functions and types it calls, as sys.monitoring tells; where that shows
none (operators are no calls), those its module has names of. One JSON line a test goes to FTAUDIT_ENTERED; FTAUDIT_COMPILED has the packages' names between commas."""
import json
import os
import sys
import types

_compiled = {name for name in os.environ.get("FTAUDIT_COMPILED", "").split(",") if name}
_called, _named, _test, _tool = set(), set(), None, None


def _root(name):
    return name.partition(".")[0] if isinstance(name, str) else ""


def _package_of(thing):
    if isinstance(thing, types.ModuleType):
        return _root(thing.__name__)
    owner = getattr(thing, "__objclass__", None) or getattr(thing, "__self__", None)
    if isinstance(owner, types.ModuleType):
        return _root(owner.__name__)
    if owner is not None:
        return _root(getattr(owner if isinstance(owner, type) else type(owner), "__module__", ""))
    return _root(getattr(thing, "__module__", ""))


def _on_call(code, offset, called, _first):
    if not isinstance(called, (types.FunctionType, types.MethodType)):
        try:
            package = _package_of(called)
            if package in _compiled:
                _called.add(package)
        except Exception:
            pass
    return sys.monitoring.DISABLE  # once a place and test is enough


def begin(test, module):
    global _test, _tool
    if not _compiled:
        return
    if _tool is None and sys.version_info >= (3, 12):
        _tool = next((each for each in (3, 4, 5, 0) if sys.monitoring.get_tool(each) is None), None)
        if _tool is not None:
            sys.monitoring.use_tool_id(_tool, "ftaudit")
            sys.monitoring.register_callback(_tool, sys.monitoring.events.CALL, _on_call)
    _test = test
    _called.clear()
    _named.clear()
    for value in list(vars(module).values()) if module is not None else []:
        try:
            package = _package_of(value)
        except Exception:
            continue
        if package in _compiled:
            _named.add(package)
    if _tool is not None:
        sys.monitoring.restart_events()
        sys.monitoring.set_events(_tool, sys.monitoring.events.CALL)


def end():
    if _test is None:
        return
    if _tool is not None:
        sys.monitoring.set_events(_tool, 0)
    if _called or _named:
        with open(os.environ["FTAUDIT_ENTERED"], "a", encoding="utf-8", errors="replace") as file:
            file.write(json.dumps({"test": _test, "packages": sorted(_called or _named)}) + "\n")
