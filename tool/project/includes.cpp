#include "project/includes.h"

#include <algorithm>
#include <array>

namespace ftaudit::project {
namespace {

constexpr std::size_t files_per_source = 20'000;

bool is_newer_cxx(std::string_view header) {
  static constexpr std::array<std::string_view, 13> names{
      "barrier", "bit",    "compare",   "concepts",        "coroutine", "format",    "latch",
      "numbers", "ranges", "semaphore", "source_location", "span",      "stop_token"};
  return std::ranges::find(names, header) != names.end();
}

std::string folder_of(const std::string& file) { return file.substr(0, file.rfind('/')); }

// `folder`/`name` with "." and ".." worked out; most names have neither.
std::string joined(const std::string& folder, const std::string& name) {
  std::string path = folder + "/" + name;
  if (path.find("./") == std::string::npos && path.find("//") == std::string::npos) return path;
  return fs::path(path).lexically_normal().native();
}

std::size_t shared_folders(std::string_view a, std::string_view b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) count += a[i] == '/';
  return count;
}

}  // namespace

const Includes::Read& Includes::read(const std::string& absolute) {
  const auto [entry, fresh] = read_.try_emplace(absolute);
  if (fresh) {
    auto text = read_file(absolute);
    if (text.ok()) entry->second.text = read_source_text(*text);
    else entry->second.problem = text.message();
  }
  return entry->second;
}

const SourceText* Includes::text(const std::string& absolute) {
  const Read& found = read(absolute);
  return found.text ? &*found.text : nullptr;
}

const std::string& Includes::problem(const std::string& absolute) const {
  static const std::string none;
  const auto found = read_.find(absolute);
  return found == read_.end() ? none : found->second.problem;
}

std::vector<std::string> Includes::init_macros() const {
  std::set<std::string> out;
  for (const auto& [path, found] : read_)
    if (found.text) out.insert(found.text->init_macros.begin(), found.text->init_macros.end());
  return {out.begin(), out.end()};
}

std::string Includes::guess(const std::string& name, const std::string& from) {
  const std::string folder = folder_of(from);
  const auto [entry, fresh] = guesses_.try_emplace(folder + '\n' + name);
  if (!fresh) return entry->second;
  // "../x/y.h" from a folder that is not where the file lies: its tail still says which file is meant.
  std::string tail = name;
  while (tail.starts_with("../") || tail.starts_with("./")) tail.erase(0, tail.find('/') + 1);
  const std::string ending = "/" + tail;
  std::string best;
  std::size_t nearness = 0, depth = 0;
  for (const std::string& candidate : tree_.named(fs::path(tail).filename().native())) {
    if (!candidate.ends_with(ending)) continue;
    const std::size_t near = shared_folders(candidate, folder + "/");
    const auto deep = static_cast<std::size_t>(std::ranges::count(candidate, '/'));
    if (best.empty() || near > nearness || (near == nearness && deep < depth)) {
      best = candidate;
      nearness = near;
      depth = deep;
    }
  }
  return entry->second = best;
}

Reach Includes::reach(const std::string& source, const std::vector<std::string>& folders) {
  Reach out;
  std::unordered_set<std::string> seen{source}, missing;
  struct Pending {
    std::string file, includer;
  };
  std::vector<Pending> pending{{source, ""}};
  const auto guessed = [&](std::string folder, bool angled) {
    auto& list = angled ? out.guessed_late : out.guessed_folders;
    if (std::ranges::find(list, folder) == list.end()) list.push_back(std::move(folder));
  };

  const auto own = [&](const std::string& name) {
    const std::string begin = name.substr(0, name.find('/') + 1);
    if (const std::string& prefix = begin.empty() ? name : begin;
        std::ranges::find(out.own_late, prefix) == out.own_late.end())
      out.own_late.push_back(prefix);
  };

  const auto resolve = [&](const Include& include, const std::string& from) -> std::string {
    if (include.name.starts_with("/")) return {};
    if (!include.angled) {
      std::string beside = joined(folder_of(from), include.name);
      if (tree_.has(beside)) return beside;
    }
    for (const std::vector<std::string>* list :
         std::initializer_list<const std::vector<std::string>*>{&folders, &out.guessed_folders, &out.guessed_late})
      for (const std::string& folder : *list) {
        std::string path = joined(folder, include.name);
        if (tree_.has(path)) {
          if (list == &out.guessed_late) own(include.name);
          return path;
        }
        std::error_code failed;
        if (list == &folders && !is_below(folder, tree_.root()) && fs::is_regular_file(path, failed)) return path;
      }
    if (is_standard_header(include.name) || include.name == "Python.h") return {};
    std::string path = guess(include.name, from);
    if (path.empty()) {
      for (const std::string& folder : system_.folders_for(include.name)) guessed(folder, true);
      return {};
    }
    std::string tail = include.name;
    while (tail.starts_with("../") || tail.starts_with("./")) tail.erase(0, tail.find('/') + 1);
    if (tail == include.name) {
      // With a folder in its name it is nobody else's, and comes before a copy of it that is installed.
      guessed(path.substr(0, path.size() - tail.size() - 1),
              include.angled && include.name.find('/') == std::string::npos);
      if (include.angled) own(include.name);
    }
    return path;
  };

  while (!pending.empty()) {
    auto [file, includer] = std::move(pending.back());
    pending.pop_back();
    out.files.push_back(file);
    out.includers.push_back(std::move(includer));
    if (out.files.size() >= files_per_source) break;
    const SourceText* found = text(file);
    if (found == nullptr) continue;
    std::vector<Pending> next;
    out.newer_cxx = out.newer_cxx || found->newer_cxx;
    for (const Include& include : found->includes) {
      if (names_python(include.name)) out.python = true;
      if (include.angled && is_newer_cxx(include.name)) out.newer_cxx = true;
      std::string path = resolve(include, file);
      if (path.empty()) {
        if (!include.angled && !is_standard_header(include.name) && missing.insert(include.name).second)
          out.unresolved.push_back(include.name);
      } else if (seen.insert(path).second) {
        next.push_back({std::move(path), file});
      }
    }
    pending.insert(pending.end(), std::make_move_iterator(next.rbegin()), std::make_move_iterator(next.rend()));
  }
  return out;
}

}  // namespace ftaudit::project
