// Findings in Cython sources as their authors read them: sentences in Cython's words, advice that can be written in a
// .pyx, and each line told once, however many functions Cython made of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/matrix.h"
#include "cython/retelling.h"
#include "finding/finding.h"

namespace ftaudit::audit {

// The text of the sources there.
using Written = std::function<std::string(const Location&)>;

// Expects findings in any order; those of other sources stay as they are.
void tell_in_cython(std::vector<Finding>& findings, const cython::Retold& retold, const Written& written);
// The same of who stands against whom: a class goes by its own name, and a method is one way in.
void tell_in_cython(analysis::TypeMatrix& type, const cython::Retold& retold);

}  // namespace ftaudit::audit
