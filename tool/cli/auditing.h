// From paths on the command line to one document: located, read as far as the cache does not know it, judged. What
// scan, gate and baseline have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "cli/parsing.h"
#include "finding/baseline.h"
#include "finding/edits.h"
#include "finding/selection.h"

namespace ftaudit::cli {

// The rules, severities and confidences that the options ask for. Errors name what is no rule.
Result<Selection> selection_of(const ScanOptions& options);

// What --capture runs; empty for the usual build.
std::vector<std::string> build_command(const ScanOptions& options);

// A cache as the options want it; errors are of FTAUDIT_CACHE_SIZE.
Result<std::optional<Store>> store_of(const ParseOptions& options);

// One project. What an earlier run said of the same sources, flags and selection is taken as it was, but not where
// `edits` are to be made of it: those go by the files as they are now.
Document audit_located(project::Project project, const Reading& reading, const Selection& selection, AuditCache& cache,
                       Progress& progress, std::optional<Spelling> edits = {});

struct AuditedPaths {
  Document document;
  std::vector<std::optional<ScratchFolder>> kept;  // archives are unpacked here; sources are still shown from there
};

// All projects of the command line. On failure `code` is the exit code that fits.
Result<AuditedPaths> audit_paths(const ScanOptions& options, const Selection& selection, Progress& progress, int& code);

// The baseline file that the options name, if they do.
Result<std::optional<Baseline>> baseline_of(const ScanOptions& options);
// Hides what it lists and says in the notes when it lists more than there is: how many more is returned.
std::size_t apply_baseline(const Baseline& baseline, const std::string& file, Document& document);

// Several projects in one document: paths from `common`, or where that is empty from the folder the projects share.
Document joined(std::vector<Document> documents, fs::path common);

}  // namespace ftaudit::cli
