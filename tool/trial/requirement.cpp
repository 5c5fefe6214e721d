#include "trial/requirement.h"

#include <charconv>

#include "base/text.h"

namespace ftaudit::trial {
namespace {

template <class T> bool read_number(std::string_view text, T& into) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failed == std::errc() && end == text.data() + text.size();
}

}  // namespace

Result<Requirement> requirement_of(std::string_view text) {
  const Error wrong{"--require " + std::string(text) +
                    ": expected cpu, wall or memory, p50, p90 or p99, or time@THREADS, then < and a ratio, for example "
                    "cpu<1.1"};
  const std::size_t less = text.find('<');
  if (less == std::string_view::npos) return wrong;
  std::string_view name = trim(text.substr(0, less));
  Requirement out{.text = std::string(text)};
  if (!read_number(trim(text.substr(less + 1)), out.below) || !(out.below > 0)) return wrong;
  if (name == "cpu") out.quantity = "CPU time";
  else if (name == "wall") out.quantity = "wall time";
  else if (name == "memory") out.quantity = "memory";
  else if (name == "p50" || name == "p90" || name == "p99") out.quantity = std::string(name) + " latency";
  else if (name.starts_with("time@") && read_number(name.substr(5), out.lanes) && out.lanes > 1)
    out.quantity = "time of";
  else return wrong;
  return out;
}

void judge(Measurement& measurement, const std::vector<Requirement>& requirements) {
  for (const Requirement& wanted : requirements) {
    bool about = false;
    for (const MeasuredRow& row : measurement.rows) {
      if (!row.quantity.starts_with(wanted.quantity) || row.lanes != wanted.lanes) continue;
      about = true;
      const std::string where = wanted.text + ": " + row.workload + ", " + row.quantity;
      if (row.ratio.pairs == 0) {
        measurement.notes.push_back(where + " has no answer: " + row.why);
        measurement.incomplete = true;
      } else if (row.ratio.low > wanted.below) {
        measurement.missed.push_back(where);
      } else if (row.ratio.high > wanted.below) {
        measurement.notes.push_back(where + " cannot be told from this");
        measurement.incomplete = true;
      }
    }
    if (about) continue;
    measurement.notes.push_back(wanted.text + ": nothing was measured that this is about");
    measurement.incomplete = true;
  }
}

}  // namespace ftaudit::trial
