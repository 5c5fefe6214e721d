// Any bytes are a compiler's command line; what is kept of it is of the kinds that only decide how a source reads.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "project/flag_filter.h"
#include "project/flags.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ftaudit::project;
  const std::vector<std::string> words = split_command({reinterpret_cast<const char*>(data), size});
  FlagFilter filter([](const ftaudit::fs::path&) { return false; });
  for (const auto from : {FlagFilter::From::build, FlagFilter::From::settings, FlagFilter::From::user}) {
    const std::vector<std::string> kept = filter.kept(words, "/", from);
    bool value = false;  // of the word before
    for (const std::string& word : kept) {
      if (!value && !word.starts_with("-")) std::abort();
      for (const char* evil : {"-Xclang", "-load", "-fplugin", "-fpass-plugin", "-mllvm", "-Wp,", "-M", "-o", "-B",
                               "--sysroot", "-ivfsoverlay", "-include-pch", "-fmodule", "--config", "-resource-dir"})
        if (!value && word.starts_with(evil) && !word.starts_with("-openmp")) std::abort();
      value = !value && (word == "-isystem" || word == "-iquote" || word == "-idirafter" || word == "-include" ||
                         word == "-imacros" || word == "-x");
    }
    // Once kept, kept.
    FlagFilter again([](const ftaudit::fs::path&) { return false; });
    if (again.kept(kept, "/", from) != kept || !again.left_out().empty()) std::abort();
  }
  return 0;
}
