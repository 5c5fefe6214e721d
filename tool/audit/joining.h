// Documents put together: several projects of one run, several shards or runs of one fleet.
#pragma once

#include <vector>

#include "base/files.h"
#include "finding/document.h"

namespace ftaudit::audit {

// Several projects in one document: paths from `common`, or where that is empty from the folder the projects share.
Document joined(std::vector<Document> documents, fs::path common);

// What two documents said alike is said once: shards that overlap, a file that two projects compile.
void drop_repeated(Document& document);

}  // namespace ftaudit::audit
