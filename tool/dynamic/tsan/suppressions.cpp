#include "dynamic/tsan/suppressions.h"

#include <algorithm>

#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

// What CPython 3.13 itself is known to race in, as Tools/tsan/suppressions_free_threading.txt has it (3.13.5). One line
// of theirs is not here: race_top:new_reference would hide that an extension used an object whose memory had been given
// to another (see sighting.cpp). Four are not in theirs: 3.13's bytearray counts its exported buffers without a lock,
// whoever asks for one (3.14 has the lock), and who interns a string marks it in the word that others read its kind
// from and, making it immortal, writes its counts. Nothing of an extension is ever called from intern_common.
constexpr std::string_view of_3_13 =
    "race:free_threadstate\nrace:get_allocator_unlocked\nrace:intern_common\nrace:set_allocator_unlocked\n"
    "race:sock_recv_impl\n"
    "race_top:PyInterpreterState_ThreadHead\nrace_top:PyThreadState_Clear\nrace_top:PyThreadState_Next\n"
    "race_top:PyUnstable_InterpreterFrame_GetLine\nrace_top:_PyFrame_GetCode\nrace_top:_PyFrame_Initialize\n"
    "race_top:_PyObject_TryGetInstanceAttribute\nrace_top:_Py_slot_tp_getattr_hook\nrace_top:_multiprocessing_SemLock_"
    "acquire_impl\n"
    "race_top:_multiprocessing_SemLock_release_impl\nrace_top:add_threadstate\nrace_top:assign_version_tag\n"
    "race_top:bytearray_getbuffer\nrace_top:bytearray_releasebuffer\n"
    "race_top:dump_traceback\nrace_top:fatal_error\nrace_top:immortalize_interned\nrace_top:list_get_item_ref\n"
    "race_top:set_default_allocator_unlocked\nrace_top:sock_close\nrace_top:tstate_delete_common\nrace_top:tstate_is_"
    "freed\n"
    "race_top:type_modified_unlocked\nrace_top:update_one_slot\nrace_top:write_thread_id\nthread:pthread_create\n";

// 3.14's, from copies of the same file that projects with tests on 3.14 keep. Two lines of theirs stand in any frame of
// a stack and so would hide the extension: race:PyObject_Realloc its own reallocations (left out),
// race:partial_vectorcall_fallback all that is called through functools.partial (held to the innermost frame). The file
// of 3.15 has no line.
constexpr std::string_view of_3_14 =
    "race:list_ass_slice_lock_held\nrace:list_inplace_repeat_lock_held\n"
    "race_top:PyUnstable_InterpreterFrame_GetLine\nrace_top:_PyFrame_GetCode\nrace_top:_PyFrame_Initialize\n"
    "race_top:_PyObject_TryGetInstanceAttribute\nrace_top:_Py_SetImmortalUntracked\nrace_top:_Py_slot_tp_getattr_hook\n"
    "race_top:dump_traceback\nrace_top:fatal_error\nrace_top:mi_block_set_nextx\nrace_top:partial_vectorcall_fallback\n"
    "race_top:rangeiter_next\nrace_top:set_tp_bases\nrace_top:slot_tp_descr_get\nrace_top:type_set_bases_unlocked\n"
    "race_top:type_set_name\nrace_top:write_thread_id\nthread:pthread_create\n";

struct OfVersion {
  std::string_view version, lines;
};
constexpr OfVersion of_versions[] = {{"3.13", of_3_13}, {"3.14", of_3_14}};

// Types that ThreadSanitizer's parser knows (tsan_suppressions.cpp).
constexpr std::string_view types[] = {"race", "race_top", "mutex", "thread", "signal", "called_from_lib", "deadlock"};

