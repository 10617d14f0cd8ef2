"""Makes the Python environment of the trainer: `python3 trainer/set_up.py --venv DIR`.

Needs nothing but the standard library, because it runs before anything is installed. It is idempotent: a second call with the
same locks takes milliseconds. Exit codes: 0 ready, 3 this Python cannot be used, 4 not enough disk, 5 a package cannot be installed.
"""

import argparse
import hashlib
import importlib.util
import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCKS = (HERE / "requirements-torch.txt", HERE / "requirements.lock")
TESTS = (HERE / "requirements-tests.txt", HERE / "requirements-ray.txt")
# PyTorch's own index of CPU builds; the default wheel for Linux on x86-64 brings gigabytes of CUDA.
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
CPU_GIGABYTES, CUDA_GIGABYTES = 3, 9


class SetUpError(Exception):
    def __init__(self, exit_code: int, message: str, remedy: str) -> None:
        super().__init__(f"{message}\n  {remedy}")
        self.exit_code = exit_code


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, required=True, help="folder of the environment; made when missing")
    parser.add_argument("--cpu", action="store_true", help="CPU build of PyTorch even where there is an NVIDIA GPU")
    parser.add_argument("--tests", action="store_true", help="also what only the tests need: graders to compare with, and Ray")
    arguments = parser.parse_args()
    try:
        set_up(arguments.venv, use_gpu=not arguments.cpu and has_nvidia_gpu(), tests=arguments.tests)
    except SetUpError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def set_up(venv: Path, use_gpu: bool, tests: bool = False) -> None:
    install(venv, use_gpu)
    if tests:
        install_tests(venv)


def install(venv: Path, use_gpu: bool) -> None:
    stamp = venv / "pebr-environment.json"
    wanted = {"locks": lock_hash(), "gpu": use_gpu, "python": platform.python_version()}
    if stamp.is_file() and json.loads(stamp.read_text()) == wanted:
        print(f"Python environment: {venv} is up to date")
        return
    check_python()
    check_disk(venv, CUDA_GIGABYTES if use_gpu else CPU_GIGABYTES)
    python = make_venv(venv)
    install_torch(python, use_gpu)
    print("Python environment: installing Transformers, TRL and what they need", flush=True)
    # The torch pin goes in again, so that no dependency replaces the build chosen above.
    pip(python, "-r", str(LOCKS[1]), "-r", str(LOCKS[0]))
    stamp.write_text(json.dumps(wanted))
    print(f"Python environment: {venv} is ready", flush=True)


def install_tests(venv: Path) -> None:
    stamp = venv / "pebr-tests.txt"
    wanted = "".join(file.read_text() for file in TESTS)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Python environment: installing what the parity tests and those of the engine ray need", flush=True)
    pip(make_venv(venv), "--no-deps", *(part for file in TESTS for part in ("-r", str(file))))  # whole lists; PyTorch must not be touched
    stamp.write_text(wanted)


def lock_hash() -> str:
    return hashlib.sha256(b"".join(lock.read_bytes() for lock in LOCKS)).hexdigest()


def check_python() -> None:
    if sys.version_info < (3, 11):
        raise SetUpError(3, f"Python {platform.python_version()} is too old; the trainer needs 3.11 or newer.", "Install a newer Python and run this with it.")
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise SetUpError(3, f"{sys.executable} has no venv module.", "On Debian and Ubuntu: apt-get install python3-venv")


def check_disk(venv: Path, gigabytes: int) -> None:
    existing = next(folder for folder in (venv, *venv.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free / 1e9
    if free < gigabytes:
        raise SetUpError(4, f"{existing} has {free:.1f} GB free; the environment needs about {gigabytes} GB.", "Free some space, or choose another folder with --venv.")


def make_venv(venv: Path) -> Path:
    python = venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        print(f"Python environment: creating {venv}", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True)
        if made.returncode != 0:
            shutil.rmtree(venv, ignore_errors=True)
            raise SetUpError(3, f"The environment cannot be created: {(made.stdout + made.stderr).strip()[-400:]}", "On Debian and Ubuntu: apt-get install python3-venv")
    return python


def install_torch(python: Path, use_gpu: bool) -> None:
    requirement = LOCKS[0].read_text().strip()
    print(f"Python environment: installing {requirement} ({'CUDA' if use_gpu else 'CPU'} build)", flush=True)
    default_is_cpu = sys.platform != "linux" or platform.machine() != "x86_64"
    if use_gpu or default_is_cpu:
        pip(python, requirement)
        return
    installed = subprocess.run([str(python), "-c", "import torch; print(torch.__version__, torch.version.cuda)"], capture_output=True, text=True)
    if installed.stdout.strip() == f"{requirement.split('==')[1]}+cpu None":
        return
    try:
        pip(python, f"{requirement}+cpu", quiet=True)  # found where the person's own pip looks
    except SetUpError:
        pip(python, f"{requirement}+cpu", "--index-url", CPU_INDEX)


def pip(python: Path, *arguments: str, quiet: bool = False) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if "ERROR" in line or "error" in line] or done.stdout.splitlines()
        raise SetUpError(5, f"pip could not install {' '.join(arguments)}: {' '.join(errors[-3:])}", "Check the network and pip's configuration, then start again; what is there is kept.")


def has_nvidia_gpu() -> bool:
    if shutil.which("nvidia-smi") is None:
        return False
    return subprocess.run(["nvidia-smi", "-L"], capture_output=True).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
