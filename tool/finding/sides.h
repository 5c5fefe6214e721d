// Sides between runs and in comments: which of them were there before, which are allowed, and what a finding looks like
// once it is about some of its sides only. A finding lives as long as one side does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "finding/finding.h"

namespace ftaudit {

// What a place of a side is, whatever lines it moves to: its function, the state, and whether it is changed there.
std::string key_of(const Side& side, const Side::Point& point);
// Six digits of it, for files that people read.
std::string digest_of(const Side& side, const Side::Point& point);
std::vector<std::string> digests_of(const Finding& finding);  // sorted, each once

// Without the sides that `gone` names. False when nothing is left that goes wrong: no side, or none that changes
// anything where nobody else does. When the side that the finding was placed at is gone, it moves to the next one.
bool take_out(Finding& finding, const std::function<bool(const Side&)>& gone);

// The sides that `is_new` names come first and the finding is placed at the first of them, as sure as they are; its
// words say how many are known and how many new.
void tell_new(Finding& finding, const std::function<bool(const Side&)>& is_new);

// One side more or less by two reports of the same finding: what either names.
void unite(std::vector<Side>& into, const std::vector<Side>& more);

}  // namespace ftaudit
