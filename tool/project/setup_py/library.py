"""Calls of Python's library that build descriptions make, and methods of its types."""
import fnmatch
import os
import re
import struct

from values import *
from machine import *


class Library:
    def library(self, name, arguments, named):
        if name in QUIET:
            self.asks_machine()
            return QUIET[name]
        first = arguments[0] if arguments else None
        if name.rsplit('.', 1)[-1].startswith('get_config_var'):
            self.asks_machine()
        if name in ('glob.glob', 'glob.iglob', 'glob'):
            return self.matching(first, bool(named.get('recursive'))) if known(first) else [UNKNOWN]
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
        if name in ('map', 'filter') and len(arguments) == 2:
            return self.mapped(name, *arguments)
        if name == 'isinstance' and len(arguments) == 2:
            return UNKNOWN
        if name in ('os.getenv', 'os.environ.get'):
            self.asks_choice()
            return arguments[1] if len(arguments) > 1 else None
        if name == 'dict' and (not arguments or isinstance(first, dict)):
            return self.copied(name, first, named)   # whatever its values are
        if not known(*arguments) or not known(*named.values()):
            return [UNKNOWN] if name in ('list', 'sorted') else UNKNOWN
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

    def mapped(self, name, function, values):
        if not isinstance(values, (list, tuple)):
            return [UNKNOWN]
        out = []
        for value in values[:LARGEST]:
            result = value if function is None else self.call(function, [value], {}) if isinstance(function, Function) else \
                self.library(function, [value], {}) if isinstance(function, Dotted) else UNKNOWN
            if name == 'map':
                out.append(result)
            elif not known(result) or result:
                out.append(value)
        return out

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
            elif name == 'extend' and arguments:
                owner.extend(self.doubted(arguments[0][:LARGEST]) if isinstance(arguments[0], (list, tuple)) else [UNKNOWN])
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
            if name == 'iterdir':
                names = self.library('os.listdir', [owner], {})
                return [FilePath(os.path.join(owner, n)) for n in names] if isinstance(names, list) else [UNKNOWN]
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
