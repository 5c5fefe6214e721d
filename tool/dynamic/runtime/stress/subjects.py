"""What is under test: the types and functions that an extension brings along, and what can be done with each."""

import builtins
import inspect
import sys
import types

STANDARD = getattr(sys, "stdlib_module_names", frozenset())

# Calls that end, replace or multiply the process, or wait for somebody; never made, whatever module offers them.
DENIED = frozenset("""abort _exit exit quit fork forkpty vfork kill killpg system popen execv execve execl execle execlp execlpe execvp execvpe
spawnv spawnve spawnl spawnle posix_spawn register_at_fork raise_signal pause breakpoint set_trace input""".split())

UNARY = """__len__ __repr__ __str__ __hash__ __bool__ __int__ __float__ __index__ __complex__ __bytes__ __neg__ __pos__ __abs__ __invert__
__reversed__ __sizeof__ __length_hint__ __enter__ __next__ __copy__ __reduce__ __getstate__ __aiter__ __anext__ __await__ __trunc__ __dir__
__getnewargs__ __getnewargs_ex__ __fspath__ __aenter__ __del__""".split()
BINARY = """__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __add__ __sub__ __mul__ __truediv__ __floordiv__ __mod__ __pow__ __and__ __or__ __xor__
__lshift__ __rshift__ __matmul__ __divmod__ __radd__ __rsub__ __rmul__ __rtruediv__ __rand__ __ror__ __rxor__ __iadd__ __isub__ __imul__
__iand__ __ior__ __ixor__""".split()
KEYED = ["__getitem__", "__delitem__", "__contains__", "__missing__"]
# Needs no trying, or would say nothing of the type.
LEFT_OUT = frozenset("""__new__ __class__ __weakref__ __init_subclass__ __subclasshook__ __getattribute__ __setattr__
__delattr__ __class_getitem__ __slots__ __abstractmethods__ __firstlineno__ __static_attributes__
__buffer__ __release_buffer__ __pybind11_module_local_v5_clang_libstdcpp_cxxabi1002__""".split())


def known_types():
    """Every type alive now, by identity; what comes later was brought by an import."""
    seen, waiting = {}, [object]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen[id(each)] = each
        waiting.extend(type.__subclasses__(each))
    return seen


def is_python_class(kind):
    """Made by a class statement, as against by C."""
    return "__firstlineno__" in vars(kind) or any(isinstance(value, types.FunctionType) for value in vars(kind).values())


def home_of(thing):
    """The first part of the module's name a thing says it is from; "" where it says something else."""
    try:
        module = getattr(thing, "__module__", None)
    except Exception:
        return ""
    return module.partition(".")[0] if isinstance(module, str) else ""


