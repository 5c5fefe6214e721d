// What a project's build files say of its extension modules: targets with their sources and flags, as far as literals
// and simple expressions tell. One reader a kind of build file, each in its own .cpp; none of them runs anything.
// Everything they do not understand is left out, with a note where that may cost something. Used within project.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "project/outside.h"
#include "project/project.h"
#include "project/tree.h"

namespace ftaudit::project {

// Sources compiled with the same flags into one thing.
struct Target {
  std::string module;                // Python name of the module it becomes part of; "" if it is none, or not known
  bool is_module = false;            // it is part of an extension module, named or not
  std::vector<std::string> sources;  // absolute; some may not exist (generated later)
  std::vector<std::string> include_dirs;  // absolute; some may not exist
  std::vector<std::string> flags;         // as written: -D, -std, ... not yet filtered
  std::string language;                   // "c", "c++" or ""
  bool open = false;                      // it has sources besides that could not be worked out
  bool by_cython = false;                 // a command of Cython's makes C of its sources, .py too
  std::vector<std::string> directives;    // of Cython: "boundscheck=False"
  std::vector<std::string> compile_time;  // names that Cython's DEF and IF know: "NAME=1"
  fs::path described;                     // the build file and line that say so
  unsigned line = 0;
};

// What meson's modules and meson-python ask for the limited API with.
inline constexpr const char* meson_limited_api = "limited_api";

struct Description {
  std::string name, backend;
  std::vector<std::string> build_requires;
  std::vector<Target> targets;
  std::vector<std::string> mentioned;         // sources named by code of the build that could not be followed; absolute
  std::map<std::string, fs::path> elsewhere;  // sources that are compiled on other systems or for other Pythons alone,
                                              // by the build file that says so; absolute
  std::vector<CythonTemplate> cython_templates;  // whose outcome is known
  std::vector<LimitedApi> limited_api;
  bool limited_api_refused = false;  // by meson's switch for the whole project: what its modules ask for means nothing
  std::vector<std::string> notes;
  std::set<std::string> read;  // files that others led to and that were read with them
};

// Each adds what `file` says to `out`. `tree` holds the project's files.
// Any module that calls Extension(), too.
void read_setup_py(const fs::path& file, const Tree& tree, const Outside& outside, Description& out);
void read_setup_cfg(const fs::path& file, const Tree& tree, Description& out);
void read_pyproject(const fs::path& file, const Tree& tree, Description& out);
void read_meson(const fs::path& file, const Tree& tree, Description& out);  // follows subdir()
void read_cmake(const fs::path& file, const Tree& tree, Description& out);  // follows add_subdirectory()
// The text of a build file that others led to; none when it was read before, cannot be (which is noted), or is one too
// many.
std::optional<std::string> read_build_file(const fs::path& file, Description& out);

// All of the above over the whole tree; `include_tests` reads build files below test folders too.
Description read_description(const Tree& tree, bool include_tests, const Outside& outside);

// The name a distribution is compared by: lower case, runs of "-_." as one "-".
std::string normal_name(std::string_view distribution);
// "name >= 1; marker" -> normal_name("name").
std::string name_of_requirement(std::string_view requirement);

}  // namespace ftaudit::project
