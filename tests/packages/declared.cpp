// Prints what each library named on the command line declares: path, module, style, gil, how, separated by tabs.
// agreement.py compares that with what an interpreter says after importing it.
#include <cstdio>

#include "base/files.h"
#include "base/text.h"
#include "packages/binaries/binary.h"

using namespace ftaudit;

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const Result<std::string> bytes = read_file(argv[i]);
    const Result<packages::Binary> binary =
        bytes.ok() ? packages::read_binary(*bytes) : Result<packages::Binary>(bytes.error());
    if (!binary.ok()) {
      std::printf("%s\t\terror\tunknown\t%s\t\n", argv[i], binary.message().c_str());
      continue;
    }
    for (const packages::Declaration& one : binary->modules)
      std::printf("%s\t%s\t%s\t%s\t%s\t%s\n", argv[i], one.module.c_str(),
                  std::string(packages::name_of(one.style)).c_str(), std::string(name_of(one.gil)).c_str(),
                  one.how.c_str(), join(binary->origins, ", ").c_str());
  }
}
