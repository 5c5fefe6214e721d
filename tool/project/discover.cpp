#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/conversation.h"
#include "base/text.h"
#include "project/archive.h"
#include "project/flag_filter.h"
#include "project/ground.h"
#include "project/selection.h"
#include "project/sending.h"

namespace ftaudit::project {
namespace {

bool has_any(const fs::path& folder, std::initializer_list<const char*> names) {
  std::error_code failed;
  return std::ranges::any_of(names, [&](const char* name) { return fs::exists(folder / name, failed); });
}

// The project that `folder` belongs to: the nearest folder upwards that Python would build from; else the uppermost of
// the chain that CMake or meson would; else the one under version control; else none.
fs::path find_root(const fs::path& folder) {
  const char* home = std::getenv("HOME");
  fs::path native;
  for (fs::path up = folder; up.has_relative_path(); up = up.parent_path()) {
    if (has_any(up, {"pyproject.toml", "setup.py", "setup.cfg"})) return up;
    if (has_any(up, {"meson.build", "CMakeLists.txt"})) native = up;
    if (has_any(up, {".git", ".hg"})) return native.empty() ? up : native;
    if (home != nullptr && up == fs::path(home)) break;
  }
  return native;
}

void describe(const Description& description, Project& out) {
  out.name = description.name.empty() ? out.root.filename().string() : description.name;
  out.backend = description.backend;
  out.build_requires = description.build_requires;
  out.cython_templates = description.cython_templates;
  out.limited_api = description.limited_api;
  out.notes = description.notes;
}

// What the child is asked for. `plain`: without build files and databases, by the sources alone.
struct Question {
  Scope scope;
  bool is_project = false;
  bool plain = false;
  const Options& options;
};

// In the child.
Result<Project> look(const Question& question, const Outside& outside) {
  const auto& [scope, is_project, plain, options] = question;
  Project out;
  out.root = scope.root;
  // Without a project around it, a lone file's neighbours are looked at, not everything that happens to lie below.
  const Tree tree(scope.root, is_project ? 60 : 1);
  const Description description = !plain && (is_project || !scope.one_file)
                                      ? read_description(tree, options.include_tests, outside)
                                      : Description{};
  describe(description, out);
  if (!plain && is_project) out.pythons = python_support(scope.root);

  std::vector<CompileEntry> entries;
  if (!plain) out.compile_commands = options.compile_commands;
  std::error_code failed;
  if (fs::is_directory(out.compile_commands, failed)) out.compile_commands /= "compile_commands.json";
  if (out.compile_commands.empty() && is_project && !plain) out.compile_commands = find_compile_commands(scope.root);
  if (!out.compile_commands.empty()) {
    auto read = read_compile_commands(out.compile_commands);
    if (!read.ok()) return read.error();
    entries = std::move(*read);
    const bool useful =
        std::ranges::any_of(entries, [&](const CompileEntry& entry) { return is_below(entry.file, scope.path); });
    if (!useful) {
      out.notes.push_back(shown_path(out.compile_commands, scope.root) +
                          " names no file below what was asked for; flags are worked out instead");
      entries.clear();
      out.compile_commands.clear();
    }
  }
  select_units(scope, tree, description, entries, options, outside, out);
  return out;
}

// Messages of the child: two questions, and one of two ends.
constexpr char setup_py_asked = 's', folder_asked = 'o', project_told = 'p', error_told = 'e';
// Answers to the first question begin with one of these.
constexpr char given = '+', missing = '-';

void work(const Question& question, Channel& channel) {
  const Outside outside{.setup_py = [&](const fs::path& file) -> Result<std::string> {
                          std::string said = channel.ask(setup_py_asked, file.native());
                          const bool ok = said.starts_with(given);
                          said.erase(0, 1);
                          return ok ? Result<std::string>(std::move(said)) : Error{std::move(said)};
                        },
                        .is_open =
                            [&, known = std::map<fs::path, bool>()](const fs::path& folder) mutable {
                              const auto [at, is_new] = known.try_emplace(folder);
                              if (is_new) at->second = channel.ask(folder_asked, folder.native()) == "1";
                              return at->second;
                            }};
  const Result<Project> found = look(question, outside);
  if (found.ok()) channel.tell(project_told, to_bytes(*found));
  else channel.tell(error_told, found.message());
}

// Whether what the child says is of this project: a child that was taken over must not widen what the next ones read.
bool is_credible(const Project& project, const Question& question, const Outside& outside) {
  if (project.root != question.scope.root) return false;
  FlagFilter filter(outside.is_open);
  const auto credible = [&](const fs::path& file, const fs::path& folder, const std::vector<std::string>& flags) {
    if (!is_below(file.lexically_normal(), question.scope.path) || !folder.is_absolute()) return false;
    const std::vector<std::string> own = filter.kept(question.options.extra_flags, folder, FlagFilter::From::user);
    return own.size() <= flags.size() && std::equal(own.rbegin(), own.rend(), flags.rbegin()) &&
           filter.keeps_all(std::span(flags).first(flags.size() - own.size()), folder);
  };
  for (const Unit& unit : project.units)
    if (!credible(unit.file, unit.folder, unit.flags) || !unit.made_from.empty()) return false;
  for (const CythonSource& source : project.cython) {
    if (!credible(source.file, source.folder, source.flags)) return false;
    for (const fs::path& place : source.search)
      if (!filter.may_search(place)) return false;
  }
  return true;
}

// Has a confined child look. The error of `how` is that of the child itself, not of what it found.
Result<Project> ask_child(const Question& question, Status& how) {
  const Scope& scope = question.scope;
  sandbox::Places places{.readable = sandbox::installed_places()};
  places.readable.insert(places.readable.end(), {scope.root, repository_top(scope.root), scope.path});
  std::error_code failed;
  if (const fs::path database = question.options.compile_commands; !database.empty())
    places.readable.push_back(fs::is_directory(database, failed) ? database
                                                                 : fs::absolute(database, failed).parent_path());
  const Result<sandbox::Ground> ground = sandbox::Ground::make(places);
  if (!ground.ok()) return ground.error();
  const Outside outside = outside_of(scope.root, question.options.memory);
  const Talk talk{.limits = {.memory_bytes = std::uint64_t{3} << 30, .processor = std::chrono::seconds(60)},
                  .once_confined = question.options.once_confined};
  std::optional<Result<Project>> told;
  how = converse(
      *ground, talk, [&](Channel& channel) { work(question, channel); },
      [&](char kind, std::string text) -> Result<std::optional<std::string>> {
        if (kind == folder_asked) return std::optional<std::string>(outside.is_open(text) ? "1" : "0");
        if (kind == setup_py_asked) {
          const fs::path file = text;
          if (file.extension() != ".py" || !is_below(fs::weakly_canonical(file, failed), scope.root))
            return std::optional<std::string>(missing + std::string("not read (it lies outside the project)"));
          const Result<std::string> said = outside.setup_py(file);
          return std::optional<std::string>(said.ok() ? given + *said : missing + said.message());
        }
        if (kind == project_told) told = project_from_bytes(text);
        else told = Result<Project>(Error{text});
        return std::optional<std::string>();
      });
  if (!how.ok()) return how.error();
  if (!told) return Error{"its reader said nothing"};
  if (told->ok() && !is_credible(**told, question, outside)) how = Error{"gave what makes no sense"};
  if (!how.ok()) return how.error();
  return std::move(*told);
}

// A child that failed by what a build file holds leaves the sources themselves to be looked at.
Result<Project> discover_tree(const Scope& scope, bool is_project, const Options& options) {
  Question question{.scope = scope, .is_project = is_project, .options = options};
  Status how = Done{};
  Result<Project> found = ask_child(question, how);
  if (how.ok()) return found;
  const std::string why = how.message();
  question.plain = true;
  found = ask_child(question, how);
  if (!how.ok()) return Error{scope.path.string() + ": cannot be looked through: " + how.message()};
  if (found.ok())
    found->notes.push_back("the build files were not read (reading them " + why +
                           "); sources and flags are worked out from the files alone");
  return found;
}

Result<Project> discover_archive(const fs::path& archive, const Options& options) {
  auto scratch = ScratchFolder::make("sdist");
  if (!scratch.ok()) return scratch.error();
  if (auto unpacked = unpack(archive, scratch->path()); !unpacked.ok()) return unpacked.error();
  // An sdist holds one folder, name-version; that is the project.
  fs::path root = fs::canonical(scratch->path());
  std::error_code failed;
  fs::directory_iterator entries(root, failed);
  if (!failed && entries != fs::directory_iterator()) {
    const fs::path only = entries->path();
    if (++entries == fs::directory_iterator() && fs::is_directory(only, failed)) root = only;
  }
  auto project = discover_tree({.root = root, .path = root}, true, options);
  if (project.ok()) project->unpacked = std::move(*scratch);
  return project;
}

}  // namespace

Result<Project> discover(const fs::path& path, const Options& options) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (status.type() == fs::file_type::not_found) return Error{path.string() + ": no such file or folder"};
  const fs::path full = fs::canonical(path, failed);
  if (failed) return Error{"cannot read " + path.string() + ": " + failed.message()};

