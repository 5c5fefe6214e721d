// The door of names. How the ecosystem names things: projects, versions, tags and targets, requirements, metadata.
#pragma once

#include "packages/names/metadata.h"
#include "packages/names/name.h"
#include "packages/names/nearest_name.h"
#include "packages/names/requirement.h"
#include "packages/names/tags.h"
#include "packages/names/version.h"
