#include <algorithm>

#include "base/text.h"
#include "reports/columns.h"
#include "reports/trial.h"

namespace ftaudit::reports {
namespace {

constexpr std::size_t longest_name = 46;
constexpr Way in_order[] = {Way::gil, Way::alone, Way::threads, Way::control};

std::string padded(const std::string& text, std::size_t columns) {
  const std::size_t have = width(text);
  return text + std::string(columns > have ? columns - have : 0, ' ');
}

std::string name_of_row(const TrialRow& row) {
  return printable(row.test->name) + (row.others.empty() ? "" : " and " + std::to_string(row.others.size()) + " more");
}

std::string text_of(const LeftOutRows& one) {
  return "and " + counted(one.rows, "more row") + " of " + counted(one.tests, "test") + ", " +
         std::string(title_of(one.answer)) + ": --report html:FILE has them all";
}

// What the first failure said, where the reason does not.
std::string said(const TriedTest& test) {
  for (const Way way : {Way::threads, Way::alone, Way::control, Way::gil})
    if (const TriedRuns& runs = test.of(way); !runs.what.empty()) return printable(runs.what);
  return {};
}

class Text {
 public:
  Text(std::ostream& out, const Trial& of, bool colour, std::size_t columns)
      : out_(out), of_(of), colour_(colour), columns_(std::max<std::size_t>(columns, 60)) {}

  void write() {
    paragraph(head_of(of_), 0);
    for (const TrialLine& line : lines_of(of_)) entry(line.about, line.text, line.bad ? "\033[31m" : "");
    table();
    if (const std::string quiet = quiet_of(of_); !quiet.empty()) entry("tests", quiet, "\033[2m");
    for (const std::string& note : of_.notes) entry("note", printable(note), "");
    entry("verdict", verdict_of(of_), stands_against(of_) ? "\033[31m" : of_.incomplete ? "" : "\033[32m");
    // A command is one line, to be copied.
    for (const std::string& step : of_.next) out_ << "  next      " << printable(step) << '\n';
  }

 private:
  void paragraph(const std::string& text, std::size_t indent) {
    for (const std::string& line : wrap(text, columns_ - indent)) out_ << std::string(indent, ' ') << line << '\n';
  }

  // "  install   39 ...", its further lines below its text.
  void entry(const std::string& about, const std::string& text, const char* ink) {
    constexpr std::size_t indent = 12;
    const std::vector<std::string> lines = wrap(text, columns_ - indent);
    for (std::size_t i = 0; i < lines.size(); ++i)
      out_ << padded(i == 0 ? "  " + about : "", indent) << inked(lines[i], ink) << '\n';
  }

  std::string inked(const std::string& text, const char* ink) const {
    return colour_ && *ink != '\0' ? ink + text + "\033[0m" : text;
  }

  void table() {
    std::vector<TrialRow> rows = rows_of(of_);
    if (rows.empty()) return;
    const std::vector<LeftOutRows> left_out = shorten(rows);
    std::size_t wide = 0, cells[ways] = {};
    for (const TrialRow& row : rows) {
      if (const std::size_t have = width(name_of_row(row)); have <= longest_name) wide = std::max(wide, have);
      for (const Way way : in_order)
        cells[static_cast<std::size_t>(way)] =
            std::max(cells[static_cast<std::size_t>(way)], width(cell_text(row.test->of(way))));
    }
    std::string head = std::string(2 + wide, ' ');
    for (const Way way : in_order) {
      std::size_t& cell = cells[static_cast<std::size_t>(way)];
      cell = std::max(cell, width(way_title(of_, way)));
      head += "  " + padded(way_title(of_, way), cell);
    }
    out_ << head.substr(0, head.find_last_not_of(' ') + 1) << '\n';
    for (const TrialRow& row : rows) {
      const std::string name = name_of_row(row);
      std::string line = "  " + padded(name, wide);
      if (width(name) > wide) out_ << "  " << name << '\n', line = std::string(2 + wide, ' ');
      for (const Way way : in_order)
        line += "  " + padded(cell_text(row.test->of(way)), cells[static_cast<std::size_t>(way)]);
      const TriedAnswer answer = row.test->answer;
      out_ << line << "  " << inked(std::string(title_of(answer)), stands_against(answer) ? "\033[31m" : "\033[2m")
           << '\n';
      const std::string reason = reason_of(*row.test), what = said(*row.test);
      if (!reason.empty()) paragraph(reason, 6);
      if (!what.empty() && reason.find(what) == std::string::npos) paragraph(what, 6);
      if (&row == &rows.back() || (&row)[1].test->answer != answer)
        for (const LeftOutRows& one : left_out)
          if (one.answer == answer) paragraph(text_of(one), 2);
    }
  }

  std::ostream& out_;
  const Trial& of_;
  bool colour_;
  std::size_t columns_;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text))
    out +=
        std::string_view("\\`*_[]#|~<>&").find(c) != std::string_view::npos ? std::string("\\") + c : std::string(1, c);
  return out;
}

}  // namespace

void write_trial_terminal(std::ostream& out, const Trial& trial, bool colour, std::size_t columns) {
  Text(out, trial, colour, columns).write();
}

void write_trial_markdown(std::ostream& out, const Trial& of) {
  out << "# " << escaped(head_of(of)) << "\n\n" << escaped(verdict_of(of)) << "\n\n";
  for (const TrialLine& line : lines_of(of)) out << "- " << line.about << ": " << escaped(line.text) << '\n';
  if (std::vector<TrialRow> rows = rows_of(of); !rows.empty()) {
    const std::vector<LeftOutRows> left_out = shorten(rows);
    out << "\n| Test |";
    for (const Way way : in_order) out << ' ' << way_title(of, way) << " |";
    out << " Says |\n| --- | --- | --- | --- | --- | --- |\n";
    for (const TrialRow& row : rows) {
      out << "| " << escaped(name_of_row(row)) << " |";
      for (const Way way : in_order) out << ' ' << cell_text(row.test->of(way)) << " |";
      const std::string reason = reason_of(*row.test), what = said(*row.test);
      out << ' ' << title_of(row.test->answer) << (reason.empty() ? "" : ": " + escaped(reason))
          << (what.empty() ? "" : "; " + escaped(what)) << " |\n";
    }
    if (!left_out.empty()) out << '\n';
    for (const LeftOutRows& one : left_out) out << "- " << escaped(text_of(one)) << '\n';
  }
  if (const std::string quiet = quiet_of(of); !quiet.empty()) out << '\n' << quiet << ".\n";
  if (!of.notes.empty()) out << '\n';
  for (const std::string& note : of.notes) out << "- " << escaped(note) << '\n';
  if (of.next.empty()) return;
  out << "\nNext:\n\n```\n";
  for (const std::string& step : of.next) out << printable(step) << '\n';
  out << "```\n";
}

}  // namespace ftaudit::reports
