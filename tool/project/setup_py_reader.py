"""Reads a setup.py as syntax and prints, as JSON, the extension modules it describes.

Nothing of the file is imported or executed. Its syntax tree is walked by a small evaluator that knows literals,
lists and strings, paths, globs, plain functions and the handful of library calls that build descriptions use;
whatever it does not know is Unknown and stays so. (One file, because it travels as one argument.) It answers as a free-threaded CPython on Linux would: of a
condition on the platform the Linux branch is taken; of a condition nobody can know, both branches are.

Standard input: {"file": the file, "root": the project's root}. Run as `python3 -I -S -c SCRIPT`.
"""
import ast
import collections
import fnmatch
import glob
import json
import os
import re
import struct
import sys

STEPS = 300_000          # of evaluation, then the rest of the file is left unread
LARGEST = 100_000        # elements of a list, characters of a string
DEPTH = 40               # of calls
SOURCE_SUFFIXES = ('.c', '.cc', '.cpp', '.cxx', '.C', '.c++', '.pyx')
EXTENSION_CLASSES = {'Extension', 'Pybind11Extension', 'CppExtension', 'CUDAExtension', 'CythonExtension',
                     'NumpyExtension', 'ParallelExtension'}
EXTENSION_PARAMETERS = ['name', 'sources', 'include_dirs', 'define_macros', 'undef_macros', 'library_dirs', 'libraries']


class Unknown:
    def __repr__(self):
        return '?'


UNKNOWN = Unknown()


class Dotted(str):
    """A name of a library nobody loads: os.path.join."""


class FilePath(str):
    """pathlib.Path."""


class OpenFile(list):
    """A text file of the project that is open: its lines."""


class Maybe(int):
    """True or False as one branch has it of a condition that nobody could decide."""


class Scope(dict):
    def __init__(self, outer=None):
        super().__init__()
        self.outer = outer

    def find(self, name):
        scope = self
        while scope is not None:
            if name in scope:
                return scope[name]
            scope = scope.outer
        return UNKNOWN


class Space:
    """A class, an instance or a module of the project: something with attributes."""

    def __init__(self, scope, bases=()):
        self.scope = scope
        self.bases = bases


class Function:
    def __init__(self, node, scope, myself=None):
        self.node = node
        self.scope = scope
        self.myself = myself


class Extension:
    LISTS = ('sources', 'include_dirs', 'define_macros', 'undef_macros', 'extra_compile_args', 'depends')

    def __init__(self, file, line):
        self.file = file
        self.line = line
        self.values = {name: [] for name in self.LISTS}
        self.values['name'] = UNKNOWN
        self.values['language'] = None
        self.limited = None       # the line that asks for the limited API
        self.values['directives'] = self.values['compile_time'] = UNKNOWN


class Stop(Exception):
    pass


class Return(Exception):
    def __init__(self, value):
        self.value = value


class Leave(Exception):
    """break, continue: the rest of this block is not reached."""


class Abort(Leave):
    """raise, sys.exit: nor is anything else, unless it is caught."""


def size_of(values, most):
    """How much there is in values, lists within lists as often as they are there: hardly more than `most`."""
    size, left = 0, [values]
    while left and size < most:
        each = left.pop()
        size += len(each)
        if isinstance(each, dict):
            left += [tuple(each), tuple(each.values())]
        elif not isinstance(each, (str, bytes)):
            left += [v for v in each if isinstance(v, (list, tuple, dict))]
            size += sum([len(v) for v in each if isinstance(v, (str, bytes))]) // 64
    return min(size, most)


def known(*values):
    return all(not isinstance(v, (Unknown, Dotted, Space, Function)) for v in values)


