// Copies: sources that no build file names, of a module that one that it names makes. What was left behind by an older
// release, or unpacked to be looked at, is no second module. Where the build may mean it all the same, it is audited.
#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "project/selected_sources.h"

namespace ftaudit::project {

namespace {

constexpr const char* build_files[] = {"setup.py",       "pyproject.toml", "setup.cfg", "meson.build",
                                       "CMakeLists.txt", "Makefile",       "BUILD",     "BUILD.bazel"};

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

bool has_name(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_name(text[at - 1])) && (end == text.size() || !is_name(text[end]))) return true;
  }
  return false;
}

// The path as written: not the end of a longer one.
bool has_path(std::string_view text, std::string_view path) {
  for (std::size_t at = text.find(path); at != std::string_view::npos; at = text.find(path, at + 1))
    if (at == 0 || (!is_name(text[at - 1]) && text[at - 1] != '/')) return true;
  return false;
}

}  // namespace

std::vector<std::string> Selection::build_texts() const {
  // What a reader did not understand may name anything.
  if (!description_.notes.empty()) return {};
  std::set<std::string> files = description_.read;
  for (const Target& target : description_.targets) {
    if (target.is_module && target.sources.empty()) return {};
    files.insert(target.described.native());
  }
  std::vector<std::string> out;
  for (const std::string& file : files)
    if (auto text = read_file(file, 4u << 20); text.ok()) out.push_back(std::move(*text));
  return out;
}

bool Selection::is_copy(const std::string& file, const std::string& named, std::span<const std::string> build_texts) {
  const SourceText &text = *includes_.text(file), &other = *includes_.text(named);
  // Cython writes the full name down; the output of a .pyx is decided with that.
  if (text.generated_by == Generator::cython &&
      (text.full_name != other.full_name || generated_of(fs::path(file).replace_extension(".pyx").native()) == file))
    return false;
  // A project within the project.
  for (fs::path folder = fs::path(file).parent_path(); !is_below(named, folder) && folder.has_relative_path();
       folder = folder.parent_path())
    for (const char* name : build_files)
      if (tree_.has((folder / name).native())) return false;
  // Named in a branch that was not taken, or by code that was not followed.
  const std::string shown = shown_path(file, scope_.root);
  const std::vector<std::string> known = split(shown_path(named, scope_.root), '/');
  return std::ranges::none_of(build_texts, [&](const std::string& said) {
    return has_path(said, shown) || std::ranges::any_of(split(shown, '/'), [&](const std::string& part) {
             return std::ranges::find(known, part) == known.end() && has_name(said, part);
           });
  });
}

bool Selection::lacks_source(const std::string& name) {
  return std::ranges::any_of(description_.targets, [&](const Target& target) {
    if (!target.is_module || target.module.substr(target.module.rfind('.') + 1) != name) return false;
    const std::vector<std::string> defined = defined_in(target);
    return std::ranges::find(defined, name) == defined.end();
  });
}

void Selection::note_copies(const std::vector<Candidate>& candidates) {
  std::map<std::string, std::string> makers;  // by the name in PyInit_
  for (const Candidate& candidate : candidates)
    if (in_module(candidate.file))
      for (const std::string& name : includes_.text(candidate.file)->modules) makers.try_emplace(name, candidate.file);
  if (scope_.one_file || makers.empty()) return;
  const auto is_named = [&](const std::string& file) { return in_module(file) || mentioned_.contains(file); };
  const auto of = [&](const std::string& named) {
    return shown_path(named, scope_.root) + ", which " + shown_path(target_of(named)->described, scope_.root) +
           " names";
  };
  const std::string unnamed = "; no build file names this copy, which is audited when it is asked for by name";
  std::vector<std::pair<fs::path, fs::path>> folders;  // of the copy, of what it is one of
  std::optional<std::vector<std::string>> texts;
  for (const Candidate& candidate : candidates) {
    const std::vector<std::string>& modules = includes_.text(candidate.file)->modules;
    if (modules.empty() || is_named(candidate.file)) continue;
    const auto maker = makers.find(modules.front());
    if (maker == makers.end() || !std::ranges::all_of(modules, [&](const std::string& name) {
          return makers.contains(name) && !lacks_source(name);
        }))
      continue;
    if (!texts) texts = build_texts();
    if (texts->empty()) return;
    if (!is_copy(candidate.file, maker->second, *texts)) continue;
    copies_.emplace(candidate.file, "makes module " + modules.front() + ", as does " + of(maker->second) + unnamed);
    folders.emplace_back(fs::path(candidate.file).parent_path(), fs::path(maker->second).parent_path());
  }
  // What lies by a copy as what the build names lies by the original.
  for (const auto& [copied, original] : folders)
    for (const Candidate& candidate : candidates) {
      if (copied == original || is_named(candidate.file) || !is_below(candidate.file, copied)) continue;
      const std::string twin = (original / fs::path(candidate.file).lexically_relative(copied)).native();
      if (in_module(twin) && includes_.text(candidate.file)->modules.empty())
        copies_.try_emplace(candidate.file, "stands for " + of(twin) + unnamed);
    }
}

}  // namespace ftaudit::project
