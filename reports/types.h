// A type at a glance in words: who races for what, and how much of it is in order.
#pragma once

#include <string>

#include "finding/document.h"

namespace ftaudit::reports {

// "push, pop and len race on count; 31 of 55 pairs ordered, 3 by contract (external)".
std::string in_words(const TypeReport& type);

// "push" of "bag.Bag.push".
std::string short_name(const TypeReport& type, const std::string& entry);

}  // namespace ftaudit::reports
