"""The machine that the reader of setup.py answers for: a free-threaded CPython on Linux."""
import collections
import os

from values import *

MACHINE = os.uname().machine
TAG = 'cpython-314t-%s-linux-gnu' % MACHINE
VERSION = collections.namedtuple('VERSION', 'major minor micro releaselevel serial')(3, 14, 0, 'final', 0)
# platform.uname() and os.uname(), which name the same things differently.
HOST = collections.namedtuple('HOST', 'system node release version machine processor')(
    'Linux', UNKNOWN, UNKNOWN, UNKNOWN, MACHINE, UNKNOWN)
KERNEL = collections.namedtuple('KERNEL', 'sysname nodename release version machine')(*HOST[:5])

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
# What distutils' build_ext has of options that nobody gave.
COMMAND_OPTIONS = ('define', 'undef', 'include_dirs', 'libraries', 'library_dirs', 'rpath', 'link_objects', 'debug', 'force',
                   'inplace', 'package', 'user', 'parallel', 'swig', 'swig_opts')
# Names that modules have on Linux beyond those above, and names that they have elsewhere only.
PRESENT = {'os.uname', 'os.getuid', 'os.geteuid', 'os.fork', 'os.sched_getaffinity', 'os.getloadavg', 'os.symlink',
           'sys.maxsize', 'sys.implementation', 'sys.setdlopenflags', 'sys.getrefcount'}
ABSENT = {'sys.getwindowsversion', 'sys.winver', 'sys.dllhandle', 'sys.real_prefix', 'sys.pypy_version_info', 'sys.maxint',
          'sys.getandroidapilevel', 'os.startfile', 'os.add_dll_directory', 'sys.JYTHON_JAR', 'sys.gettotalrefcount'}
ELSEWHERE = {'winreg', '_winreg', 'msvcrt', 'nt', 'winsound', '_winapi', '__pypy__', 'java', '__builtin__', 'urllib2',
             'ConfigParser', 'StringIO', 'cStringIO'}
BUILTINS = {'list', 'sorted', 'tuple', 'set', 'dict', 'str', 'repr', 'int', 'bool', 'len', 'any', 'all', 'enumerate', 'zip',
            'range', 'reversed', 'exit', 'quit', 'hasattr', 'getattr', 'isinstance', 'open', 'map', 'filter'}
STRING_METHODS = {'join', 'format', 'replace', 'split', 'strip', 'lstrip', 'rstrip', 'lower', 'upper', 'startswith',
                  'endswith', 'partition', 'rpartition', 'rsplit', 'splitlines', 'title', 'removeprefix', 'removesuffix'}
