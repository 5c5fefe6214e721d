#include "cython/translation.h"

#include <doctest/doctest.h>

#include "base/sandbox.h"
#include "cython/source_head.h"

using namespace ftaudit;

TEST_CASE("what the head of a source says to its build") {
  const auto head = cython::head_of(
      "# cython: language_level=3\n#\n# distutils: language = c++\n"
      "#distutils: define_macros=A=1 B\n# distutils: include_dirs = inc  more\n\n"
      "cimport x\n# distutils: language = c\n");
  CHECK(head.cxx);
  CHECK(head.define_macros == std::vector<std::string>{"A=1", "B"});
  CHECK(head.include_dirs == std::vector<std::string>{"inc", "more"});
  CHECK_FALSE(cython::head_of("x = 1\n# distutils: language = c++\n").cxx);
}

TEST_CASE("a source that names what only C++ has is one of C++") {
  CHECK(cython::uses_cxx("cimport cython\nfrom libcpp.vector cimport vector\n"));
  CHECK(cython::uses_cxx("cdef extern from 'a.h':\n    cdef cppclass Box:\n        Box()\n"));
  CHECK_FALSE(cython::uses_cxx("from libcpp cimport bool\nx = 'from libcpp.vector'\n"));
}

TEST_CASE("a Cython that needs the GIL is none") {
  auto scratch = ScratchFolder::make("sites");
  REQUIRE(scratch.ok());
  const auto lay = [&](const char* site, const char* version) {
    fs::create_directories(scratch->path() / site / "Cython");
    REQUIRE(write_file(scratch->path() / site / "Cython/Shadow.py", std::string("__version__ = \"") + version + "\"\n")
                .ok());
    return scratch->path() / site;
  };
  const fs::path old = lay("old", "3.0.12"), older = lay("older", "0.29.37"), fine = lay("fine", "3.1.0");
  CHECK_FALSE(cython::compiler_in({old, older, scratch->path() / "nowhere"}));
  REQUIRE(cython::compiler_in({old, fine}));
  CHECK(cython::compiler_in({old, fine})->version == "3.1.0");
  CHECK(cython::compiler_in({old, fine})->site == fine);
}

namespace {

// Stands where Cython would, and tries what no translation needs; what came through is told in the C.
constexpr const char* intruder = R"(
import os, socket, sys
def setuptools_main():
    target, source = sys.argv[sys.argv.index('-o') + 1], sys.argv[-1]
    root, folder = os.path.dirname(source), os.path.dirname(target)
    outside = os.path.dirname(root)
    came_through = []
    def attempt(name, act):
        try:
            act()
        except OSError:
            return
        came_through.append(name)
    def write(path):
        open(path, 'w').close()
    def start():
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    attempt('write to the source', lambda: write(source))
    attempt('write beside the source', lambda: write(root + '/beside'))
    attempt('write above its folder', lambda: write(os.path.dirname(folder) + '/above'))
    attempt('write to the temporary folder', lambda: write(outside + '/made'))
    attempt('remove the source', lambda: os.remove(source))
    attempt('move its own file out', lambda: (write(folder + '/moved'), os.rename(folder + '/moved', root + '/moved')))
    attempt('make a folder', lambda: os.mkdir(root + '/made'))
    attempt('make a link', lambda: os.symlink('/etc', root + '/link'))
    attempt('change rights', lambda: os.chmod(source, 0o777))
    attempt('read what is none of its business', lambda: open(outside + '/secret').close())
    attempt('start a process', start)
    attempt('have a program started', lambda: os.posix_spawn('/usr/bin/env', ['env'], {}))
    attempt('open a connection', lambda: socket.socket(socket.AF_INET))
    attempt('open a local connection', lambda: socket.socket(socket.AF_UNIX))
    attempt('signal its parent', lambda: os.kill(os.getppid(), 0))
    with open(target, 'w') as made:
        made.write('came through: ' + ', '.join(came_through))
    with open(target + '.dep', 'w') as list:
        list.write('m.c: ' + source)
    if 'becomes' in open(source).read():
        os.execv(sys.executable, [sys.executable, '-c', 'pass'])
)";

struct Intruded {
  ScratchFolder scratch = std::move(*ScratchFolder::make("intruder"));
  fs::path root = scratch.path() / "project", source = root / "m.pyx", cache = scratch.path() / "cache";

  cython::Translation translation(const std::string& text) {
    const fs::path site = scratch.path() / "site";
    for (const auto& [file, content] :
         {std::pair(site / "Cython/Shadow.py", std::string("__version__ = \"3.2.0\"\n")),
          std::pair(site / "Cython/__init__.py", std::string()),
          std::pair(site / "Cython/Compiler/__init__.py", std::string()),
          std::pair(site / "Cython/Compiler/Main.py", std::string(intruder)), std::pair(source, text),
          std::pair(scratch.path() / "secret", std::string("secret"))}) {
      fs::create_directories(file.parent_path());
      REQUIRE(write_file(file, content).ok());
    }
    project::CythonSource asked;
    asked.file = source;
    return cython::translate(asked,
                             {.root = root, .compiler = *cython::compiler_in({site}), .search = {}, .cache = cache});
  }
};

}  // namespace

TEST_CASE("a translation writes to its own folder, starts nothing, connects to nothing and reads nothing else") {
  if (sandbox::layers().landlock == 0 || !sandbox::layers().seccomp) return;
  Intruded intruded;
  const std::string text = "def f(): pass\n";
  const cython::Translation made = intruded.translation(text);
  CHECK(made.problem == "");
  REQUIRE_FALSE(made.c_file.empty());
  CHECK(*read_file(made.c_file) == "came through: ");
  CHECK(*read_file(intruded.source) == text);
  CHECK(std::distance(fs::directory_iterator(intruded.root), {}) == 1);
}

TEST_CASE("a translation that becomes another program is none") {
  if (!sandbox::layers().seccomp) return;
  Intruded intruded;
  const cython::Translation made = intruded.translation("# becomes\n");
  CHECK(made.c_file.empty());
  CHECK(made.problem.find("killed by signal") != std::string::npos);
}
