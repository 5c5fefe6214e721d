// A machine made for one test: a scratch folder that HOME and the XDG folders point into, with PATH emptied, so that
// nothing of the machine the tests run on is found but what lies in /usr and /opt. Restored with the object.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"

namespace ftaudit {

class Surroundings {
 public:
  Surroundings() {
    auto made = ScratchFolder::make("surroundings");
    REQUIRE(made.ok());
    scratch_.emplace(std::move(*made));
    set("HOME", home().string());
    set("PATH", (home() / "bin").string());
    for (const char* name :
         {"XDG_DATA_HOME", "XDG_CACHE_HOME", "PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "CONDA_PREFIX", "VIRTUAL_ENV"})
      set(name, "");
  }
  ~Surroundings() {
    // Backwards: a name that was set twice gets its first value back.
    for (auto it = before_.rbegin(); it != before_.rend(); ++it) {
      const auto& [name, value] = *it;
      if (value) ::setenv(name.c_str(), value->c_str(), 1);
      else ::unsetenv(name.c_str());
    }
  }
  Surroundings(const Surroundings&) = delete;

  const fs::path& home() const { return scratch_->path(); }

  void set(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    before_.emplace_back(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
    ::setenv(name.c_str(), value.c_str(), 1);
  }

  // Writes a file below home, with the folders it needs.
  fs::path write(const fs::path& file, const std::string& text) const {
    fs::create_directories((home() / file).parent_path());
    REQUIRE(write_file(home() / file, text).ok());
    return home() / file;
  }

  // An installation of CPython in `prefix` below home; an executable that says nothing when `runs`.
  fs::path write_python(const fs::path& prefix, const std::string& version, bool free_threaded, bool runs) const {
    const std::string minor = version.substr(0, version.rfind('.'));
    const std::string name = "python" + minor + (free_threaded ? "t" : "");
    const fs::path include = prefix / "include" / name;
    write(include / "Python.h", "");
    write(include / "patchlevel.h", "#define PY_MAJOR_VERSION 3\n#define PY_MINOR_VERSION " + minor.substr(2) +
                                        "\n#define PY_MICRO_VERSION " + version.substr(version.rfind('.') + 1) +
                                        "\n\n/* Version as a string */\n#define PY_VERSION      \t\"" + version +
                                        "\"\n");
    write(include / "pyconfig.h", free_threaded ? "#define Py_GIL_DISABLED 1\n" : "/* #undef Py_GIL_DISABLED */\n");
    if (runs) {
      write(prefix / "bin" / name, "#!/bin/sh\n");
      fs::permissions(home() / prefix / "bin" / name, fs::perms::owner_all);
    }
    return home() / prefix;
  }

 private:
  std::optional<ScratchFolder> scratch_;
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

}  // namespace ftaudit
