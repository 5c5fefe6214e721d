// A Python project on disk, seen as what a compiler needs to know of it: which files are sources of extension
// modules, with which flags each is read, which module each belongs to, and what could not be used and why.
// Found by reading text only (sources, setup.py as syntax, meson.build, CMakeLists.txt, compile_commands.json):
// nothing of the project is executed, except by capture(), which says so. It knows nothing of what is *in*
// the sources. Used by frontend (flags of a file), dynamic (build back end), packages (sdists) and cli.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "base/store.h"
#include "project/python_support.h"

namespace ftaudit::project {

// Which program wrote a source file, by what its first lines say.
enum class Generator { none, cython, swig, f2py, cffi, mypyc, pythran, other };
std::string_view name_of(Generator generator);  // "none", "cython", ...

// One file that a compiler reads on its own.
struct Unit {
  fs::path file;                     // absolute
  fs::path folder;                   // working folder of the flags (absolute); relative paths in flags start here
  std::vector<std::string> flags;    // -x, -std, -I, -D, ...; without compiler, -c, -o, the file, CPython's headers
  std::vector<std::string> modules;  // Python names of the extension modules it belongs to, sorted; may be empty
  Generator generated_by = Generator::none;
  std::vector<fs::path> made_from;  // the source that ftaudit had Cython make `file` of, and what it includes; or none
  bool guessed_flags = true;        // worked out by ftaudit, not taken from a compile database
};

// A source that Cython makes C of.
struct CythonSource {
  fs::path file;                        // absolute: .pyx, its template, or .py that a module lists
  fs::path made;                        // the C that the tree holds for it; empty: none
  fs::path folder;                      // as Unit's
  std::vector<std::string> flags;       // for the C, as Unit's
  std::vector<std::string> modules;     // as Unit's
  std::string module;                   // its full name where the build says so, else ""
  bool cxx = false;                     // the build says C++; the source itself may, too
  std::vector<std::string> directives;  // "boundscheck=False": what the build sets
  std::vector<std::string> values;      // "NAME=1": for DEF and IF
  std::vector<fs::path> search;         // where .pxd files are looked for beyond their packages
  bool listed = false;                  // a build file names it

  auto operator<=>(const CythonSource&) const = default;
};

// A file from which the build makes one that Cython reads: config.pxi of config.pxi.in, fast.pyx of fast.pyx.in.
struct CythonTemplate {
  fs::path file;          // absolute: the template
  fs::path made;          // where its outcome would lie beside the sources
  bool expanded = false;  // the build's description says what comes out; else Tempita makes it
  std::string text;       // what comes out

  auto operator<=>(const CythonTemplate&) const = default;
};

// Something that looks like part of an extension and is not audited.
struct Skip {
  fs::path file;  // absolute
  std::string reason;
  bool asked = true;  // the run is incomplete without it; false: left out on purpose, or read with another file

  auto operator<=>(const Skip&) const = default;
};

// A place of the build description that asks for the limited API (stable ABI), which free-threaded builds refuse
// before CPython 3.15.
struct LimitedApi {
  fs::path file;  // absolute
  unsigned line = 0;
  std::string what;  // "py_limited_api", "Py_LIMITED_API", "USE_SABI", ...
  bool unless_free_threaded =
      false;  // perhaps not of free-threaded builds: a condition that was not decided stands around

  auto operator<=>(const LimitedApi&) const = default;
};

// A module that the build description or the sources define.
struct Module {
  std::string name;    // full dotted name where the build description gives it, else the one of PyInit_*
  fs::path described;  // the file that names it: setup.py, meson.build, ..., or the source that defines PyInit_*
  unsigned line = 0;

  auto operator<=>(const Module&) const = default;
};

struct Project {
  fs::path root;                // absolute; paths in reports are relative to it
  std::string name;             // of the distribution where one is declared, else of the root's folder
  std::vector<Unit> units;      // sorted by file
  std::vector<Module> modules;  // sorted by name
  std::vector<Skip> skipped;    // sorted by file
  // C that a Cython of old made, left unread because its source was translated anew.
  struct OldC {
    fs::path file, source;
    std::string version;
  };
  std::vector<OldC> old_c;
  std::vector<CythonSource> cython;  // sorted by file; not units: whoever audits has them translated, or says why not
  std::vector<CythonTemplate> cython_templates;  // sorted; of .pyx also listed above, as sources
  fs::path expanded;  // what became of them, laid out like the root; empty until they are expanded
  std::vector<LimitedApi> limited_api;
  PythonSupport pythons;                    // that it says it supports
  std::vector<std::string> build_requires;  // PyPI names, lower case, of [build-system].requires
  std::string backend;                      // build-backend of pyproject.toml; "setuptools" for a bare setup.py; or ""
  std::vector<std::string> notes;           // what was not understood, and what that costs; one sentence each
  fs::path compile_commands;                // the database the units came from, or empty
  std::size_t looked_at = 0;                // C and C++ files seen while looking
  std::optional<ScratchFolder> unpacked;    // holds the tree of an archive as long as the project lives
};

struct Options {
  std::vector<std::string> extra_flags;    // the user's own, appended to the flags of every unit
  std::vector<std::string> project_flags;  // of the project's settings, appended before those
  fs::path compile_commands;               // the file itself or its folder; empty: searched for
  std::vector<std::string>
      exclude;                 // globs over paths relative to the root; what they match is skipped, with that reason
  bool include_tests = false;  // also units below folders named test, tests, examples, docs, ... that no module lists
  Store* memory = nullptr;     // keeps what an earlier run worked out of the build's description; null: nothing does
  std::function<void()> once_confined;  // called in the child before it looks (tests); may be empty
};

// `path` is a C or C++ file, a folder, or an archive of sources (sdist). All reading is done by a confined child
// (base/sandbox.h). Errors: no such path, nothing that can be read
// there, an archive that is broken or reaches outside itself, a compile database that does not parse.
// A place without extension sources is no error: it gives a project without units, and why_empty() says what was looked
// for.
Result<Project> discover(const fs::path& path, const Options& options = {});

// Where a search upwards from `path` for what belongs to its project ends: the top of its repository, else the folder
// that it is built from, else its own.
fs::path last_folder_of(const fs::path& path);

// One or two sentences for people when `project.units` is empty.
std::string why_empty(const Project& project);

// EXECUTES the project: runs its own build (`build`, an argument vector; empty: `python3 -m pip wheel --no-deps`) in a
// copy of the tree behind compilers that write down how they are called, and gives what was compiled against Python as
// units. The output of the build is part of the error when nothing was recorded.
Result<Project> capture(const fs::path& path, const std::vector<std::string>& build, const Options& options = {},
                        std::chrono::minutes timeout = std::chrono::minutes{60});

}  // namespace ftaudit::project
