// The door of inputs. What an application says it needs, in whatever form it says so.
#pragma once

#include "packages/inputs/file_name.h"
#include "packages/inputs/input.h"
#include "packages/inputs/reading.h"
#include "packages/inputs/wanted.h"
