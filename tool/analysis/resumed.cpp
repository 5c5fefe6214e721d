#include "analysis/resumed.h"

#include <algorithm>
#include <optional>
#include <string>

#include "analysis/worlds.h"
#include "model/generated.h"

namespace ftaudit::analysis {

namespace {

// Flags in globals that every way to where the body is handed over has passed.
std::vector<std::string> passed_by_makers(const Program& program, const ViewPaths& views, FunctionId body) {
  std::optional<std::vector<std::string>> out;
  for (const Edge& edge : program.calls_to(body)) {
    if (edge.indirect) continue;
    if (!edge.mention) return {};
    for (const ViewId id : views.of(edge.from)) {
      std::vector<std::string> flags = views.passed(views.view(id), edge.event);
      std::erase_if(flags, [](const std::string& flag) { return !flag.starts_with("&g"); });
      out = out ? common(*out, flags) : std::move(flags);
    }
  }
  return out.value_or(std::vector<std::string>{});
}

}  // namespace

void pass_flags_to_resumed(const Program& program, const ViewPaths& views, Per<ViewId, View, std::deque<View>>& all) {
  for (const model::Global& global : program.facts.globals) {
    if (!global.key.starts_with(model::resumed_entry)) continue;
    model::FunctionKey key;
    key.text = global.key.substr(model::resumed_entry.size());
    const FunctionId body = program.find(key);
    if (body == none) continue;
    const std::vector<std::string> flags = passed_by_makers(program, views, body);
    for (const ViewId id : views.of(body)) {
      std::vector<std::string>& passed = all[id].passed;
      passed.insert(passed.end(), flags.begin(), flags.end());
      std::ranges::sort(passed);
      passed.erase(std::unique(passed.begin(), passed.end()), passed.end());
    }
  }
}

}  // namespace ftaudit::analysis
