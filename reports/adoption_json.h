// Adoption as JSON, to the contract in schema/adoption.schema.json, and read back from it for a comparison with an
// older report. Same report, same bytes.
#pragma once

#include <ostream>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/adoption.h"

namespace ftaudit::reports {

void write_adoption_json(std::ostream& out, const AdoptionReport& report);
// The same on one line, to be put into a page: `<` is written as an escape, so that no text can end a script.
std::string adoption_json_for_page(const AdoptionReport& report);

// Name, version and standing of each package of an older report. Errors say what is wrong with it.
// The whole of what write_adoption_json wrote, but what changed since another and the application's own evidence.
Result<AdoptionReport> read_adoption_report(std::string_view text);
// Whether it is one, rather than findings.
bool is_adoption_report(std::string_view text);

Result<std::vector<PackageReport>> read_adoption_json(std::string_view text);

}  // namespace ftaudit::reports
