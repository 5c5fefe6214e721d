// Writing a whole document to bytes and reading it again, for the cache. Nothing is lost, unlike in a report; the
// format is private to one build of ftaudit.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "finding/document.h"

namespace ftaudit {

std::string to_bytes(const Document& document);
// Any bytes are safe to give; an error means they are not what to_bytes made.
Result<Document> document_from_bytes(std::string_view bytes);

}  // namespace ftaudit
