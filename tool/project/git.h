// Git: the git program, asked about a stranger's repository so that nothing of the repository runs. A repository's own
// configuration names programs (monitors, filters, hooks, helpers that fetch), so it is only read by questions that
// start none; whatever touches files goes through a repository of ours that borrows the objects and has no
// configuration. The kernel lets it write there alone. Used by repository.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "base/sandbox.h"

namespace ftaudit::project {

class Git {
 public:
  // The repository around `folder`. Errors: no git program, no repository, one without a work tree, a work tree that
  // lies elsewhere.
  static Result<Git> around(const fs::path& folder);

  const fs::path& top() const { return top_; }

  // A question to the repository itself: rev-parse, merge-base, symbolic-ref, ls-files, config. `environment` comes
  // before what is set for every call.
  Result<std::string> ask(const std::vector<std::string>& arguments,
                          const std::vector<std::string>& environment = {}) const;
  struct Apart {
    fs::path index;     // an index other than the repository's
    fs::path files;     // the work tree, where one is needed
    fs::path writable;  // where files of a commit are put
    std::string input;
  };
  // In the repository of ours.
  Result<std::string> run_apart(const std::vector<std::string>& arguments, const Apart& with) const;
  Result<std::string> run_apart(const std::vector<std::string>& arguments) const { return run_apart(arguments, {}); }
  // An index of the tracked files as the repository has them now; it lies in ours.
  Result<fs::path> copied_index() const;

 private:
  Git() = default;
  Status open_own();

  fs::path top_, common_;                // of the work tree; the folder with the objects
  std::vector<std::string> conversion_;  // how ends of lines are converted between the two, as options
  std::vector<fs::path> borrowed_;       // other repositories' objects that this one refers to
  std::shared_ptr<ScratchFolder> own_;
};

}  // namespace ftaudit::project
