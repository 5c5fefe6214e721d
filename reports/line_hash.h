// Line hashes: GitHub's primaryLocationLineHash, by which code scanning knows an alert again after lines have moved.
// Its upload action computes it where the file lies beside it; uploads through the API need it in the report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ftaudit::reports {

// The hash of each line, first line first: "271789c17abda88f:1". The algorithm is that of github/codeql-action,
// src/fingerprints.ts: a polynomial in 37 over the 100 UTF-16 units that are no blank or tab from the line's start on,
// all line ends read as '\n', the file ended by U+FFFF and then zeros; after the colon, the how-manieth of equal ones.
std::vector<std::string> line_hashes(std::string_view file);

}  // namespace ftaudit::reports
