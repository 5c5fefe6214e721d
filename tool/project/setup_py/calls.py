"""Calls in a setup.py: of its own functions, and of those that describe extension modules."""
import ast
import os

from values import *
from machine import *


class Calls:
    def of_Call(self, node, scope):
        arguments = self.elements(node.args, scope)
        named, all_named = {}, True
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg == 'py_limited_api' and getattr(node.func, 'id', '') == 'dict':
                self.wheel_tag = scope.find('__file__'), keyword.value.lineno
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named.update((k, v) for k, v in value.items() if isinstance(k, str))
            else:
                all_named = False
        callee = self.value(node.func, scope)
        last = callee.rsplit('.', 1)[-1] if isinstance(callee, Dotted) else ''
        if isinstance(callee, Unknown) and isinstance(node.func, ast.Name):
            last = node.func.id
        self.steps += (len(arguments) + len(named)) // 8
        if not isinstance(callee, Function) and self.too_much(arguments, named):
            return UNKNOWN
        if last in EXTENSION_CLASSES or self.derives_from_extension(callee):
            return self.extension(node, scope, arguments, named, all_named)
        if last == 'cythonize':
            return self.cythonize(node, scope, arguments, named)
        if last == 'setup':
            self.setup.update(self.doubted(named))
            self.setup_sure = all_named and not self.in_doubt and not self.doubts_outside
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
            self.note_bound(name, value)
        if node.args.vararg is not None:
            scope[node.args.vararg.arg] = list(arguments[len(names):])
        accepted = set(names) | {a.arg for a in node.args.kwonlyargs}
        for name, value in named.items():
            if name in accepted:
                scope[name] = value
                self.note_bound(name, value)
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

    def extension(self, node, scope, arguments, named, all_named):
        extension = Extension(scope.find('__file__'), node.lineno)
        values = dict(zip(EXTENSION_PARAMETERS, arguments))
        values.update(named)
        for keyword in node.keywords:
            value = values.get(keyword.arg)
            if keyword.arg in Extension.LISTS and isinstance(value, (list, tuple)) and any(map(is_limited, value)):
                extension.macros_line = keyword.value.lineno
        for name, value in values.items():
            if name in Extension.LISTS:
                # A tuple or one string is wrong for setuptools and still clear to a reader.
                if isinstance(value, str) and known(value):
                    value = [value]
                if isinstance(value, (list, tuple)):
                    value = self.doubted(value)
                    extension.values[name] = value if isinstance(value, list) else list(value)
                elif name == 'sources':
                    extension.open = True
            elif name in ('name', 'language'):
                extension.values[name] = value
        if not all_named and 'sources' not in values:
            extension.open = True
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
