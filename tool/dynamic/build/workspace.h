// The scratch folder of one `ftaudit confirm`: copies of the project, one virtual environment an interpreter, logs. The
// project itself is never written to. Gone with the object, or kept where the user asked for it. Used by
// instrumented_build, checks, workloads and cli.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/progress.h"
#include "base/result.h"
#include "python/interpreter.h"

namespace ftaudit::dynamic {

class Workspace {
 public:
  // `keep` empty: below the system's temporary folder and removed at the end; else that folder, which must be empty or
  // not there yet, and which stays.
  static Result<Workspace> make(const fs::path& keep);

  const fs::path& folder() const { return folder_; }

  // "PIP_INDEX_URL=...": where installers look, for all that install() does from here on.
  void look_in(std::vector<std::string> environment) { index_ = std::move(environment); }

  // A copy of the project in folder()/name, without what earlier builds and runs left in it (build trees, compiled
  // modules, environments, caches).
  Result<fs::path> copy_project(const fs::path& root, const std::string& name) const;

  // A virtual environment with pip in folder()/name. Gives its python.
  Result<fs::path> environment(const python::Interpreter& python, const std::string& name) const;

  // One without pip, made of a few files, that sees the packages of `shared` (an environment's python of the same
  // version) behind its own; with `system` also those the interpreter itself has, or
  // the environment it belongs to.
  Result<fs::path> environment_sharing(const python::Interpreter& python, const std::string& name,
                                       const fs::path& shared, bool system = false) const;

  // `pip install WHAT` into the environment whose python that is; through uv where there is one. The error is pip's.
  // `from`: the folder that paths in WHAT, and in the files it names, are relative to; empty: the workspace's.
  Status install(const fs::path& python, const std::vector<std::string>& what, Progress& progress,
                 const fs::path& from = {}) const;

 private:
  Workspace(fs::path folder, std::optional<ScratchFolder> scratch)
      : folder_(std::move(folder)), scratch_(std::move(scratch)) {}
  fs::path folder_;
  std::optional<ScratchFolder> scratch_;
  std::vector<std::string> index_;
};

// Where an environment's packages lie: <environment>/lib/python3.13t/site-packages. `python` is
// <environment>/bin/python.
fs::path site_packages(const fs::path& python);

// The line of what a tool of Python packaging printed that says most about why it failed.
std::string reason_of_failure(std::string_view output);

}  // namespace ftaudit::dynamic