class Evaluator:
    def __init__(self, file, root):
        self.folder = os.path.dirname(os.path.abspath(file))
        self.root = os.path.realpath(root)
        self.file = file
        self.steps = 0
        self.depth = 0
        self.trying = 0           # how many try statements are around this one
        self.in_doubt = 0         # how many conditions nobody could decide are around this statement
        self.doubts_outside = 0   # and around the calls that led here
        self.extensions = []
        self.called = set()
        self.functions = []
        self.modules = {}
        self.setup = {}
        self.setup_line = 0
        self.limited_api = []     # (file, line, what, in doubt)
        self.path = [self.folder]  # where imports look, of the project
        self.notes = []
        self.globals = Scope()
        self.looked = {('file', os.path.join(self.folder, os.path.basename(file))): None}
        self.listing = False
        self.unsure = False       # looked at something in a way that cannot be told
        sys.addaudithook(self.listed)

    # Files of the project, and no others.

    # All that is asked of the disk is told with the answer, so that whoever keeps the answer knows when it holds no more.

    def look(self, kind, path):
        self.looked[kind, os.path.join(self.folder, path)] = None

    def listed(self, event, arguments):
        if self.listing and event in ('os.scandir', 'os.listdir'):
            self.steps += 10
            if self.steps > STEPS:
                raise Stop()
            if arguments and isinstance(arguments[0], str):
                self.look('folder', arguments[0])
            else:
                self.unsure = True

    def on_disk(self, path):
        self.look('place', path)
        full = os.path.realpath(os.path.join(self.folder, path))
        return full if full == self.root or full.startswith(self.root + os.sep) else None

    def text_of(self, path):
        """What a small text file of the project holds, or None."""
        full = self.on_disk(path)
        if full is None or not os.path.isfile(full):
            return None
        self.look('file', path)
        with open(full, 'rb') as f:
            data = f.read(LARGEST + 1)
        try:
            return data.decode() if len(data) <= LARGEST else None
        except UnicodeDecodeError:
            return None

    def opened(self, path, arguments, named):
        mode = arguments[0] if arguments else named.get('mode', 'r')
        text = self.text_of(path) if isinstance(path, str) and mode in ('r', 'rt') else None
        return UNKNOWN if text is None else OpenFile(text.splitlines(True))

    def matching(self, pattern, recursive):
        full = os.path.join(self.folder, pattern)
        wild = [glob.has_magic(part) for part in str(pattern).split('/')]
        if True not in wild:
            self.look('place', full)
        elif False in wild[wild.index(True):]:
            self.unsure = True
        self.listing = True
        found = glob.glob(full, recursive=recursive)[:LARGEST]
        self.listing = False
        found = sorted(f for f in found if self.on_disk(f))
        return found if os.path.isabs(pattern) else [os.path.relpath(f, self.folder) for f in found]

    def guess(self):
        """What follows is likely and no more; a reader that must be right refuses here."""

    def too_much(self, values, named=()):
        """Work on values costs steps by what is in them; on more than anybody writes, there is none."""
        size = size_of(values, LARGEST) + (size_of(named, LARGEST) if named else 0)
        self.steps += size // 8
        return size >= LARGEST

    # Statements.

    def block(self, body, scope):
        for statement in body:
            self.statement(statement, scope)

    def statement(self, node, scope):
        self.steps += 1
        if self.steps > STEPS:
            raise Stop()
        kind = type(node).__name__
        method = getattr(self, 'do_' + kind, None)
        if method is None:
            return
        try:
            method(node, scope)
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, OSError):
            pass      # what Python would not do either; nothing is known of it

    def do_Expr(self, node, scope):
        self.value(node.value, scope)

    def do_Import(self, node, scope):
        for alias in node.names:
            name = alias.name
            if name in ELSEWHERE and self.trying:
                raise Abort()
            target = self.local_module(name) or Dotted(name if alias.asname else name.split('.')[0])
            scope[alias.asname or name.split('.')[0]] = target

    def do_ImportFrom(self, node, scope):
        if node.module in ELSEWHERE and self.trying:
            raise Abort()
        space = self.local_module(node.module, node.level) if node.module else None
        for alias in node.names:
            value = UNKNOWN
            if space is not None:
                value = space.scope.get(alias.name, UNKNOWN)
            if isinstance(value, Unknown):
                value = Dotted((node.module or '') + '.' + alias.name)
            scope[alias.asname or alias.name] = value

    def local_module(self, name, level=0):
        """A module of the project, beside the file or where sys.path was told to look, is read the same way."""
        if name in self.modules:
            return self.modules[name]
        for folder in self.path:
            stem = os.path.join(self.folder, folder, *name.split('.'))
            for path in (stem + '.py', os.path.join(stem, '__init__.py')):
                self.look('place', path)
                if os.path.isfile(path) and self.on_disk(path) is not None and len(self.modules) <= 20:
                    return self.module_at(name, path)
        return None

    def module_at(self, name, path):
        self.look('file', path)
        scope = Scope()
        space = self.modules[name] = Space(scope)
        if os.path.getsize(path) > 4_000_000:
            return space
        try:
            with open(path, 'rb') as f:
                tree = ast.parse(f.read())
        except (OSError, SyntaxError, ValueError, RecursionError):
            return space
        scope['__file__'] = path
        scope['__name__'] = name
        self.guarded(tree.body, scope)
        return space

    def guarded(self, body, scope):
        """Statement by statement: one that ends the program does not end the reading."""
        for statement in body:
            try:
                self.statement(statement, scope)
            except (Leave, Return):
                pass

    def do_FunctionDef(self, node, scope):
        scope[node.name] = function = Function(node, scope)
        self.functions.append(function)

    do_AsyncFunctionDef = do_FunctionDef

    def do_ClassDef(self, node, scope):
        bases = [self.value(base, scope) for base in node.bases]
        inner = Scope(scope)
        scope[node.name] = Space(inner, bases)
        self.block(node.body, inner)

    def do_Return(self, node, scope):
        value = self.value(node.value, scope) if node.value is not None else None
        raise Return(value)

    def do_Raise(self, node, scope):
        raise Abort()

    def do_Break(self, node, scope):
        raise Leave()

    do_Continue = do_Break

    def do_Assign(self, node, scope):
        value = self.value(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def do_AnnAssign(self, node, scope):
        if node.value is not None:
            self.assign(node.target, self.value(node.value, scope), scope)

    def do_AugAssign(self, node, scope):
        old = self.value(node.target, scope)
        new = self.value(node.value, scope)
        if isinstance(node.op, ast.Add) and isinstance(old, list) and isinstance(new, (list, tuple)):
            if len(old) + len(new) < LARGEST:
                old.extend(self.doubted(new))          # in place, as Python does: the list may have other names
            return
        if isinstance(new, Unknown) and known(old):
            return                       # what is known stays: a few unknown flags more do not matter
        self.assign(node.target, self.binary(node.op, old, new), scope)

    def assign(self, target, value, scope):
        if isinstance(target, ast.Name):
            if self.in_doubt and isinstance(value, Unknown) and known(scope.find(target.id)):
                return
            scope[target.id] = Maybe(value) if self.in_doubt and isinstance(value, bool) else value
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value if isinstance(value, (list, tuple)) and len(value) == len(target.elts) else None
            for i, element in enumerate(target.elts):
                self.assign(element, values[i] if values is not None else UNKNOWN, scope)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value, scope)
            if isinstance(owner, Extension):
                if isinstance(value, list) or not known(value) or target.attr not in Extension.LISTS:
                    if known(value):
                        owner.values[target.attr] = self.doubted(value)
                        if target.attr == 'py_limited_api':
                            owner.limited = target.lineno
            elif isinstance(owner, Space):
                owner.scope[target.attr] = value
            elif isinstance(owner, Dotted) and owner == 'sys' and target.attr == 'path' and isinstance(value, list):
                self.path[:0] = [v for v in value if isinstance(v, str) and known(v)][:100]
        elif isinstance(target, ast.Subscript):
            owner = self.value(target.value, scope)
            key = self.value(target.slice, scope)
            if isinstance(owner, Dotted) and owner == 'sys.path' and isinstance(value, list):
                self.path[:0] = [v for v in value if isinstance(v, str) and known(v)][:100]
            elif isinstance(target.slice, ast.Slice):
                if isinstance(owner, list) and isinstance(value, list) and target.slice.lower is None \
                        and target.slice.upper is None:
                    owner[:] = value
            elif isinstance(owner, dict) and known(key):
                try:
                    owner[key] = value
                except TypeError:
                    pass
            elif isinstance(owner, list) and isinstance(key, int) and -len(owner) <= key < len(owner):
                owner[key] = value

    def doubted(self, value):
        """What a branch that may not be taken brings: whether it asks for the limited API is then not known."""
        if not self.in_doubt and not self.doubts_outside:
            return value
        if isinstance(value, bool):
            return Maybe(value)
        if isinstance(value, (list, tuple)):
            kept = [v for v in value if not is_limited(v)]
            if len(kept) != len(value):
                self.limited_api.append((self.globals['__file__'], 0, 'Py_LIMITED_API', True))
                return kept if isinstance(value, list) else tuple(kept)
        return value

    def do_If(self, node, scope):
        condition = self.value(node.test, scope)
        if known(condition):
            self.in_doubt += isinstance(condition, Maybe)
            try:
                self.block(node.body if condition else node.orelse, scope)
            except Abort:
                # Projects do build: a check that fails here was misjudged, for want of what only a machine knows.
                if self.trying:
                    raise
            finally:
                self.in_doubt -= isinstance(condition, Maybe)
            return
        # The first branch is the usual case as often as not; it is read last so that its values stand.
        self.guess()
        self.in_doubt += 1
        try:
            for body in (node.orelse, node.body):
                self.guarded_branch(body, scope)
        finally:
            self.in_doubt -= 1

    def guarded_branch(self, body, scope):
        try:
            self.block(body, scope)
        except Leave:
            pass
        except Return as result:
            maybe = scope.get('?return')
            if maybe is None or isinstance(maybe, Unknown):
                scope['?return'] = result.value

    def do_Match(self, node, scope):
        subject = self.value(node.subject, scope)
        for case in node.cases:
            fits = self.fits(case.pattern, subject, scope)
            if fits and case.guard is not None:
                guard = self.value(case.guard, scope)
                fits = guard if known(guard) else None
            if fits is None:
                self.in_doubt += 1
                self.guarded_branch(case.body, scope)
                self.in_doubt -= 1
            elif fits:
                return self.block(case.body, scope)

    def fits(self, pattern, subject, scope):
        """True, False or None: not known."""
        kind = type(pattern).__name__
        if kind == 'MatchAs' and pattern.pattern is None:
            if pattern.name is not None:
                scope[pattern.name] = subject
            return True
        if not known(subject):
            return None
        if kind == 'MatchValue':
            value = self.value(pattern.value, scope)
            return value == subject if known(value) else None
        if kind == 'MatchOr':
            answers = [self.fits(each, subject, scope) for each in pattern.patterns]
            return True if True in answers else None if None in answers else False
        return None

    def do_For(self, node, scope):
        values = self.value(node.iter, scope)
        if isinstance(values, dict):
            values = list(values)
        if not isinstance(values, (list, tuple, set, str)):
            self.guess()                 # once, for what the body says of extensions
            self.in_doubt += 1
            try:
                self.assign(node.target, UNKNOWN, scope)
                self.guarded_branch(node.body, scope)
            finally:
                self.in_doubt -= 1
            return
        self.steps += len(values) // 8
        for value in list(values)[:LARGEST]:
            self.assign(node.target, value, scope)
            try:
                self.block(node.body, scope)
            except Leave:
                pass
        self.block(node.orelse, scope)

    def do_While(self, node, scope):
        self.guess()
        self.guarded_branch(node.body, scope)

    def do_With(self, node, scope):
        for item in node.items:
            value = self.value(item.context_expr, scope)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value if isinstance(value, (Space, OpenFile)) else UNKNOWN, scope)
        self.block(node.body, scope)

    def do_Try(self, node, scope):
        self.trying += 1
        try:
            self.block(node.body, scope)
        except Abort:
            for handler in node.handlers:
                self.guarded_branch(handler.body, scope)
        finally:
            self.trying -= 1
        self.block(node.orelse, scope)
        self.block(node.finalbody, scope)

    # Expressions.

    def value(self, node, scope):
        self.steps += 1
        if self.steps > STEPS:
            raise Stop()
        method = getattr(self, 'of_' + type(node).__name__, None)
        if method is None:
            return UNKNOWN
        try:
            return method(node, scope)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, OverflowError, OSError):
            return UNKNOWN               # an operation on values it does not fit

    def of_Constant(self, node, scope):
        return node.value

    def of_Name(self, node, scope):
        value = scope.find(node.id)
        if isinstance(value, Unknown) and node.id in ('True', 'False', 'None'):
            return {'True': True, 'False': False, 'None': None}[node.id]
        if isinstance(value, Unknown) and node.id in BUILTINS:
            return Dotted(node.id)
        return value

    def elements(self, nodes, scope):
        out = []
        for element in nodes:
            if isinstance(element, ast.Starred):
                value = self.value(element.value, scope)
                out.extend(value if isinstance(value, (list, tuple)) and len(out) + len(value) < LARGEST else [])
                self.steps += len(out) // 8
            else:
                out.append(self.value(element, scope))
        return out

    def of_List(self, node, scope):
        return self.elements(node.elts, scope)

    def of_Tuple(self, node, scope):
        return tuple(self.elements(node.elts, scope))

    def of_Set(self, node, scope):
        return [v for v in self.elements(node.elts, scope)]

    def of_Dict(self, node, scope):
        out = {}
        for key, value in zip(node.keys, node.values):
            inner = self.value(value, scope)
            if key is None:
                if isinstance(inner, dict):
                    out.update(inner)
            else:
                name = self.value(key, scope)
                if known(name) and isinstance(name, (str, int, tuple)):
                    out[name] = inner
        return out

    def of_JoinedStr(self, node, scope):
        out = ''
        for part in node.values:
            value = self.value(part.value if isinstance(part, ast.FormattedValue) else part, scope)
            if isinstance(part, ast.FormattedValue) and (part.format_spec is not None or part.conversion != -1):
                self.guess()
            if not isinstance(value, (str, int)) or isinstance(value, Dotted) or len(out) > LARGEST:
                return UNKNOWN
            out += str(value)
        self.steps += len(out) // 1024
        return out

    def of_IfExp(self, node, scope):
        condition = self.value(node.test, scope)
        if known(condition):
            self.in_doubt += isinstance(condition, Maybe)
            value = self.doubted(self.value(node.body if condition else node.orelse, scope))
            self.in_doubt -= isinstance(condition, Maybe)
            return value
        self.guess()
        self.in_doubt += 1
        value = self.doubted(self.value(node.body, scope))
        self.in_doubt -= 1
        return value if known(value) else self.value(node.orelse, scope)

    def of_BoolOp(self, node, scope):
        is_and = isinstance(node.op, ast.And)
        doubt, value = False, UNKNOWN
        for part in node.values:
            value = self.value(part, scope)
            if not known(value):
                doubt = True
            elif bool(value) != is_and:
                return value             # decides, whatever the others are
        return UNKNOWN if doubt else value

    def of_UnaryOp(self, node, scope):
        value = self.value(node.operand, scope)
        if not known(value):
            return UNKNOWN
        if isinstance(node.op, ast.Not):
            return Maybe(not value) if isinstance(value, Maybe) else not value
        return -value if isinstance(node.op, ast.USub) else UNKNOWN

    def of_Compare(self, node, scope):
        left = self.value(node.left, scope)
        for op, right_node in zip(node.ops, node.comparators):
            right = self.value(right_node, scope)
            if isinstance(right, Dotted) and right == 'os.environ' and known(left):
                right = ()           # as a build finds it that nobody asks for anything special
            if self.too_much((left, right)) or not known(left, right) or \
                    (isinstance(right, (list, tuple)) and not all(known(v) for v in right)):
                return UNKNOWN
            result = {
                'Eq': lambda a, b: a == b, 'NotEq': lambda a, b: a != b, 'Lt': lambda a, b: a < b,
                'LtE': lambda a, b: a <= b, 'Gt': lambda a, b: a > b, 'GtE': lambda a, b: a >= b,
                'Is': lambda a, b: a is b or a == b, 'IsNot': lambda a, b: not (a is b or a == b),
                'In': lambda a, b: a in b, 'NotIn': lambda a, b: a not in b}[type(op).__name__](left, right)
            if not result:
                return False
            left = right
        return True

    def of_BinOp(self, node, scope):
        return self.binary(node.op, self.value(node.left, scope), self.value(node.right, scope))

    def binary(self, op, left, right):
        if self.too_much((left, right)):
            return UNKNOWN
        if isinstance(op, ast.Add):
            if isinstance(left, list) and isinstance(right, (Unknown, Dotted)):
                return list(left)
            if isinstance(left, (Unknown, Dotted)) and isinstance(right, list):
                return list(right)
            if isinstance(left, (list, tuple, str)) and known(left, right) and len(left) + len(right) < LARGEST:
                return left + right
            return left + right if isinstance(left, int) and isinstance(right, int) else UNKNOWN
        if isinstance(op, ast.Div) and isinstance(left, FilePath) and isinstance(right, str) and known(right):
            return FilePath(os.path.join(left, right))
        if not known(left, right):
            return UNKNOWN
        if isinstance(op, ast.Mod) and isinstance(left, str):
            parts = right.values() if isinstance(right, dict) else right if isinstance(right, tuple) else (right,)
            wide = re.search(r'%[^a-zA-Z%]*(\d{4}|\*)', left)
            return left % right if all(known(p) for p in parts) and len(left) < 1000 and not wide else UNKNOWN
        if isinstance(op, ast.Mult):
            if isinstance(left, int) and isinstance(right, int):
                return left * right if abs(left) < 1 << 64 and abs(right) < 1 << 64 else UNKNOWN
            many, times = (left, right) if isinstance(right, int) else (right, left)
            if len(many) * max(times, 1) >= LARGEST:
                return UNKNOWN
            self.steps += len(many) * max(times, 0) // 64
            return many * times
        if isinstance(op, ast.Sub) and isinstance(left, int) and isinstance(right, int):
            return left - right
        return UNKNOWN

    def of_Subscript(self, node, scope):
        owner = self.value(node.value, scope)
        if isinstance(owner, Dotted) and owner == 'sysconfig.get_config_vars()':
            return CONFIG.get(self.value(node.slice, scope), UNKNOWN)
        if isinstance(node.slice, ast.Slice):
            low, high = (self.value(p, scope) if p is not None else None for p in (node.slice.lower, node.slice.upper))
            return owner[low:high] if known(owner, low, high) and node.slice.step is None and \
                not self.too_much((owner,)) else UNKNOWN
        key = self.value(getattr(node.slice, 'value', node.slice) if type(node.slice).__name__ == 'Index' else node.slice, scope)
        return owner[key] if known(owner, key) else UNKNOWN

    def comprehension(self, node, scope, element):
        out = []

        def level(i, inner):
            if i == len(node.generators):
                out.append(element(inner))
                return
            generator = node.generators[i]
            values = self.value(generator.iter, inner)
            if isinstance(values, dict):
                values = list(values)
            if not isinstance(values, (list, tuple, str)) or not known(values):
                self.guess()
                return
            for value in values:
                if len(out) >= LARGEST:
                    return
                each = Scope(inner)
                self.assign(generator.target, value, each)
                conditions = [self.value(c, each) for c in generator.ifs]
                if not known(*conditions):
                    self.guess()
                if all(not known(c) or c for c in conditions):
                    level(i + 1, each)

        level(0, scope)
        return out

    def of_ListComp(self, node, scope):
        return self.comprehension(node, scope, lambda inner: self.value(node.elt, inner))

    of_SetComp = of_GeneratorExp = of_ListComp

    def of_DictComp(self, node, scope):
        pairs = self.comprehension(node, scope, lambda s: (self.value(node.key, s), self.value(node.value, s)))
        return {k: v for k, v in pairs if known(k)}

    def of_Attribute(self, node, scope):
        owner = self.value(node.value, scope)
        name = node.attr
        if isinstance(owner, Dotted):
            dotted = owner + '.' + name
            return CONSTANTS[dotted] if dotted in CONSTANTS else Dotted(dotted)
        if isinstance(owner, Extension):
            return owner.values.get(name, UNKNOWN)
        if isinstance(owner, tuple):
            return getattr(owner, name) if name in getattr(owner, '_fields', ()) else UNKNOWN
        if isinstance(owner, FilePath):
            if name == 'parent':
                return FilePath(os.path.dirname(owner) or '.')
            return {'name': os.path.basename(owner), 'suffix': os.path.splitext(owner)[1],
                    'stem': os.path.splitext(os.path.basename(owner))[0]}.get(name, UNKNOWN)
        if isinstance(owner, Space):
            value = owner.scope.get(name, UNKNOWN)
            for base in owner.bases:
                if isinstance(value, Unknown) and isinstance(base, Space):
                    value = base.scope.get(name, UNKNOWN)
            return Function(value.node, value.scope, owner) if isinstance(value, Function) and owner.bases else value
        return UNKNOWN

    # Calls.

    def of_Call(self, node, scope):
        arguments = self.elements(node.args, scope)
        named = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named.update((k, v) for k, v in value.items() if isinstance(k, str))
        callee = self.value(node.func, scope)
        last = callee.rsplit('.', 1)[-1] if isinstance(callee, Dotted) else ''
        if isinstance(callee, Unknown) and isinstance(node.func, ast.Name):
            last = node.func.id
        self.steps += (len(arguments) + len(named)) // 8
        if not isinstance(callee, Function) and self.too_much(arguments, named):
            return UNKNOWN
        if last in EXTENSION_CLASSES or self.derives_from_extension(callee):
            return self.extension(node, scope, arguments, named)
        if last == 'cythonize':
            return self.cythonize(node, scope, arguments, named)
        if last == 'setup':
            self.setup.update(named)
            self.setup_line = node.lineno
            return None
        if isinstance(callee, Function):
            return self.call(callee, arguments, named)
        if isinstance(callee, Space):
            return Space(Scope(callee.scope), [callee])
        if isinstance(callee, Dotted):
            if callee in ('sys.exit', 'exit', 'quit') or (callee in ABSENT and self.trying):
                raise Abort()
            if callee in ('sys.path.insert', 'sys.path.append', 'site.addsitedir'):
                folder = arguments[-1] if arguments else None
                if isinstance(folder, str) and known(folder) and len(self.path) < 100:
                    self.path.insert(0, folder) if callee.endswith('insert') else self.path.append(folder)
                return None
            if callee in ('hasattr', 'getattr') and len(arguments) > 1:
                return self.attribute_of(callee, *arguments[:3])
            return self.library(callee, arguments, named)
        if isinstance(node.func, ast.Attribute):
            owner = self.value(node.func.value, scope)
            # A list that grows by one is not gone through.
            if node.func.attr != 'append' and self.too_much((owner,)):
                return UNKNOWN
            return self.method(owner, node.func.attr, arguments, named)
        return UNKNOWN

    def attribute_of(self, question, owner, name, default=UNKNOWN):
        """hasattr and getattr: of modules, what a free-threaded CPython on Linux has and what it has not."""
        if not isinstance(name, str) or not known(name):
            return UNKNOWN
        there, value = UNKNOWN, UNKNOWN
        if isinstance(owner, Dotted):
            dotted = owner + '.' + name
            there = True if dotted in CONSTANTS or dotted in QUIET or dotted in PRESENT else \
                False if dotted in ABSENT else UNKNOWN
            value = CONSTANTS.get(dotted, Dotted(dotted))
        elif isinstance(owner, Space) and name in owner.scope:
            there, value = True, owner.scope[name]
        if question == 'hasattr':
            return there
        return default if there is False else value if there is True else UNKNOWN

    def derives_from_extension(self, callee):
        if not isinstance(callee, Space):
            return False
        for base in callee.bases:
            if isinstance(base, Dotted) and base.rsplit('.', 1)[-1] in EXTENSION_CLASSES:
                return True
            if self.derives_from_extension(base):
                return True
        return False

    def call(self, function, arguments, named):
        node = function.node
        if self.depth >= DEPTH:
            return UNKNOWN
        self.called.add(node)
        scope = Scope(function.scope)
        names = [a.arg for a in node.args.args]
        if function.myself is not None:
            arguments = [function.myself] + arguments
        defaults = node.args.defaults
        for name, default in zip(names[len(names) - len(defaults):], defaults):
            scope[name] = self.value(default, function.scope)
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults):
            scope[argument.arg] = self.value(default, function.scope) if default is not None else UNKNOWN
        for name, value in zip(names, arguments):
            scope[name] = value
        if node.args.vararg is not None:
            scope[node.args.vararg.arg] = list(arguments[len(names):])
        accepted = set(names) | {a.arg for a in node.args.kwonlyargs}
        for name, value in named.items():
            if name in accepted:
                scope[name] = value
        if node.args.kwarg is not None:
            scope[node.args.kwarg.arg] = {k: v for k, v in named.items() if k not in accepted}
        for name in accepted:
            scope.setdefault(name, UNKNOWN)
        yields = scope['?yields'] = []
        self.depth += 1
        doubt, self.in_doubt = self.in_doubt, 0
        self.doubts_outside += doubt
        try:
            self.block(node.body, scope)
        except Return as result:
            if yields:
                return yields
            if known(result.value) or '?return' not in scope:
                return result.value
        except Abort:
            if self.trying:
                raise
            return UNKNOWN
        finally:
            self.depth -= 1
            self.in_doubt = doubt
            self.doubts_outside -= doubt
        return yields or scope.get('?return')

    def of_Yield(self, node, scope):
        """A generator is the list of what it yields."""
        yields = scope.find('?yields')
        if isinstance(yields, list) and len(yields) < LARGEST:
            yields.append(self.value(node.value, scope) if node.value is not None else None)
        return None

    def of_YieldFrom(self, node, scope):
        values, yields = self.value(node.value, scope), scope.find('?yields')
        if isinstance(values, (list, tuple)) and isinstance(yields, list) and len(yields) + len(values) < LARGEST:
            yields.extend(values)
        return None

    def extension(self, node, scope, arguments, named):
        extension = Extension(scope.find('__file__'), node.lineno)
        values = dict(zip(EXTENSION_PARAMETERS, arguments))
        values.update(named)
        for name, value in values.items():
            if name in Extension.LISTS:
                # A tuple or one string is wrong for setuptools and still clear to a reader.
                if isinstance(value, str) and known(value):
                    value = [value]
                if isinstance(value, (list, tuple)):
                    value = self.doubted(value)
                    extension.values[name] = value if isinstance(value, list) else list(value)
            elif name in ('name', 'language'):
                extension.values[name] = value
            elif name == 'py_limited_api':
                extension.values[name] = self.doubted(value)
                extension.limited = next((k.value.lineno for k in node.keywords if k.arg == name), node.lineno)
        self.extensions.append(extension)
        return extension

    def cythonize(self, node, scope, arguments, named):
        given = arguments[0] if arguments else named.get('module_list', UNKNOWN)
        if isinstance(given, (str, Extension)):
            given = [given]
        out = []
        for each in given if isinstance(given, (list, tuple)) else []:
            if isinstance(each, str) and known(each):
                for path in self.matching(each, True) or [each]:
                    extension = Extension(scope.find('__file__'), node.lineno)
                    extension.values['name'] = self.package_name(path)
                    extension.values['sources'] = [path]
                    extension.values['language'] = named.get('language')
                    self.extensions.append(extension)
                    out.append(extension)
            else:
                out.append(each)
        for each in out:
            if isinstance(each, Extension):
                each.values['directives'] = named.get('compiler_directives', UNKNOWN)
                each.values['compile_time'] = named.get('compile_time_env', UNKNOWN)
        return out

    def package_name(self, path):
        """The dotted name of a source as Cython sees it: from the outermost folder that is a package."""
        stem = os.path.normpath(os.path.splitext(path)[0])
        parts = stem.split(os.sep)
        start = len(parts) - 1
        while start > 0:
            folder = os.sep.join(parts[:start])
            marks = [os.path.join(self.folder, folder, '__init__' + suffix) for suffix in ('.py', '.pyx', '.pxd')]
            for mark in marks:
                self.look('place', mark)
            if not any(map(os.path.isfile, marks)):
                break
            start -= 1
        # Without any such folder, where it lies is as good a name as its own alone.
        return '.'.join(parts[start:] if start < len(parts) - 1 else [p for p in parts if p not in ('.', '..')])

    def library(self, name, arguments, named):
        if name in QUIET:
            return QUIET[name]
        first = arguments[0] if arguments else None
        if name in ('glob.glob', 'glob.iglob', 'glob'):
            return self.matching(first, bool(named.get('recursive'))) if known(first) else []
        if name in ('Path', 'pathlib.Path', 'PurePath', 'pathlib.PurePath', 'pathlib.PosixPath'):
            return FilePath(os.path.join(*arguments)) if arguments and known(*arguments) else \
                FilePath('.') if not arguments else UNKNOWN
        if name in ('sysconfig.get_config_var', 'distutils.sysconfig.get_config_var', 'get_config_var'):
            return CONFIG.get(first, UNKNOWN) if known(first) else UNKNOWN
        if name in ('sysconfig.get_config_vars', 'distutils.sysconfig.get_config_vars', 'get_config_vars'):
            return [CONFIG.get(a, UNKNOWN) for a in arguments] if arguments else Dotted('sysconfig.get_config_vars()')
        if name == 'sysconfig.get_config_vars().get':
            return CONFIG.get(first, UNKNOWN) if known(first) else UNKNOWN
        if name == 'ctypes.sizeof':
            return {'ctypes.c_void_p': 8, 'ctypes.c_size_t': 8, 'ctypes.c_long': 8, 'ctypes.c_int': 4}.get(first, UNKNOWN)
        if name in ('any', 'all') and isinstance(first, (list, tuple)):
            decides = name == 'any'
            if any(known(v) and bool(v) == decides for v in first):
                return decides
            return UNKNOWN if not all(known(v) for v in first) else not decides
        if name == 'isinstance' and len(arguments) == 2:
            return UNKNOWN
        if name in ('os.getenv', 'os.environ.get'):
            return arguments[1] if len(arguments) > 1 else None
        if not known(*arguments) or not known(*named.values()):
            return {'list': [], 'sorted': []}.get(name, UNKNOWN)
        if name.startswith('os.path.') or name == 'os.fspath':
            return self.path_function(name.rsplit('.', 1)[1], arguments)
        if name in ('open', 'io.open', 'codecs.open'):
            return self.opened(first, arguments[1:], named)
        if name == 'os.listdir':
            folder = self.on_disk(first or '.')
            self.look('folder', folder or '.')
            return sorted(os.listdir(folder)) if folder else UNKNOWN
        if name == 'os.walk':
            top = self.on_disk(first)
            if top is None:
                return []
            self.listing = True
            found = sorted(os.walk(top))[:10_000]
            self.listing = False
            return [(os.path.join(first, os.path.relpath(d, top)) if d != top else first, sorted(ds), sorted(fs))
                    for d, ds, fs in found]
        if name == 'fnmatch.filter':
            return fnmatch.filter(*arguments)
        if name in ('struct.calcsize', 'calcsize') and len(first) < 20:
            return struct.calcsize(first)
        if name in ('re.match', 're.search', 're.fullmatch') and len(arguments) == 2:
            # Repetition of groups, and many repetitions, are what makes an expression slow.
            if len(arguments[0]) > 80 or len(arguments[1]) > 200 or re.search(r'\)[*+{]|\(\?P?[=(]|\\\d', arguments[0]) or \
                    len(re.findall(r'[*+{]', arguments[0])) > 3 or arguments[0].count('?') > 8:
                return UNKNOWN
            self.steps += 100
            return True if getattr(re, name[3:])(*arguments) else None
        if name in ('shlex.split',):
            return first.split()
        if name in ('copy.copy', 'copy.deepcopy', 'list', 'sorted', 'tuple', 'set', 'reversed', 'dict'):
            return self.copied(name, first, named)
        if name in ('str', 'repr', 'int', 'bool', 'len', 'any', 'all'):
            return {'str': str, 'repr': repr, 'int': int, 'bool': bool, 'len': len, 'any': any, 'all': all}[name](first)
        if name in ('enumerate', 'zip', 'range'):
            if name == 'range':
                return list(range(*arguments))[:1000] if all(abs(a) < 10_000 for a in arguments) else UNKNOWN
            return [tuple(p) for p in ({'enumerate': enumerate, 'zip': zip}[name](*arguments))]
        if name in ('itertools.chain', 'itertools.chain.from_iterable'):
            return [v for part in (first if name.endswith('iterable') else arguments) for v in part]
        return UNKNOWN

    def copied(self, name, first, named):
        if name == 'dict':
            out = dict(first) if first is not None else {}
            out.update(named)
            return out
        if isinstance(first, dict) and name.startswith('copy.'):
            return {k: list(v) if isinstance(v, list) else v for k, v in first.items()}
        values = list(first) if first is not None else []
        if name == 'sorted':
            values = sorted(v for v in values if isinstance(v, str)) if any(isinstance(v, str) for v in values) else values
        return tuple(values) if name == 'tuple' else values[::-1] if name == 'reversed' else values

    def path_function(self, name, arguments):
        if name == 'join':
            return os.path.join(*arguments)
        first = arguments[0] if arguments else '.'
        if name in ('exists', 'isfile', 'isdir'):
            full = self.on_disk(first)
            return UNKNOWN if full is None else getattr(os.path, name)(full)
        if name in ('abspath', 'realpath'):
            return os.path.normpath(os.path.join(self.folder, first))
        if name == 'relpath':
            start = os.path.join(self.folder, arguments[1]) if len(arguments) > 1 else self.folder
            return os.path.relpath(os.path.join(self.folder, first), start)
        if name in ('dirname', 'basename', 'normpath', 'splitext', 'split', 'isabs', 'commonprefix'):
            return getattr(os.path, name)(first)
        return first if name in ('expanduser', 'expandvars', 'fspath', 'normcase') else UNKNOWN

    def method(self, owner, name, arguments, named):
        if isinstance(owner, OpenFile):
            return {'read': ''.join(owner), 'readlines': list(owner), 'readline': owner[0] if owner else '',
                    '__enter__': owner}.get(name, UNKNOWN) if not arguments else UNKNOWN
        if isinstance(owner, list) and name in ('append', 'extend', 'insert', 'remove', 'copy', 'sort', 'pop', 'index', 'clear'):
            if name not in ('append', 'extend', 'copy'):
                self.guess()
            if name == 'append' and arguments and len(owner) < LARGEST:
                owner.extend(self.doubted([arguments[0]]))
            elif name == 'insert' and len(arguments) == 2:
                owner[:0] = self.doubted([arguments[1]])
            elif name == 'extend' and arguments and isinstance(arguments[0], (list, tuple)):
                owner.extend(self.doubted(arguments[0][:LARGEST]))
            elif name == 'copy':
                return list(owner)
            elif name == 'remove' and arguments and known(arguments[0]):
                if arguments[0] not in owner:
                    raise Abort()        # a ValueError, in truth
                if not self.in_doubt:
                    owner.remove(arguments[0])
            return None
        if isinstance(owner, dict) and name in ('get', 'items', 'keys', 'values', 'update', 'setdefault', 'copy', 'pop'):
            if name == 'get':
                if not known(arguments[0]):
                    return UNKNOWN
                return owner.get(arguments[0], arguments[1] if len(arguments) > 1 else None)
            if name == 'update':
                for more in [a for a in arguments if isinstance(a, dict)] + [named]:
                    owner.update(more)
                return None
            if name == 'setdefault':
                return owner.setdefault(arguments[0], arguments[1] if len(arguments) > 1 else None)
            if name == 'pop':
                return owner.pop(arguments[0], arguments[1] if len(arguments) > 1 else UNKNOWN)
            return dict(owner) if name == 'copy' else list(getattr(owner, name)())
        if isinstance(owner, FilePath):
            if name in ('glob', 'rglob'):
                pattern = os.path.join(owner, '**', arguments[0]) if name == 'rglob' else os.path.join(owner, arguments[0])
                return [FilePath(f) for f in self.matching(pattern, True)]
            if name in ('joinpath',):
                return FilePath(os.path.join(owner, *arguments))
            if name in ('exists', 'is_file', 'is_dir'):
                return self.path_function({'is_file': 'isfile', 'is_dir': 'isdir'}.get(name, name), [owner])
            if name in ('resolve', 'absolute', 'as_posix', '__str__', '__fspath__'):
                return FilePath(owner) if name in ('resolve', 'absolute') else str(owner)
            if name == 'read_text':
                text = self.text_of(owner)
                return UNKNOWN if text is None else text
            if name == 'open':
                return self.opened(owner, arguments, named)
            if name == 'read_bytes':
                return UNKNOWN
            if name == 'with_suffix':
                return FilePath(os.path.splitext(owner)[0] + arguments[0])
            if name == 'relative_to':
                return FilePath(os.path.relpath(os.path.join(self.folder, owner), os.path.join(self.folder, arguments[0])))
        if isinstance(owner, str) and known(owner) and known(*arguments) and name in STRING_METHODS:
            if name == 'join':
                parts = [a for a in arguments[0] if isinstance(a, str)]
                return owner.join(parts) if len(owner) * len(parts) < LARGEST else UNKNOWN
            if name == 'replace' and len(arguments) > 1:
                times = owner.count(arguments[0]) if arguments[0] else len(owner) + 1
                if times * len(arguments[1]) >= LARGEST:
                    return UNKNOWN
            if name == 'format' and re.search(r'\{[^}]*(\d{4}|:[^}]*\{)', owner):
                return UNKNOWN           # wide
            if name == 'format' and not all(isinstance(v, (str, int)) for v in list(arguments) + list(named.values())):
                return UNKNOWN
            return getattr(str(owner), name)(*arguments, **(named if name == 'format' else {}))
        return UNKNOWN

    # The whole.

    def read(self, tree):
        scope = self.globals
        scope['__file__'] = os.path.join(self.folder, os.path.basename(self.file))
        scope['__name__'] = '__main__'
        try:
            self.guarded(tree.body, scope)
            # Functions nobody called (a hook's build(), a command's run()) may still describe extensions.
            for function in list(self.functions):
                if function.node not in self.called and any(
                        isinstance(n, ast.Call) and getattr(n.func, 'id', getattr(n.func, 'attr', '')) in
                        EXTENSION_CLASSES | {'cythonize'} for n in ast.walk(function.node)):
                    try:
                        self.call(function, [], {})
                    except (Leave, Return):
                        pass
        except (Stop, RecursionError):
            self.notes.append('it is too long to be read to its end')

    def mentioned(self, trees):
        """Sources named by commands of their own (build_ext subclasses) that are never called here."""
        out = set()
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(SOURCE_SUFFIXES) \
                        and len(node.value) < 400 and '\0' not in node.value:
                    full = self.on_disk(node.value)
                    if full and os.path.isfile(full):
                        out.add(node.value)
        return sorted(out)

    def note_limited(self, extension):
        values = extension.values
        asked = values.get('py_limited_api', False)
        if not isinstance(asked, bool) or asked:
            self.limited_api.append((extension.file, extension.limited, 'py_limited_api',
                                     not isinstance(asked, bool)))
        elif any(is_limited(v) for key in ('define_macros', 'extra_compile_args') for v in values[key]):
            self.limited_api.append((extension.file, extension.line, 'Py_LIMITED_API', False))

    def note_limited_wheel(self):
        """setuptools refuses setup(options={'bdist_wheel': {'py_limited_api': ...}}) in a free-threaded build."""
        options = self.setup.get('options')
        wheel = options.get('bdist_wheel') if isinstance(options, dict) else None
        if isinstance(wheel, dict) and wheel.get('py_limited_api'):
            self.limited_api.append((self.globals['__file__'], self.setup_line, 'py_limited_api',
                                     not known(wheel['py_limited_api'])))

    def result(self, tree):
        out = []
        for extension in self.extensions:
            self.note_limited(extension)
        self.note_limited_wheel()
        prefix = self.setup.get('ext_package')
        for extension in self.extensions:
            values = extension.values
            strings = lambda key: [str(v) for v in values[key] if isinstance(v, str) and known(v)]
            macros = []
            for pair in values['define_macros']:
                if isinstance(pair, (tuple, list)) and pair and isinstance(pair[0], str):
                    value = pair[1] if len(pair) > 1 else None
                    macros.append([pair[0], None if value is None else str(value) if known(value) else '0'])
            name = values['name'] if isinstance(values['name'], str) and known(values['name']) else ''
            if name and isinstance(prefix, str) and known(prefix):
                name = prefix + '.' + name
            language = values['language']
            settings = lambda key: [f'{k}={v}' for k, v in values[key].items() if isinstance(k, str) and known(v) and
                                    isinstance(v, (bool, int, str))] if isinstance(values[key], dict) else []
            out.append({'name': name, 'file': extension.file, 'line': extension.line, 'sources': strings('sources'),
                        'include_dirs': strings('include_dirs'), 'define_macros': macros,
                        'undef_macros': strings('undef_macros'), 'extra_compile_args': strings('extra_compile_args'),
                        'directives': settings('directives'), 'compile_time': settings('compile_time'),
                        'language': language if isinstance(language, str) and known(language) else ''})
        name = self.setup.get('name')
        uncalled = [f.node for f in self.functions if f.node not in self.called]
        return {'name': name if isinstance(name, str) and known(name) else '', 'extensions': out,
                'mentioned': self.mentioned(uncalled), 'notes': self.notes, 'limited_api': sorted(set(self.limited_api)),
                'looked': None if self.unsure else list(self.looked),
                'read': sorted(space.scope['__file__'] for space in self.modules.values() if '__file__' in space.scope)}


