#include "project/selection.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "project/cython_templates.h"
#include "project/flag_filter.h"
#include "project/flags.h"
#include "project/includes.h"

namespace ftaudit::project {
namespace {

std::string last_part(const std::string& module) { return module.substr(module.rfind('.') + 1); }

// The -std= of a C++ flag list, or "".
std::string cxx_standard(const std::vector<std::string>& flags) {
  std::string out;
  for (const Flag& flag : read_flags(flags))
    if (flag.kind == Flag::Kind::language && flag.words[0].find("++") != std::string::npos) out = flag.words[0];
  return out;
}

class Selection {
 public:
  Selection(const Scope& scope, const Tree& tree, const Description& description, const Options& options,
            const Outside& outside, Project& out)
      : scope_(scope),
        tree_(tree),
        description_(description),
        options_(options),
        out_(out),
        includes_(tree),
        filter_(outside.is_open) {
    for (const Target& target : description_.targets) {
      for (const std::string& source : target.sources) targets_[generated_of(source)].push_back(&target);
      standard_ = std::max(standard_, cxx_standard(target.flags));
    }
    for (const std::string& source : description_.mentioned) mentioned_.insert(source);
  }

  void from_tree() {
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
    for (const Candidate& candidate : candidates)
      if (is_extension_source(candidate.file, candidate.reach)) add_guessed_unit(candidate);
    finish();
  }

