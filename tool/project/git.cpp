#include "project/git.h"

#include <algorithm>

#include "base/process.h"
#include "base/text.h"
#include "project/tree.h"

namespace ftaudit::project {
namespace {

using Words = std::vector<std::string>;

constexpr std::uint64_t output_limit = std::uint64_t{1} << 30;

std::string first_line(const std::string& text) { return std::string(trim(text.substr(0, text.find('\n')))); }

// Nothing is fetched, asked or locked, and no configuration is read but the repository's own, less what of it runs
// programs. Whose the repository is does not matter then.
const Words& every_time() {
  static const Words all{"LC_ALL=C",
                         "GIT_CONFIG_NOSYSTEM=1",
                         "GIT_CONFIG_GLOBAL=/dev/null",
                         "GIT_ALLOW_PROTOCOL=none",
                         "GIT_NO_LAZY_FETCH=1",
                         "GIT_OPTIONAL_LOCKS=0",
                         "GIT_TERMINAL_PROMPT=0",
                         "GIT_ATTR_NOSYSTEM=1"};
  return all;
}
const Words& options() {
  static const Words all{"-c", "core.fsmonitor=false",         "-c", "core.hooksPath=/dev/null",
                         "-c", "safe.bareRepository=explicit", "-c", "safe.directory=*",
                         "-c", "core.quotePath=false"};
  return all;
}

Result<std::string> called(const Words& arguments, Words argv, Words variables, const sandbox::Ground* ground,
                           std::string input = {}) {
  argv.insert(argv.begin() + 1, options().begin(), options().end());
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  variables.insert(variables.end(), every_time().begin(), every_time().end());
  Result<Outcome> ran = run({.argv = std::move(argv),
                             .environment = std::move(variables),
                             .input = std::move(input),
                             .timeout = std::chrono::minutes(30),
                             .ground = ground,
                             .output_limit = output_limit});
  if (!ran.ok()) return ran.error();
  if (ran->succeeded()) return std::move(ran->out);
  const std::string said = first_line(ran->err);
  return Error{"git " + arguments[0] + ": " + (said.empty() ? ran->describe() : said)};
}

// The folder that git names in `output`, from `base`.
fs::path folder_in(const std::string& output, const fs::path& base) {
  std::error_code failed;
  return fs::weakly_canonical(base / first_line(output), failed);
}

// The folders of objects that `objects` refers to, and those they refer to.
void add_borrowed(const fs::path& objects, int depth, std::vector<fs::path>& out) {
  const auto text = read_file(objects / "info" / "alternates", 1u << 20);
  if (!text.ok() || depth > 5) return;
  for (const std::string& line : split(*text, '\n')) {
    if (line.empty() || line[0] == '#' || out.size() > 100) continue;
    std::error_code failed;
    out.push_back(fs::weakly_canonical(objects / line, failed));
    add_borrowed(out.back(), depth + 1, out);
  }
}

}  // namespace

Result<Git> Git::around(const fs::path& folder) {
  if (find_program("git").empty())
    return Error{"comparing two states of a project needs git, and there is no git program"};
  std::error_code failed;
  Git out;
  const fs::path here = fs::canonical(folder, failed);
  out.top_ = here;
  const Result<std::string> top = out.ask({"rev-parse", "--show-toplevel"});
  if (!top.ok()) return top.error();
  if (first_line(*top).empty())
    return Error{folder.string() + " lies in a git repository without a work tree; check it out first"};
  out.top_ = folder_in(*top, here);
  // A repository can name any folder as its work tree.
  if (!is_below(here, out.top_) || !fs::exists(out.top_ / ".git", failed))
    return Error{folder.string() + " lies in a git repository whose work tree is elsewhere (" + out.top_.string() +
                 "); that is not followed"};
  const Result<std::string> common = out.ask({"rev-parse", "--git-common-dir"});
  if (!common.ok()) return common.error();
  out.common_ = folder_in(*common, out.top_);
  for (const char* key : {"core.autocrlf", "core.eol"})
    if (const auto value = out.ask({"config", "--get", key}); value.ok())
      out.conversion_.insert(out.conversion_.end(), {"-c", std::string(key) + "=" + first_line(*value)});
  if (const Status made = out.open_own(); !made.ok()) return made.error();
  return out;
}

Status Git::open_own() {
  Result<ScratchFolder> scratch = ScratchFolder::make("git");
  if (!scratch.ok()) return scratch.error();
  own_ = std::make_shared<ScratchFolder>(std::move(*scratch));
  const auto format = ask({"rev-parse", "--show-object-format"});
  const std::string name = format.ok() ? first_line(*format) : "sha1";
  if (const auto made = run_apart({"init", "--quiet", "--bare", "--template=", "--object-format=" + name}); !made.ok())
    return made.error();
  add_borrowed(common_ / "objects", 0, borrowed_);
  std::error_code failed;
  fs::create_directories(own_->path() / "objects" / "info", failed);
  return write_file(own_->path() / "objects" / "info" / "alternates", (common_ / "objects").string() + "\n");
}

Result<std::string> Git::ask(const Words& arguments, const Words& environment) const {
  return called(arguments, {"git", "-C", top_.string()}, environment, nullptr);
}

Result<std::string> Git::run_apart(const Words& arguments, const Apart& with) const {
  const fs::path own = own_->path();
  sandbox::Places places = sandbox::places_of_program(find_program("git"));
  places.readable.insert(places.readable.end(), {common_, with.files.empty() ? own : with.files});
  places.readable.insert(places.readable.end(), borrowed_.begin(), borrowed_.end());
  places.writable.insert(places.writable.end(), {own, with.writable.empty() ? own : with.writable});
  const Result<sandbox::Ground> ground = sandbox::Ground::make(places);
  if (!ground.ok()) return ground.error();
  Words variables{"GIT_DIR=" + own.string(), "HOME=" + own.string(),
                  "GIT_INDEX_FILE=" + (with.index.empty() ? own / "index" : with.index).string(),
                  "GIT_OBJECT_DIRECTORY=" + (own / "objects").string(), "GIT_WORK_TREE=" + with.files.string()};
  if (with.files.empty()) variables.pop_back();
  Words argv{"git", "-C", (with.files.empty() ? own : with.files).string()};
  argv.insert(argv.end(), conversion_.begin(), conversion_.end());
  return called(arguments, std::move(argv), std::move(variables), &*ground, with.input);
}

Result<fs::path> Git::copied_index() const {
  const auto entries = ask({"ls-files", "--stage", "-z"});
  if (!entries.ok()) return entries.error();
  const fs::path index = own_->path() / "files.index";
  const auto made = run_apart({"update-index", "-z", "--index-info"}, {.index = index, .input = *entries});
  if (!made.ok()) return made.error();
  return index;
}

}  // namespace ftaudit::project
