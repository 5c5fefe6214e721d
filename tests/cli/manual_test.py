"""The manual page and the completions of shells: every command and option is in them, and the programs that read them take
them (mandoc, bash, zsh, fish; those that are not there are named). Arguments: the program and a source file to audit."""

import re
import shutil
import subprocess
import sys
import tempfile
import pathlib

failures, lacking = [], []


def that(what, is_so):
    if not is_so:
        failures.append(what)


def run(*arguments, **options):
    return subprocess.run(arguments, capture_output=True, text=True, **options)


def helps(program, words=()):
    """Every command with its help, as the program prints it."""
    text = run(program, *words, "--help").stdout
    yield words, text
    listed = text.partition("Subcommands:\n")[2].partition("\n\n")[0]
    for line in listed.splitlines():
        if name := re.match(r"  ([\w-]+)", line):
            yield from helps(program, (*words, name[1]))


def manual(program, commands):
    page = run(program, "man").stdout
    plain = page.replace("\\-", "-").replace("\\&", "")
    for words, text in commands:
        for option in set(re.findall(r"(?<![\w`])--[a-z][\w-]+", text.partition("Example")[0])) - {"--help"}:
            that(f"the manual page lacks {option} of {' '.join(words)}", option in plain)
        if words and "Subcommands:" not in text:
            that(f"the manual page lacks ftaudit {' '.join(words)}", f".SS ftaudit {' '.join(words)}" in plain)
    if shutil.which("mandoc"):
        told = run("mandoc", "-T", "lint", "-W", "warning", input=page)
        that(f"mandoc: {told.stdout}", not told.stdout.strip() or all("missing date" in line for line in told.stdout.splitlines()))
    elif shutil.which("man"):
        told = run("man", "--warnings", "-E", "UTF-8", "-l", "-", input=page, env={"MANWIDTH": "100", "PATH": "/usr/bin:/bin", "MANROFFSEQ": ""})
        that(f"man: {told.stderr}", told.returncode == 0 and not told.stderr)
    else:
        lacking.append("mandoc")


def bash(program, folder):
    script = folder / "ftaudit.bash"
    script.write_text(run(program, "completion", "bash").stdout)
    ask = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ftaudit; printf "%s\\n" "${COMPREPLY[@]}"'

    def offered(*words):
        return run("bash", "-c", ask, "bash", script, "ftaudit", *words, cwd=folder).stdout.split()

    that("bash offers commands", {"scan", "gate", "explain", "man"} <= set(offered("")))
    that("bash offers the rest of a command", offered("expl") == ["explain"])
    that("bash offers options of the command", "--min-severity" in offered("scan", "--min") and "--force" not in offered("scan", "--"))
    that("bash offers options below a group", "--force" in offered("python", "install", "--"))
    that("bash offers values", offered("scan", ".", "--format", "sar") == ["sarif"])
    that("bash offers files", "ftaudit.bash" in offered("scan", "ft"))
    that("bash offers files behind --", "ftaudit.bash" in offered("scan", ".", "--", "ft"))
    that("nothing of a half-typed word is run", offered("scan", "$(touch made)") == [] and not (folder / "made").exists())


def zsh(program, folder):
    if not shutil.which("zsh"):
        return lacking.append("zsh")
    script = folder / "_ftaudit"
    script.write_text(run(program, "completion", "zsh").stdout)
    told = run("zsh", "-n", script)
    that(f"zsh: {told.stderr}", told.returncode == 0)
    # A zsh at a terminal of its own, in which Tab is pressed; what it shows is read.
    session = ("zmodload zsh/zpty; zpty sh zsh -f -i; zpty -w sh \"PS1=; unsetopt zle_bracketed_paste; fpath=($1 \\$fpath); autoload -U compinit; compinit -u -d $1/dump; bindkey '^I' complete-word; LISTMAX=0; print READY\"; zpty -r sh out '*READY*READY*';"
               "zpty -w -n sh $'ftaudit scan --min-conf\\t'; sleep 1; zpty -w -n sh $'cert\\t'; sleep 1; zpty -w -n sh $'\\x15print DONE\\n'; zpty -r sh out '*DONE*'; print -r -- $out")
    told = run("zsh", "-f", "-c", session, "zsh", folder, timeout=60)
    that(f"zsh completes: {told.stdout!r} {told.stderr!r}", "--min-confidence" in told.stdout and "certain" in told.stdout)


def fish(program, folder):
    if not shutil.which("fish"):
        return lacking.append("fish")
    script = folder / "ftaudit.fish"
    script.write_text(run(program, "completion", "fish").stdout)

    def offered(line):
        told = run("fish", "--no-config", "-c", f"source {script}; complete -C {line!r}", env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
        that(f"fish: {told.stderr}", not told.stderr)
        return [answer.partition("\t")[0] for answer in told.stdout.splitlines()]

    that("fish offers commands", {"scan", "explain"} <= set(offered("ftaudit ")))
    that("fish offers options", "--min-severity" in offered("ftaudit scan --min") and "--force" not in offered("ftaudit scan --fo"))
    that("fish offers options below a group", "--force" in offered("ftaudit python install --fo"))
    that("fish offers values", offered("ftaudit scan --format sar") == ["sarif"])


def main(program):
    commands = list(helps(program))
    that("commands are found in the help", len(commands) > 8)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        manual(program, commands)
        bash(program, folder)
        zsh(program, folder)
        fish(program, folder)
    for failure in failures:
        print("FAILED:", failure)
    if lacking:
        print("not tried, because they are not here: " + ", ".join(lacking))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
