#include <algorithm>

#include "base/text.h"
#include "reports/adoption_text.h"
#include "reports/columns.h"

namespace ftaudit::reports {
namespace {

enum class Ink { plain, bold, dim, red, yellow, cyan, green };

Ink ink_of(Standing standing) {
  switch (standing) {
    case Standing::pure:
    case Standing::supports: return Ink::green;
    case Standing::declared_only: return Ink::cyan;
    case Standing::hazards:
    case Standing::unknown: return Ink::yellow;
    case Standing::no_wheel:
    case Standing::enables_gil:
    case Standing::cannot_install: break;
  }
  return Ink::red;
}

// Never by colour alone.
std::string_view mark_of(Standing standing) {
  switch (ink_of(standing)) {
    case Ink::green: return "+";
    case Ink::cyan: return "~";
    case Ink::yellow: return "?";
    default: return "x";
  }
}

class Terminal {
 public:
  Terminal(std::ostream& out, const AdoptionReport& report, const AdoptionStyle& style)
      : out_(out), report_(report), style_(style) {
    style_.width = std::max<std::size_t>(style.width, 60);
  }

  void write() {
    table();
    if (!blocking(report_).empty()) fleet();
    if (report_.application) evidence();
    if (report_.changes) changed();
    for (const std::string& problem : report_.problems) paragraph("problem", problem, Ink::red);
    if (!report_.problems.empty()) out_ << '\n';
    advice();
    for (const std::string& note : report_.notes) paragraph("note", note, Ink::dim);
    for (const std::string& line : wrap(adoption_closing_line(report_), style_.width))
      out_ << paint(Ink::bold, line) << '\n';
  }

 private:
  std::string paint(Ink ink, std::string_view text) const {
    if (!style_.colour || ink == Ink::plain) return std::string(text);
    static constexpr std::string_view codes[] = {"", "1", "2", "1;31", "1;33", "1;36", "1;32"};
    return "\x1b[" + std::string(codes[static_cast<int>(ink)]) + "m" + std::string(text) + "\x1b[0m";
  }

  static std::string padded(std::string text, std::size_t columns) {
    std::string shown = printable(text);
    if (width(shown) > columns) {
      std::string cut;
      for (const Glyph& glyph : glyphs(shown)) {
        if (width(cut) + glyph.width > columns - 1) break;
        cut += glyph.shown;
      }
      shown = cut + "~";
    }
    return shown + std::string(columns - std::min(columns, width(shown)), ' ');
  }

  // Worst first: what stands in the way is what is looked for. Without -v, what is fine is one paragraph.
  void table() {
    std::vector<const PackageReport*> rows;
    for (const PackageReport& package : report_.packages) rows.push_back(&package);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const PackageReport* a, const PackageReport* b) { return a->standing > b->standing; });
    std::size_t names = 7, versions = 7;
    for (const PackageReport* row : rows) {
      names = std::clamp(width(printable(row->name)), names, std::size_t{24});
      versions = std::clamp(width(printable(row->version)), versions, std::size_t{12});
    }
    const std::size_t first = 2 + names + 1 + versions + 1;
    out_ << paint(Ink::dim, "  " + padded("package", names) + " " + padded("version", versions) + " on " +
                                printable(report_.target))
         << '\n';
    for (const PackageReport* row : rows) {
      if (row->standing == Standing::pure && !style_.verbose) continue;
      const Ink ink = ink_of(row->standing);
      const std::string title(title_of(row->standing));
      out_ << paint(ink, mark_of(row->standing)) << ' ' << paint(Ink::bold, padded(row->name, names)) << ' '
           << padded(row->version, versions) << ' ' << paint(ink, title);
      const bool fine = ink == Ink::green;
      if (fine && !style_.verbose) {
        out_ << '\n';
        continue;
      }
      detail(*row, first, title);
    }
    if (!style_.verbose) pure(rows);
    out_ << '\n';
  }

