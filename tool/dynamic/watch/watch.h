// The door of watch. A process under watch: how it ends, where its threads stand when nothing moves, what it said last.
#pragma once

#include "dynamic/watch/child.h"
#include "dynamic/watch/last_words.h"
