// Headers of libraries of the machine, here a made-up one: what pkg-config would answer, read from its files.
#include "project/system_headers.h"

#include "tree_on_disk.h"

using namespace ftaudit;
using namespace ftaudit::project;

TEST_CASE("headers are found where a library's .pc file says, with what it needs") {
  TreeOnDisk machine{{"include/plain.h", ""},
                     {"include/pear/pear.h", ""},
                     {"include/core/core.h", ""},
                     {"lib/pear/include/config.h", ""},
                     {"include/alone/alone.h", ""},
                     {"include/one/both.h", ""},
                     {"include/two/both.h", ""},
                     {"include/python3.14/pear.h", ""},
                     {"pc/core.pc", "Name: core\nCflags: -I/nowhere\n"}};
  const std::string root = machine.root().native();
  machine.add("pc/pear.pc", "prefix=" + root +
                                "\nincludedir=${prefix}/include\n\nName: pear\nRequires: core >= 1.2\n"
                                "Cflags: -I${includedir}/pear -I${prefix}/lib/pear/include -DPEAR\n");
  machine.add("pc/core.pc", "prefix=" + root + "\nName: core\nCflags: -I${prefix}/include/core\n");
  machine.add("pc/python-3.14.pc", "Cflags: -I" + root + "/include/python3.14\n");
  SystemHeaders headers({machine / "include"}, {machine / "pc"});
  CHECK(headers.folders_for("plain.h").empty());  // compilers find it
  CHECK(headers.folders_for("pear.h") ==
        Texts{root + "/include/pear", root + "/lib/pear/include", root + "/include/core"});
  CHECK(headers.folders_for("core.h") == Texts{root + "/include/core"});
  CHECK(headers.folders_for("alone.h") == Texts{root + "/include/alone"});  // of no .pc file
  CHECK(headers.folders_for("both.h").empty());                             // of two, and nobody says which
  CHECK(headers.folders_for("nosuch.h").empty());
  CHECK(headers.folders_for("../pc/core.pc").empty());
  CHECK(headers.folders_for("/etc/passwd").empty());
}

TEST_CASE("the Debian package of a common library's header") {
  CHECK(debian_package_of("libpq-fe.h") == "libpq-dev");
  CHECK(debian_package_of("curl/curl.h") == "libcurl4-openssl-dev");
  CHECK(debian_package_of("mysql.h") == "libmariadb-dev");
  CHECK(debian_package_of("openssl/ssl.h") == "libssl-dev");
  CHECK(debian_package_of("unicode/utypes.h") == "libicu-dev");
  CHECK(debian_package_of("sys/acl.h") == "libacl1-dev");
  CHECK(debian_package_of("sys/types.h").empty());
  CHECK(debian_package_of("mysql.hpp").empty());
  CHECK(debian_package_of("ours.h").empty());
}
