// Content policy: how a page that we write names its own style and script, so that a browser runs nothing else. Used by
// the HTML reports.
#pragma once

#include <string>
#include <string_view>

namespace ftaudit::reports {

// "'sha256-...'": the digest of a style or script as a Content-Security-Policy lists it (CSP Level 3, hash-source).
std::string policy_hash(std::string_view text);

}  // namespace ftaudit::reports
