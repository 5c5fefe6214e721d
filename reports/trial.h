// A trial as text for people (terminal, Markdown, a page) and as JSON for other programs. Every text of the application
// is made printable first.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "base/result.h"
#include "finding/trial.h"

namespace ftaudit::reports {

void write_trial_terminal(std::ostream& out, const Trial& trial, bool colour, std::size_t width);
void write_trial_markdown(std::ostream& out, const Trial& trial);
void write_trial_json(std::ostream& out, const Trial& trial);
// What write_trial_json wrote. Any bytes are safe to give; the error says what is wrong where.
Result<Trial> read_trial_json(std::string_view text);
// One page that needs nothing else, light and dark, without scripts.
void write_trial_html(std::ostream& out, const Trial& trial);

// What the three for people share. "trial of shop on 3.13t (3.13.5) beside 3.13: 41 packages, 812 tests by pytest".
std::string head_of(const Trial& trial);
// "holds so far", "does not hold: 1 crash, 2 races that the GIL hid", "nothing is known".
std::string verdict_of(const Trial& trial);
// Installing, importing, the GIL: one line each, with what it is about.
struct TrialLine {
  std::string about, text;
  bool bad = false;
};
std::vector<TrialLine> lines_of(const Trial& trial);

// Tests that ended alike, by the same exception at the same place: one row.
struct TrialRow {
  const TriedTest* test = nullptr;  // the first of them
  std::vector<const TriedTest*> others;
};
// Without those that say nothing against anything.
std::vector<TrialRow> rows_of(const Trial& trial);
// Rows of an answer beyond what anybody reads at a terminal, taken out of `rows`.
struct LeftOutRows {
  TriedAnswer answer;
  std::size_t rows = 0, tests = 0;
};
std::vector<LeftOutRows> shorten(std::vector<TrialRow>& rows);
// "798 pass in every way, 4 were not run by threads".
std::string quiet_of(const Trial& trial);
std::string way_title(const Trial& trial, Way way);  // "4 threads x3"
std::string cell_text(const TriedRuns& runs);        // "ok", "crash 1/3", "-"
// Whose it is, and what shows it: "in roster: roster_total at roster.c:12"; "one of glossary, tally, or the
// application".
std::string reason_of(const TriedTest& test);

}  // namespace ftaudit::reports
