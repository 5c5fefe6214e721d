// Verdict: what the findings mean for a module and for the run. Which of them stand against declaring a module
// free-threaded, which to mend first, the counts every report ends with, and the exit code. Looks only at a Document.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "finding/document.h"

namespace ftaudit {

// What to mend first: by severity, then confidence, then how badly the category breaks a program, then report order.
bool mend_before(const Finding& a, const Finding& b);

// The last step of a run. Puts the findings in report order, counts them a rule, and fills the blockers and verdict of
// each module. A finding belongs to the modules that list its file; one in a file that no module lists (a header, or
// sources that are not known) belongs to all. Blockers are of severity medium or higher and not themselves about a
// missing declaration.
void judge(Document& document);

// Whether a finding is about the module: its entry points lead there. Where that is not known, whether its sources hold
// it; files that no module claims concern every module.
bool concerns(const Document& document, const Finding& finding, const ModuleReport& module);
std::vector<const Finding*> findings_about(const Document& document, const ModuleReport& module);

// A hazard of high severity in code: while it stands, a module that claims not to need the GIL claims too much.
bool refutes_claim(const Finding& finding);

// Where every module that a finding concerns has declared itself free-threaded, users run into it today: findings of
// low and medium severity count one step higher.
void raise_where_promised(Document& document);

// A declaration is a promise: the fix that makes it is offered only where nothing else was found, at any confidence,
// and everything was read and every rule run. Before the selection is applied, which would hide what stands against it.
void withhold_declarations(Document& document);

struct Counts {
  std::array<std::uint64_t, 4> findings{};  // by Severity
  std::uint64_t audited = 0;                // files read whole
  std::uint64_t partial = 0;
  std::uint64_t skipped = 0;
  std::uint64_t sites = 0;  // places looked at, all rules together
  std::uint64_t total() const { return findings[0] + findings[1] + findings[2] + findings[3]; }
  std::uint64_t of(Severity severity) const { return findings[static_cast<std::size_t>(severity)]; }
};
Counts count(const Document& document);

// "2 high and 1 medium", "1 high", "none": severities with a finding, worst first.
std::string by_severity(const Counts& counts);

// 1: a finding at or above `fail_on` (none given: never). 3: no such finding, but something asked for could not be
// audited, or nothing was, or what a module declares could not be read. 0: all else. Files read in part count as
// audited unless no function was seen in any of them.
int exit_code(const Document& document, std::optional<Severity> fail_on);

}  // namespace ftaudit
