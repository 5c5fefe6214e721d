#include "reports/terminal.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/plan.h"
#include "reports/sides.h"
#include "reports/types.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

// What lists are cut to without -v.
constexpr std::size_t locations_shown = 5, reasons_shown = 8, files_shown = 3, entries_shown = 6, blockers_shown = 3,
                      types_shown = 12, report_lines_shown = 14;
constexpr std::size_t label_width = 9;  // "  instead"

enum class Ink { plain, bold, dim, red, yellow, cyan, green };

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::high: return Ink::red;
    case Severity::medium: return Ink::yellow;
    case Severity::low: return Ink::cyan;
    case Severity::info: break;
  }
  return Ink::dim;
}

// Findings of one rule about one object or piece of shared state: one is told, the others are named.
struct Group {
  const Finding* told;
  std::vector<const Finding*> others;  // in report order
};

// In the order of each group's first finding.
std::vector<Group> grouped(const std::vector<Finding>& findings) {
  std::vector<Group> groups;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> known;  // by rule and place
  for (const Finding& finding : findings) {
    if (!finding.place.empty()) {
      const auto [at, fresh] = known.try_emplace({finding.rule, finding.place}, groups.size());
      if (!fresh) {
        groups[at->second].others.push_back(&finding);
        continue;
      }
    }
    groups.push_back({&finding, {}});
  }
  // The worst is the one worth telling.
  for (Group& group : groups)
    for (const Finding*& other : group.others)
      if (std::tie(other->severity, other->confidence) > std::tie(group.told->severity, group.told->confidence))
        std::swap(other, group.told);
  for (Group& group : groups)
    std::sort(group.others.begin(), group.others.end(), [](auto* a, auto* b) { return before(*a, *b); });
  return groups;
}

class Terminal {
 public:
  Terminal(std::ostream& out, const Document& document, const TerminalStyle& style)
      : out_(out), document_(document), style_(style), sources_(style.source) {
    style_.width = std::max<std::size_t>(style.width, 40);
    for (const Finding& finding : document.findings) by_fingerprint_.emplace(finding.fingerprint, &finding);
  }

  void write() {
    for (const Group& group : grouped(document_.findings)) tell(group);
    if (document_.against) fixed(document_.against->fixed);
    if (document_.against) progress(document_.against->progress);
    for (const ModuleReport& module : document_.modules) tell(module);
    if (!document_.modules.empty()) out_ << '\n';
    types();
    unread();
    if (style_.verbose) tallies();
    for (const std::string& note : document_.notes) labelled("note", note, 0);
    if (!document_.notes.empty()) out_ << '\n';
    if (const std::string plan = in_short(document_.plan); !plan.empty())
      for (const std::string& line : wrap(plan, style_.width)) out_ << line << '\n';
    const bool clean = document_.findings.empty() && exit_code(document_, std::nullopt) == 0;
    for (const std::string& line : wrap(closing_line(document_), style_.width))
      out_ << paint(clean ? Ink::green : Ink::bold, line) << '\n';
  }

 private:
  std::string paint(Ink ink, std::string_view text) const {
    if (!style_.colour || ink == Ink::plain) return std::string(text);
    static constexpr std::string_view codes[] = {"", "1", "2", "1;31", "1;33", "1;36", "1;32"};
    return "\x1b[" + std::string(codes[static_cast<int>(ink)]) + "m" + std::string(text) + "\x1b[0m";
  }

  std::size_t shown(std::size_t cap, std::size_t size) const {
    // A list is not cut for the sake of one line that says so.
    return style_.verbose || size <= cap + 1 ? size : cap;
  }

  void tell(const Group& group) {
    const Finding& finding = *group.told;
    head(finding);
    source(finding.location, 0, ink_of(finding.severity));
    labelled("what", finding.what);
    if (!finding.why.empty()) {
      if (explained_.insert(finding.rule).second || style_.verbose) labelled("why", finding.why);
      else labelled("why", "as said above; `ftaudit explain " + finding.rule + "` says more");
    }
    labelled("instead", finding.instead);
    trace(finding);
    sides(finding);
    entries(finding.entry_points);
    if (finding.witness) seen(*finding.witness);
    also(group);
    out_ << '\n';
  }

