#include "analysis/lock_keys.h"

#include <algorithm>

namespace ftaudit::analysis {

namespace {

bool is_module(const View& view, const std::string& what) {
  if (what[0] != 'r' || what.find_first_not_of("0123456789", 1) != std::string::npos) return false;
  const std::size_t number = std::stoul(what.substr(1));
  return number < view.roots.size() && view.roots[number].module;
}

std::string root_of(const std::string& text) { return text.substr(0, text.find_first_of("*.[@")); }

bool ends_name(const std::string& text, std::size_t at) {
  return at >= text.size() || text[at] == '*' || text[at] == '.' || text[at] == '[';
}

struct Common {
  std::size_t of_lock = 0, of_base = 0;  // characters
};

// What the path has in common with the place of the lock. A path does not tell the elements of an array apart: whose
// lock is named by its number is taken for the one at hand.
Common common_part(const std::string& what, const std::string& base) {
  Common now, out;
  while (now.of_lock < what.size() && now.of_base < base.size() && what[now.of_lock] == base[now.of_base]) {
    const bool element = what[now.of_lock] == '[';
    now.of_lock = element ? std::min(what.find(']', now.of_lock), what.size() - 1) + 1 : now.of_lock + 1;
    now.of_base = element ? std::min(base.find(']', now.of_base), base.size() - 1) + 1 : now.of_base + 1;
    if (ends_name(what, now.of_lock) && ends_name(base, now.of_base)) out = now;
  }
  return out;
}

// Not in the object that is at hand but in one that it points to (r0*.connection*.mu): whether that is what the state
// belongs to cannot be told.
bool lies_beyond(const std::string& what) {
  const std::size_t first = what.find('*');
  return first != std::string::npos && what.find('*', first + 1) != std::string::npos;
}

// "^Cache": the record of the object that the first part of the path leads to.
std::string owner_of(const Path& path, std::size_t characters) {
  for (std::size_t i = 0; i < path.steps.size(); ++i)
    if (path.text(i).size() >= characters && path.steps[i].kind == model::Step::Kind::field)
      return "^" + path.steps[i].record;
  return "^";
}

}  // namespace

// A lock in terms that mean the same wherever the state is accessed: relative to the object, or a global.
LockKeys lock_keys(const View& view, const Locks& held, const Path& path, const Path& led, const Target& target) {
  const bool field = target.kind == Target::Kind::field;
  const std::string base = field ? path.text(target.base_steps) : "", around = field ? led.text() : "";
  LockKeys out;
  for (const Lock& lock : held) {
    const bool address = lock.what.starts_with("&");
    const std::string what = address ? lock.what.substr(1) : lock.what;
    const std::size_t known = out.keys.size();
    const std::string mark = lock.kind == capi::LockCall::Kind::critical_section && !address ? "section" : "&";
    if (what.empty() || what == "?") {
      out.unknown = true;
    } else if (what[0] == 'g' && !(field && root_of(what) == root_of(base))) {
      out.keys.push_back(mark + what);
    } else if (field && root_of(what) == root_of(base)) {
      const auto [of_lock, of_base] = common_part(what, base);
      out.keys.push_back(mark + (of_base < base.size() ? owner_of(path, of_base) : "") + what.substr(of_lock));
    } else if (!around.empty() && root_of(what) == root_of(around)) {
      const auto [of_lock, of_base] = common_part(what, around);
      out.keys.push_back(mark + owner_of(led, of_base) + what.substr(of_lock));
    } else if (is_module(view, what)) {
      out.keys.push_back(mark + " module");
    } else if (what[0] == 'c' || what[0] == 'v' || lies_beyond(what)) {
      out.unknown = true;
    } else {
      out.other = true;
    }
    if (lock.shared)
      out.readers.insert(out.readers.end(), out.keys.begin() + static_cast<std::ptrdiff_t>(known), out.keys.end());
  }
  return out;
}

std::string key_of_owner(const model::Function& function, const View& view, const Lock& lock, const Target& target) {
  if (target.kind != Target::Kind::field || lock.shared || !lock.what.starts_with("&g")) return {};
  for (std::uint32_t p = 0; p < function.parameters && p < view.given.size(); ++p) {
    const Path& given = view.given[p].path;
    const std::string& record = function.variables[p].type.record;
    if (given.root != Path::Root::global || given.is_address || record.empty() || record == target.record) continue;
    const std::string object = "&" + given.text() + "*.";
    if (lock.what.starts_with(object) && lock.what.find_first_of("*[", object.size()) == std::string::npos)
      return "&^" + record + lock.what.substr(object.size() - 1);
  }
  return {};
}

}  // namespace ftaudit::analysis
