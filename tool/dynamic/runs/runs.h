// The door of runs. What is run, and how: tests, the stress driver and its plan, reproducers, and the places where
// threads are made to meet. Everything goes through the observer.
#pragma once

#include "dynamic/runs/observer.h"
#include "dynamic/runs/rendezvous_sites.h"
#include "dynamic/runs/reproducer.h"
#include "dynamic/runs/stress_plan.h"
#include "dynamic/runs/stress_runs.h"
#include "dynamic/runs/test_runs.h"
