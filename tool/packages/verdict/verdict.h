// The door of verdict. Where a package stands: evidence gathered, perhaps by importing it; judged; and what that means
// for the application.
#pragma once

#include "packages/verdict/advice.h"
#include "packages/verdict/gather.h"
#include "packages/verdict/judge.h"
#include "packages/verdict/probe.h"
