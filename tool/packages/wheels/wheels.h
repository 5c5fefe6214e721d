// The door of wheels. What a distribution holds: a wheel with its record and its libraries, an sdist.
#pragma once

#include "packages/wheels/byte_source.h"
#include "packages/wheels/source_archive.h"
#include "packages/wheels/wheel.h"
#include "packages/wheels/wheel_record.h"
