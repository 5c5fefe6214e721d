#include "reports/sides.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "base/text.h"

namespace ftaudit::reports {

std::string in_words(const Side& side) {
  std::map<std::string, Does> worst;
  for (const Side::Point& point : side.points)
    if (const auto [known, fresh] = worst.emplace(point.state, point.does); !fresh)
      known->second = std::max(known->second, point.does);
  std::vector<std::string> deeds;
  constexpr std::pair<Does, std::string_view> verbs[] = {
      {Does::release, "releases "}, {Does::update, "updates "}, {Does::write, "writes "}, {Does::read, "reads "}};
  for (const auto& [does, verb] : verbs) {
    std::vector<std::string> states;
    for (const auto& [state, done] : worst)
      if (done == does) states.push_back(state);
    if (!states.empty()) deeds.push_back(std::string(verb) + join(states, ", "));
  }
  std::string out = side.function.empty() ? "code at file scope " : side.function + " ";
  for (std::size_t i = 0; i < deeds.size(); ++i)
    out += (i == 0 ? "" : i + 1 < deeds.size() ? ", " : " and ") + deeds[i];
  if (!side.held.empty()) out += ", holding " + side.held;
  if (side.confidence == Confidence::possible) out += " [possible]";
  return out;
}

std::string sides_title(const Finding& finding) {
  std::set<std::string_view> functions, held;
  for (const Side& side : finding.sides) functions.insert(side.function), held.insert(side.held);
  std::string out = counted(functions.size(), "function") + (functions.size() == 1 ? " takes part" : " take part");
  if (!finding.remedy.empty()) out += " without " + finding.remedy;
  else if (held.size() == 1 && held.begin()->empty())
    out += functions.size() == 1 ? ", holding nothing" : ", none of them holding a lock";
  return out;
}

std::string first_names(const std::vector<std::string>& names, std::size_t most) {
  if (names.size() <= most) return join(names, ", ");
  return join(std::span(names).first(most), ", ") + " and " + std::to_string(names.size() - most) + " more";
}

std::vector<const Side*> sides_beyond_trace(const Finding& finding) {
  std::vector<const Side*> out;
  for (const Side& side : finding.sides) {
    const bool shown = std::any_of(side.points.begin(), side.points.end(), [&](const Side::Point& point) {
      return std::any_of(finding.trace.begin(), finding.trace.end(), [&](const Step& step) {
        return step.location.file == point.location.file && step.location.line == point.location.line;
      });
    });
    if (!shown) out.push_back(&side);
  }
  return out;
}

}  // namespace ftaudit::reports