  void head(const Finding& finding) {
    const Ink ink = ink_of(finding.severity);
    out_ << paint(Ink::bold, place(finding.location)) << ": " << paint(ink, name_of(finding.severity)) << ' '
         << paint(ink, printable(finding.rule)) << ' ' << paint(Ink::bold, printable(finding.name)) << ' '
         << paint(Ink::dim, "[" + std::string(name_of(finding.confidence)) + "]");
    if (!finding.function.empty()) out_ << paint(Ink::dim, " in " + printable(finding.function));
    out_ << '\n';
  }

  // Source lines behind a margin of line numbers, `indent` columns in.
  void source(const Location& location, std::size_t indent, Ink ink) {
    const std::size_t digits =
        std::max<std::size_t>(std::to_string(std::max(location.line, location.end_line)).size(), 4);
    const std::size_t margin = indent + digits + 3;
    const std::string blank(indent + digits, ' ');
    const auto lines = snippet(sources_, location, style_.width > margin + 20 ? style_.width - margin : 20);
    if (lines.empty()) return;
    for (const SnippetLine& line : lines) {
      std::string number = line.number == 0 ? "..." : std::to_string(line.number);
      number.insert(0, blank.size() - std::min(blank.size(), number.size()), ' ');
      out_ << paint(Ink::dim, number + " |") << (line.text.empty() ? "" : " ") << line.text << '\n';
      if (!line.carets.empty()) {
        const std::size_t first = line.carets.find('^');
        out_ << paint(Ink::dim, blank + " |") << ' ' << line.carets.substr(0, first)
             << paint(ink, line.carets.substr(first)) << '\n';
      }
    }
  }

  // "  what     text that goes on\n           and is wrapped below itself"
  void labelled(std::string_view label, std::string_view text, std::size_t indent = 2) {
    if (trim(text).empty()) return;
    const std::size_t hang = indent + std::max(label_width - 2, label.size()) + 2;
    std::string start(indent, ' ');
    start += paint(Ink::bold, label);
    start.append(hang - indent - label.size(), ' ');
    hanging(start, hang, text);
  }

  // `text` after `start`, further lines `hang` columns in. `over`: how many columns `start` is wider than that.
  void hanging(std::string_view start, std::size_t hang, std::string_view text, std::size_t over = 0) {
    bool first = true;
    for (const std::string& line : wrap(text, style_.width > hang + 20 ? style_.width - hang : 20, over)) {
      if (first) out_ << start;
      else out_ << std::string(hang, ' ');
      out_ << line << '\n';
      first = false;
    }
  }

  void trace(const Finding& finding) {
    if (finding.trace.empty()) return;
    out_ << "  " << paint(Ink::bold, "trace") << '\n';
    std::size_t number = 0;
    for (const Step& step : finding.trace) {
      const std::string start = "    " + std::to_string(++number) + "  ";
      hanging(start, start.size(), (step.location.file.empty() ? "" : place(step.location) + ": ") + step.what);
      // The finding's own line stands above already.
      if (step.location.file != finding.location.file || step.location.line != finding.location.line)
        source(step.location, start.size() - 2, Ink::dim);
    }
  }

  // Everybody else who takes part.
  void sides(const Finding& finding) {
    const std::vector<const Side*> others = sides_beyond_trace(finding);
    if (others.empty()) return;
    labelled("sides", sides_title(finding));
    const std::size_t listed = shown(locations_shown, others.size());
    for (std::size_t i = 0; i < listed; ++i)
      hanging("    ", 6, place(others[i]->location) + ": " + in_words(*others[i]));
    if (listed < others.size()) more(others.size() - listed, 4);
  }

  void entries(const std::vector<std::string>& names) {
    if (names.empty()) return;
    const std::size_t count = shown(entries_shown, names.size());
    std::string text = join(std::span(names).first(count), ", ");
    if (count < names.size()) text += " and " + std::to_string(names.size() - count) + " more";
    labelled("reached", "from Python through " + text);
  }

