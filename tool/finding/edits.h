// Edits: what fixes do to the text of a file. Fitting them in (indentation, lines of their own), putting several into
// one text, and showing the difference. Pure text: reading, checking and writing files is the command's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/finding.h"

namespace ftaudit {

// How new API is written: with the old way beside it under a version guard, or alone.
enum class Spelling : std::uint8_t { guarded, plain };

// The edit as it goes into `text`, the file that its range is about: lines are indented like the line of its level
// (lines of the preprocessor are not), stand on lines of their own where there is more than one or the preprocessor is
// among them, and end as the file's lines do. Fails where the range is not in the text.
Result<Fix> fitted(const Fix& fix, std::string_view text, Spelling spelling);

// The text with all the fitted edits made. Equal ones count once; fails where two want the same place.
Result<std::string> edited(std::string_view text, std::vector<Fix> edits);

// What the body of a function is called that an edit puts under a lock of its own, or, so called already, under a
// second one; and what it was called before any of that.
std::string body_under_lock(std::string_view function);
std::string_view before_locks(std::string_view function);

// The difference as `diff -u` writes it, with three lines around; "" where there is none.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view file);

}  // namespace ftaudit
