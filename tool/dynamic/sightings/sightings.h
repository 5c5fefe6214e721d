// The door of sightings. What runs showed: sightings, made of reports and of how processes ended, and which functions
// were reached.
#pragma once

#include "dynamic/sightings/coverage.h"
#include "dynamic/sightings/sighting.h"
