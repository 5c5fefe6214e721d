// Writing facts to bytes and reading them again. The format is private to one version of ftaudit: what reads
// bytes must be prepared for `false`, whatever the bytes are. Used between the parsing child and its parent, and by the
// cache.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/facts.h"

namespace ftaudit::model {

std::string to_bytes(const Facts& facts);
// Any bytes are safe to give; an error means they are not what to_bytes made.
Result<Facts> from_bytes(std::string_view bytes);
// The bytes of one function, its file numbers included: equal bytes, equal function.
std::string to_bytes(const Function& function);

}  // namespace ftaudit::model
