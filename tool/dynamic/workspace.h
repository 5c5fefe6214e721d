// The scratch folder of one `ftaudit confirm`: copies of the project, one virtual environment an interpreter, logs. The
// project itself is never written to. Gone with the object, or kept where the user asked for it. Used by
// instrumented_build, checks, workloads and cli.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "dynamic/interpreter.h"

namespace ftaudit::dynamic {

class Workspace {
 public:
  // `keep` empty: below the system's temporary folder and removed at the end; else that folder, made and left.
  static Result<Workspace> make(const fs::path& keep);

  const fs::path& folder() const { return folder_; }

  // A copy of the project named `name`, without what earlier builds left (build trees, compiled modules, environments).
  Result<fs::path> copy_project(const fs::path& root, const std::string& name) const;

  // A virtual environment of `python` in folder()/name with pip's packages of its own. `shares`: the site-packages of
  // another environment of the same Python version, seen after its own. Gives the environment's python.
  Result<fs::path> environment(const Interpreter& python, const std::string& name, const fs::path& shares = {}) const;

  // Installs into the environment whose python that is; `what` are pip's arguments. Through uv where there is one.
  Status install(const fs::path& python, const std::vector<std::string>& what) const;

 private:
  Workspace(fs::path folder, std::optional<ScratchFolder> scratch) : folder_(std::move(folder)), scratch_(std::move(scratch)) {}
  fs::path folder_;
  std::optional<ScratchFolder> scratch_;
};

// Where an environment's packages lie: <environment>/lib/python3.13t/site-packages.
fs::path site_packages(const fs::path& environment_python);

}  // namespace ftaudit::dynamic
