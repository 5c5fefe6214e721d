#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "reports/characters.h"
#include "reports/columns.h"
#include "reports/measurement.h"

namespace ftaudit::reports {
namespace {

std::string formatted(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string padded(std::string text, std::size_t columns, bool right) {
  const std::size_t have = width(text), fill = columns > have ? columns - have : 0;
  return right ? std::string(fill, ' ') + text : text + std::string(fill, ' ');
}

// One line of the table: workload, quantity, both builds, ratio, interval, what it says.
std::vector<std::string> cells_of(const MeasuredRow& row, bool repeated) {
  return {repeated ? "" : printable(row.workload),
          row.quantity,
          quantity_text(row, 0),
          quantity_text(row, 1),
          ratio_text(row),
          interval_text(row),
          says(row)};
}

}  // namespace

std::string quantity_text(const MeasuredRow& row, std::size_t build) {
  const double value = row.median[build];
  if (value <= 0) return "-";
  if (row.quantity == "memory") return formatted("%.1f MB", value / (1 << 20));
  return value >= 1      ? formatted("%.2f s", value)
         : value >= 1e-3 ? formatted("%.1f ms", value * 1e3)
                         : formatted("%.1f us", value * 1e6);
}

std::string ratio_text(const MeasuredRow& row) {
  return row.ratio.pairs == 0 ? "-" : "x" + formatted("%.2f", row.ratio.median);
}

std::string interval_text(const MeasuredRow& row) {
  return row.ratio.pairs == 0 ? "" : formatted("%.2f", row.ratio.low) + " to " + formatted("%.2f", row.ratio.high);
}

std::string says(const MeasuredRow& row) {
  std::string out;
  switch (row.answer) {
    case MeasuredAnswer::equal: out = "equal"; break;
    case MeasuredAnswer::more: out = "more without the GIL"; break;
    case MeasuredAnswer::less: out = "less without the GIL"; break;
    case MeasuredAnswer::cannot_tell: out = row.ratio.pairs == 0 ? "no answer" : "cannot tell"; break;
  }
  if (!row.why.empty()) out += ": " + printable(row.why);
  if (row.scaling[0] > 0 && row.scaling[1] > 0)
    out += "; throughput of one x" + formatted("%.1f", row.scaling[0]) + " with, x" +
           formatted("%.1f", row.scaling[1]) + " without";
  return out;
}

std::string head_of(const Measurement& of) {
  const MeasuredBuild &with = of.builds[0], &without = of.builds[1];
  std::string out = "measured " + printable(of.what) + " on " + with.name + " and " + without.name + " (" +
                    without.version + ", " + printable(without.compiler) + "; " + counted(of.processors, "processor") +
                    "), " + counted(of.samples.size(), "process", "processes");
  // Whoever looks for a cause looks here first.
  if (!of.differences.empty())
    out += "; THE BUILDS DIFFER IN MORE THAN THE GIL: " + printable(join(of.differences, "; "));
  return out;
}

void write_measurement_terminal(std::ostream& out, const Measurement& of, bool colour, std::size_t columns) {
  columns = std::max<std::size_t>(columns, 60);
  for (const std::string& line : wrap(head_of(of), columns)) out << line << '\n';
  std::vector<std::vector<std::string>> table{{"", "", of.builds[0].name, of.builds[1].name, "ratio", "95 %", "says"}};
  for (std::size_t i = 0; i < of.rows.size(); ++i)
    table.push_back(cells_of(of.rows[i], i > 0 && of.rows[i - 1].workload == of.rows[i].workload));
  std::vector<std::size_t> wide(6, 0);
  for (const auto& row : table)
    for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = std::max(wide[i], width(row[i]));
  for (std::size_t r = 0; r < table.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < wide.size(); ++i)
      line += padded(table[r][i], wide[i], i >= 2) + (i + 1 < wide.size() ? "  " : "   ");
    const std::size_t indent = width(line);
    // Never by colour alone: the words say the same.
    const char* ink = "";
    if (colour && r > 0) {
      const MeasuredAnswer answer = of.rows[r - 1].answer;
      ink = answer == MeasuredAnswer::more ? "\033[31m" : answer == MeasuredAnswer::less ? "\033[32m" : "\033[2m";
    }
    const std::vector<std::string> told = wrap(table[r][6], std::max<std::size_t>(columns, indent + 24), indent);
    out << line << ink << told[0] << (*ink != '\0' ? "\033[0m" : "") << '\n';
    for (std::size_t i = 1; i < told.size(); ++i) out << std::string(4, ' ') << told[i] << '\n';
  }
  for (const auto& [label, list] : {std::pair{"missed", &of.missed}, std::pair{"note", &of.notes}})
    for (const std::string& text : *list)
      for (const std::string& line : wrap(std::string(label) + ": " + text, columns)) out << line << '\n';
}

void write_measurement_markdown(std::ostream& out, const Measurement& of) {
  const auto cell = [](std::string_view text) {
    std::string escaped;
    for (const char c : printable(text))
      escaped += std::string_view("\\`*_[]#|~<>&").find(c) != std::string_view::npos ? std::string("\\") + c
                                                                                     : std::string(1, c);
    return escaped;
  };
  out << "# " << cell(head_of(of)) << "\n\n| Workload | Quantity | " << of.builds[0].name << " | " << of.builds[1].name
      << " | Ratio | 95 % | Says |\n| --- | --- | ---: | ---: | ---: | --- | --- |\n";
  for (const MeasuredRow& row : of.rows) {
    out << '|';
    for (const std::string& text : cells_of(row, false)) out << ' ' << cell(text) << " |";
    out << '\n';
  }
  if (!of.missed.empty() || !of.notes.empty()) out << '\n';
  for (const std::string& text : of.missed) out << "- missed: " << cell(text) << '\n';
  for (const std::string& text : of.notes) out << "- " << cell(text) << '\n';
}

}  // namespace ftaudit::reports
