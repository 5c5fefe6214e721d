// A measurement as text for people (terminal, Markdown, a page with its curves), as JSON with every raw sample for
// other programs, and as pyperf's JSON for `pyperf compare_to`. Text of the measured project is made printable first.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "base/result.h"
#include "finding/measurement.h"

namespace ftaudit::reports {

void write_measurement_terminal(std::ostream& out, const Measurement& measurement, bool colour, std::size_t width);
void write_measurement_markdown(std::ostream& out, const Measurement& measurement);
void write_measurement_json(std::ostream& out, const Measurement& measurement);
// What write_measurement_json wrote. Any bytes are safe to give; the error says what is wrong where.
Result<Measurement> read_measurement_json(std::string_view text);
// One page that needs nothing else, light and dark, without scripts: the ratios with their intervals as a forest plot,
// the throughput by threads of both builds as curves.
void write_measurement_html(std::ostream& out, const Measurement& measurement);
// The samples of one build (0 with the GIL, 1 without): those of single lanes, CPU time or what is nearest to it.
void write_pyperf(std::ostream& out, const Measurement& measurement, std::size_t build);

// What the three for people share: "96.1 ms", "16.9 MB"; "x1.30", "1.28 to 1.31"; "more without the GIL".
std::string quantity_text(const MeasuredRow& row, std::size_t build);
std::string ratio_text(const MeasuredRow& row);
std::string interval_text(const MeasuredRow& row);
std::string says(const MeasuredRow& row);
std::string head_of(const Measurement& measurement);

}  // namespace ftaudit::reports
