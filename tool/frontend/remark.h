// Whether a comment counts on the GIL as on a lock ("protected by the GIL"), judged by its words. Used by
// preprocessing.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::frontend {

// The words of a comment as one line, without its marks.
std::string words_of(std::string_view comment);
bool counts_on_gil(std::string_view words);

}  // namespace ftaudit::frontend
