"""The directed stress driver: `python FOLDER survey PLAN SURVEY`, `python FOLDER run SURVEY SCENARIO --seed N --seconds S`.

`probe` is started by `survey` itself."""

import argparse
import os
import sys

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    parser = argparse.ArgumentParser(prog="stress")
    commands = parser.add_subparsers(dest="command", required=True)
    survey = commands.add_parser("survey")
    survey.add_argument("plan")
    survey.add_argument("survey")
    probe = commands.add_parser("probe")
    probe.add_argument("plan")
    probe.add_argument("state")
    probe.add_argument("pipe", type=int)
    run = commands.add_parser("run")
    run.add_argument("survey")
    run.add_argument("scenario")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--seconds", type=float, default=1.0)
    run.add_argument("--progress", default="")
    run.add_argument("--result", default="")
    run.add_argument("--without", default="", help="numbers of acts to leave out, with commas: those that ended the process before")
    timing = commands.add_parser("time")
    timing.add_argument("survey")
    timing.add_argument("result")
    timing.add_argument("findings", help="fingerprints, with commas")
    given = parser.parse_args()
    if given.command == "survey":
        from stress import survey as chosen
        chosen.main(given.plan, given.survey)
    elif given.command == "probe":
        from stress import probe as chosen
        chosen.main(given.plan, given.state, given.pipe)
    elif given.command == "time":
        from stress import timing as chosen
        chosen.main(given.survey, given.result, set(given.findings.split(",")))
    else:
        from stress import hammer as chosen
        chosen.main(given.survey, given.scenario, given.seed, given.seconds, given.progress, given.result, [int(number) for number in given.without.split(",") if number])


if __name__ == "__main__":
    main()
