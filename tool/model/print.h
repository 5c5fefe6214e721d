// Facts as text a person can read: what `ftaudit facts FILE` shows, and what golden tests compare.
#pragma once

#include <iosfwd>
#include <string>

#include "model/facts.h"

namespace ftaudit::model {

void print(std::ostream& out, const Facts& facts);
void print(std::ostream& out, const Facts& facts, const Function& function);

// "self->items[_]"; an unknown root prints as "?".
std::string text_of(const Facts& facts, const Function& function, const Place& place);
std::string text_of(const Facts& facts, const Function& function, const Operand& operand);
std::string text_of(const Facts& facts, const Function& function, const Event& event);

}  // namespace ftaudit::model
