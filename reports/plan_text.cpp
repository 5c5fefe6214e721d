#include <algorithm>
#include <map>

#include "base/text.h"
#include "reports/columns.h"
#include "reports/plan.h"

namespace ftaudit::reports {
namespace {

constexpr std::size_t places_shown = 6, matrices_shown = 3, rows_shown = 16, indent = 4;

std::string at(const Location& location) { return leading(location.file) + ":" + std::to_string(location.line); }

// "3 steps end 41 of 47 findings".
std::string closing(const Plan& plan, bool whole, bool nothing) {
  if (nothing) return "Nothing was audited: there is nothing to plan from.";
  if (plan.findings == 0) return whole ? "No findings: there is nothing to plan." : "No findings in what was read.";
  if (plan.steps.empty()) return "No step ends any of " + counted(plan.findings, "finding") + ".";
  std::size_t brought = 0;
  for (const PlanStep& step : plan.steps) brought += step.brings.size();
  return counted(plan.steps.size(), "step") + (plan.steps.size() == 1 ? " ends " : " end ") +
         std::to_string(plan.ended) + " of " + counted(plan.findings, "finding") +
         (brought > 0 ? " and would bring " + std::to_string(brought) : "") + "; measured " +
         (plan.measured == Measured::singly ? "step by step" : "all together") + " by the same analyses and rules.";
}

class Text {
 public:
  Text(std::ostream& out, const Document& planned, const PlanStyle& style)
      : out_(out),
        document_(planned),
        plan_(*planned.plan),
        style_(style),
        width_(std::max<std::size_t>(style.width, 40)) {}

  void write() {
    for (const PlanStep& step : plan_.steps)
      if (!style_.why || *style_.why == step.number) tell(step, style_.why.has_value() || style_.verbose);
    if (style_.why) return;
    for (const PlanRest& rest : plan_.rest) {
      wrapped(0, "left",
              rest.rule + " " + rest.name +
                  (rest.findings.size() > 1 ? " x" + std::to_string(rest.findings.size()) : "") + " (" +
                  at(rest.findings[0].location) + (rest.findings.size() > 1 ? ", ..." : "") + "): " + rest.why);
      if (style_.verbose)
        for (const PlanFinding& finding : rest.findings) wrapped(indent, at(finding.location), finding.what);
    }
    if (!plan_.rest.empty()) out_ << '\n';
    if (style_.verbose) matrices();
    for (const std::string& line : wrap(closing(plan_, unread(), document_.analysed.empty()), width_))
      out_ << line << '\n';
  }

 private:
  void wrapped(std::size_t left, const std::string& label, const std::string& text) {
    const std::string head = std::string(left, ' ') + label + (label.empty() ? "" : "  ");
    bool first = true;
    for (const std::string& line :
         wrap(text, width_ - std::min(width_ / 2, left + indent), width(head) - std::min(width(head), left + indent))) {
      out_ << (first ? head : std::string(left + indent, ' ')) << line << '\n';
      first = false;
    }
  }

  void tell(const PlanStep& step, bool whole) {
    std::string what = step.what;
    if (!what.empty()) what[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(what[0])));
    wrapped(0, std::to_string(step.number), what + ": " + step.because);
    const std::size_t count = whole || step.places.size() <= places_shown + 1 ? step.places.size() : places_shown;
    for (std::size_t i = 0; i < count; ++i) {
      const PlanPlace& place = step.places[i];
      wrapped(indent, at(place.location), (place.function.empty() ? "" : place.function + ": ") + place.write);
      if (whole && !place.entry_points.empty()) wrapped(2 * indent, "by", join(place.entry_points, ", "));
    }
    if (count < step.places.size())
      out_ << std::string(indent, ' ') << "and " << counted(step.places.size() - count, "more place")
           << " (ftaudit plan --why " << step.number << ")\n";
    if (!step.ends.empty()) wrapped(indent, "ends", by_rule(step.ends));
    if (whole)
      for (const PlanFinding& finding : step.ends)
        wrapped(2 * indent, at(finding.location), finding.rule + ": " + finding.what);
    if (!step.lessens.empty()) wrapped(indent, "ends part of", by_rule(step.lessens));
    for (const PlanFinding& finding : step.brings)
      wrapped(indent, "would be new", at(finding.location) + ": " + finding.rule + ": " + finding.what);
    if (!step.otherwise.empty()) wrapped(indent, "or", step.otherwise);
    if (!step.by_hand.empty()) wrapped(indent, "by hand", step.by_hand);
    out_ << '\n';
  }

  void matrices() {
    for (std::size_t i = 0; i < plan_.before.size() && i < matrices_shown; ++i) {
      const TypeReport &before = plan_.before[i], &after = plan_.after[i];
      out_ << printable(before.name) << ": " << before.races << " of " << before.pairs
           << " pairs of entries race before, " << after.races << " after\n";
      for (std::size_t row = 0; row < before.rows.size() && row < rows_shown; ++row)
        out_ << std::string(indent, ' ') << before.rows[row] << "  "
             << (row < after.rows.size() && after.entries == before.entries ? after.rows[row] : "") << "  "
             << printable(before.entries[row]) << '\n';
      out_ << '\n';
    }
  }

  std::ostream& out_;
  // What stands there may want steps of its own. True where there is nothing of it.
  bool unread() {
    bool any = false;
    for (const AnalysedFile& file : document_.analysed)
      if (file.partial) wrapped(0, "read in part", leading(file.file) + ": " + file.reason), any = true;
    for (const SkippedFile& file : document_.skipped)
      if (file.asked) wrapped(0, "not read", leading(file.file) + ": " + file.reason), any = true;
    if (any) out_ << '\n';
    return !any;
  }

  const Document& document_;
  const Plan& plan_;
  const PlanStyle& style_;
  const std::size_t width_;
};

}  // namespace

std::string by_rule(const std::vector<PlanFinding>& findings) {
  std::map<std::string, std::size_t> counts;
  for (const PlanFinding& finding : findings) ++counts[finding.rule + " " + finding.name];
  std::vector<std::string> out;
  for (const auto& [rule, count] : counts) out.push_back(rule + (count > 1 ? " x" + std::to_string(count) : ""));
  return join(out, ", ");
}

std::string in_short(const std::optional<Plan>& plan) {
  if (!plan || plan->steps.empty()) return "";
  const bool one = plan->steps.size() == 1, known = plan->measured != Measured::no;
  return counted(plan->steps.size(), "edit") +
         (known ? one ? " mends " : " mend "
          : one ? " is for "
                : " are for ") +
         std::to_string(plan->ended) + " of " + counted(plan->findings, "finding") +
         (known ? " (ftaudit plan tells which)" : ", not measured (ftaudit plan measures it)");
}

void write_plan_text(std::ostream& out, const Document& planned, const PlanStyle& style) {
  Text(out, planned, style).write();
}

}  // namespace ftaudit::reports