  // Nothing is to be said of most packages: their names are enough.
  void pure(const std::vector<const PackageReport*>& rows) {
    std::vector<std::string> names, without;
    for (const PackageReport* row : rows) {
      if (row->standing != Standing::pure) continue;
      names.push_back(row->name);
      if (std::any_of(row->reasons.begin(), row->reasons.end(),
                      [](const Reason& reason) { return reason.what.starts_with("its compiled parts are left out"); }))
        without.push_back(row->name);
    }
    if (names.empty()) return;
    out_ << paint(Ink::green, std::string(mark_of(Standing::pure)) + " " + std::to_string(names.size()) + " " +
                                  std::string(title_of(Standing::pure)))
         << '\n';
    lines(join(names, ", "), 2);
    if (!without.empty())
      lines("Without their compiled parts, whose wheels are for builds with the GIL: " + join(without, ", "), 2);
  }

  void detail(const PackageReport& row, std::size_t indent, const std::string& title) {
    std::string text = row.summary;
    if (row.standing == Standing::no_wheel) text += "; builds from source: " + std::string(name_of(row.builds));
    if (!row.upgrade_to.empty()) text += "; " + row.upgrade_to + " is better";
    if (!row.pin_to.empty()) text += "; " + row.pin_to + " is the last with a wheel";
    const std::string chain = row.direct || row.needed_by.empty() ? ""
                                                                  : " (through " + row.needed_by.front() +
                                                                        (row.needed_by.size() > 1 ? ", ..." : "") + ")";
    out_ << paint(Ink::dim, indent + width(title) + width(printable(chain)) <= style_.width ? printable(chain) : "")
         << '\n';
    lines(text, indent);
    if (!style_.verbose) return;
    for (const Reason& reason : row.reasons)
      if (reason.what != row.summary) lines("- " + reason.what + " [" + reason.source + "]", indent);
    for (const std::string& missed : row.not_checked) lines("- not looked into: " + missed, indent);
  }

  void lines(const std::string& text, std::size_t indent) {
    for (const std::string& line : wrap(text, style_.width - indent))
      out_ << std::string(indent, ' ') << paint(Ink::dim, line) << '\n';
  }

  // Several applications: what stands in the way of most of them.
  void fleet() {
    const std::vector<Blocking> all = blocking(report_);
    for (const std::string& line : wrap(blocking_line(report_), style_.width)) out_ << paint(Ink::bold, line) << '\n';
    constexpr std::size_t most = 10;
    const std::size_t shown = style_.verbose ? all.size() : std::min(all.size(), most);
    for (std::size_t i = 0; i < shown; ++i)
      paragraph(
          std::to_string(all[i].applications),
          all[i].package->name + " " + all[i].package->version + ": " + std::string(title_of(all[i].package->standing)),
          Ink::red);
    if (shown < all.size())
      paragraph("", "and " + std::to_string(all.size() - shown) + " more; -v shows all", Ink::dim);
    out_ << '\n';
  }

  // A row a package: what each way of looking says. Pure packages of which nothing was seen have nothing to say.
  void evidence() {
    constexpr std::size_t column = 10;
    std::size_t names = 8;
    std::vector<const PackageReport*> rows;
    for (const PackageReport& one : report_.packages) {
      if (one.standing == Standing::pure && !one.trial && !style_.verbose) continue;
      if (one.standing == Standing::pure && one.evidence.of(Look::tried).says != Says::against && !style_.verbose)
        continue;
      rows.push_back(&one);
      names = std::clamp(width(printable(one.name)), names, std::size_t{24});
    }
    if (!rows.empty()) {
      std::string head = "  " + padded("evidence", names);
      for (const Look look : all_looks) head += " " + padded(std::string(name_of(look)), column);
      out_ << paint(Ink::dim, head) << '\n';
    }
    for (const PackageReport* row : rows) {
      out_ << "  " << paint(Ink::bold, padded(row->name, names));
      for (const Look look : all_looks) {
        const Says says = row->evidence.of(look).says;
        const Ink ink = says == Says::against ? Ink::red : says == Says::in_favour ? Ink::green : Ink::dim;
        out_ << ' ' << paint(ink, padded(std::string(title_of(says)), column));
      }
      out_ << '\n';
      for (const Look look : all_looks)
        if (const EvidenceCell& one = row->evidence.of(look);
            one.says == Says::against || (style_.verbose && !one.what.empty()))
          lines(std::string(name_of(look)) + ": " + one.what + (one.when.empty() ? "" : " (" + one.when + ")"),
                names + 3);
    }
    if (!rows.empty()) out_ << '\n';
    const ApplicationEvidence& application = *report_.application;
    if (application.tried) paragraph("trial", application.trial, Ink::dim);
    if (application.measured) paragraph("measured", application.measurement, Ink::dim);
    for (const ApplicationFact& fact : application.facts)
      if (application.measured && (fact.known || style_.verbose))
        paragraph("", fact.title + ": " + fact_text(fact), Ink::plain);
    out_ << '\n';
  }

