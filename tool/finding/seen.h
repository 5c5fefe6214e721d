// The rules of what is seen to happen while code runs: FT901 and on. They look at nothing in the source, so they have
// no check; their pages lie with the other rules'. Used by those rules and by the meeting of findings with what was
// seen.
#pragma once

#include <array>

#include "finding/finding.h"

namespace ftaudit::seen {

inline constexpr RuleInfo data_race{
    .id = "FT901",
    .name = "data-race-seen",
    .category = Category::other,
    .severity = Severity::high,
    .confidence = Confidence::certain,
    .summary = "ThreadSanitizer saw two threads in the same memory without order, one of them writing",
    .why =
        "Nothing orders the two accesses: what is read may be half written, counts get lost, and a pointer may name "
        "what is already freed",
    .since = "0.1"};

inline constexpr RuleInfo crash{
    .id = "FT902",
    .name = "crash-seen",
    .category = Category::other,
    .severity = Severity::high,
    .confidence = Confidence::certain,
    .summary = "The process died of a signal, a failed assertion or a damaged heap",
    .why = "A crash takes the whole process with it; one that needs several threads was held off by the GIL",
    .since = "0.1"};

inline constexpr RuleInfo deadlock{
    .id = "FT903",
    .name = "deadlock-seen",
    .category = Category::mutex_deadlock,
    .severity = Severity::high,
    .confidence = Confidence::certain,
    .summary = "Threads were seen waiting for each other, or all of them for locks that nobody gives up",
    .why =
        "Each thread holds what another waits for, so none ever goes on; without the GIL to take turns, locks that "
        "were never needed together now are",
    .since = "0.1"};

inline constexpr RuleInfo gil_on_import{.id = "FT904",
                                        .name = "gil-enabled-on-import",
                                        .category = Category::missing_gil_slot,
                                        .severity = Severity::high,
                                        .confidence = Confidence::certain,
                                        .summary = "Importing the module was seen to switch the GIL back on",
                                        .why =
                                            "The GIL comes back for the whole process and stays: every other extension "
                                            "and all Python code run one thread at a time again",
                                        .since = "0.1"};

inline constexpr RuleInfo lock_order{
    .id = "FT905",
    .name = "lock-order-seen",
    .category = Category::mutex_deadlock,
    .severity = Severity::medium,
    .confidence = Confidence::likely,
    .summary = "Locks were seen taken in opposite orders, which deadlocks when the moments meet",
    .why =
        "Two threads that each take the first of their two locks at the same time wait for each other for ever; it has "
        "not happened yet",
    .since = "0.1"};

inline constexpr RuleInfo use_after_free{.id = "FT906",
                                         .name = "use-after-free-seen",
                                         .category = Category::borrowed_ref,
                                         .severity = Severity::high,
                                         .confidence = Confidence::certain,
                                         .summary = "Memory was seen used after it had been freed",
                                         .why =
                                             "Whatever gets that memory next is overwritten or read as what it is not; "
                                             "with the GIL no other thread could free it in between",
                                         .since = "0.1"};

inline constexpr RuleInfo mutex_misuse{
    .id = "FT907",
    .name = "mutex-misuse-seen",
    .category = Category::other,
    .severity = Severity::medium,
    .confidence = Confidence::certain,
    .summary = "A native mutex was seen unlocked by the wrong thread, locked twice, or used after its end",
    .why = "The C library makes no promise of what happens then: the mutex may stay locked, or stop excluding anybody",
    .since = "0.1"};

inline constexpr RuleInfo hang{
    .id = "FT908",
    .name = "hang-seen",
    .category = Category::other,
    .severity = Severity::high,
    .confidence = Confidence::likely,
    .summary = "The process used processor time without end and got nowhere",
    .why = "A loop that another thread's change kept from ending, often over a list or a free list that lost its end",
    .since = "0.1"};

inline constexpr std::array all{&data_race,  &crash,          &deadlock,     &gil_on_import,
                                &lock_order, &use_after_free, &mutex_misuse, &hang};

}  // namespace ftaudit::seen
