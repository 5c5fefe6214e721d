#include "project/repository.h"

#include <algorithm>

#include "base/text.h"
#include "project/tree.h"

namespace ftaudit::project {
namespace {

constexpr std::size_t shown_digits = 8;

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t out = 0;
  if (text.empty()) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return out;
}

// "12,3" or "12", which is one line.
std::optional<std::pair<std::uint32_t, std::uint32_t>> range(std::string_view text) {
  const std::size_t comma = text.find(',');
  const auto first = number(text.substr(0, comma));
  const auto count = comma == text.npos ? std::optional<std::uint32_t>(1) : number(text.substr(comma + 1));
  if (!first || !count) return std::nullopt;
  return std::pair(*first, *count);
}

// "a/src/x.c" of a --- line; "" for /dev/null.
std::string file_of(std::string_view text) {
  if (text.ends_with('\t')) text.remove_suffix(1);  // git marks the end of names with blanks
  return text == "/dev/null" ? "" : std::string(text.substr(std::min<std::size_t>(2, text.size())));
}

std::string first_line(const std::string& text) { return std::string(trim(text.substr(0, text.find('\n')))); }

}  // namespace

LineMap::LineMap(std::string_view diff) {
  std::string from;
  std::string old_file, new_file;
  Change* change = nullptr;
  for (const std::string& line : split(diff, '\n')) {
    if (line.starts_with("diff --git ")) {
      old_file.clear(), new_file.clear(), change = nullptr;
    } else if (line.starts_with("rename from ") || line.starts_with("copy from ")) {
      old_file = line.substr(line.find("from ") + 5);
    } else if (line.starts_with("rename to ") || line.starts_with("copy to ")) {
      new_file = line.substr(line.find("to ") + 3);
      change = &(changes_[new_file] = {old_file, {}});
    } else if (change == nullptr && line.starts_with("--- ")) {
      old_file = file_of(std::string_view(line).substr(4));
    } else if (line.starts_with("+++ ") && (change == nullptr || change->hunks.empty())) {
      new_file = file_of(std::string_view(line).substr(4));
      if (change == nullptr && !new_file.empty()) change = &(changes_[new_file] = {old_file, {}});
    } else if (change != nullptr && line.starts_with("@@ -")) {
      const std::vector<std::string> words = split(line, ' ');
      const auto side = [&](std::size_t i) {
        return words.size() > i && !words[i].empty() ? range(std::string_view(words[i]).substr(1)) : std::nullopt;
      };
      const auto was = side(1), is = side(2);
      if (was && is) change->hunks.push_back({was->first, was->second, is->first, is->second});
    }
  }
}

std::optional<std::string> LineMap::earlier_file(const std::string& file) const {
  const auto at = changes_.find(file);
  if (at == changes_.end()) return file;
  return at->second.old_file.empty() ? std::nullopt : std::optional(at->second.old_file);
}

std::optional<std::uint32_t> LineMap::earlier_line(const std::string& file, std::uint32_t line) const {
  const auto at = changes_.find(file);
  if (at == changes_.end()) return line;
  if (at->second.old_file.empty()) return std::nullopt;
  std::int64_t shift = 0;
  for (const Hunk& hunk : at->second.hunks) {
    // Of a hunk that only takes lines away the later side names the line before it.
    const std::uint32_t first = hunk.new_count == 0 ? hunk.new_first + 1 : hunk.new_first;
    if (line < first) break;
    if (line < first + hunk.new_count) return std::nullopt;
    shift += static_cast<std::int64_t>(hunk.old_count) - hunk.new_count;
  }
  return static_cast<std::uint32_t>(line + shift);
}

Result<Repository> Repository::around(const fs::path& path) {
  std::error_code failed;
  const fs::path folder = fs::is_directory(path, failed) ? path : path.parent_path();
  if (!fs::exists(path, failed)) return Error{path.string() + ": no such file or folder"};
  Result<Git> git = Git::around(folder.empty() ? "." : folder);
  if (git.ok()) return Repository(std::move(*git));
  const bool none = git.message().find("not a git repository") != std::string::npos;
  return Error{none ? path.string() +
                          " lies in no git repository: there is no earlier state to compare with; a baseline works "
                          "without (`ftaudit baseline write`)"
                    : git.message()};
}

std::string Repository::folder_of(const fs::path& path) const {
  std::error_code failed;
  const std::string shown = shown_path(fs::weakly_canonical(path, failed), top());
  return shown == "." || shown.empty() ? "" : shown + "/";
}

bool Repository::is_shallow() const {
  const auto said = git_.ask({"rev-parse", "--is-shallow-repository"});
  return said.ok() && first_line(*said) == "true";
}

Result<Repository::Revision> Repository::revision(const std::string& name) const {
  // A name that begins with a dash would be an option.
  const auto commit = name.starts_with("-")
                          ? Result<std::string>(Error{""})
                          : git_.ask({"rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"});
  if (!commit.ok())
    return Error{"git knows no revision '" + name + "'" +
                 (is_shallow() ? "; this clone is shallow: `git fetch --unshallow` (or fetch-depth: 0 in CI) brings "
                                 "the rest of the history"
                               : "; `git fetch` may bring it")};
  const std::string id = first_line(*commit);
  const std::string digits = id.substr(0, shown_digits);
  return Revision{id, id.starts_with(name) ? digits : digits + " (" + name + ")"};
}

