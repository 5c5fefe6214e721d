// Documents that use every part of a report, with the sources they are about.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "finding/document.h"
#include "finding/rule.h"

namespace ftaudit::test {

Document full_document();     // findings of several rules, groups, traces, modules, partial and skipped files
Document clean_document();    // audited whole, nothing found
Document hostile_document();  // names and sources that try to reach the terminal, or to become markup and commands
Document large_document(std::size_t findings);
Document compared_document();  // the new findings since an earlier state, what was fixed, what a baseline hides
Document hostile_document();   // names and sources that try to reach the terminal

std::span<const ListedRule> sample_rules();
std::optional<std::string> sample_source(const std::string& file);

}  // namespace ftaudit::test
