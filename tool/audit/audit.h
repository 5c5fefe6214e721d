// The door: from a selection of files to one finished document. Paths are located, read as far as the cache does not
// know them, joined, and judged by the rules. What scan, gate, baseline, merge and report have in common.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/parsing.h"
#include "base/progress.h"
#include "finding/baseline.h"
#include "finding/edits.h"
#include "finding/selection.h"

namespace ftaudit::analysis {
class Audit;
}

namespace ftaudit::audit {

// The rules, severities and confidences that the terms ask for. Errors name what is no rule.
Result<Selection> selection_of(const Terms& terms);

// What a project promises of a type ("external", "one thread", "immutable after init"), by its one name; none when the
// words are no such promise.
std::optional<std::string> contract_name(const std::string& words);

struct JoinedProject;

struct Making {
  std::optional<Spelling> edits;  // findings carry edits, spelled so
  fs::path common;                // paths in the document go from here; empty: from the folder the projects share
  // Adds to each document while its analyses are at hand; what it adds is kept with the document.
  std::function<void(const JoinedProject&, const analysis::Audit&, Document&)> also;
};

// One project. What an earlier run said of the same sources, flags and selection is taken as it was, but not where
// `edits` are to be made of it: those go by the files as they are now.
Document audit_located(project::Project project, const Reading& reading, const Selection& selection, Cache& cache,
                       Progress& progress, const Making& making = {});

// One project parsed, and no more: what else is asked of it wants its facts.
ParsedProject parse_located(project::Project project, const Reading& reading, Cache& cache, Progress& progress);

// Each project of the paths, with how it is to be read. On failure `code` is the exit code that fits.
Status each_project(const Sources& sources, Progress& progress, int& code,
                    const std::function<void(project::Project, const Reading&, Cache&)>& visit);

struct AuditedPaths {
  Document document;
  std::vector<std::optional<ScratchFolder>> kept;  // archives are unpacked here; sources are still shown from there
};

// All projects of the paths. On failure `code` is the exit code that fits.
Result<AuditedPaths> audit_paths(const Sources& sources, const Selection& selection, const Making& making,
                                 Progress& progress, int& code);

// The baseline in a file; none where none is named.
Result<std::optional<Baseline>> baseline_of(const std::string& file);
// Hides what it lists and says in the notes when it lists more than there is: how many more is returned.
std::size_t apply_baseline(const Baseline& baseline, const std::string& file, Document& document);

}  // namespace ftaudit::audit
