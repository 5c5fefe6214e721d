"""fleet_slurm_test.py FTAUDIT SCRIPT: the 200 applications of fleet_report_test.py, reported on by Slurm: the array script as it
stands in the repository, on a cluster of this one machine that is made for it and taken down behind. Where Slurm is not
installed, or does not start, the script runs once for each task with the variables that Slurm sets, and the output says so."""

import getpass
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import fleet_report_test

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")

CONFIGURATION = """
ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={here}/munge.sock
CredType=cred/munge
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={here}/state
SlurmdSpoolDir={here}/spool
SlurmctldPidFile={here}/slurmctld.pid
SlurmdPidFile={here}/slurmd.pid
SlurmctldLogFile={here}/slurmctld.log
SlurmdLogFile={here}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=fleet Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


class NoCluster(Exception):
    pass


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Cluster:
    """munged, slurmctld and slurmd in the foreground, in a folder of their own."""

    def __init__(self, here):
        self.here, self.running = here, []
        self.environment = {**os.environ, "SLURM_CONF": str(here / "slurm.conf")}

    def __enter__(self):
        host = socket.gethostname().partition(".")[0]
        for name in ("state", "spool"):
            (self.here / name).mkdir()
        self.here.chmod(0o755)
        (self.here / "munge.key").write_bytes(os.urandom(1024))
        (self.here / "munge.key").chmod(0o400)
        (self.here / "slurm.conf").write_text(CONFIGURATION.format(
            host=host, user=getpass.getuser(), here=self.here, ports=free_ports(2), processors=os.cpu_count()))
        try:
            self.start("munged", "--foreground", "--force", f"--key-file={self.here}/munge.key", f"--socket={self.here}/munge.sock",
                       f"--pid-file={self.here}/munged.pid", f"--log-file={self.here}/munged.log", f"--seed-file={self.here}/munge.seed")
            self.wait("munged", lambda: (self.here / "munge.sock").exists())
            self.start("slurmctld", "-D", "-c")
            self.start("slurmd", "-D")
            self.wait("the node", lambda: "idle" in self.ask("sinfo", "--noheader").stdout)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, *command):
        with open(self.here / f"{command[0]}.out", "wb") as log:
            self.running.append(subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def wait(self, what, ready):
        end = time.monotonic() + 60
        while not ready():
            dead = [process.args[0] for process in self.running if process.poll() is not None]
            if dead or time.monotonic() > end:
                logs = "".join((self.here / f"{process.args[0]}.out").read_text(errors="replace")[-600:] for process in self.running)
                raise NoCluster(f"{dead[0] + ' ended' if dead else what + ' is not ready after a minute'}: {logs}")
            time.sleep(0.3)

    def ask(self, *command, **how):
        return subprocess.run(command, capture_output=True, text=True, env={**self.environment, **how.pop("more", {})}, **how)

    def run(self, script, folder, environment):
        done = self.ask("sbatch", "--wait", script, cwd=folder, timeout=600,
                        more={**environment, "SLURM_CONF": str(self.here / "slurm.conf"), "OPTIONS": "--no-index --find-links wheels"})
        logs = "".join(path.read_text() for path in sorted(folder.glob("fleet-*.log")))
        assert done.returncode == 0, (done.returncode, done.stderr, logs)
        return len(list(folder.glob("fleet-*.log")))


def play(script, folder, environment):
    """Each task of the array, without a cluster."""
    first, last = map(int, re.search(r"^#SBATCH --array=(\d+)-(\d+)$", pathlib.Path(script).read_text(), re.M).groups())
    for task in range(first, last + 1):
        subprocess.run(["sh", script], cwd=folder, check=True, timeout=300,
                       env={**environment, "OPTIONS": "--no-index --find-links wheels", "SLURM_ARRAY_TASK_ID": str(task),
                            "SLURM_ARRAY_TASK_MIN": str(first), "SLURM_ARRAY_TASK_COUNT": str(last - first + 1)})
    return last - first + 1


def main(ftaudit, script):
    with tempfile.TemporaryDirectory(prefix="slurm-") as place, tempfile.TemporaryDirectory(prefix="fleet-") as apps:
        apps = pathlib.Path(apps).resolve()
        try:
            missing = [program for program in PROGRAMS if not shutil.which(program)]
            if missing:
                raise NoCluster(f"{', '.join(missing)} not here (Debian: slurmctld, slurmd, slurm-client, munge)")
            with Cluster(pathlib.Path(place).resolve()) as cluster:
                fleet_report_test.check(ftaudit, script, apps, run=cluster.run)
        except NoCluster as error:
            print(f"without a cluster: {error}")
            fleet_report_test.check(ftaudit, script, apps, run=play)
    print(f"{fleet_report_test.APPLICATIONS} applications: the tasks of the array say what one run says")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
