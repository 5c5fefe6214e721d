// Repository: the git history that a project lies in, as far as two of its states are compared: names of revisions, the
// files of one, and which lines of one are which lines of another. Changes neither the repository nor its work tree,
// and runs nothing that it brings along (see git.h). Used by the gate.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "project/git.h"

namespace ftaudit::project {

// Lines of an earlier state by those of a later one. Files are named from the top of the repository.
class LineMap {
 public:
  // Reads what `git diff --unified=0 --find-renames` prints.
  explicit LineMap(std::string_view diff);
  LineMap() = default;

  // What the file was called before; its own name when it was not renamed. None when it was not there.
  std::optional<std::string> earlier_file(const std::string& file) const;
  // The line it was before, when it is unchanged since.
  std::optional<std::uint32_t> earlier_line(const std::string& file, std::uint32_t line) const;

 private:
  struct Hunk {
    std::uint32_t old_first, old_count, new_first, new_count;
  };
  struct Change {
    std::string old_file;  // "": the file is new
    std::vector<Hunk> hunks;
  };
  std::map<std::string, Change> changes_;  // by the later name
};

class Repository {
 public:
  // The repository around `path`. Errors: no git program, no repository, one without a work tree.
  static Result<Repository> around(const fs::path& path);

  const fs::path& top() const { return git_.top(); }
  // `path` below the top, with '/' at the end; "" for the top itself.
  std::string folder_of(const fs::path& path) const;

  struct Revision {
    std::string commit;  // full id
    std::string shown;   // "4f2c1d9 (merge base with origin/main)"
  };
  // A branch, tag or other name that git understands. A clone that was cut short says how to get the rest.
  Result<Revision> revision(const std::string& name) const;
  // Where the history of `of` left the default branch: what origin/HEAD names, else main or master.
  Result<Revision> merge_base(const std::string& of) const;

  // The files of a commit, submodules' too where they are checked out, in `folder`.
  Status unpack(const Revision& revision, const fs::path& folder) const;
  // Makes the files that unpack() wrote a clone of their own, at that commit, which borrows its history from this
  // repository.
  Status lend_history(const Revision& revision, const fs::path& folder) const;
  // The lines that both states share. Without `later`: up to the work tree as it is.
  Result<LineMap> lines_since(const Revision& earlier, const std::optional<Revision>& later) const;

 private:
  explicit Repository(Git git) : git_(std::move(git)) {}
  bool is_shallow() const;
  Status unpack_submodules(const Revision& revision, const fs::path& folder) const;

  Git git_;
};

}  // namespace ftaudit::project
