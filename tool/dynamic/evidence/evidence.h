// The door of evidence. What sightings are evidence of: findings they confirm, findings of their own, and scripts that
// show them again.
#pragma once

#include "dynamic/evidence/controls.h"
#include "dynamic/evidence/meeting.h"
#include "dynamic/evidence/proving.h"