Result<Repository::Revision> Repository::merge_base(const std::string& of) const {
  std::vector<std::string> candidates;
  if (const auto head = git_.ask({"symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"}); head.ok())
    candidates.push_back(first_line(*head));
  for (const char* name : {"origin/main", "origin/master", "main", "master"}) candidates.emplace_back(name);
  for (const std::string& branch : candidates) {
    if (!git_.ask({"rev-parse", "--verify", "--quiet", branch + "^{commit}"}).ok()) continue;
    const auto base = git_.ask({"merge-base", of, branch});
    if (base.ok()) {
      const std::string id = first_line(*base);
      return Revision{id, id.substr(0, shown_digits) + " (merge base with " + branch + ")"};
    }
    if (is_shallow())
      return Error{
          "this clone is shallow and does not reach back to where it left " + branch +
          ": `git fetch --unshallow` (or fetch-depth: 0 in CI) brings the rest, --against names another revision"};
  }
  return Error{"there is no default branch here (origin/HEAD, main or master) that shares history with " + of +
               "; --against names what to compare with"};
}

// Through an index of our own: the repository's own index and work tree are not touched, and files are written as a
// checkout would write them, but that none of its filters runs.
Status Repository::unpack(const Revision& revision, const fs::path& folder) const {
  std::error_code failed;
  fs::create_directories(folder, failed);
  const fs::path beside = fs::canonical(folder.parent_path(), failed);
  const Git::Apart with{.index = beside / (folder.filename().string() + ".index"), .files = folder, .writable = beside};
  for (const std::vector<std::string>& step :
       {std::vector<std::string>{"read-tree", revision.commit},
        {"checkout-index", "--all", "--quiet", "--prefix=" + fs::canonical(folder, failed).string() + "/"}})
    if (const auto done = git_.run_apart(step, with); !done.ok())
      return Error{"cannot get the files of " + revision.shown + ": " + done.message()};
  // The top of a repository is the end of a search upwards, here as in the work tree.
  fs::create_directory(folder / ".git", failed);
  return unpack_submodules(revision, folder);
}

Status Repository::unpack_submodules(const Revision& revision, const fs::path& folder) const {
  const auto tree = git_.run_apart({"ls-tree", "-r", "-z", "--full-tree", revision.commit});
  if (!tree.ok()) return tree.error();
  for (const std::string& entry : split(*tree, '\0')) {
    // "160000 commit ID\tpath"
    const std::size_t tab = entry.find('\t');
    if (!entry.starts_with("160000 ") || tab == std::string::npos) continue;
    const std::string path = entry.substr(tab + 1), commit = entry.substr(14, tab - 14);  // after "160000 commit "
    std::error_code failed;
    if (!fs::exists(top() / path / ".git", failed)) continue;  // not checked out: missing from both sides
    if (!is_below(fs::weakly_canonical(top() / path, failed), top()))
      return Error{"submodule " + path + " lies outside its repository"};
    Result<Git> within = Git::around(top() / path);
    if (!within.ok()) return within.error();
    const Repository inner(std::move(*within));
    const auto known = inner.revision(commit);
    if (!known.ok())
      return Error{"submodule " + path + " lacks the commit of " + revision.shown + "; `git -C " + path +
                   " fetch` may bring it"};
    if (Status done = inner.unpack(*known, folder / path); !done.ok()) return done;
  }
  return Done{};
}

// For builds, which run the project anyway.
Status Repository::lend_history(const Revision& revision, const fs::path& folder) const {
  const fs::path bare = folder.parent_path() / (folder.filename().string() + ".clone");
  const auto cloned =
      git_.ask({"clone", "--quiet", "--shared", "--no-checkout", "--template=", top().string(), bare.string()},
               {"GIT_ALLOW_PROTOCOL=file"});
  if (!cloned.ok()) return cloned.error();
  std::error_code failed;
  fs::remove(folder / ".git", failed);
  fs::rename(bare / ".git", folder / ".git", failed);
  if (failed) return Error{"cannot write " + (folder / ".git").string() + ": " + failed.message()};
  fs::remove_all(bare, failed);
  const Result<Git> copy = Git::around(folder);
  if (!copy.ok()) return copy.error();
  for (const std::vector<std::string>& step :
       {std::vector<std::string>{"update-ref", "--no-deref", "HEAD", revision.commit}, {"read-tree", revision.commit}})
    if (const auto done = copy->ask(step); !done.ok()) return done.error();
  return Done{};
}

Result<LineMap> Repository::lines_since(const Revision& earlier, const std::optional<Revision>& later) const {
  std::vector<std::string> arguments{
      "diff",          "--unified=0",   "--find-renames",  "--no-color",      "--no-ext-diff",
      "--no-textconv", "--no-relative", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all",
      earlier.commit};
  Git::Apart with;
  if (later) {
    arguments.push_back(later->commit);
  } else {
    const Result<fs::path> index = git_.copied_index();
    if (!index.ok()) return index.error();
    with = {.index = *index, .files = top()};
  }
  arguments.emplace_back("--");
  const auto diff = git_.run_apart(arguments, with);
  if (!diff.ok()) return diff.error();
  return LineMap(*diff);
}

}  // namespace ftaudit::project
