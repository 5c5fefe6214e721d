// What was read out of a wheel or an sdist, as text for the cache: the second run fetches and decodes nothing. Used by
// gather alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "packages/wheels/source_archive.h"
#include "packages/wheels/wheel.h"

namespace ftaudit::packages {

std::string record_of(const Wheel& wheel);
std::optional<Wheel> wheel_of(std::string_view record);  // none when it is no such record
std::string record_of(const SourceArchive& source);
std::optional<SourceArchive> source_of(std::string_view record);

}  // namespace ftaudit::packages