  if (fs::is_directory(status)) {
    fs::directory_iterator entries(full, failed);
    if (failed) return Error{"cannot read " + path.string() + ": " + failed.message()};
    const fs::path root = find_root(full);
    return discover_tree({.root = root.empty() ? full : root, .path = full}, true, options);
  }
  if (!fs::is_regular_file(status)) return Error{path.string() + ": neither a file nor a folder"};
  if (is_archive_name(full)) return discover_archive(full, options);
  if (!is_source_suffix(full.extension().native()) && !is_cython_source(full))
    return Error{path.string() +
                 ": not a C, C++ or Cython source (.c, .cc, .cpp, .cxx, .C, .pyx), a folder, or an "
                 "archive of sources"};
  if (auto text = read_file(full); !text.ok()) return text.error();
  const fs::path root = find_root(full.parent_path());
  return discover_tree({.root = root.empty() ? full.parent_path() : root, .path = full, .one_file = true},
                       !root.empty(), options);
}

fs::path last_folder_of(const fs::path& path) {
  std::error_code failed;
  const fs::path folder = fs::is_directory(path, failed) ? path : path.parent_path();
  const fs::path top = repository_top(folder);
  if (top != folder || has_any(folder, {".git", ".hg"})) return top;
  const fs::path root = find_root(folder);
  return root.empty() ? folder : root;
}

