// Any text is a setup.py for the reader, which is Python; it answers each, in time, and what it answers is taken apart.
// A Python that stays has one child a text: starting one each time would take all of the time.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "project/description.h"
#include "project/setup_py_reader.h"
#include "python_text.h"

namespace {

using namespace ftaudit;

constexpr const char* resident = R"(
import json, os, resource, signal, struct, sys, traceback
reader = compile(sys.argv[1], 'reader', 'exec')
asked, told = os.fdopen(3, 'rb'), os.fdopen(4, 'wb')
while True:
    head = asked.read(4)
    if len(head) < 4:
        break
    request = asked.read(struct.unpack('<I', head)[0])
    mine, its = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
        signal.alarm(25)  # steps end it long before
        import io
        sys.stdin, sys.stdout = io.StringIO(request.decode()), os.fdopen(its, 'w')
        status = 0
        try:
            names = {'__name__': 'reader'}
            exec(reader, names)
            names['main']()
        except BaseException:
            traceback.print_exc()
            status = 1
        sys.stdout.flush()
        os._exit(status)
    os.close(its)
    answer = open(mine, 'rb').read()
    status = os.waitpid(child, 0)[1]
    if status != 0:
        answer = b'failed'
    told.write(struct.pack('<I', len(answer)) + answer)
    told.flush()
)";

class Reader {
 public:
  Reader() {
    int to[2], from[2];
    if (::pipe(to) != 0 || ::pipe(from) != 0) std::abort();
    if (::fork() == 0) {
      // Above what it gives its program, so that neither is closed by the other.
      const int in = ::dup(to[0]), out = ::dup(from[1]);
      ::dup2(in, 3), ::dup2(out, 4);
      for (int fd = 5; fd < 64; ++fd) ::close(fd);
      const std::string python = project::reading_python().string();
      ::execl(python.c_str(), python.c_str(), "-I", "-S", "-c", resident, setup_py_reader, nullptr);
      ::_exit(127);
    }
    ::close(to[0]), ::close(from[1]);
    asks_ = ::fdopen(to[1], "wb"), hears_ = ::fdopen(from[0], "rb");
  }

  std::string answer(const std::string& request) {
    const auto size = static_cast<std::uint32_t>(request.size());
    std::fwrite(&size, 4, 1, asks_), std::fwrite(request.data(), 1, request.size(), asks_), std::fflush(asks_);
    std::uint32_t length = 0;
    hear(&length, 4);
    std::string out(length, '\0');
    hear(out.data(), length);
    return out;
  }

 private:
  // The clock of libFuzzer may interrupt the wait.
  void hear(void* into, std::size_t size) {
    for (std::size_t got = 0; got < size;) {
      got += std::fread(static_cast<char*>(into) + got, 1, size - got, hears_);
      if (got == size) return;
      if (errno != EINTR || std::feof(hears_) != 0) std::abort();
      std::clearerr(hears_);
    }
  }

  std::FILE *asks_, *hears_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto folder = ScratchFolder::make("fuzz");
  static Reader reader;
  if (size == 0) return 0;
  const fs::path file = folder->path() / "setup.py";
  // The first byte says whether the rest is text, or decides what text there is.
  const std::string text = data[0] % 4 == '#' % 4 ? std::string(reinterpret_cast<const char*>(data + 1), size - 1)
                                                  : PythonText(data + 1, size - 1).module();
  if (!write_file(file, text).ok()) std::abort();
  const project::Outside outside{
      .setup_py =
          [&](const fs::path& asked) {
            const std::string said =
                reader.answer("{\"file\": \"" + asked.string() + "\", \"root\": \"" + folder->path().string() + "\"}");
            if (!said.starts_with('{')) std::fprintf(stderr, "%s\n", text.c_str()), std::abort();
            return Result<std::string>(said);
          },
      .is_open = [](const fs::path&) { return true; }};
  project::Description out;
  project::read_setup_py(file, project::Tree(folder->path()), outside, out);
  for (const project::Target& target : out.targets)
    for (const std::string& source : target.sources)
      if (!source.starts_with('/')) std::abort();
  return 0;
}
