// The door of build. How an extension is built to be watched: copies and environments, the backend and what it must be
// told, compilers behind a wrapper, what tests need, and whether the result would show what it claims.
#pragma once

#include "dynamic/build/backend.h"
#include "dynamic/build/checks.h"
#include "dynamic/build/instrumentation.h"
#include "dynamic/build/instrumented_build.h"
#include "dynamic/build/test_requirements.h"
#include "dynamic/build/workspace.h"
