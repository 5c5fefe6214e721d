// The declarations of one translation unit, walked: records, variables and functions of the project become facts, in
// the order in which they stand. No visitor class and no matcher: declarations are few kinds, and bodies have their own
// lowering.
#pragma once

#include <memory>

#include "frontend/clang.h"
#include "frontend/diagnostics.h"
#include "frontend/frontend.h"
#include "frontend/preprocessing.h"

namespace ftaudit::frontend {

// All of them outlive it.
std::unique_ptr<clang::ASTConsumer> declarations(const Settings& settings, model::Facts& facts,
                                                 Preprocessing& preprocessing, const Diagnostics& diagnostics);

}  // namespace ftaudit::frontend
