#include "cli/manual.h"

#include "base/text.h"
#include "reports/formats.h"

namespace ftaudit::cli {

namespace {

// Text of a paragraph: nothing in it is a request or an escape; hyphens are those that people type.
std::string text(std::string_view plain) {
  std::string out;
  for (const char c : plain) {
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else if (out.empty() && (c == '.' || c == '\'')) (out += "\\&") += c;
    else out += c;
  }
  return out;
}

std::string bold(std::string_view plain) { return "\\fB" + text(plain) + "\\fR"; }
std::string italic(std::string_view plain) { return "\\fI" + text(plain) + "\\fR"; }

std::string option_text(const DescribedOption& option) {
  std::string out = ".TP\n";
  for (std::size_t i = 0; i < option.names.size(); ++i)
    out += (i == 0 ? "" : ", ") + (option.positional ? italic(option.names[i]) : bold(option.names[i]));
  if (!option.positional && !option.value.empty()) out += " " + italic(option.value);
  out += "\n" + text(option.about);
  // Where the help says itself what the choices are, once is enough.
  bool told = true;
  for (const std::string& choice : option.choices) told &= option.about.find(choice) != std::string::npos;
  if (!told)
    out += (option.about.ends_with(".") || option.about.empty() ? " " : ". ") + std::string("One of ") +
           text(join(option.choices, ", ")) + ".";
  return out + "\n";
}

void command_text(const DescribedCommand& command, const std::string& path, std::string& out) {
  if (command.commands.empty()) {
    out += ".SS " + text("ftaudit " + path) + "\n" + text(command.about) + ".\n";
    for (const DescribedOption& option : command.options) out += option_text(option);
    if (!command.footer.empty()) out += ".PP\n" + text(command.footer) + "\n";
  }
  for (const DescribedCommand& child : command.commands)
    command_text(child, path.empty() ? child.name : path + " " + child.name, out);
}

}  // namespace

std::string manual(const DescribedCommand& program) {
  std::string out = ".TH FTAUDIT 1 \"\" \"ftaudit " FTAUDIT_VERSION
                    "\" \"User Commands\"\n"
                    ".SH NAME\nftaudit \\- tells whether a C or C++ extension of CPython survives without the GIL\n"
                    ".SH SYNOPSIS\n.B ftaudit\n.RI [ options ]\n.I command\n.RI [ arguments ]\n"
                    ".SH DESCRIPTION\n" +
                    text(
                        "Free-threaded Python (python3.13t and later) runs threads in parallel. ftaudit reads the "
                        "sources of an extension as a compiler does, asks of the whole of it who else can be here, "
                        "holding what, and reports with evidence where another thread can crash it, corrupt its data "
                        "or lock it up, and where importing it switches the GIL back on.") +
                    "\n.SH OPTIONS\n";
  for (const DescribedOption& option : program.options) out += option_text(option);
  out += ".SH COMMANDS\n";
  command_text(program, "", out);
  out += ".SH FORMATS\n";
  for (const reports::Format& format : reports::formats())
    out += ".TP\n" + bold(format.name) + "\n" + text(format.about) + "\n";
  out +=
      ".SH EXIT STATUS\n"
      ".TP\n.B 0\naudited, and nothing at or above the severity that was asked for\n"
      ".TP\n.B 1\nfindings\n"
      ".TP\n.B 2\nbad usage or settings\n"
      ".TP\n.B 3\nincomplete: something asked for could not be audited, and there was no finding\n"
      ".TP\n.B 130\ninterrupted\n"
      ".SH ENVIRONMENT\n"
      ".TP\n.BR FTAUDIT_PYTHON \", \" FTAUDIT_FAIL_ON \", \" FTAUDIT_JOBS\n" +
      text("what --python, --fail-on and --jobs are when they are not given; they come over the project's settings") +
      "\n.TP\n.B NO_COLOR\nno colour, unless \\fB\\-\\-color always\\fR asks for it\n"
      ".SH FILES\n"
      ".TP\n.IR pyproject.toml \", \" ftaudit.toml\nsettings of the project: table \\fB[tool.ftaudit]\\fR of the "
      "first, the whole of the second\n"
      ".SH EXAMPLES\n"
      ".TP\n.B ftaudit scan .\naudit the project here\n"
      ".TP\n.B ftaudit scan . \\-\\-format concise \\-\\-report sarif:ftaudit.sarif \\-\\-report "
      "html:ftaudit.html\none line a finding, and two further reports\n"
      ".TP\n.B ftaudit explain FT104\nwhat a rule is about, and what to write instead\n";
  return out;
}

}  // namespace ftaudit::cli