MACHINE = os.uname().machine
TAG = 'cpython-314t-%s-linux-gnu' % MACHINE
VERSION = collections.namedtuple('VERSION', 'major minor micro releaselevel serial')(3, 14, 0, 'final', 0)
# platform.uname() and os.uname(), which name the same things differently.
HOST = collections.namedtuple('HOST', 'system node release version machine')('Linux', UNKNOWN, UNKNOWN, UNKNOWN, MACHINE)
KERNEL = collections.namedtuple('KERNEL', 'sysname nodename release version machine')(*HOST)

CONSTANTS = {
    'sys.platform': 'linux', 'os.name': 'posix', 'os.sep': '/', 'os.pathsep': ':', 'os.curdir': '.', 'os.pardir': '..',
    'os.path.sep': '/', 'os.altsep': None, 'os.linesep': '\n', 'os.extsep': '.', 'os.devnull': '/dev/null',
    'sys.version_info': VERSION, 'sys.argv': ['setup.py', 'build_ext'], 'sys.maxsize': 2**63 - 1,
    'sys.implementation.name': 'cpython', 'sys.implementation.version': VERSION,
    'sys.implementation.cache_tag': 'cpython-314', 'sys.builtin_module_names': (), 'sys.byteorder': 'little',
    'sys.hexversion': 0x030e00f0, 'sys.version_info.major': 3, 'sys.version_info.minor': 14, 'sys.version_info.micro': 0,
    'sys.version': '3.14.0 free-threading build (main) [GCC 14.2.0]', 'sys.abiflags': 't',
    'sys.flags.debug': 0, 'typing.TYPE_CHECKING': False, 'TYPE_CHECKING': False,
}
QUIET = {
    'platform.system': 'Linux', 'platform.machine': MACHINE, 'platform.python_implementation': 'CPython',
    'platform.architecture': ('64bit', 'ELF'), 'platform.uname': HOST, 'os.uname': KERNEL,
    'platform.platform': 'Linux-%s-with-glibc2.36' % MACHINE, 'platform.libc_ver': ('glibc', '2.36'),
    'platform.win32_ver': ('', '', '', ''), 'platform.mac_ver': ('', ('', '', ''), ''),
    'platform.python_version': '3.14.0', 'platform.python_version_tuple': ('3', '14', '0'),
    'platform.python_compiler': 'GCC 14.2.0', 'platform.java_ver': ('', '', ('', '', ''), ('', '', '')),
    'sysconfig.get_platform': 'linux-' + MACHINE, 'distutils.util.get_platform': 'linux-' + MACHINE,
    'get_platform': 'linux-' + MACHINE, 'sys._is_gil_enabled': False, 'sysconfig.get_python_version': '3.14',
    'os.getcwd': '.', 'pathlib.Path.cwd': FilePath('.'), 'Path.cwd': FilePath('.'),
}
CONFIG = {
    'Py_GIL_DISABLED': 1, 'abiflags': 't', 'ABIFLAGS': 't', 'SOABI': TAG, 'EXT_SUFFIX': '.%s.so' % TAG,
    'SHLIB_SUFFIX': '.so', 'MACHDEP': 'linux', 'Py_DEBUG': 0, 'SIZEOF_VOID_P': 8, 'SIZEOF_LONG': 8, 'SIZEOF_SIZE_T': 8,
    'MULTIARCH': MACHINE + '-linux-gnu', 'py_version_short': '3.14', 'py_version_nodot': '314', 'VERSION': '3.14',
    'WITH_PYMALLOC': 0, 'Py_TRACE_REFS': 0,
}
# Names that modules have on Linux beyond those above, and names that they have elsewhere only.
PRESENT = {'os.uname', 'os.getuid', 'os.geteuid', 'os.fork', 'os.sched_getaffinity', 'os.getloadavg', 'os.symlink',
           'sys.maxsize', 'sys.implementation', 'sys.setdlopenflags', 'sys.getrefcount'}
