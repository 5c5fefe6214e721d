#include "analysis/lock_keys.h"

#include <set>

namespace ftaudit::analysis {

using model::Operand;

LockKeys::LockKeys(const Program& program, const Held& held, const Targets& targets)
    : held_(held), targets_(targets), takes_module_(program.facts.functions.size(), false) {
  std::set<std::uint32_t> module_methods;
  for (const model::Table& table : program.facts.tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        if (cell.field == "m_methods" && cell.value.kind == Operand::Kind::global)
          module_methods.insert(cell.value.global.n);
  for (const model::Table& table : program.facts.tables)
    for (const model::Row& row : table.rows)
      for (const model::Cell& cell : row.cells)
        if (module_methods.contains(table.variable.n) && cell.field == "ml_meth" &&
            cell.value.kind == Operand::Kind::function)
          if (const FunctionId id = program.find(cell.value.function); id != none) takes_module_[id] = true;
}

// Where a parameter stands for a global, a lock named through it is named through the global.
std::vector<Lock> LockKeys::locks_at(const Site& site, const Path& given, const Path& path) const {
  std::vector<Lock> locks = held_.at(site.function, site.event);
  if (locks.empty() || given.root != Path::Root::parameter || path.root != Path::Root::global) return locks;
  Path bare = given;
  bare.steps.clear(), bare.is_address = false;
  const Path meant = targets_.lifted(site.function, bare);
  const std::string from = bare.text() + (meant.is_address ? "*" : "");
  for (Lock& lock : locks) {
    const std::string mark = lock.what.starts_with("&") ? "&" : "";
    if (lies_in(lock.what.substr(mark.size()), bare.text()) && lock.what.substr(mark.size()).starts_with(from))
      lock.what = mark + meant.text() + lock.what.substr(mark.size() + from.size());
  }
  return locks;
}

// A lock in terms that mean the same wherever the state is accessed: relative to the object, or a global.
LockKeys::Keys LockKeys::at(const Site& site, const Path& given, const Path& path, const Target& target) const {
  const bool field = target.kind == Target::Kind::field;
  const std::string base = field ? path.text(target.base_steps) : "";
  Keys out;
  for (const Lock& lock : locks_at(site, given, path)) {
    const bool address = lock.what.starts_with("&");
    const std::string what = address ? lock.what.substr(1) : lock.what;
    const std::string mark = lock.kind == capi::LockCall::Kind::critical_section && !address ? "section" : "&";
    if (what.empty() || what == "?") {
      out.unknown = true;
    } else if (what[0] == 'g') {
      out.keys.push_back(mark + what);
    } else if (field && what.substr(0, what.find_first_of("*.[@")) == base.substr(0, base.find_first_of("*.[@"))) {
      std::size_t common = 0;
      while (common < what.size() && common < base.size() && what[common] == base[common]) ++common;
      const auto boundary = [](const std::string& text, std::size_t at) {
        return at >= text.size() || text[at] == '*' || text[at] == '.' || text[at] == '[';
      };
      while (common > 0 && !(boundary(what, common) && boundary(base, common))) --common;
      out.keys.push_back(mark + (common < base.size() ? "^" + base.substr(common) : "") + what.substr(common));
    } else if (takes_module_[site.function] && what == "p0") {
      out.keys.push_back(mark + " module");
    } else if (what[0] == 'c' || what[0] == 'v') {
      out.unknown = true;
    } else {
      out.other = true;
    }
  }
  return out;
}

}  // namespace ftaudit::analysis
