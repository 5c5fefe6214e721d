// The door of index. Where packages come from: indexes and what they hold, the installers' own settings, what was
// fetched before.
#pragma once

#include "packages/index/cache.h"
#include "packages/index/installer_settings.h"
#include "packages/index/package_index.h"
#include "packages/index/project_page.h"
#include "packages/index/releases.h"