std::string why_empty(const Project& project) {
  std::string out;
  // What the extension is made of is known, and cannot be read as it is: that is all there is to say.
  const auto wanted = std::ranges::find_if(project.skipped, &Skip::asked);
  if (project.looked_at == 0 && wanted != project.skipped.end()) {
    const auto others = std::ranges::count_if(project.skipped, &Skip::asked) - 1;
    return "no source of an extension could be read: " + shown_path(wanted->file, project.root) + ": " +
           wanted->reason + (others == 0 ? "" : " (and " + counted(static_cast<std::size_t>(others), "other") + ")");
  }
  if (project.looked_at == 0) {
    out = "there is no C, C++ or Cython source; name the folder that holds the extension's";
  } else {
    out = "of " + counted(project.looked_at, "C or C++ source") +
          " none includes Python.h, pybind11, nanobind, Boost.Python or NumPy headers, directly or through the "
          "project's headers, "
          "and no build file (setup.py, pyproject.toml, meson.build, CMakeLists.txt) lists one as part of an extension "
          "module";
  }
  if (!project.skipped.empty()) {
    const Skip& shown = wanted != project.skipped.end() ? *wanted : project.skipped.front();
    out += "; " + counted(project.skipped.size(), "file") + " skipped, such as " +
           shown_path(shown.file, project.root) + ": " + shown.reason;
  }
  return out;
}

}  // namespace ftaudit::project
