// Where the user's own settings are kept. Used by configuration, and by what names that file to the user.
#pragma once

#include "base/files.h"

namespace ftaudit::cli {

// It need not be there.
inline fs::path user_configuration() { return config_folder() / "config.toml"; }

}  // namespace ftaudit::cli