  void paragraph(std::string_view label, const std::string& text, Ink ink) {
    const std::size_t indent = 9;
    bool first = true;
    for (const std::string& line : wrap(text, style_.width - indent)) {
      const std::string head = first ? padded(std::string(label), indent) : std::string(indent, ' ');
      out_ << paint(ink, head) << line << '\n';
      first = false;
    }
  }

  void list(std::string_view label, const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) paragraph(i == 0 ? label : "", texts[i], Ink::dim);
  }

  void changed() {
    out_ << paint(Ink::bold,
                  report_.changes->empty() ? "Nothing changed since the older report" : "Since the older report")
         << '\n';
    for (const Change& change : *report_.changes) {
      const auto side = [](const std::optional<Standing>& standing, const std::string& version) {
        return standing ? (version.empty() ? std::string() : version + " ") + std::string(title_of(*standing))
                        : std::string("not there");
      };
      paragraph("",
                change.package + ": " + side(change.before, change.before_version) + " -> " +
                    side(change.after, change.after_version),
                Ink::plain);
    }
    out_ << '\n';
  }

  void advice() {
    const Advice& advice = report_.advice;
    const Ink ink = advice.recommendation == Recommendation::go        ? Ink::green
                    : advice.recommendation == Recommendation::staging ? Ink::yellow
                    : advice.recommendation == Recommendation::stay    ? Ink::cyan
                                                                       : Ink::red;
    for (const std::string& line : wrap(advice.headline, style_.width)) out_ << paint(ink, line) << '\n';
    for (const std::string& step : advice.because) paragraph("", step, Ink::plain);
    list("rests on", advice.rests_on), list("missing", advice.missing), list("not said", advice.never);
    constexpr std::size_t most = 8;
    const std::size_t chains = style_.verbose ? advice.chains.size() : std::min(advice.chains.size(), most);
    for (std::size_t i = 0; i < chains; ++i)
      paragraph(i == 0 ? "GIL via" : "", join(advice.chains[i], " -> "), Ink::red);
    if (chains < advice.chains.size())
      paragraph("", "and " + std::to_string(advice.chains.size() - chains) + " more", Ink::dim);
    const std::size_t actions = style_.verbose ? advice.actions.size() : std::min(advice.actions.size(), most);
    for (std::size_t i = 0; i < actions; ++i)
      paragraph(name_of(advice.actions[i].kind), advice.actions[i].what, Ink::cyan);
    if (actions < advice.actions.size())
      paragraph("", "and " + std::to_string(advice.actions.size() - actions) + " more; -v shows all", Ink::dim);
    out_ << '\n';
  }

  std::ostream& out_;
  const AdoptionReport& report_;
  AdoptionStyle style_;
};

}  // namespace

std::string adoption_closing_line(const AdoptionReport& report) {
  std::vector<std::string> counts;
  for (const auto& [standing, count] : by_standing(report))
    counts.push_back(std::to_string(count) + " " + std::string(title_of(standing)));
  return counted(report.packages.size(), "package") + " for " + report.target + ": " +
         std::string(title_of(report.advice.recommendation)) + (counts.empty() ? "" : " (" + join(counts, ", ") + ")");
}

void write_adoption_terminal(std::ostream& out, const AdoptionReport& report, const AdoptionStyle& style) {
  Terminal(out, report, style).write();
}

}  // namespace ftaudit::reports
