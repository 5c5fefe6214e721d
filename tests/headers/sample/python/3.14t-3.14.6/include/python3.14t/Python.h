#pragma once
#include "object.h"
#include <stddef.h>
