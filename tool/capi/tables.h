// The tables behind the questions, one .cpp a subject. Only capi itself reads them.
#pragma once

#include "capi/capi.h"

namespace ftaudit::capi {

struct LibraryChange {
  std::string_view name;  // a pattern
  int argument;
};
struct Pattern {
  std::string_view pattern;
  Suspends why;
};
struct Slot {
  int id;
  std::string_view field;
  Role role;
};
struct Newcomer {
  std::string_view name;  // a pattern
  int minor;              // of the release that brought it
};
struct Tag {
  std::string_view tag, name;
};

extern const std::vector<Borrowed> borrowed_table;
extern const std::vector<LibraryChange> library_change_table;
extern const std::vector<OutParameters> strong_out_table, written_table;
extern const std::vector<Internal> internals_table;
extern const std::vector<std::string_view> fresh_table;
extern const std::vector<Pattern> suspension_table;
extern const std::vector<std::string_view> neutral_table, reading_table, looking_table, element_table,
    cxx_container_table, at_once_table, keeping_table, detached_table, attached_roots_table, detached_roots_table;
extern const std::vector<std::string_view> api_family_table, object_api_table, thread_roots_table;
extern const std::vector<ThreadCall> thread_call_table;
extern const std::vector<Blocking> blocking_table;
extern const std::vector<Allocator> allocator_table;
extern const std::vector<std::string_view> unique_safe_table, refcount_writer_table;
extern const std::vector<LockCall> lock_table, library_lock_table;
extern const std::vector<std::string_view> nesting_readers_table, no_return_table, once_table, lock_type_table,
    atomic_type_table, atomic_operation_table;
extern const std::vector<Libc> libc_table;
extern const std::vector<Binding> binding_table;
extern const std::vector<std::string_view> module_macro_table, api_macro_table, expression_macro_table, assertion_table;
extern const std::vector<Tag> tag_table;
extern const std::vector<Slot> slot_table;
extern const std::vector<std::string_view> object_maker_table;
extern const std::vector<Newcomer> newcomer_table;

}  // namespace ftaudit::capi
