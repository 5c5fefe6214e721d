// Adoption for people and for spreadsheets: a table for the terminal that fits 80 columns, Markdown for an issue or a
// pull request, CSV, and a badge. Names and messages of packages are not trusted in any of them.
#pragma once

#include <cstddef>
#include <ostream>

#include "finding/adoption.h"

namespace ftaudit::reports {

struct AdoptionStyle {
  bool colour = false;
  std::size_t width = 80;  // columns; less than 60 is taken as 60
  bool verbose = false;    // every package with its reasons and what was not looked into
};

void write_adoption_terminal(std::ostream& out, const AdoptionReport& report, const AdoptionStyle& style);
void write_adoption_markdown(std::ostream& out, const AdoptionReport& report);
// RFC 4180; a cell that a spreadsheet would take for a formula begins with a quote mark.
void write_adoption_csv(std::ostream& out, const AdoptionReport& report);
// SVG: "free-threaded 3.13t | 24 of 27".
void write_adoption_badge(std::ostream& out, const AdoptionReport& report);

// "go: ..." and the counts, for the last line of a run.
// "0.93 (0.91 to 0.95)"; why it is not known.
std::string fact_text(const ApplicationFact& fact);

// "3 of 200 applications need no package that stands in the way".
std::string blocking_line(const AdoptionReport& report);

std::string adoption_closing_line(const AdoptionReport& report);

}  // namespace ftaudit::reports
