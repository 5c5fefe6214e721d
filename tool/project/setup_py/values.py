"""What the reader of setup.py computes with: values as Python has them, and what stands for those it cannot know."""

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
        self.macros_line = line
        self.names = set()        # variables that it was given to
        self.stored = False       # and other places
        self.open = False         # sources were given to it that are not known
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


def without_wheel_tag(value):
    """A dictionary whose wish for a wheel of the limited API is no longer known: bdist_wheel's option."""
    if not isinstance(value, dict):
        return value
    out = {k: UNKNOWN if k == 'py_limited_api' and v else without_wheel_tag(v) for k, v in value.items()}
    return value if all(out[k] is v for k, v in value.items()) else out


def defines_macro(value):
    return isinstance(value, tuple) or (isinstance(value, str) and value.startswith(('-D', '-U')))


def is_limited(value):
    """Does this macro, or this flag, ask for the limited API?"""
    if isinstance(value, (tuple, list)):
        return bool(value) and isinstance(value[0], str) and value[0] == 'Py_LIMITED_API'
    return isinstance(value, str) and value.startswith('-DPy_LIMITED_API')
