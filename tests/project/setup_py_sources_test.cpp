// Sources that a setup.py works out as it runs: by functions of a module beside it, by its own build_ext, on this
// machine; and those that nobody can work out, which are said to be left out.
#include "project/description.h"
#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

namespace {

const std::string uses_python = "#include <Python.h>\n";

}  // namespace

TEST_CASE("setup.py: sources that a function of a module beside it finds") {
  const TreeOnDisk tree{{"setup.py", R"(
import os, sys
from itertools import chain
from setuptools import setup, Extension
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from build_help import FOLDERS, find_c_files
found = tuple(chain(*map(lambda folder: find_c_files(folder)[0], FOLDERS)))
setup(ext_modules=[Extension('m', sources=list(filter(None, map(str, found))))])
)"},
                        {"build_help.py", R"(
import os
FOLDERS = ['src', 'lib']
def find_c_files(folder):
    sources, headers = [], []
    for name in sorted(os.listdir(folder)):
        (sources if name.endswith('.c') else headers).append(os.path.join(folder, name))
    return tuple(sources), tuple(headers)
)"},
                        {"src/m.c", ""},
                        {"lib/util.c", ""},
                        {"lib/util.h", ""}};
  CHECK(units_of(tree.discover()) == Texts{"lib/util.c", "src/m.c"});
}

TEST_CASE("setup.py: sources that its own build_ext adds, without those that it names to leave out") {
  const TreeOnDisk tree{{"setup.py", R"(
import os
from setuptools import setup, Extension
from setuptools.command.build_ext import build_ext
class Build(build_ext):
    def initialize_options(self):
        build_ext.initialize_options(self)
        self.with_magic = None
    def run(self):
        module = self.distribution.ext_modules[0]
        left_out = []
        if has_library():
            module.define_macros.append(('HAVE_LIBRARY', '1'))
        if 'linux' in self.plat_name:
            module.define_macros.append(('ON_LINUX', '1'))
        if self.with_magic:
            module.sources.append('magic.c')
        else:
            left_out.append('lib/magic.c')
        for folder, _, files in os.walk('lib'):
            for name in files:
                path = os.path.join(folder, name)
                if path.endswith('.c') and not any(map(lambda each: path.startswith(each), left_out)):
                    module.sources.append(path)
        build_ext.run(self)
setup(cmdclass={'build_ext': Build}, ext_modules=[Extension('m', sources=['m.c'])])
)"},
                        {"m.c", uses_python},
                        {"lib/a.c", ""},
                        {"lib/magic.c", ""}};
  const Project project = tree.discover();
  CHECK(units_of(project) == Texts{"lib/a.c", "m.c"});
  CHECK(has_flag(unit_of(project, "lib/a.c"), "-DON_LINUX=1"));
  CHECK(!has_flag(unit_of(project, "lib/a.c"), "-DHAVE_LIBRARY=1"));
}

TEST_CASE("setup.py: what platform.uname() gives is this machine, taken apart as well") {
  const TreeOnDisk tree{{"setup.py", R"(
import platform
from setuptools import setup, Extension
system, node, release, version, machine, processor = platform.uname()
flags = ['-DON_MACOS'] if system == 'Darwin' else ['-DON_LINUX']
setup(ext_modules=[Extension('m', ['m.c'], extra_compile_args=flags)])
)"},
                        {"m.c", uses_python}};
  const Project project = tree.discover();
  CHECK(has_flag(unit_of(project, "m.c"), "-DON_LINUX"));
  CHECK(!has_flag(unit_of(project, "m.c"), "-DON_MACOS"));
}

TEST_CASE("setup.py: sources that cannot be worked out are said to be left out") {
  for (const char* sources : {"ask_somebody()", "['m.c'] + ask_somebody()", "['m.c', *ask_somebody()]",
                              "['m.c'] + [name for name in ask_somebody()]", "['m.c'] + list(ask_somebody())"}) {
    const TreeOnDisk tree{
        {"setup.py", "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('m', sources=" +
                         std::string(sources) + ")])\n"},
        {"m.c", uses_python},
        {"lib/a.c", ""},
        {"tests/t.c", ""}};
    const Project project = tree.discover();
    CHECK(units_of(project) == Texts{"m.c"});
    REQUIRE(project.skipped.size() == 1);
    CHECK(project.skipped[0].file.filename() == "setup.py");
    CHECK(project.skipped[0].asked);
    CHECK(project.skipped[0].reason ==
          "line 2: m has sources that could not be worked out; not read, and perhaps among them: lib/a.c");
  }
  const TreeOnDisk known{
      {"setup.py", "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('m', sources=['m.c'])])\n"},
      {"m.c", uses_python},
      {"lib/a.c", ""}};
  CHECK(known.discover().skipped.empty());
}
