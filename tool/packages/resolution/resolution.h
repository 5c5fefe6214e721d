// The door of resolution. Which versions an installer would choose.
#pragma once

#include "packages/resolution/resolve.h"
#include "packages/resolution/resolved.h"
#include "packages/resolution/resolver.h"
