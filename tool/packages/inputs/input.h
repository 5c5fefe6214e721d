// What the user asks to have audited, read from whatever they have: requirement files, lock files, pyproject.toml, an
// installed environment, names, wheels. Nothing is executed and nothing is fetched; what could not be understood
// becomes a remark, so that the rest is still audited. Used by resolve and by cli.
#pragma once

#include <string>

#include "base/files.h"
#include "packages/inputs/wanted.h"

namespace ftaudit::packages {

// `what` is a path (told apart by name and content: requirements*.txt, *.in, pyproject.toml, uv.lock, poetry.lock,
// pylock*.toml, Pipfile.lock, a wheel, an sdist, a folder of wheels, a virtual environment or site-packages) or a
// requirement ("numpy>=2"). Fails only when nothing can be read at all.
Result<Input> read_input(const std::string& what, const InputOptions& options);
Result<Input> read_requirements(const fs::path& file, const InputOptions& options);

}  // namespace ftaudit::packages
