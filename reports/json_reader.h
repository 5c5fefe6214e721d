// Reading JSON reports back: what write_json wrote becomes a document again, so that reports of several runs can be
// merged, compared and rendered in other formats. Only this version of the schema is read; keys it does not know are
// passed over, since a version may gain some. What a report does not hold (the root, the guilty text) stays empty.
#pragma once

#include <string_view>

#include "base/result.h"
#include "finding/document.h"

namespace ftaudit::reports {

// Any bytes are safe to give. Errors say where in the report something is missing or of the wrong kind
// ("findings[3].location.line is not a number from 0 on"); the caller adds the file's name.
Result<Document> read_json(std::string_view text);

}  // namespace ftaudit::reports
