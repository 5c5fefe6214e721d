// The modules that the chosen sources belong to: by the build description, and by what the text defines beyond it.
#include <algorithm>

#include "project/selected_sources.h"

namespace ftaudit::project {

namespace {

std::string last_part(const std::string& module) { return module.substr(module.rfind('.') + 1); }

}  // namespace

std::vector<std::string> Selection::modules_of(const std::string& file) {
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

std::vector<std::string> Selection::defined_in(const Target& target) {
  for (const std::string& source : target.sources)
    if (const SourceText* text = includes_.text(source); text != nullptr && !text->modules.empty())
      return text->modules;
  return {};
}

std::string Selection::full_name(const std::string& name) const {
  std::string out;
  for (const Target& target : description_.targets)
    if (target.is_module && last_part(target.module) == name && target.module != out) {
      if (!out.empty()) return name;
      out = target.module;
    }
  return out.empty() ? name : out;
}

void Selection::read_init_macros() {
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

void Selection::adopt_orphans() {
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

void Selection::list_modules() {
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

}  // namespace ftaudit::project
