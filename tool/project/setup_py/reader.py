"""Reads a setup.py as syntax and prints, as JSON, the extension modules it describes.

Nothing of the file is imported or executed. Its syntax tree is walked by a small evaluator that knows literals,
lists and strings, paths, globs, plain functions and the handful of library calls that build descriptions use;
whatever it does not know is Unknown and stays so. It answers as a free-threaded CPython on Linux would: of a
condition on the platform the Linux branch is taken; of a condition nobody can know, both branches are.

Standard input: {"file": the file, "root": the project's root}. Run as `python3 -I -S -c SCRIPT`.
"""
import ast
import json
import os
import sys

from values import *
from machine import *
from files import *
from statements import *
from expressions import *
from calls import *
from library import *
from elsewhere import *


class Evaluator(Files, Statements, Expressions, Calls, Library, Elsewhere):
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
        self.by_command = set()   # functions that a command of the project's alone has called
        self.commanding = False
        self.reached = set()      # names of sources, by identity of the node that has them
        self.functions = []
        self.modules = {}
        self.setup = {}
        self.wheel_tag = None     # (file, line) that asks for a wheel of the limited API
        self.setup_sure = False   # it is called, with what is known
        self.limited_api = []     # (file, line, what, in doubt)
        self.trees = []           # of this file, and of the modules it imports
        self.asked = [0, 0]       # how often the machine, and somebody's choice, was asked for
        self.hangs_on = {}        # by name: which of them its value hangs on
        self.dead, self.alive = {}, set()  # branches, by identity
        self.path = [self.folder]  # where imports look, of the project
        self.notes = []
        self.globals = Scope()
        self.looked = {('file', os.path.join(self.folder, os.path.basename(file))): None}
        self.listing = False
        self.unsure = False       # looked at something in a way that cannot be told
        sys.addaudithook(self.listed)

    def guess(self):
        """What follows is likely and no more; a reader that must be right refuses here."""

    def too_much(self, values, named=()):
        """Work on values costs steps by what is in them; on more than anybody writes, there is none."""
        size = size_of(values, LARGEST) + (size_of(named, LARGEST) if named else 0)
        self.steps += size // 8
        return size >= LARGEST

    def read(self, tree):
        self.trees.append(tree)
        scope = self.globals
        scope['__file__'] = os.path.join(self.folder, os.path.basename(self.file))
        scope['__name__'] = '__main__'
        try:
            self.guarded(tree.body, scope)
            self.note_none(tree)
            self.run_commands()
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

    def note_none(self, tree):
        """Extensions of other Pythons or machines alone: here the package is built without."""
        builders = ('ext_modules', 'cmdclass', 'distclass', 'cffi_modules', 'rust_extensions')
        if self.setup_sure and not self.extensions and all(self.setup.get(b) in (None, [], {}) for b in builders) and any(
                isinstance(n, ast.Call) and getattr(n.func, 'id', getattr(n.func, 'attr', '')) in EXTENSION_CLASSES
                for n in ast.walk(tree)):
            self.notes.append('builds no extension for CPython %d.%d on Linux' % VERSION[:2])

    def run_commands(self):
        """What the project's own build_ext does to the extensions before it compiles them."""
        commands = self.setup.get('cmdclass')
        command = commands.get('build_ext') if isinstance(commands, dict) else None
        if not isinstance(command, Space) or not self.extensions:
            return
        made = self.setup.get('ext_modules')
        modules = [e for e in made if isinstance(e, Extension)] if isinstance(made, list) else list(self.extensions)
        distribution = Space(Scope())
        distribution.scope['ext_modules'] = modules
        myself = Space(Scope(), [command])
        myself.scope.update({'distribution': distribution, 'extensions': modules, 'plat_name': QUIET['get_platform'],
                             **dict.fromkeys(COMMAND_OPTIONS)})
        before, self.commanding = set(self.called), True
        for name in ('initialize_options', 'finalize_options', 'run', 'build_extensions', 'build_extension'):
            method = self.attribute_of('getattr', command, name)
            if not isinstance(method, Function):
                continue
            for given in [[each] for each in modules] if name == 'build_extension' else [[]]:
                try:
                    self.call(Function(method.node, method.scope, myself), given, {})
                except (Leave, Return):
                    pass
        self.by_command, self.commanding = self.called - before, False

    def mentioned(self, trees):
        """Sources named by commands of their own that are never called here, or where they are called and do not come."""
        out = set()
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(SOURCE_SUFFIXES) \
                        and len(node.value) < 400 and '\0' not in node.value and id(node) not in self.reached:
                    full = self.on_disk(node.value)
                    if full and os.path.isfile(full):
                        out.add(node.value)
        return sorted(out)

    def note_limited(self, extension):
        """The macro. Extension(py_limited_api=True) only names the file, where Python has such a name for files."""
        if any(is_limited(v) for key in ('define_macros', 'extra_compile_args') for v in extension.values[key]):
            self.limited_api.append((extension.file, extension.macros_line, 'Py_LIMITED_API', False))

    def note_limited_wheel(self):
        """setuptools refuses setup(options={'bdist_wheel': {'py_limited_api': ...}}) in a free-threaded build."""
        options = self.setup.get('options')
        wheel = options.get('bdist_wheel') if isinstance(options, dict) else None
        if isinstance(wheel, dict) and wheel.get('py_limited_api') and self.wheel_tag is not None:
            self.limited_api.append((*self.wheel_tag, 'py_limited_api', not known(wheel['py_limited_api'])))

    def result(self, tree):
        out = []
        dead = self.dead_nodes()
        unused = self.unused(dead)
        self.extensions = [e for e in self.extensions if e not in unused]
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
                        'open': extension.open or any(not isinstance(s, str) or not known(s) for s in values['sources']),
                        'language': language if isinstance(language, str) and known(language) else ''})
        name = self.setup.get('name')
        others = sorted({s for e in unused for s in e.values['sources'] if isinstance(s, str) and known(s)})
        uncalled = [f.node for f in self.functions if f.node not in self.called or f.node in self.by_command]
        return {'name': name if isinstance(name, str) and known(name) else '', 'extensions': out,
                'mentioned': self.mentioned(uncalled), 'elsewhere': others + self.elsewhere(dead, self.extensions),
                'notes': self.notes, 'limited_api': sorted(set(self.limited_api)),
                'looked': None if self.unsure else list(self.looked),
                'read': sorted(space.scope['__file__'] for space in self.modules.values() if '__file__' in space.scope)}


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
