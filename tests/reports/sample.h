// Documents that use every part of a report, with the sources they are about.
#pragma once

#include <optional>
#include <string>

#include "finding/document.h"

namespace ftaudit::test {

Document full_document();     // findings of several rules, groups, traces, modules, partial and skipped files
Document clean_document();    // audited whole, nothing found
Document compared_document(); // the new findings since an earlier state, what was fixed, what a baseline hides
Document hostile_document();  // names and sources that try to reach the terminal

std::optional<std::string> sample_source(const std::string& file);

}  // namespace ftaudit::test
