#include "dynamic/watch/python_stacks.h"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

constexpr std::size_t most_frames = 100, most_threads = 1000;

// The words of _Py_DebugOffsets that are needed, by their place in it (in words of 8 bytes behind cookie, version and
// free_threaded). 3.14 has added threads_main and two more to the interpreter's part.
struct Layout {
  std::size_t interpreters_head, threads_head, next, current_frame, native_thread_id, previous, executable, instr_ptr,
      owner, filename, qualname, linetable, firstlineno, code, bytes_size, bytes_data, unicode_length, unicode_data,
      unicode_part;
};

Layout layout_of(std::uint64_t minor) {
  Layout at{};
  std::size_t word = 0;
  const auto part = [&](std::size_t words) { return std::exchange(word, word + words); };
  const std::size_t runtime = part(3), interpreter = part(minor >= 14 ? 16 : 13), thread = part(9),
                    frame = part(minor >= 14 ? 8 : 6), code = part(minor >= 14 ? 11 : 10);
  part(2), part(4), part(3), part(3);  // object, type, tuple, list
  if (minor >= 14) part(4);            // set
  part(3), part(2), part(3);           // dict, float, long
  const std::size_t bytes = part(3), unicode = part(4);
  at.interpreters_head = runtime + 2, at.threads_head = interpreter + 3;
  at.next = thread + 2, at.current_frame = thread + 4, at.native_thread_id = thread + 6;
  at.previous = frame + 1, at.executable = frame + 2, at.instr_ptr = frame + 3, at.owner = frame + 5;
  at.filename = code + 1, at.qualname = code + 3, at.linetable = code + 4, at.firstlineno = code + 5,
  at.code = code + 9;
  at.bytes_size = bytes + 1, at.bytes_data = bytes + 2;
  at.unicode_part = unicode, at.unicode_length = unicode + 2, at.unicode_data = unicode + 3;
  return at;
}

class Memory {
 public:
  explicit Memory(pid_t process)
      : file_(::open(("/proc/" + std::to_string(process) + "/mem").c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Memory() {
    if (file_ >= 0) ::close(file_);
  }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  bool read(std::uint64_t at, void* into, std::size_t size) const {
    return file_ >= 0 && at != 0 && ::pread(file_, into, size, static_cast<off_t>(at)) == static_cast<ssize_t>(size);
  }
  template <class T> T value(std::uint64_t at) const {
    T out{};
    return read(at, &out, sizeof out) ? out : T{};
  }
  std::uint64_t word(std::uint64_t at) const { return value<std::uint64_t>(at); }
  std::string bytes(std::uint64_t at, std::uint64_t size) const {
    if (size > 1 << 20) return {};
    std::string out(size, '\0');
    return read(at, out.data(), size) ? out : std::string();
  }

 private:
  int file_;
};

// Where the section ".PyRuntime", with _PyRuntime at its start, lies in an ELF file, as an address before relocation; 0
// if it has none.
std::uint64_t runtime_in(const std::string& path, std::uint64_t& base) {
  std::ifstream file(path, std::ios::binary);
  Elf64_Ehdr header{};
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64)
    return 0;
  if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_phentsize != sizeof(Elf64_Phdr) || header.e_shnum > 1000 ||
      header.e_phnum > 1000)
    return 0;
  std::vector<Elf64_Shdr> sections(header.e_shnum);
  file.seekg(static_cast<std::streamoff>(header.e_shoff));
  if (!file.read(reinterpret_cast<char*>(sections.data()),
                 static_cast<std::streamsize>(sections.size() * sizeof(Elf64_Shdr))) ||
      header.e_shstrndx >= sections.size())
    return 0;
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  if (!file.read(reinterpret_cast<char*>(segments.data()),
                 static_cast<std::streamsize>(segments.size() * sizeof(Elf64_Phdr))))
    return 0;
  base = ~std::uint64_t{0};
  for (const Elf64_Phdr& segment : segments)
    if (segment.p_type == PT_LOAD) base = std::min<std::uint64_t>(base, segment.p_vaddr & ~std::uint64_t{0xfff});
  const Elf64_Shdr& names = sections[header.e_shstrndx];
  for (const Elf64_Shdr& section : sections) {
    char name[12] = {};
    file.clear();
    file.seekg(static_cast<std::streamoff>(names.sh_offset + section.sh_name));
    file.read(name, 11);
    if (std::string_view(name) == ".PyRuntime") return section.sh_addr;
  }
  return 0;
}

// The address of _PyRuntime in the process: in the executable, or in libpython.
std::uint64_t runtime_address(pid_t process) {
  std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
  std::string line, last;
  while (std::getline(maps, line)) {
    const std::size_t slash = line.find('/');
    if (slash == std::string::npos) continue;
    const std::string path = line.substr(slash);
    // The first mapping of a file is where it begins.
    if (path == last || path.find("python") == std::string::npos) continue;
    last = path;
    std::uint64_t base = 0;
    const std::uint64_t address = runtime_in(path, base);
    if (address == 0) continue;
    const std::uint64_t start = std::stoull(line.substr(0, line.find('-')), nullptr, 16);
    return start - base + address;
  }
  return 0;
}

class Reader {
 public:
  Reader(const Memory& memory, std::uint64_t runtime) : memory_(memory), runtime_(runtime) {}

