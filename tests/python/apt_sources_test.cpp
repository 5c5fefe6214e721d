#include "python/apt_sources.h"

#include "surroundings.h"

using namespace ftaudit;
using namespace ftaudit::python;

TEST_CASE("the one-line format: options, comments, discs") {
  const auto found = parse_apt_list(
      "# deb http://off.example/debian bookworm main\n"
      "deb http://one.example/debian bookworm main contrib # mine\n"
      "deb [arch=amd64 signed-by=/k/two.gpg trusted=yes] https://two.example/debian/ bookworm main\n"
      "deb-src http://three.example/debian bookworm main\n"
      "deb cdrom:[Debian GNU/Linux 12]/ bookworm main\n"
      "rubbish\n");
  CHECK(found == std::vector<std::string>{"http://one.example/debian", "https://two.example/debian/",
                                          "http://three.example/debian"});
}

TEST_CASE("the deb822 format: several URIs, comments, disabled stanzas") {
  const auto found = parse_apt_sources(
      "Types: deb\n"
      "# a snapshot\n"
      "URIs: http://one.example/debian\n"
      "  http://two.example/debian\n"
      "suites: bookworm bookworm-updates\n"
      "Signed-By: /k/one.gpg\n"
      "\n"
      "Enabled: no\n"
      "URIs: http://off.example/debian\n"
      "\n"
      "uris: http://three.example/debian-security\n");
  CHECK(found == std::vector<std::string>{"http://one.example/debian", "http://two.example/debian",
                                          "http://three.example/debian-security"});
}

TEST_CASE("all of apt's files are read, each repository once, Debian's own first") {
  const Surroundings machine;
  machine.write("apt/sources.list", "deb http://host.example/debian bookworm main\n");
  machine.write("apt/sources.list.d/a-third-party.list", "deb https://other.example/apt stable main\n");
  machine.write("apt/sources.list.d/b.list", "deb http://host.example/debian bookworm-updates main\n");
  machine.write("apt/sources.list.d/debian.sources", "URIs: http://mirror.example/debian/\nSigned-By: /k.gpg\n");
  machine.write("apt/sources.list.d/old.list.save", "deb http://saved.example/debian bookworm main\n");
  CHECK(apt_repositories(machine.home() / "apt") == std::vector<std::string>{"http://host.example/debian",
                                                                             "http://mirror.example/debian",
                                                                             "https://other.example/apt"});
  CHECK(apt_repositories(machine.home() / "nothing").empty());
}
