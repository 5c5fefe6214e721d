#include "analysis/lock_keys.h"

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

// What the path has in common with the place of the lock, as a number of characters.
std::size_t common_part(const std::string& what, const std::string& base) {
  std::size_t common = 0;
  while (common < what.size() && common < base.size() && what[common] == base[common]) ++common;
  while (common > 0 && !(ends_name(what, common) && ends_name(base, common))) --common;
  return common;
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
    } else if (what[0] == 'g') {
      out.keys.push_back(mark + what);
    } else if (field && root_of(what) == root_of(base)) {
      const std::size_t common = common_part(what, base);
      out.keys.push_back(mark + (common < base.size() ? owner_of(path, common) : "") + what.substr(common));
    } else if (!around.empty() && root_of(what) == root_of(around)) {
      const std::size_t common = common_part(what, around);
      out.keys.push_back(mark + owner_of(led, common) + what.substr(common));
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

}  // namespace ftaudit::analysis
