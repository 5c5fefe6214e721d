#include "project/cmake_targets.h"

#include <algorithm>
#include <array>
#include <set>

#include "project/tree.h"

namespace ftaudit::project::cmake {
namespace {

// Commands that make an extension module out of their sources.
bool makes_module(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names{"pybind11_add_module", "nanobind_add_module",
                                                         "python_add_library",  "python3_add_library",
                                                         "python_add_module",   "add_python_module"};
  return std::ranges::find(names, name) != names.end();
}

bool is_interpreter(const std::string& library) {
  return library == "Python::Module" || library == "Python3::Module" || library == "Python::SABIModule" ||
         library == "Python3::SABIModule" || library == "pybind11::module";
}

// As properties of targets keep their values: generator expressions worked out, lists within quotes taken apart.
Words values_of(const Words& words) {
  Words out;
  for (const std::string& word : words) {
    const std::string value = without_generators(word);
    for (std::string& part : elements_of(value)) out.push_back(std::move(part));
  }
  return out;
}

bool is_scope(const std::string& word) {
  return word == "PRIVATE" || word == "PUBLIC" || word == "INTERFACE" || word == "SYSTEM" || word == "BEFORE" ||
         word == "AFTER";
}

std::string absolute(const std::string& path, const Place& place) {
  return (place.folder / path).lexically_normal().native();
}

std::string define_flag(const std::string& word) { return word.starts_with("-D") ? word : "-D" + word; }

void add_sources(const Words& words, const Place& place, std::vector<std::string>& sources, Words& linked) {
  for (const std::string& word : values_of(words)) {
    if (word.starts_with("$<TARGET_OBJECTS:")) linked.push_back(word.substr(17, word.size() - 18));
    else if (is_known(word) && is_source_suffix(fs::path(word).extension().native()))
      sources.push_back(absolute(word, place));
  }
}

void append(Words& to, const Words& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

void Targets::apply(const std::string& name, const Words& words, const Place& place) {
  if (name == "include_directories") {
    for (const std::string& word : values_of(words))
      if (!is_scope(word) && is_known(word)) shared.dirs.push_back(absolute(word, place));
  } else if (name == "add_definitions" || name == "add_compile_options" || name == "add_compile_definitions") {
    for (const std::string& word : values_of(words))
      add_flag(name == "add_compile_definitions" ? define_flag(word) : word, place, shared.flags);
  } else if (makes_module(name)) {
    add_module(words, place);
  } else if (name == "add_library") {
    add_library(words, place);
  } else if (name == "python_extension_module") {
    target(words[0]).target.is_module = true;
  } else if (name.starts_with("target_")) {
    change(name, words, place);
  } else if (name == "set_target_properties" || name == "set_property") {
    set_properties(words);
  }
}

void Targets::finish() {
  for (const std::string& name : order_) {
    Made& made = targets_.at(name);
    // A plain library is a module of Python when it is linked as one.
    if (!made.target.sources.empty() && std::ranges::any_of(made.linked, is_interpreter)) made.target.is_module = true;
    if (made.target.is_module) made.target.module = made.output.empty() ? name : made.output;
  }
  for (const std::string& name : order_) settle_cython(targets_.at(name).target);
  for (const std::string& name : order_) take_over(name);
  for (const std::string& name : order_) settle_standards(targets_.at(name));
  for (const std::string& name : order_) hand_on(name);
  for (const std::string& name : order_) out_.targets.push_back(std::move(targets_.at(name).target));
}

// C that Cython makes stands for what it is made of.
void Targets::settle_cython(Target& target) const {
  for (std::string& source : target.sources) {
    const CythonCommand* maker = cython_.maker_of(source);
    if (maker == nullptr) continue;
    source = maker->source;
    target.by_cython = true;
    if (target.is_module) target.module = maker->module;
    if (maker->cxx) target.language = "c++";
    append(target.directives, maker->directives);
    append(target.compile_time, maker->values);
    append(target.include_dirs, maker->search);
  }
}

// What is linked into a target brings what it shows to others.
void Targets::take_over(const std::string& name) {
  Made& to = targets_.at(name);
  for (const std::string& linked : reached_from(name)) {
    const Made& from = targets_.at(linked);
    to.target.include_dirs.insert(to.target.include_dirs.end(), from.public_dirs.begin(), from.public_dirs.end());
    to.target.flags.insert(to.target.flags.end(), from.public_flags.begin(), from.public_flags.end());
    append(to.standards, from.public_standards);
  }
}

// Of each language the newest that anybody asks for; what is written as an option goes before it.
void Targets::settle_standards(Made& made) {
  for (const std::string kind : {"gnu++", "gnu"}) {
    int newest = 0;
    for (const std::string& standard : made.standards) {
      const std::string year = standard.starts_with(kind) ? standard.substr(kind.size()) : "";
      if (year.size() != 2 || year.find_first_not_of("0123456789") != std::string::npos) continue;
      const int number = std::stoi(year);
      newest = std::max(newest, number > 80 ? number : number + 100);
    }
    const int year = newest % 100;
    if (newest != 0)
      made.target.flags.insert(made.target.flags.begin(),
                               "-std=" + kind + (year < 10 ? "0" : "") + std::to_string(year));
  }
}

// What is linked into a module is that module's, transitively.
void Targets::hand_on(const std::string& name) {
  const Target module = targets_.at(name).target;
  if (!module.is_module) return;
  for (const std::string& linked : reached_from(name)) {
    Target part = targets_.at(linked).target;
    if (part.is_module) continue;
    part.module = module.module;
    part.is_module = true;
    out_.targets.push_back(std::move(part));
  }
}

// The project's targets that `name` links, in order; not itself, and not through other modules.
Words Targets::reached_from(const std::string& name) const {
  Words out;
  std::set<std::string> seen{name};
  Words pending = targets_.at(name).linked;
  std::ranges::reverse(pending);
  while (!pending.empty()) {
    const std::string linked = std::move(pending.back());
    pending.pop_back();
    const auto found = targets_.find(linked);
    if (found == targets_.end() || !seen.insert(linked).second) continue;
    out.push_back(linked);
    if (!found->second.target.is_module)
      pending.insert(pending.end(), found->second.linked.rbegin(), found->second.linked.rend());
  }
  return out;
}

// Of a macro whose value nobody knows its name is still of use.
void Targets::add_flag(std::string flag, const Place& place, Words& to) {
  if (!is_known(flag)) {
    if (!flag.starts_with("-D") || !is_known(flag.substr(0, flag.find('=')))) return;
    std::erase(flag, unknown_mark);
  }
  if (flag.size() < 2 || flag == "-D") return;
  if (flag.starts_with("-DPy_LIMITED_API")) {
    ask_limited("Py_LIMITED_API", place);
    if (place.in_doubt) return;
  }
  to.push_back(std::move(flag));
}

// Under a condition that could not be decided nobody knows for which builds it is asked for.
void Targets::ask_limited(const char* what, const Place& place) {
  out_.limited_api.push_back({place.file, place.line, what, place.in_doubt});
}

Targets::Made& Targets::target(const std::string& name) {
  const auto [entry, fresh] = targets_.try_emplace(name);
  if (fresh) order_.push_back(name);
  return entry->second;
}

Targets::Made& Targets::made_target(const Words& words, const Place& place) {
  Made& made = target(words[0]);
  made.target.described = place.file;
  made.target.line = place.line;
  add_sources({words.begin() + 1, words.end()}, place, made.target.sources, made.linked);
  append(made.target.include_dirs, shared.dirs);
  append(made.target.flags, shared.flags);
  for (const auto& [variable, kind] : {std::pair{"CMAKE_CXX_STANDARD", "gnu++"}, {"CMAKE_C_STANDARD", "gnu"}})
    if (const std::string standard = variables_.text(variable); !standard.empty() && is_known(standard))
      made.standards.push_back(kind + standard);
  return made;
}

void Targets::add_module(const Words& words, const Place& place) {
  Made& made = made_target(words, place);
  made.target.is_module = true;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "FREE_THREADED") made.target.flags.push_back("-DNB_FREE_THREADED");
    // (nanobind's STABLE_ABI is without effect in a free-threaded build.)
    if (words[i] == "USE_SABI" && i + 1 < words.size() && is_known(words[i + 1])) ask_limited("USE_SABI", place);
  }
}

void Targets::add_library(const Words& words, const Place& place) {
  // Its sources may follow, by target_sources.
  if (words.size() == 1) return void(made_target(words, place));
  if (words[1] == "IMPORTED" || (words.size() > 2 && words[2] == "IMPORTED")) return;
  if (words[1] != "ALIAS") made_target(words, place);
  else if (words.size() > 2) target(words[0]).linked.push_back(words[2]);
}

void Targets::change(const std::string& name, const Words& words, const Place& place) {
  Made& changed = target(words[0]);
  if (changed.target.described.empty()) changed.target.described = place.file, changed.target.line = place.line;
  bool own = true, others = true;  // whom the words that follow are for; without a scope, both
  for (const std::string& word : values_of({words.begin() + 1, words.end()})) {
    if (is_scope(word)) {
      if (word == "PRIVATE" || word == "PUBLIC" || word == "INTERFACE")
        own = word != "INTERFACE", others = word != "PRIVATE";
      continue;
    }
    Words dirs, flags, standards;
    if (name == "target_include_directories") {
      if (is_known(word)) dirs.push_back(absolute(word, place));
    } else if (name == "target_compile_definitions") {
      add_flag(define_flag(word), place, flags);
    } else if (name == "target_compile_options") {
      add_flag(word, place, flags);
    } else if (name == "target_link_libraries") {
      changed.linked.push_back(word);
    } else if (name == "target_sources") {
      if (own) add_sources({word}, place, changed.target.sources, changed.linked);
    } else if (name == "target_compile_features" && word.starts_with("cxx_std_")) {
      standards.push_back("gnu++" + word.substr(8));
    } else if (name == "target_compile_features" && word.starts_with("c_std_")) {
      standards.push_back("gnu" + word.substr(6));
    }
    if (own)
      append(changed.target.include_dirs, dirs), append(changed.target.flags, flags),
          append(changed.standards, standards);
    if (others)
      append(changed.public_dirs, dirs), append(changed.public_flags, flags),
          append(changed.public_standards, standards);
  }
}

// set_target_properties(a b PROPERTIES OUTPUT_NAME x CXX_STANDARD 20), set_property(TARGET a PROPERTY ...)
void Targets::set_properties(const Words& words) {
  const auto at = static_cast<std::size_t>(
      std::ranges::find_if(words, [](auto& word) { return word == "PROPERTIES" || word == "PROPERTY"; }) -
      words.begin());
  for (std::size_t t = 0; t < at && t < words.size(); ++t) {
    const auto found = targets_.find(words[t]);
    if (found == targets_.end()) continue;
    for (std::size_t i = at + 1; i + 1 < words.size(); i += 2) {
      if (!is_known(words[i + 1])) continue;
      if (words[i] == "OUTPUT_NAME") found->second.output = without_generators(words[i + 1]);
      if (words[i] != "CXX_STANDARD" && words[i] != "C_STANDARD") continue;
      // What it was made with from a variable is no longer so.
      const bool cxx = words[i] == "CXX_STANDARD";
      std::erase_if(found->second.standards, [&](auto& one) { return one.starts_with("gnu++") == cxx; });
      found->second.standards.push_back((cxx ? "gnu++" : "gnu") + words[i + 1]);
    }
  }
}

}  // namespace ftaudit::project::cmake