  bool start() {
    char cookie[8];
    if (!memory_.read(runtime_, cookie, 8) || std::memcmp(cookie, "xdebugpy", 8) != 0) return false;
    const std::uint64_t version = memory_.word(runtime_ + 8);
    const std::uint64_t minor = version >> 16 & 0xff;
    if (version >> 24 != 3 || minor < 13 || minor > 14) return false;
    at_ = layout_of(minor);
    // A layout that is not this one would say nonsense here: a text's head is five to eight words.
    const std::uint64_t head = offset(at_.unicode_data);
    return head >= 32 && head <= 64 && offset(at_.bytes_size) < 64 && offset(at_.unicode_length) < head;
  }

  void fill(std::vector<ThreadState>& threads) const {
    const std::uint64_t interpreter = memory_.word(runtime_ + offset(at_.interpreters_head));
    std::uint64_t state = memory_.word(interpreter + offset(at_.threads_head));
    for (std::size_t n = 0; state != 0 && n < most_threads; ++n, state = memory_.word(state + offset(at_.next))) {
      const auto tid = static_cast<pid_t>(memory_.word(state + offset(at_.native_thread_id)));
      for (ThreadState& thread : threads)
        if (thread.tid == tid) thread.python_stack = stack(memory_.word(state + offset(at_.current_frame)));
    }
  }

 private:
  // A word of the table of offsets; the table begins behind cookie, version and free_threaded.
  std::uint64_t offset(std::size_t word) const { return memory_.word(runtime_ + 24 + 8 * word); }

  std::vector<StackFrame> stack(std::uint64_t frame) const {
    std::vector<StackFrame> out;
    for (std::size_t n = 0; frame != 0 && n < most_frames; ++n, frame = memory_.word(frame + offset(at_.previous))) {
      // Frames of the C stack stand between the others and have no code.
      if (memory_.value<std::uint8_t>(frame + offset(at_.owner)) >= 3) continue;
      const std::uint64_t code = memory_.word(frame + offset(at_.executable)) & ~std::uint64_t{3};
      StackFrame named{.function = text(memory_.word(code + offset(at_.qualname))),
                       .file = text(memory_.word(code + offset(at_.filename)))};
      if (named.function.empty() && named.file.empty()) break;
      const std::uint64_t instruction = memory_.word(frame + offset(at_.instr_ptr)), start = code + offset(at_.code);
      const std::uint64_t table = memory_.word(code + offset(at_.linetable));
      const auto first = memory_.value<std::uint32_t>(code + offset(at_.firstlineno));
      const std::string lines =
          memory_.bytes(table + offset(at_.bytes_data), memory_.word(table + offset(at_.bytes_size)));
      // 3.14 runs a thread's own copy of the code: then the function's first line has to do.
      const bool inside = instruction >= start && instruction - start < (1u << 20);
      named.line = inside ? line_of(lines, first, instruction - start) : first;
      out.push_back(std::move(named));
    }
    return out;
  }

  // ASCII only; other names read as "?".
  std::string text(std::uint64_t object) const {
    const std::uint64_t length = memory_.word(object + offset(at_.unicode_length));
    if (object == 0 || length == 0 || length > 4096) return {};
    const std::string read = memory_.bytes(object + offset(at_.unicode_data), length);
    const bool ascii = std::all_of(read.begin(), read.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    return read.empty() ? "" : ascii ? read : "?";
  }

  const Memory& memory_;
  std::uint64_t runtime_;
  Layout at_{};
};

}  // namespace

std::uint32_t line_of(std::string_view linetable, std::uint32_t first, std::uint64_t offset) {
  std::int64_t line = first;
  std::uint64_t reached = 0;
  std::size_t i = 0;
  const auto varint = [&] {
    std::uint64_t value = 0;
    for (unsigned shift = 0; i < linetable.size() && shift < 32; shift += 6) {
      const auto byte = static_cast<unsigned char>(linetable[i++]);
      value |= static_cast<std::uint64_t>(byte & 63) << shift;
      if ((byte & 64) == 0) break;
    }
    return value;
  };
  while (i < linetable.size()) {
    const auto head = static_cast<unsigned char>(linetable[i++]);
    const unsigned kind = head >> 3 & 15, units = (head & 7u) + 1;
    bool has_line = true;
    if (kind == 15) {
      has_line = false;
    } else if (kind == 14 || kind == 13) {
      const std::uint64_t coded = varint();
      line += (coded & 1) != 0 ? -static_cast<std::int64_t>(coded >> 1) : static_cast<std::int64_t>(coded >> 1);
    } else if (kind >= 10) {
      line += kind - 10;
    }
    while (i < linetable.size() && (linetable[i] & 0x80) == 0) ++i;  // columns
    reached += units * 2;
    if (offset < reached) return has_line && line > 0 ? static_cast<std::uint32_t>(line) : first;
  }
  return first;
}

bool add_python_stacks(Standstill& process) {
  const std::uint64_t runtime = runtime_address(process.process);
  if (runtime == 0) return false;
  const Memory memory(process.process);
  Reader reader(memory, runtime);
  if (!reader.start()) return false;
  reader.fill(process.threads);
  return true;
}

}  // namespace ftaudit::dynamic
