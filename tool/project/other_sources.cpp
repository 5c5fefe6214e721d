// Sources that are not C or C++ yet: Cython's, which the frontend translates, and those that a build makes C of, or
// that are written in another language, which are said to be left out.
#include <algorithm>

#include "base/text.h"
#include "project/cython_templates.h"
#include "project/flags.h"
#include "project/selected_sources.h"

namespace ftaudit::project {

// What Cython is told for every source that the build names: one that it does not name is of a list that could be
// worked out in part only.
static std::vector<std::string> common_directives(const Description& description) {
  std::vector<std::string> out;
  bool found = false;
  for (const Target& target : description.targets) {
    if (!target.by_cython &&
        std::ranges::none_of(target.sources, [](const std::string& source) { return is_cython_source(source); }))
      continue;
    if (found && out != target.directives) return {};
    out = target.directives, found = true;
  }
  return out;
}

bool Selection::there(fs::path file, std::initializer_list<const char*> suffixes) const {
  return std::ranges::any_of(suffixes,
                             [&](const char* suffix) { return tree_.has(file.replace_extension(suffix).native()); });
}

void Selection::note_outputs() {
  std::set<std::string> listed, folders, places;
  for (const Target& target : description_.targets)
    if (target.is_module) listed.insert(target.sources.begin(), target.sources.end());
  for (const fs::path& file : tree_.files())
    if (is_cython_source(file)) folders.insert(file.parent_path().native());
  if (folders.empty()) return;
  for (const fs::path& file : tree_.files())
    if (is_source_suffix(file.extension().native()) &&
        (listed.contains(file.native()) || folders.contains(file.parent_path().native())))
      places.insert(file.native());
  std::set<std::string> several;
  for (const bool by_build : {true, false})  // what the build names goes before what merely lies beside
    for (const std::string& file : places) {
      if (listed.contains(file) != by_build) continue;
      const SourceText* text = includes_.text(file);
      if (text == nullptr || text->made_of.empty()) continue;
      const std::string source = source_meant(text->made_of, file);
      const fs::path usual = fs::path(source).replace_extension(fs::path(file).extension());
      if (source.empty() || several.contains(source) || (by_build && listed.contains(source))) continue;
      if (!by_build && (usual == file || there(source, {".c", ".cpp", ".cc", ".cxx"}))) continue;
      const auto [known, is_new] = outputs_.try_emplace(source, file);
      if (is_new || listed.contains(known->second) != by_build) continue;
      several.insert(source);  // modules of their own, made of one text
      outputs_.erase(known);
    }
}

// Cython was run somewhere above, or beside.
std::string Selection::source_meant(const std::string& name, const std::string& c_file) const {
  const fs::path beside = fs::path(c_file).parent_path();
  for (fs::path folder = beside; is_below(folder, scope_.root) && folder.has_relative_path();
       folder = folder.parent_path())
    if (std::string source = (folder / name).lexically_normal().native(); tree_.has(source)) return source;
  std::string source = (beside / fs::path(name).filename()).native();
  return tree_.has(source) ? source : "";
}

void Selection::list_other_sources() {
  std::set<std::string> listed;
  note_cython_includes();
  for (const auto& [file, targets] : targets_) {
    std::error_code failed;
    if (!in_module(file) || !is_below(file, scope_.path) || fs::exists(file, failed)) continue;
    const std::string suffix = fs::path(file).extension().native();
    if (!is_source_suffix(suffix) || there(file, {".pyx"})) continue;
    const Target& target = *target_of(file);
    // A submodule that is not checked out is an empty folder.
    const fs::path folder = fs::path(file).parent_path();
    const bool inhabited =
        std::ranges::any_of(tree_.files(), [&](const fs::path& other) { return other.parent_path() == folder; });
    skip(file, "listed as a source in " + shown_path(target.described, scope_.root) +
                   " but not in the tree: made by the build (build first, or use --capture)" +
                   (inhabited ? "" : ", or in a submodule that is not checked out"));
    listed.insert(file);
  }
  for (const fs::path& file : tree_.files()) {
    if (!is_below(file, scope_.path)) continue;
    const std::string name = file.filename().native();
    const bool side = !options_.include_tests && in_side_folder(file, scope_.path) && !targets_.contains(file.native());
    if (side) continue;
    if (const auto outcome = outcome_of(file)) {
      add_template(file, *outcome);
    } else if (name.ends_with(".pyx")) {
      if (const auto by = included_cython_.find(file.native()); by != included_cython_.end() && !is_listed(file))
        skip(file.native(), "included by " + shown_path(by->second, scope_.root) + ", translated with it", false);
      else if (!made_elsewhere(file) && !excluded(file.native()) &&
               (is_listed(file) || !is_of_elsewhere(file.native())))
        add_cython(file);
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

void Selection::add_template(const fs::path& file, const OutcomeOf& outcome) {
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

std::string Selection::listed_as(const fs::path& source) const {
  std::string made = generated_of(source.native());
  if (targets_.contains(made)) return made;
  for (const char* suffix : {".c", ".cpp", ".cc", ".cxx"})
    if (std::string name = fs::path(source).replace_extension(suffix).native(); targets_.contains(name)) return name;
  return made;
}

bool Selection::compiled_by_cython(const fs::path& file) const {
  if (there(file, {".pxd"})) return true;
  const auto text = read_file(file, 4u << 20);
  return text.ok() && (text->find("import cython") != std::string::npos ||
                       text->find("from cython ") != std::string::npos || text->find("# cython:") != std::string::npos);
}

void Selection::note_cython_includes() {
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
      const auto note = [&](const fs::path& folder) {
        included_cython_.emplace((folder / named).lexically_normal().native(), file.native());
      };
      note(file.parent_path());
      if (tree_.has((file.parent_path() / named).lexically_normal().native())) continue;
      // Beside it there is none: it is of one of the folders that the build has Cython look in.
      for (const std::string& folder : given_folders(listed_as(file))) note(folder);
    }
  }
}

void Selection::add_cython(const fs::path& file, const fs::path& source) {
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
  } else {
    out.directives = common_directives(description_);
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

bool Selection::made_elsewhere(const fs::path& pyx) const {
  return generated_of(pyx.native()) == pyx.native() && std::ranges::any_of(out_.units, [&](const Unit& unit) {
           const std::string name = unit.file.filename().native();
           // C beside a source of its own is that one's.
           return unit.generated_by == Generator::cython && !there(unit.file, {".pyx"}) &&
                  (name.starts_with(pyx.filename().native()) || unit.file.stem() == pyx.stem());
         });
}

void Selection::list_by_content(const fs::path& file) {
  auto text = read_file(file, 4 << 20);
  if (!text.ok()) return;
  if (file.filename() == "Cargo.toml") {
    if (text->find("pyo3") != std::string::npos) skip(file.native(), "Rust extension; ftaudit reads C and C++");
  } else if (file.extension() != ".i") {
    if (text->find("Python.h") != std::string::npos || in_module(file.native()))
      skip(file.native(), "Objective-C source; ftaudit reads C and C++");
  } else if (text->find("%module") != std::string::npos) {
    // The name that swig gives its C when nobody gives another.
    for (const char* suffix : {"_wrap.c", "_wrap.cpp", "_wrap.cxx"})
      if (const fs::path made = file.parent_path() / (file.stem().native() + suffix); tree_.has(made.native()))
        return skip(file.native(), "SWIG interface; the C that swig made of it is " + shown_path(made, scope_.root),
                    false);
    skip(file.native(),
         "SWIG interface; the C that swig makes of it is not in the tree: build first, or audit an sdist that has it");
  }
}

}  // namespace ftaudit::project