  void seen(const Witness& witness) {
    labelled("run", in_words(witness));
    const std::size_t listed = witness.places.size() > 1 ? shown(locations_shown, witness.places.size()) : 0;
    for (std::size_t i = 0; i < listed; ++i)
      labelled(i == 0 ? "places" : "", witness.places[i].what + ", " + times(witness.places[i].seen));
    if (listed != 0 && listed < witness.places.size())
      labelled("", "and " + std::to_string(witness.places.size() - listed) + " more");
    if (!witness.reproducer.empty()) {
      const std::string rate =
          witness.runs == 0 ? "" : " (" + std::to_string(witness.hits) + " of " + counted(witness.runs, "run") + ")";
      labelled("again", witness.reproducer + rate);
    }
    const std::vector<std::string> lines = split(trim(witness.report), '\n');
    if (witness.report.empty()) return;
    // Both stacks of a race are in the first lines; where threads and memory come from is for those who ask.
    std::size_t count = lines.size();
    if (!style_.verbose && count > report_lines_shown + 1) count = report_lines_shown;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t indent = 4 + std::min<std::size_t>(lines[i].find_first_not_of(' '), 12);
      for (const std::string& part : wrap(lines[i], style_.width > indent + 20 ? style_.width - indent : 20))
        out_ << std::string(indent, ' ') << paint(Ink::dim, part) << '\n';
    }
    if (count < lines.size())
      out_ << "    " << paint(Ink::dim, "and " + counted(lines.size() - count, "line") + " more; -v shows all") << '\n';
  }

  void also(const Group& group) {
    if (group.others.empty()) return;
    const std::string count = std::to_string(group.others.size());
    labelled("also", count + " more about " + group.told->place);
    const std::size_t listed = shown(locations_shown, group.others.size());
    for (std::size_t i = 0; i < listed; ++i) {
      const Finding& other = *group.others[i];
      std::string text = place(other.location);
      if (other.severity != group.told->severity) text += " (" + std::string(name_of(other.severity)) + ")";
      if (!other.function.empty()) text += " in " + other.function;
      if (other.what != group.told->what) text += ": " + other.what;
      hanging("    ", 6, text);
    }
    if (listed < group.others.size()) more(group.others.size() - listed, 4);
  }

  // What an earlier state had and this one has no more: named, not told.
  void fixed(const std::vector<Finding>& findings) {
    if (findings.empty()) return;
    out_ << paint(Ink::green, "fixed") << ": " << counted(findings.size(), "finding") << '\n';
    const std::size_t listed = shown(reasons_shown, findings.size());
    for (std::size_t i = 0; i < listed; ++i)
      hanging("  ", 4,
              place(findings[i].location) + " " + findings[i].rule + " " + findings[i].name +
                  (findings[i].function.empty() ? "" : " in " + findings[i].function) + ": " + findings[i].what);
    if (listed < findings.size()) more(findings.size() - listed, 2);
    out_ << '\n';
  }

  // Unchanged, but with fewer sides.
  void progress(const std::vector<Comparison::Progress>& mended) {
    if (mended.empty()) return;
    out_ << paint(Ink::green, "mended in part") << ": " << counted(mended.size(), "finding") << '\n';
    const std::size_t listed = shown(reasons_shown, mended.size());
    for (std::size_t i = 0; i < listed; ++i)
      hanging("  ", 4,
              place(mended[i].finding.location) + " " + mended[i].finding.rule + " " + mended[i].finding.name + ": " +
                  std::to_string(mended[i].left) + " of " + counted(mended[i].total, "side") + " left");
    if (listed < mended.size()) more(mended.size() - listed, 2);
    out_ << '\n';
  }

  void more(std::size_t count, std::size_t indent) {
    out_ << std::string(indent, ' ') << paint(Ink::dim, "and " + std::to_string(count) + " more; -v shows all") << '\n';
  }

  void tell(const ModuleReport& module) {
    const bool good = module.gil == Gil::not_used && module.blockers.empty();
    const Ink ink = good ? Ink::green : module.blockers.empty() ? Ink::yellow : Ink::red;
    const std::string name = printable(module.name);
    hanging(paint(Ink::bold, "module ") + paint(ink, name) + ' ', 2, module.verdict, 6 + width(name));
    std::size_t told = 0;
    for (const std::string& fingerprint : module.blockers) {
      const auto at = by_fingerprint_.find(fingerprint);
      if (at == by_fingerprint_.end()) continue;
      if (told == shown(blockers_shown, module.blockers.size())) break;
      const Finding& finding = *at->second;
      const std::string start = told++ == 0 ? "mend first  " : "then        ";
      out_ << "  " << paint(Ink::dim, start) << place(finding.location) << ' '
           << paint(ink_of(finding.severity), printable(finding.rule)) << ' ' << printable(finding.name) << '\n';
    }
    if (told > 0 && told < module.blockers.size()) more(module.blockers.size() - told, 2);
  }

  // A line a type that has something to say.
  void types() {
    std::vector<const TypeReport*> told;
    for (const TypeReport& type : document_.types)
      if (type.races > 0 || !type.contract.empty()) told.push_back(&type);
    if (told.empty()) return;
    const std::size_t listed = shown(types_shown, told.size());
    for (std::size_t i = 0; i < listed; ++i) {
      const std::string name = printable(told[i]->name);
      hanging(paint(Ink::bold, "type ") + name + ": ", 2, in_words(*told[i]), 5 + width(name));
    }
    if (listed < told.size()) more(told.size() - listed, 2);
    out_ << '\n';
  }

  // Files that were not audited whole, by reason: hundreds of files often lack the same header.
  void unread() {
    std::map<std::string, std::vector<std::string>> partial, skipped;
    for (const AnalysedFile& file : document_.analysed)
      if (file.partial) partial[file.reason].push_back(file.file);
    for (const SkippedFile& file : document_.skipped) skipped[file.reason].push_back(file.file);
    by_reason("audited in part", partial);
    by_reason("skipped", skipped);
  }

  void by_reason(std::string_view title, const std::map<std::string, std::vector<std::string>>& reasons) {
    if (reasons.empty()) return;
    std::size_t files = 0;
    for (const auto& [reason, list] : reasons) files += list.size();
    out_ << paint(Ink::yellow, title) << ": " << counted(files, "file") << '\n';
    // The reason that costs most files first.
    std::vector<const std::pair<const std::string, std::vector<std::string>>*> order;
    for (const auto& entry : reasons) order.push_back(&entry);
    std::sort(order.begin(), order.end(), [](auto* a, auto* b) {
      return a->second.size() != b->second.size() ? a->second.size() > b->second.size() : a->first < b->first;
    });
    const std::size_t listed = shown(reasons_shown, order.size());
    for (std::size_t i = 0; i < listed; ++i) {
      const auto& [reason, list] = *order[i];
      const std::size_t count = shown(files_shown, list.size());
      std::string text = reason + ": " + join(std::span(list).first(count), ", ");
      if (count < list.size()) text += " and " + std::to_string(list.size() - count) + " more";
      hanging("  ", 4, text);
    }
    if (listed < order.size()) {
      std::size_t rest = 0;
      for (std::size_t i = listed; i < order.size(); ++i) rest += order[i]->second.size();
      more(rest, 2);
    }
    out_ << '\n';
  }

  void tallies() {
    if (document_.rules.empty()) return;
    out_ << paint(Ink::bold, "rule     places  findings") << '\n';
    for (const RuleTally& tally : document_.rules) {
      const std::string sites = std::to_string(tally.sites), findings = std::to_string(tally.findings);
      out_ << printable(tally.rule) << std::string(10 - std::min<std::size_t>(sites.size(), 10), ' ') << sites
           << std::string(10 - std::min<std::size_t>(findings.size(), 10), ' ') << findings << '\n';
    }
    out_ << '\n';
  }

  std::ostream& out_;
  const Document& document_;
  TerminalStyle style_;
  Sources sources_;
  std::map<std::string_view, const Finding*> by_fingerprint_;
  std::set<std::string> explained_;  // rules whose why was told
};

}  // namespace

void write_terminal(std::ostream& out, const Document& document, const TerminalStyle& style) {
  Terminal(out, document, style).write();
}

}  // namespace ftaudit::reports
