#include "analysis/lock_keys.h"

namespace ftaudit::analysis {

namespace {

bool is_module(const View& view, const std::string& what) {
  if (what[0] != 'r' || what.find_first_not_of("0123456789", 1) != std::string::npos) return false;
  const std::size_t number = std::stoul(what.substr(1));
  return number < view.roots.size() && view.roots[number].module;
}

}  // namespace

// A lock in terms that mean the same wherever the state is accessed: relative to the object, or a global.
LockKeys lock_keys(const View& view, const Locks& held, const Path& path, const Target& target) {
  const bool field = target.kind == Target::Kind::field;
  const std::string base = field ? path.text(target.base_steps) : "";
  LockKeys out;
  for (const Lock& lock : held) {
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
    } else if (is_module(view, what)) {
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
