"""Statements of a setup.py, one after the other."""
import ast
import os

from values import *
from machine import *


class Statements:
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
        self.trees.append(tree)
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
        before = list(self.asked)
        value = self.value(node.value, scope)
        for target in node.targets:
            for name in [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]:
                self.note_asked(name, before)
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
            if isinstance(old, list):
                old.append(UNKNOWN)
            return                       # what is known stays: a few unknown flags more do not matter
        self.assign(node.target, self.binary(node.op, old, new), scope)

    def assign(self, target, value, scope):
        if isinstance(target, ast.Name):
            if self.in_doubt and isinstance(value, Unknown) and known(scope.find(target.id)):
                return
            scope[target.id] = self.doubted(value) if self.in_doubt else value
            self.note_bound(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value if isinstance(value, (list, tuple)) and len(value) == len(target.elts) else None
            for i, element in enumerate(target.elts):
                self.assign(element, values[i] if values is not None else UNKNOWN, scope)
        elif isinstance(target, ast.Attribute):
            self.note_stored(value)
            owner = self.value(target.value, scope)
            if isinstance(owner, Extension):
                if target.attr == 'sources' and not known(value):
                    owner.open = True
                if isinstance(value, list) or not known(value) or target.attr not in Extension.LISTS:
                    if known(value):
                        owner.values[target.attr] = self.doubted(value)
            elif isinstance(owner, Space):
                owner.scope[target.attr] = value
            elif isinstance(owner, Dotted) and owner == 'sys' and target.attr == 'path' and isinstance(value, list):
                self.path[:0] = [v for v in value if isinstance(v, str) and known(v)][:100]
        elif isinstance(target, ast.Subscript):
            self.note_stored(value)
            owner = self.value(target.value, scope)
            key = self.value(target.slice, scope)
            if key == 'py_limited_api':
                self.wheel_tag = scope.find('__file__'), target.lineno
            if isinstance(owner, dict) and known(key) and isinstance(key, str):
                value = self.doubted({key: value})[key]
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
        if isinstance(value, dict):
            return without_wheel_tag(value)
        if isinstance(value, str) and value.startswith('cp3') and value[3:].isdigit():
            return UNKNOWN
        if isinstance(value, (list, tuple)):
            if self.commanding:          # what a command asks the machine for, it may not have
                value = type(value)(v for v in value if not defines_macro(v))
            kept = [v for v in value if not is_limited(v)]
            if len(kept) != len(value):
                self.limited_api.append((self.globals['__file__'], 0, 'Py_LIMITED_API', True))
                return kept if isinstance(value, list) else tuple(kept)
        return value

    def do_If(self, node, scope):
        before = list(self.asked)
        condition = self.value(node.test, scope)
        if known(condition):
            self.note_branches(condition, before, *((node.body, node.orelse) if condition else (node.orelse, node.body)))
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
        self.alive.update((id(node.body), id(node.orelse)))
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
