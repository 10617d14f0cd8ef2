"""Refuses what a Python reward has no business with: other processes, the network, files outside of temporary and cache folders.

An audit hook (PEP 578) raises PermissionError at the line that tries. It sees what goes through Python; it is no wall against native code that a
package brings, and a reward that means harm can get around it. It is there so that no mistake, and no reward taken from somewhere, does damage unseen.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
import tempfile
from types import FrameType
from typing import Any

PROCESSES = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn", "os.startfile", "os.startfile/2"}
SIGNALS = {"os.kill", "os.killpg", "signal.pthread_kill"}
NETWORK = {
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect", "imaplib.open", "poplib.connect", "telnetlib.Telnet.open",
}  # fmt: skip
PATHS = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.lchown", "os.chflags", "os.lchflags", "os.utime",
    "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.copymode", "shutil.copystat", "shutil.copytree", "shutil.make_archive",
    "shutil.unpack_archive", "sqlite3.connect", "dbm.open",
}  # fmt: skip
PREFIX = "pebr-reward-"
READ_FROM_FIRST = {"shutil.copyfile", "shutil.copymode", "shutil.copystat", "shutil.copytree"}
NATIVE = {"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function", "ctypes.string_at", "ctypes.cdata"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HARMLESS = {"/sbin/ldconfig", "/usr/sbin/ldconfig", "/usr/bin/nvidia-smi", "/usr/bin/lscpu", "/bin/uname", "/usr/bin/uname"}  # packages ask these when imported


# Where the arguments of an audit event have the open folders that its paths may be relative to.
FOLDERS = {
    "os.remove": (1,), "os.rmdir": (1,), "os.mkdir": (2,), "os.rename": (2, 3), "os.link": (2, 3), "os.symlink": (2,), "os.chmod": (2,), "os.chown": (3,), "os.utime": (3,), "shutil.rmtree": (1,),
}  # fmt: skip


def own_temporary_folder() -> str:
    """A folder for what rewards of this worker write, not the whole temporary folder: projects may lie there. Those of workers that have ended are removed."""
    shared = tempfile.gettempdir()
    for name in os.listdir(shared):
        if name.startswith(PREFIX) and name[len(PREFIX) :].isdigit() and not is_running(int(name[len(PREFIX) :])):
            shutil.rmtree(os.path.join(shared, name), ignore_errors=True)  # another user's stays
    folder = os.path.join(shared, f"{PREFIX}{os.getppid()}")
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        found = os.lstat(folder)
        if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
            folder = tempfile.mkdtemp(prefix=PREFIX)  # somebody else was here first
    tempfile.tempdir = folder
    os.environ.update(TMPDIR=folder, TEMP=folder, TMP=folder)
    return folder


def is_running(process: int) -> bool:
    if sys.platform == "win32":
        return True  # asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def folder_of(descriptor: int) -> str:
    """Where an open folder is; the root, which nobody may write to, where the system does not tell."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return os.sep