ABSENT = {'sys.getwindowsversion', 'sys.winver', 'sys.dllhandle', 'sys.real_prefix', 'sys.pypy_version_info', 'sys.maxint',
          'sys.getandroidapilevel', 'os.startfile', 'os.add_dll_directory', 'sys.JYTHON_JAR', 'sys.gettotalrefcount'}
ELSEWHERE = {'winreg', '_winreg', 'msvcrt', 'nt', 'winsound', '_winapi', '__pypy__', 'java', '__builtin__', 'urllib2',
             'ConfigParser', 'StringIO', 'cStringIO'}
BUILTINS = {'list', 'sorted', 'tuple', 'set', 'dict', 'str', 'repr', 'int', 'bool', 'len', 'any', 'all', 'enumerate', 'zip',
            'range', 'reversed', 'exit', 'quit', 'hasattr', 'getattr', 'isinstance', 'open'}
STRING_METHODS = {'join', 'format', 'replace', 'split', 'strip', 'lstrip', 'rstrip', 'lower', 'upper', 'startswith',
                  'endswith', 'partition', 'rpartition', 'rsplit', 'splitlines', 'title', 'removeprefix', 'removesuffix'}


def is_limited(value):
    """Does this macro, or this flag, ask for the limited API?"""
    if isinstance(value, (tuple, list)):
        return bool(value) and isinstance(value[0], str) and value[0] == 'Py_LIMITED_API'
    return isinstance(value, str) and value.startswith('-DPy_LIMITED_API')


def main():
    request = json.load(sys.stdin)
    # Imports of names: `from os.path import join` gives Dotted('os.path.join') and needs no table.
    sys.setrecursionlimit(4000)
    try:
        with open(request['file'], 'rb') as f:
            tree = ast.parse(f.read())
    except SyntaxError as e:
        print(json.dumps({'error': 'not the syntax of Python 3 (line %s: %s)' % (e.lineno, e.msg)}))
        return
    except (ValueError, RecursionError, MemoryError) as e:
        print(json.dumps({'error': 'not the syntax of Python 3 (%s)' % e}))
        return
    evaluator = Evaluator(request['file'], request['root'])
    evaluator.read(tree)
    print(json.dumps(evaluator.result(tree)))


if __name__ == '__main__':
    main()