  void from_entries(std::span<const CompileEntry> entries) {
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

 private:
  struct Candidate {
    std::string file;
    Reach reach;
    const CompileEntry* entry = nullptr;
  };

  // Entries without a database are those of a build that was watched; what it did not compile is no part of it.
  bool recorded() const { return out_.compile_commands.empty(); }
  std::string database() const {
    return recorded() ? "the recorded build" : shown_path(out_.compile_commands, scope_.root);
  }

  void skip(const std::string& file, std::string reason, bool asked = true) {
    out_.skipped.push_back({file, std::move(reason), asked});
  }

  // The C that Cython made of a .pyx, where the tree holds it; else the source itself.
  std::string generated_of(const std::string& source) const {
    if (!is_cython_source(source) && !source.ends_with(".py")) return source;
    for (const char* suffix : {".c", ".cpp", ".cc", ".cxx"})
      if (std::string made = fs::path(source).replace_extension(suffix).native(); tree_.has(made)) return made;
    return source;
  }

  // Source files of what was asked for: of the tree, and those elsewhere that a module lists.
  std::vector<std::string> sources() const {
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

  bool readable(const std::string& file) {
    const SourceText* text = includes_.text(file);
    if (text == nullptr) skip(file, includes_.problem(file));
    else if (text->binary) skip(file, "not text");
    return text != nullptr && !text->binary;
  }

  bool in_module(const std::string& file) const {
    const auto found = targets_.find(file);
    return found != targets_.end() &&
           std::ranges::any_of(found->second, [](const Target* target) { return target->is_module; });
  }

  // The target whose flags the file gets: the first that is part of a module, else the first.
  const Target* target_of(const std::string& file) const {
    const auto found = targets_.find(file);
    if (found == targets_.end()) return nullptr;
    const auto module = std::ranges::find_if(found->second, [](const Target* target) { return target->is_module; });
    return module == found->second.end() ? found->second.front() : *module;
  }

  std::vector<std::string> given_folders(const std::string& file) {
    std::vector<std::string> out;
    std::error_code failed;
    if (const Target* target = target_of(file))
      for (std::string folder : target->include_dirs) {
        if (folder.size() > 1 && folder.back() == '/') folder.pop_back();
        // The system's own folders are searched anyhow, and in an order that matters.
        if (folder == "/usr/include" || folder == "/usr/local/include") continue;
        if (std::ranges::find(out, folder) == out.end() && fs::is_directory(folder, failed) &&
            filter_.may_search(folder))
          out.push_back(std::move(folder));
      }
    return out;
  }

  bool excluded(const std::string& file) {
    const std::string shown = shown_path(file, scope_.root);
    for (const std::string& pattern : options_.exclude)
      if (glob_match(pattern, shown) || shown.starts_with(pattern.ends_with("/") ? pattern : pattern + "/")) {
        skip(file, "excluded by \"" + pattern + "\"", false);
        return true;
      }
    return false;
  }

  // A source that another source includes is read with that one. What a module lists is a unit in any case.
  void note_textual_includes(const std::vector<Candidate>& candidates) {
    for (const Candidate& candidate : candidates)
      for (std::size_t i = 1; i < candidate.reach.files.size(); ++i)
        if (is_source_suffix(fs::path(candidate.reach.files[i]).extension().native()))
          included_by_.try_emplace(candidate.reach.files[i], candidate.reach.includers[i]);
  }

  bool is_extension_source(const std::string& file, const Reach& reach) {
    if (scope_.one_file) return true;
    const bool listed = in_module(file) || mentioned_.contains(file);
    if (!listed && !reach.python) return false;
    if (excluded(file)) return false;
    if (const auto found = included_by_.find(file); found != included_by_.end() && !in_module(file)) {
      skip(file, "included by " + shown_path(found->second, scope_.root) + ", read with it", false);
      return false;
    }
    if (!listed && !options_.include_tests && in_side_folder(file, scope_.path)) {
      skip(file, "in a folder of tests, examples or documentation, and no module lists it", false);
      return false;
    }
    return true;
  }

  // A guessed folder that holds headers of the system's names must not come before the system's.
  std::string search_flag(const std::string& folder) const {
    for (const char* name :
         {"string.h", "stdint.h", "inttypes.h", "stdbool.h", "time.h",   "math.h",    "limits.h", "unistd.h", "poll.h",
          "errno.h",  "signal.h", "regex.h",    "getopt.h",  "locale.h", "complex.h", "version",  "memory",   "string",
          "vector",   "array",    "span",       "thread",    "random",   "queue",     "stack"})
      if (tree_.has(folder + "/" + name)) return "-idirafter";
    return "-I";
  }

  void add_guessed_unit(const Candidate& candidate) {
    std::vector<std::string> flags;
    const Target* target = target_of(candidate.file);
    if (target != nullptr)
      flags = filter_.kept(target->flags, target->described.parent_path(), FlagFilter::From::build);
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

  void add_unit(Unit unit, const Candidate& candidate) {
    unit.generated_by = includes_.text(candidate.file)->generated_by;
    for (std::string& flag : filter_.kept(options_.project_flags, unit.folder, FlagFilter::From::settings))
      unit.flags.push_back(std::move(flag));
    for (std::string& flag : filter_.kept(options_.extra_flags, unit.folder, FlagFilter::From::user))
      unit.flags.push_back(std::move(flag));
    out_.units.push_back(std::move(unit));
  }

  // By the build description, and by what the text defines beyond it.
  std::vector<std::string> modules_of(const std::string& file) {
    std::set<std::string> out;
    if (const auto found = targets_.find(file); found != targets_.end())
      for (const Target* target : found->second) {
        if (!target->is_module) continue;
        if (!target->module.empty()) out.insert(target->module);
        else
          for (const std::string& name : defined_in(*target)) out.insert(name);
      }
    // A described module's name stands; its sources may define others for static builds.
    if (const SourceText& text = *includes_.text(file); out.empty()) {
      if (text.full_name.find('.') != std::string::npos) return {text.full_name};
      for (const std::string& name : text.modules) out.insert(full_name(name));
    }
    return {out.begin(), out.end()};
  }

  std::vector<std::string> defined_in(const Target& target) {
    for (const std::string& source : target.sources)
      if (const SourceText* text = includes_.text(source); text != nullptr && !text->modules.empty())
        return text->modules;
    return {};
  }

  // The described module that a PyInit_ function of this name belongs to, when just one does.
  std::string full_name(const std::string& name) const {
    std::string out;
    for (const Target& target : description_.targets)
      if (target.is_module && last_part(target.module) == name && target.module != out) {
        if (!out.empty()) return name;
        out = target.module;
      }
    return out.empty() ? name : out;
  }

  // Modules that a macro of the project defines (MODINIT_DEFINE(x)), where nothing else named one.
  void read_init_macros() {
    const std::vector<std::string> macros = includes_.init_macros();
    if (macros.empty()) return;
    for (Unit& unit : out_.units) {
      if (!unit.modules.empty()) continue;
      auto text = read_file(unit.file);
      if (!text.ok()) continue;
      for (const std::string& macro : macros)
        for (const std::string& name : macro_arguments(*text, macro)) unit.modules.push_back(full_name(name));
      std::ranges::sort(unit.modules);
      unit.modules.erase(std::unique(unit.modules.begin(), unit.modules.end()), unit.modules.end());
    }
  }

  // A source of no known module belongs to the one module of its folder, or of the nearest folder above that has
  // sources of any; failing that, to the project's only one.
  void adopt_orphans() {
    std::map<std::string, std::set<std::string>> in_folder;
    std::set<std::string> all;
    for (const Unit& unit : out_.units) {
      in_folder[unit.file.parent_path().native()].insert(unit.modules.begin(), unit.modules.end());
      all.insert(unit.modules.begin(), unit.modules.end());
    }
    for (Unit& unit : out_.units) {
      if (!unit.modules.empty()) continue;
      const std::set<std::string>* adopters = &all;
      for (fs::path folder = unit.file.parent_path(); is_below(folder, scope_.root) && folder.has_relative_path();
           folder = folder.parent_path())
        if (const auto found = in_folder.find(folder.native()); found != in_folder.end() && !found->second.empty()) {
          adopters = &found->second;
          break;
        }
      if (adopters->size() == 1) unit.modules.assign(adopters->begin(), adopters->end());
    }
  }

  void list_modules() {
    std::map<std::string, Module> modules;
    for (const Target& target : description_.targets)
      if (target.is_module && !target.module.empty())
        modules.try_emplace(target.module, Module{target.module, target.described, target.line});
    for (const Unit& unit : out_.units)
      for (const std::string& name : unit.modules) modules.try_emplace(name, Module{name, unit.file, 0});
    // Asked for a part of the project, its modules are those that the part's units belong to.
    for (const auto& [name, module] : modules)
      if (scope_.path == scope_.root || std::ranges::any_of(out_.units, [&](const Unit& unit) {
            return std::ranges::find(unit.modules, name) != unit.modules.end();
          }))
        out_.modules.push_back(module);
  }

  bool there(fs::path file, std::initializer_list<const char*> suffixes) const {
    return std::ranges::any_of(suffixes,
                               [&](const char* suffix) { return tree_.has(file.replace_extension(suffix).native()); });
  }

  // What is written in another language, or is made into C by a build that was not run.
  void list_other_sources() {
    std::set<std::string> listed;
    note_cython_includes();
    for (const auto& [file, targets] : targets_) {
      std::error_code failed;
      if (!in_module(file) || !is_below(file, scope_.path) || fs::exists(file, failed)) continue;
      const std::string suffix = fs::path(file).extension().native();
      if (!is_source_suffix(suffix) || there(file, {".pyx"})) continue;
      const Target& target = *target_of(file);
      skip(file, "listed as a source in " + shown_path(target.described, scope_.root) +
                     " but not in the tree: made by the build, or in a submodule that is not checked out");
      listed.insert(file);
    }
    for (const fs::path& file : tree_.files()) {
      if (!is_below(file, scope_.path)) continue;
      const std::string name = file.filename().native();
      const bool side =
          !options_.include_tests && in_side_folder(file, scope_.path) && !targets_.contains(file.native());
      if (side) continue;
      if (const auto outcome = outcome_of(file)) {
        add_template(file, *outcome);
      } else if (name.ends_with(".pyx")) {
        if (const auto by = included_cython_.find(file.native()); by != included_cython_.end() && !is_listed(file))
          skip(file.native(), "included by " + shown_path(by->second, scope_.root) + ", translated with it", false);
        else if (!made_elsewhere(file) && !excluded(file.native())) add_cython(file);
      } else if (name.ends_with(".py")) {
        // Packages list their modules beside their extensions: one that Cython compiles says so itself.
        if (is_listed(file) && (compiled_by_cython(file) || target_of(listed_as(file))->by_cython)) add_cython(file);
      } else if (name.ends_with(".c.src") || name.ends_with(".cpp.src") || name.ends_with(".cc.src")) {
        if (const std::string made = file.native().substr(0, file.native().size() - 4);
            !tree_.has(made) && !listed.contains(made))
          skip(file.native(), "template; the build makes C of it: build first, or use --capture");
      } else if (name.ends_with(".pyf") || name.ends_with(".pyf.src")) {
        skip(file.native(), "f2py signature; the build makes C of it: build first, or use --capture");
      } else if (name.ends_with(".i") || name.ends_with(".m") || name.ends_with(".mm") || name == "Cargo.toml") {
        list_by_content(file);
      }
    }
  }

  void add_template(const fs::path& file, const OutcomeOf& outcome) {
    const std::string made = outcome.made.native();
    if (excluded(file.native()) || (outcome.made != file && tree_.has(made))) return;
    const bool expanded = std::ranges::any_of(out_.cython_templates, [&](const CythonTemplate& known) {
      return known.file == file;  // the build's description says what comes out
    });
    if (outcome.engine != Engine::tempita && !expanded) {
      if (is_cython_source(made))
        skip(file.native(),
             "template of a Cython source, which only the build expands: build first, use --capture, or "
             "audit an sdist that has the C");
      return;
    }
    if (!expanded) out_.cython_templates.push_back({.file = file, .made = outcome.made, .text = {}});
    if (is_cython_source(made) && !included_cython_.contains(made)) add_cython(file, outcome.made);
  }

  // What build files call a Cython source: itself, or the C that is made of it, there or not.
  std::string listed_as(const fs::path& source) const {
    std::string made = generated_of(source.native());
    if (targets_.contains(made)) return made;
    for (const char* suffix : {".c", ".cpp", ".cc", ".cxx"})
      if (std::string name = fs::path(source).replace_extension(suffix).native(); targets_.contains(name)) return name;
    return made;
  }
  bool is_listed(const fs::path& source) const { return in_module(listed_as(source)); }

  // Pure Python mode: a declaration file of the same name, or cython imported.
  bool compiled_by_cython(const fs::path& file) const {
    if (there(file, {".pxd"})) return true;
    const auto text = read_file(file, 4u << 20);
    return text.ok() &&
           (text->find("import cython") != std::string::npos || text->find("from cython ") != std::string::npos ||
            text->find("# cython:") != std::string::npos);
  }

  // Files that others take in by `include "x.pyx"` are no modules.
  void note_cython_includes() {
    for (const fs::path& file : tree_.files()) {
      const std::string suffix = file.extension().native();
      if (suffix != ".pyx" && suffix != ".pxi") continue;
      const auto text = read_file(file, 16u << 20);
      if (!text.ok()) continue;
      for (std::string_view line : split(*text, '\n')) {
        line = trim(line);
        if (!line.starts_with("include ")) continue;
        const std::size_t first = line.find_first_of("\"'");
        const std::size_t last = first == std::string_view::npos ? first : line.find(line[first], first + 1);
        if (last == std::string_view::npos) continue;
        const fs::path named = line.substr(first + 1, last - first - 1);
        included_cython_.emplace((file.parent_path() / named).lexically_normal().native(), file.native());
      }
    }
  }

  void add_cython(const fs::path& file) { add_cython(file, file); }
  // `source`: what the build calls it where `file` is its template.
  void add_cython(const fs::path& file, const fs::path& source) {
    CythonSource out{.file = file, .folder = scope_.root};
    const std::string made = generated_of(source.native());
    if (made != source.native()) out.made = made;
    out.listed = is_listed(source);
    const std::string listed = listed_as(source);
    if (const Target* target = target_of(listed)) {
      out.folder = target->described.parent_path();
      out.cxx = target->language == "c++" || is_cxx_suffix(fs::path(listed).extension().native());
      out.flags = filter_.kept(target->flags, out.folder, FlagFilter::From::build);
      out.directives = target->directives, out.values = target->compile_time;
      // A name that is only the path again is better told by the packages that the file lies in, as Cython does.
      std::string by_path = shown_path(source, out.folder);
      std::ranges::replace(by_path, '/', '.');
      if (target->is_module && by_path != target->module + source.extension().native()) out.module = target->module;
    }
    if (!out.module.empty()) out.modules.push_back(out.module);
    for (const std::string& folder : given_folders(listed)) {
      out.flags.push_back("-I" + folder);
      out.search.emplace_back(folder);
    }
    // The C lies elsewhere, and includes what lies beside the source.
    out.flags.push_back("-iquote" + file.parent_path().native());
    for (std::string& flag : filter_.kept(options_.project_flags, out.folder, FlagFilter::From::settings))
      out.flags.push_back(std::move(flag));
    for (std::string& flag : filter_.kept(options_.extra_flags, out.folder, FlagFilter::From::user))
      out.flags.push_back(std::move(flag));
    out_.cython.push_back(std::move(out));
  }

  // Build folders name Cython's output pkg/fast.c or fast.pyx.c: a unit of that name stands for the .pyx.
  bool made_elsewhere(const fs::path& pyx) const {
    return generated_of(pyx.native()) == pyx.native() && std::ranges::any_of(out_.units, [&](const Unit& unit) {
             const std::string name = unit.file.filename().native();
             // C beside a source of its own is that one's.
             return unit.generated_by == Generator::cython && !there(unit.file, {".pyx"}) &&
                    (name.starts_with(pyx.filename().native()) || unit.file.stem() == pyx.stem());
           });
  }

  void list_by_content(const fs::path& file) {
    auto text = read_file(file, 4 << 20);
    if (!text.ok()) return;
    if (file.filename() == "Cargo.toml") {
      if (text->find("pyo3") != std::string::npos) skip(file.native(), "Rust extension; ftaudit reads C and C++");
    } else if (file.extension() != ".i") {
      if (text->find("Python.h") != std::string::npos || in_module(file.native()))
        skip(file.native(), "Objective-C source; ftaudit reads C and C++");
    } else if (text->find("%module") != std::string::npos) {
      skip(file.native(), "SWIG interface; its generated C is not in the tree: audit an sdist, or build first");
    }
  }

  void finish() {
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

  void tell_left_out_flags() {
    const std::vector<std::string>& all = filter_.left_out();
    if (all.empty()) return;
    constexpr std::size_t shown = 3;
    std::vector<std::string> first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), shown)));
    out_.notes.push_back("left out " + counted(all.size(), "compiler flag") +
                         " that reading does not take: " + join(first, ", ") + (all.size() > shown ? ", ..." : ""));
  }

  const Scope& scope_;
  const Tree& tree_;
  const Description& description_;
  const Options& options_;
  Project& out_;
  Includes includes_;
  FlagFilter filter_;
  std::map<std::string, std::vector<const Target*>> targets_;  // by source
  std::map<std::string, std::string> included_cython_;         // .pyx that another source includes: by which
  std::set<std::string> mentioned_;
  std::map<std::string, std::string> included_by_;
  std::string standard_;  // the newest C++ standard that any target asks for
};

}  // namespace

void select_units(const Scope& scope, const Tree& tree, const Description& description,
                  std::span<const CompileEntry> entries, const Options& options, const Outside& outside, Project& out) {
  Selection selection(scope, tree, description, options, outside, out);
  if (entries.empty()) selection.from_tree();
  else selection.from_entries(entries);
}

}  // namespace ftaudit::project