// Functions of CPython that stand in nearly every stack with an extension in it: calls, the evaluation loop, thread
// starts.
constexpr std::string_view plumbing[] = {"_PyEval_EvalFrameDefault",
                                         "_PyEval_EvalFrame",
                                         "_PyEval_Vector",
                                         "PyEval_EvalCode",
                                         "_PyFunction_Vectorcall",
                                         "_PyVectorcall_Call",
                                         "PyObject_Vectorcall",
                                         "_PyObject_VectorcallTstate",
                                         "_PyObject_Vectorcall",
                                         "_PyObject_Call",
                                         "PyObject_Call",
                                         "_PyObject_MakeTpCall",
                                         "PyObject_CallObject",
                                         "PyObject_CallNoArgs",
                                         "PyObject_CallOneArg",
                                         "_PyObject_CallMethod",
                                         "PyVectorcall_Call",
                                         "PyCFunction_Call",
                                         "cfunction_call",
                                         "cfunction_vectorcall_NOARGS",
                                         "cfunction_vectorcall_O",
                                         "cfunction_vectorcall_FASTCALL",
                                         "cfunction_vectorcall_FASTCALL_KEYWORDS",
                                         "method_vectorcall",
                                         "method_vectorcall_NOARGS",
                                         "method_vectorcall_O",
                                         "method_vectorcall_VARARGS",
                                         "method_vectorcall_FASTCALL",
                                         "method_vectorcall_FASTCALL_KEYWORDS",
                                         "_PyObject_GenericGetAttrWithDict",
                                         "PyObject_GetAttr",
                                         "PyObject_SetAttr",
                                         "PyObject_GetItem",
                                         "PyObject_SetItem",
                                         "PyIter_Next",
                                         "slot_tp_call",
                                         "slot_tp_init",
                                         "type_call",
                                         "getset_get",
                                         "member_get",
                                         "wrapper_call",
                                         "_Py_Dealloc",
                                         "Py_DECREF",
                                         "subtype_dealloc",
                                         "thread_run",
                                         "pythread_wrapper",
                                         "start_thread",
                                         "pthread_create",
                                         "Py_RunMain",
                                         "Py_BytesMain",
                                         "pymain_run_python",
                                         "main",
                                         "_start",
                                         "clone",
                                         "clone3"};

// The runtime's own matching: '*' stands for anything, '^' and '$' hold the ends, and without them a part is enough.
bool hits(std::string_view pattern, std::string_view name) {
  const bool from_start = pattern.starts_with('^'), to_end = pattern.ends_with('$');
  if (from_start) pattern.remove_prefix(1);
  if (to_end && !pattern.empty()) pattern.remove_suffix(1);
  return glob_match((from_start ? "" : "*") + std::string(pattern) + (to_end ? "" : "*"), name);
}

void judge(const SuppressionLine& line, Suppressions& out) {
  const bool races = line.type == "race" || line.type == "race_top";
  if (line.pattern.find_first_not_of("*^$") == std::string_view::npos) {
    out.complaints.push_back({line.line, true, line.type + ":" + line.pattern + " hides every report of its kind"});
    return;
  }
  if (line.type == "called_from_lib") {
    if (line.pattern.find("python") != std::string::npos)
      out.complaints.push_back(
          {line.line, true, "called_from_lib:" + line.pattern + " hides what CPython calls, the extension included"});
    return;
  }
  if (!races && line.type != "mutex" && line.type != "deadlock") return;
  for (std::string_view name : plumbing) {
    if (!hits(line.pattern, name)) continue;
    // Of race_top only the innermost frame counts, and no extension's access lies in these.
    const bool hides = line.type != "race_top";
    out.complaints.push_back(
        {line.line, hides,
         line.type + ":" + line.pattern + " matches " + std::string(name) +
             (hides ? ", which stands in nearly every stack: the extension's own reports would be hidden"
                    : ", part of CPython's plumbing")});
    return;
  }
}

}  // namespace

Suppressions read_suppressions(std::string_view text) {
  Suppressions out;
  std::uint32_t number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    const std::string_view type = line.substr(0, colon);
    if (colon == std::string_view::npos || std::find(std::begin(types), std::end(types), type) == std::end(types)) {
      const std::vector<std::string> known(std::begin(types), std::end(types));
      const std::string near = closest(type, known);
      out.complaints.push_back({number, true,
                                "'" + std::string(line) +
                                    "' is no suppression: expected TYPE:PATTERN with TYPE one of race, race_top, "
                                    "mutex, thread, signal, called_from_lib, deadlock" +
                                    (near.empty() ? "" : "; did you mean " + near + "?")});
      continue;
    }
    const std::string_view pattern = trim(line.substr(colon + 1));
    if (pattern.empty()) {
      out.complaints.push_back({number, true, "'" + std::string(line) + "' says nothing behind the colon"});
      continue;
    }
    out.lines.push_back({number, std::string(type), std::string(pattern)});
    judge(out.lines.back(), out);
  }
  return out;
}

Result<std::string> suppressions_for(std::string_view python_version, const std::vector<fs::path>& user_files) {
  std::string text;
  for (const OfVersion& one : of_versions)
    if (python_version == one.version || python_version.starts_with(std::string(one.version) + ".")) text = one.lines;
  for (const fs::path& file : user_files) {
    const Result<std::string> own = read_file(file, 1u << 20);
    if (!own.ok()) return own.error();
    const Suppressions read = read_suppressions(*own);
    for (const Complaint& complaint : read.complaints)
      if (complaint.fatal) return Error{file.string() + ":" + std::to_string(complaint.line) + ": " + complaint.what};
    for (const SuppressionLine& line : read.lines) text += line.type + ":" + line.pattern + "\n";
  }
  return text;
}

}  // namespace ftaudit::dynamic