class Subjects:
    """The types and functions of `modules` (extension modules) and `packages` (the Python around them)."""

    def __init__(self, modules, packages, before):
        self.modules, self.packages, self.before = modules, packages, before
        self.roots = {name.partition(".")[0] for name in list(modules) + list(packages)}
        self.expressions = {}  # type -> text that names it
        self.classes = []      # types, in the order found
        for name in list(modules) + list(packages):
            self._look_into(name)

    def _look_into(self, name):
        for key, value in list(vars(sys.modules[name]).items()):
            if issubclass(type(value), type) and self.is_ours(value, reachable=name in self.modules) and not key.startswith("__"):
                if value not in self.expressions:
                    self.expressions[value] = f"{name}.{key}"
                    self.classes.append(value)

    def subclasses(self):
        """Classes of the package's Python that derive from what was found, which their modules name. Adds them."""
        found = []
        for base in list(self.classes):
            for kind in type.__subclasses__(base):
                holder = sys.modules.get(kind.__module__) if isinstance(kind.__module__, str) else None
                if kind in self.expressions or not self.is_ours(kind) or getattr(holder, kind.__qualname__, None) is not kind:
                    continue
                self.expressions[kind] = f"{kind.__module__}.{kind.__qualname__}"
                self.classes.append(kind)
                found.append(kind)
        return found

    def holders(self):
        """(expression, class) of the package's further Python classes, wherever in it they are: their instances may hold ours."""
        found = []
        for name, module in sorted(sys.modules.items()):
            if name.partition(".")[0] not in self.roots or module is None or any(part.startswith("test") for part in name.split(".")):
                continue
            for key, value in list(vars(module).items()):
                if issubclass(type(value), type) and value.__module__ == name and is_python_class(value) and value not in self.classes:
                    found.append((f"{name}.{key}", value))
        return found[:60]

    def is_ours(self, kind, reachable=False):
        if id(kind) in self.before:
            return False
        root = home_of(kind)
        if is_python_class(kind):
            return root in self.roots
        if root in self.roots:
            return True
        return (reachable or root == "builtins") and root not in STANDARD - {"builtins"}

    def add(self, kind):
        """A type met as the result of a call. True when it is ours and new."""
        if kind in self.classes or not self.is_ours(kind):
            return False
        self.classes.append(kind)
        return True

    def name_of(self, kind):
        return self.expressions.get(kind) or f"{kind.__module__}.{kind.__qualname__}"

    def is_extension(self, kind):
        return not is_python_class(kind)

    def functions(self):
        """(module, name, function, whether the extension has it itself) of everything callable that is no type."""
        seen = set()
        for module in list(self.modules) + list(self.packages):
            for name, value in list(vars(sys.modules[module]).items()):
                # By its own type: what stands for something else may import or fail when it is asked.
                if issubclass(type(value), (type, types.ModuleType)) or not callable(value) or name in DENIED or name.startswith("__"):
                    continue
                own = module in self.modules and type(value) is not types.FunctionType
                home = home_of(value) or module.partition(".")[0]
                if id(value) in seen or (home not in self.roots and not own) or (not own and name.startswith("_")):
                    continue
                if own and home in STANDARD and home not in self.roots and home != "builtins":
                    continue
                seen.add(id(value))
                yield module, name, value, own or type(value) is not types.FunctionType


class Member:
    """One thing that can be done with an instance: a method, an attribute, a slot."""

    def __init__(self, name, sort, value, extension):
        self.name, self.sort, self.value, self.extension = name, sort, value, extension


def members(kind, elsewhere=()):
    """The Members that `kind` and its bases under test define; not those of the bases in `elsewhere`, which are tried by
    themselves. Sorts: method, static, attribute, unary, binary, keyed, setitem, init, exit, iterate."""
    found = {}
    for owner in kind.__mro__:
        if owner is object or vars(builtins).get(owner.__name__) is owner or owner is not kind and owner in elsewhere:
            continue
        if home_of(owner) in STANDARD and home_of(owner) != "builtins":
            continue
        for name, value in vars(owner).items():
            if name in found or name in LEFT_OUT or name in DENIED:
                continue
            sort = sort_of(name, value)
            if sort:
                found[name] = Member(name, sort, value, not is_python_class(owner))
    return list(found.values())


def sort_of(name, value):
    if value is None:  # __hash__ = None
        return None
    if name.startswith("__") and name.endswith("__"):
        if isinstance(value, (str, dict, list, tuple)):  # __doc__, __module__, __annotations__ as the class has them
            return None
        if name in UNARY:
            return "unary"
        if name in BINARY:
            return "binary"
        if name in KEYED:
            return "keyed"
        special = {"__iter__": "iterate", "__setitem__": "setitem", "__call__": "method", "__init__": "init", "__exit__": "exit",
                   "__aexit__": "exit"}
        if name in special:
            return special[name]
        if isinstance(value, (types.GetSetDescriptorType, types.MemberDescriptorType, property)):
            return "attribute"
        return "method" if callable(value) and not isinstance(value, type) else None
    if isinstance(value, (staticmethod, classmethod, types.ClassMethodDescriptorType)):
        return "static"
    if isinstance(value, (types.GetSetDescriptorType, types.MemberDescriptorType, property)):
        return "attribute"
    if isinstance(value, types.BuiltinFunctionType):
        return "static"
    if isinstance(value, type):
        return None
    if callable(value) or inspect.isroutine(value):
        return "method"
    return "attribute" if hasattr(type(value), "__get__") else None
