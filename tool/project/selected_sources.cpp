#include "project/selected_sources.h"

#include <algorithm>

#include "base/text.h"
#include "project/flags.h"

namespace ftaudit::project {

namespace {

// The -std= of a C++ flag list, or "".
std::string cxx_standard(const std::vector<std::string>& flags) {
  std::string out;
  for (const Flag& flag : read_flags(flags))
    if (flag.kind == Flag::Kind::language && flag.words[0].find("++") != std::string::npos) out = flag.words[0];
  return out;
}

}  // namespace

Selection::Selection(const Scope& scope, const Tree& tree, const Description& description, const Options& options,
                     const Outside& outside, Project& out)
    : scope_(scope),
      tree_(tree),
      description_(description),
      options_(options),
      out_(out),
      includes_(tree),
      filter_(outside.is_open) {
  note_outputs();
  for (const Target& target : description_.targets) {
    for (const std::string& source : target.sources) targets_[generated_of(source)].push_back(&target);
    standard_ = std::max(standard_, cxx_standard(target.flags));
  }
  for (const std::string& source : description_.mentioned) mentioned_.insert(source);
  for (const auto& [source, described] : description_.elsewhere)
    elsewhere_.insert({{source, &described}, {generated_of(source), &described}});
}

void Selection::from_tree() {
  if (scope_.one_file && is_cython_source(scope_.path)) {
    add_cython(scope_.path);
    return finish();
  }
  std::vector<Candidate> candidates;
  for (const std::string& file : sources()) {
    ++out_.looked_at;
    if (!readable(file)) continue;
    candidates.push_back({.file = file, .reach = includes_.reach(file, given_folders(file))});
  }
  note_textual_includes(candidates);
  note_copies(candidates);
  for (const Candidate& candidate : candidates)
    if (is_extension_source(candidate.file, candidate.reach)) add_guessed_unit(candidate);
  tell_open_targets(candidates);
  finish();
}

void Selection::from_entries(std::span<const CompileEntry> entries) {
  std::map<std::string, const CompileEntry*> first;  // a file compiled twice is audited once
  std::set<std::string> python_targets;
  std::vector<Candidate> candidates;
  for (const CompileEntry& entry : entries) {
    const std::string file = entry.file.native();
    if (!is_below(entry.file, scope_.path) || !first.emplace(file, &entry).second) continue;
    ++out_.looked_at;
    std::error_code failed;
    if (!fs::exists(entry.file, failed)) {
      skip(file, "named by " + database() + " but not there; build the project, or refresh the database");
      continue;
    }
    if (!readable(file)) continue;
    candidates.push_back(
        {.file = file, .reach = includes_.reach(file, searched_folders(entry.flags, entry.folder)), .entry = &entry});
    if (candidates.back().reach.python && !entry.target.empty()) python_targets.insert(entry.target);
  }
  note_textual_includes(candidates);
  for (const Candidate& candidate : candidates) {
    if (!scope_.one_file && !candidate.reach.python && !python_targets.contains(candidate.entry->target) &&
        !in_module(candidate.file))
      continue;
    if (excluded(candidate.file)) continue;
    const CompileEntry& entry = *candidate.entry;
    std::vector<std::string> flags = filter_.kept(entry.flags, entry.folder, FlagFilter::From::build);
    flags = without_interpreter(flags, entry.folder, scope_.root);
    Unit unit{.file = candidate.file,
              .folder = candidate.entry->folder,
              .flags = with_language(std::move(flags), fs::path(candidate.file).extension().native(), false),
              .modules = modules_of(candidate.file),
              .guessed_flags = false};
    add_unit(std::move(unit), candidate);
  }
  // Extension sources that the database does not know are said to be left out, not forgotten.
  for (const std::string& file : sources()) {
    if (first.contains(file) || !readable(file)) continue;
    const Reach reach = includes_.reach(file, given_folders(file));
    if (scope_.one_file) add_guessed_unit({.file = file, .reach = reach});
    else if (is_extension_source(file, reach)) skip(file, "not in " + database(), !recorded());
  }
  finish();
}

std::string Selection::database() const {
  return recorded() ? "the recorded build" : shown_path(out_.compile_commands, scope_.root);
}

void Selection::skip(const std::string& file, std::string reason, bool asked) {
  out_.skipped.push_back({file, std::move(reason), asked});
}

std::string Selection::generated_of(const std::string& source) const {
  if (!is_cython_source(source) && !source.ends_with(".py")) return source;
  if (const auto told = outputs_.find(source); told != outputs_.end()) return told->second;
  for (const char* suffix : {".c", ".cpp", ".cc", ".cxx"})
    if (std::string made = fs::path(source).replace_extension(suffix).native(); tree_.has(made)) return made;
  return source;
}

std::vector<std::string> Selection::sources() const {
  std::set<std::string> out;
  if (scope_.one_file) return {scope_.path.native()};
  for (const fs::path& file : tree_.files())
    if (is_source_suffix(file.extension().native()) && is_below(file, scope_.path)) out.insert(file.native());
  std::error_code failed;
  for (const auto& [file, targets] : targets_)
    if (in_module(file) && is_source_suffix(fs::path(file).extension().native()) && is_below(file, scope_.path) &&
        fs::is_regular_file(file, failed))
      out.insert(file);
  return {out.begin(), out.end()};
}

bool Selection::readable(const std::string& file) {
  const SourceText* text = includes_.text(file);
  if (text == nullptr) skip(file, includes_.problem(file));
  else if (text->binary) skip(file, "not text");
  return text != nullptr && !text->binary;
}

bool Selection::in_module(const std::string& file) const {
  const auto found = targets_.find(file);
  return found != targets_.end() &&
         std::ranges::any_of(found->second, [](const Target* target) { return target->is_module; });
}

const Target* Selection::target_of(const std::string& file) const {
  const auto found = targets_.find(file);
  if (found == targets_.end()) return nullptr;
  const auto module = std::ranges::find_if(found->second, [](const Target* target) { return target->is_module; });
  return module == found->second.end() ? found->second.front() : *module;
}

std::vector<std::string> Selection::given_folders(const std::string& file) {
  std::vector<std::string> out;
  std::error_code failed;
  if (const Target* target = target_of(file))
    for (std::string folder : target->include_dirs) {
      if (folder.size() > 1 && folder.back() == '/') folder.pop_back();
      // The system's own folders are searched anyhow, and in an order that matters.
      if (folder == "/usr/include" || folder == "/usr/local/include") continue;
      if (std::ranges::find(out, folder) == out.end() && fs::is_directory(folder, failed) && filter_.may_search(folder))
        out.push_back(std::move(folder));
    }
  return out;
}

bool Selection::excluded(const std::string& file) {
  const std::string shown = shown_path(file, scope_.root);
  for (const std::string& pattern : options_.exclude)
    if (glob_match(pattern, shown) || shown.starts_with(pattern.ends_with("/") ? pattern : pattern + "/")) {
      skip(file, "excluded by \"" + pattern + "\"", false);
      return true;
    }
  return false;
}

bool Selection::is_of_elsewhere(const std::string& file) {
  const auto found = elsewhere_.find(file);
  if (found == elsewhere_.end()) return false;
  skip(file, shown_path(*found->second, scope_.root) + " has it compiled on other systems or for other Pythons alone",
       false);
  return true;
}

void Selection::note_textual_includes(const std::vector<Candidate>& candidates) {
  for (const Candidate& candidate : candidates)
    for (std::size_t i = 1; i < candidate.reach.files.size(); ++i)
      if (is_source_suffix(fs::path(candidate.reach.files[i]).extension().native()))
        included_by_.try_emplace(candidate.reach.files[i], candidate.reach.includers[i]);
}

bool Selection::is_extension_source(const std::string& file, const Reach& reach) {
  if (scope_.one_file) return true;
  const bool listed = in_module(file) || mentioned_.contains(file);
  if (!listed && !reach.python) return false;
  if (excluded(file) || (!listed && is_of_elsewhere(file))) return false;
  if (const auto found = included_by_.find(file); found != included_by_.end() && !in_module(file)) {
    skip(file, "included by " + shown_path(found->second, scope_.root) + ", read with it", false);
    return false;
  }
  if (!listed && !options_.include_tests && in_side_folder(file, scope_.path)) {
    skip(file, "in a folder of tests, examples or documentation, and no module lists it", false);
    return false;
  }
  if (const auto copy = copies_.find(file); copy != copies_.end()) {
    skip(file, copy->second, false);
    return false;
  }
  return true;
}

// The module is built of more than is known: what else lies there is not read, and may be part of it.
void Selection::tell_open_targets(const std::vector<Candidate>& candidates) {
  if (scope_.one_file) return;
  std::set<std::string> told;
  for (const Target& target : description_.targets) {
    if (!target.is_module || !target.open) continue;
    std::vector<std::string> perhaps;
    for (const Candidate& candidate : candidates) {
      const std::string& file = candidate.file;
      const bool read = candidate.reach.python || targets_.contains(file) || mentioned_.contains(file) ||
                        elsewhere_.contains(file) || included_by_.contains(file) || copies_.contains(file);
      const bool side = !options_.include_tests && in_side_folder(file, scope_.path);
      if (!read && !side && is_below(file, target.described.parent_path()) && !told.contains(file))
        perhaps.push_back(shown_path(file, scope_.root));
    }
    for (const std::string& file : perhaps) told.insert((scope_.root / file).native());
    constexpr std::size_t most = 3;
    const std::string what = "line " + std::to_string(target.line) + ": " +
                             (target.module.empty() ? "a module" : target.module) +
                             " has sources that could not be worked out";
    if (perhaps.empty()) {
      out_.notes.push_back(shown_path(target.described, scope_.root) + ": " + what);
      continue;
    }
    const std::size_t count = perhaps.size();
    perhaps.resize(std::min(count, most));
    skip(target.described.native(), what + "; not read, and perhaps among them: " + join(perhaps, ", ") +
                                        (count > most ? " and " + counted(count - most, "more file") : ""));
  }
}

std::string Selection::search_flag(const std::string& folder) const {
  for (const char* name :
       {"string.h", "stdint.h", "inttypes.h", "stdbool.h", "time.h",   "math.h",    "limits.h", "unistd.h", "poll.h",
        "errno.h",  "signal.h", "regex.h",    "getopt.h",  "locale.h", "complex.h", "version",  "memory",   "string",
        "vector",   "array",    "span",       "thread",    "random",   "queue",     "stack"})
    if (tree_.has(folder + "/" + name)) return "-idirafter";
  return "-I";
}

void Selection::add_guessed_unit(const Candidate& candidate) {
  std::vector<std::string> flags;
  const Target* target = target_of(candidate.file);
  if (target != nullptr) flags = filter_.kept(target->flags, target->described.parent_path(), FlagFilter::From::build);
  else if (!standard_.empty()) flags.push_back(standard_);
  std::vector<std::string> folders = given_folders(candidate.file);
  for (const std::string& folder : folders) flags.push_back("-I" + folder);
  for (const std::string& folder : candidate.reach.guessed_folders) flags.push_back(search_flag(folder) + folder);
  for (const std::string& folder : candidate.reach.guessed_late) flags.push_back("-idirafter" + folder);
  for (const std::string& prefix : candidate.reach.own_late) flags.push_back("--no-system-header-prefix=" + prefix);
  const std::string suffix = fs::path(candidate.file).extension().native();
  Unit unit{.file = candidate.file,
            .folder = target != nullptr ? target->described.parent_path() : scope_.root,
            .flags = with_language(std::move(flags), suffix, candidate.reach.newer_cxx),
            .modules = modules_of(candidate.file)};
  add_unit(std::move(unit), candidate);
}

void Selection::add_unit(Unit unit, const Candidate& candidate) {
  unit.generated_by = includes_.text(candidate.file)->generated_by;
  for (std::string& flag : filter_.kept(options_.project_flags, unit.folder, FlagFilter::From::settings))
    unit.flags.push_back(std::move(flag));
  for (std::string& flag : filter_.kept(options_.extra_flags, unit.folder, FlagFilter::From::user))
    unit.flags.push_back(std::move(flag));
  out_.units.push_back(std::move(unit));
}

void Selection::finish() {
  read_init_macros();
  adopt_orphans();
  list_modules();
  if (!scope_.one_file) {
    list_other_sources();
    for (const Skip& folder : tree_.unreadable())
      if (is_below(folder.file, scope_.path)) out_.skipped.push_back(folder);
  }
  tell_left_out_flags();
  if (!tree_.complete()) out_.notes.push_back("the tree has too many files; those found first were looked at");
  std::ranges::sort(out_.units, {}, &Unit::file);
  std::ranges::sort(out_.cython);
  std::ranges::sort(out_.cython_templates);
  std::ranges::sort(out_.skipped);
  out_.skipped.erase(std::unique(out_.skipped.begin(), out_.skipped.end()), out_.skipped.end());
}

void Selection::tell_left_out_flags() {
  const std::vector<std::string>& all = filter_.left_out();
  if (all.empty()) return;
  constexpr std::size_t shown = 3;
  std::vector<std::string> first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), shown)));
  out_.notes.push_back("left out " + counted(all.size(), "compiler flag") +
                       " that reading does not take: " + join(first, ", ") + (all.size() > shown ? ", ..." : ""));
}

}  // namespace ftaudit::project
