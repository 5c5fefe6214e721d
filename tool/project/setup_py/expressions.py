"""Expressions of a setup.py, and what they come to."""
import ast
import os
import re

from values import *
from machine import *


class Expressions:
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
        if isinstance(node.value, str) and node.value.endswith(SOURCE_SUFFIXES):
            self.reached.add(id(node))
        return node.value

    def of_Name(self, node, scope):
        value = scope.find(node.id)
        self.asks_by_name(node.id)
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
                out.extend(value if isinstance(value, (list, tuple)) and len(out) + len(value) < LARGEST else [UNKNOWN])
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
                if name == 'py_limited_api' and not isinstance(inner, bool):
                    self.wheel_tag = scope.find('__file__'), key.lineno
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
        before = list(self.asked)
        condition = self.value(node.test, scope)
        if known(condition):
            self.note_branches(condition, before, *((node.body, node.orelse) if condition else (node.orelse, node.body)))
            self.in_doubt += isinstance(condition, Maybe)
            value = self.doubted(self.value(node.body if condition else node.orelse, scope))
            self.in_doubt -= isinstance(condition, Maybe)
            return value
        self.guess()
        self.alive.update((id(node.body), id(node.orelse)))
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
                self.asks_choice()
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
                return left + [UNKNOWN]
            if isinstance(left, (Unknown, Dotted)) and isinstance(right, list):
                return [UNKNOWN] + right
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

    def comprehension(self, node, scope, element, unknown=UNKNOWN):
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
                out.append(unknown)
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

    def of_Lambda(self, node, scope):
        body = [ast.copy_location(ast.Return(value=node.body), node)]
        return Function(ast.copy_location(ast.FunctionDef(name='', args=node.args, body=body), node), scope)

    def of_DictComp(self, node, scope):
        pairs = self.comprehension(node, scope, lambda s: (self.value(node.key, s), self.value(node.value, s)),
                                   (UNKNOWN, UNKNOWN))
        return {k: v for k, v in pairs if known(k)}

    def of_Attribute(self, node, scope):
        owner = self.value(node.value, scope)
        name = node.attr
        if isinstance(owner, Dotted):
            dotted = owner + '.' + name
            if dotted.startswith(('sys.argv', 'os.environ')):
                self.asks_choice()
            elif dotted in CONSTANTS:
                self.asks_machine()
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
