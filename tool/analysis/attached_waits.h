// Attached waits: calls that wait for a lock and keep the thread state meanwhile, and who holds such a lock across a
// call that has to have the interpreter to go on. Source: C API reference, threads; PEP 703, stop-the-world.
#pragma once

#include <map>
#include <string>

#include "analysis/audit.h"

namespace ftaudit::analysis {

// The lock call that waits without letting go of the thread state; null for other events. A guard over a class of the
// project waits as that class's lock() does.
const capi::LockCall* waits_attached(const Audit& audit, const model::Event& event);

// Names one mutex, or the mutexes in one field, wherever they are locked; "" for what cannot be named.
std::string name_of_lock(const model::Function& function, const model::Operand& lock);

// The lock of an object that nobody else has seen yet, or has any more: nobody holds it.
bool is_of_own_object(const Audit& audit, const Site& site, const model::Operand& lock);

// What may keep the holder of each lock from going on until somebody else has let go of the thread state: by name of
// the lock.
std::map<std::string, Site> held_across_calls(const Audit& audit);

}  // namespace ftaudit::analysis