class Sandbox:
    """Stands for the rest of the process once entered: an audit hook cannot be taken out."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.realpath(folder) + os.sep
        home = os.path.expanduser("~")
        named = [os.environ.get(name) for name in ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "TORCH_HOME", "TRITON_CACHE_DIR", "CUDA_CACHE_PATH", "MPLCONFIGDIR", "NUMBA_CACHE_DIR")]
        folders = [own_temporary_folder(), *(name for name in named if name), *(os.path.join(home, name) for name in (".cache", ".triton", ".nv", ".config/matplotlib"))]
        self._writable = tuple(os.path.realpath(folder) + os.sep for folder in folders) + ("/dev/", "/proc/self/")

    def enter(self) -> None:
        for name in ("_exit", "abort"):
            refused = self._refusal(f"A reward may not end the process (os.{name}).")
            for module in (os, sys.modules.get("posix"), sys.modules.get("nt")):
                if module is not None and hasattr(module, name):
                    setattr(module, name, refused)
        for module in (signal, sys.modules.get("_signal")):
            if module is not None:
                module.raise_signal = self._refusal("A reward may not signal processes (signal.raise_signal).")  # type: ignore[attr-defined]
        if sys.modules.get("_posixsubprocess") is not None:
            sys.modules["_posixsubprocess"].fork_exec = self._refusal("A reward may not start processes (fork_exec).")  # type: ignore[attr-defined]
        self._watch_open_below()
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if (isinstance(mode, str) and any(sign in mode for sign in "wax+")) or (isinstance(flags, int) and flags & WRITING):
                self._check_path(path, "open")
        elif event in PATHS:
            paths = arguments[1:2] if event in READ_FROM_FIRST else arguments[:2]
            for path in paths:
                if isinstance(path, (str, bytes)) and path not in ("", ":memory:"):
                    self._check_path(path, event, *(arguments[at] for at in FOLDERS.get(event, ())))
        elif event in PROCESSES:
            if not (event in ("subprocess.Popen", "os.posix_spawn") and arguments and arguments[0] in HARMLESS):
                raise PermissionError(f"A reward may not start processes ({event}).")
        elif event in NETWORK:
            if not self._is_own_pipe(event, arguments):
                raise PermissionError(f"A reward may not use the network ({event}).")
        elif event in SIGNALS:
            raise PermissionError(f"A reward may not signal processes ({event}).")
        elif event in NATIVE and self._asked_by_reward(sys._getframe(1)):
            raise PermissionError(f"A reward may not call native code ({event}).")

    def _watch_open_below(self) -> None:
        """The audit event of `open` does not tell the folder that a path is relative to."""
        plain = os.open

        def open_below(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            if dir_fd is not None and flags & WRITING:
                self._check_path(path, "open", dir_fd)
            return plain(path, flags, mode, dir_fd=dir_fd)

        os.open = open_below
        for name in ("posix", "nt"):
            if name in sys.modules:
                sys.modules[name].open = open_below  # type: ignore[attr-defined]

    def _check_path(self, path: Any, event: str, *folders: int) -> None:
        """`folders`: open folders that the path may be relative to, -1 for none."""
        if isinstance(path, int):
            return  # an open file
        below = [folder_of(folder) for folder in folders if folder != -1] or [""]
        for folder in below:
            self._check_full(os.path.realpath(os.path.join(folder, os.fsdecode(path))), event)

    def _check_full(self, full: str, event: str) -> None:
        if full.startswith(self._writable) or full + os.sep in self._writable or (full.partition(".pyc")[1] and self._is_compiled_package(full)):
            return
        raise PermissionError(f"A reward may not write outside of temporary and cache folders ({event} {full}).")

    def _is_compiled_package(self, path: str) -> bool:
        """Python's own cache of what a package was compiled to; none is kept beside the reward, where it could be that of the moment before."""
        return os.sep + "__pycache__" + os.sep in path and not path.startswith(self._folder)

    def _is_own_pipe(self, event: str, arguments: tuple[Any, ...]) -> bool:
        """asyncio on Windows makes its pipe of two sockets on loopback."""
        return sys.platform == "win32" and event in ("socket.connect", "socket.bind") and arguments[1][0] == "127.0.0.1"

    def _asked_by_reward(self, frame: FrameType | None) -> bool:
        """Whether the code behind ctypes is the reward's own; packages load their libraries this way."""
        while frame is not None and (frame.f_code.co_filename == __file__ or os.sep + "ctypes" + os.sep in frame.f_code.co_filename):
            if frame.f_code.co_name == "<module>":
                return False  # ctypes itself is being imported
            frame = frame.f_back
        if frame is None:
            return False
        file = frame.f_code.co_filename
        return file.startswith("<") and not file.startswith("<frozen") or (os.path.realpath(file).startswith(self._folder) and "site-packages" not in file)

    def _refusal(self, message: str) -> Any:
        def refused(*_: Any, **__: Any) -> None:
            raise PermissionError(message)

        return refused
