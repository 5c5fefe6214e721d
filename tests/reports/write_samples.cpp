// Writes the sample documents in a format into a folder, for tests that need another program to read them:
// write_samples FORMAT FOLDER.

#include <fstream>
#include <iostream>

#include "base/files.h"
#include "reports/formats.h"
#include "sample.h"

int main(int argc, char** argv) {
  using namespace ftaudit;
  const reports::Format* format = argc == 3 ? reports::format_named(argv[1]) : nullptr;
  if (format == nullptr) return std::cerr << "usage: write_samples FORMAT FOLDER\n", 2;
  const auto write = [&](const std::string& name, const Document& document) {
    std::ofstream out(fs::path(argv[2]) / (name + "." + argv[1]));
    format->write(out, document, {.source = test::sample_source, .rules = test::sample_rules()});
    return out.good();
  };
  Document five = test::full_document();
  five.findings.resize(5);
  const bool written = write("empty", {}) && write("clean", test::clean_document()) && write("five", five) &&
                       write("full", test::full_document()) && write("hostile", test::hostile_document()) &&
                       write("compared", test::compared_document()) && write("large", test::large_document(2'000));
  return written ? 0 : 1;
}
