"""Refuses what a Python reward has no business with: other processes, the network, files outside of temporary and cache folders.

An audit hook (PEP 578) raises PermissionError at the line that tries. It sees what goes through Python; it is no wall against native code that a
package brings, and a reward that means harm can get around it. It is there so that no mistake, and no reward taken from somewhere, does damage unseen.
"""

from __future__ import annotations

import os
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
READ_FROM_FIRST = {"shutil.copyfile", "shutil.copymode", "shutil.copystat", "shutil.copytree"}
NATIVE = {"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function", "ctypes.string_at", "ctypes.cdata"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HARMLESS = {"/sbin/ldconfig", "/usr/sbin/ldconfig", "/usr/bin/nvidia-smi", "/usr/bin/lscpu", "/bin/uname", "/usr/bin/uname"}  # packages ask these when imported


class Sandbox:
    """Stands for the rest of the process once entered: an audit hook cannot be taken out."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.realpath(folder) + os.sep
        home = os.path.expanduser("~")
        named = [os.environ.get(name) for name in ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE", "TORCH_HOME", "TRITON_CACHE_DIR", "CUDA_CACHE_PATH", "MPLCONFIGDIR", "NUMBA_CACHE_DIR")]
        folders = [tempfile.gettempdir(), *(name for name in named if name), *(os.path.join(home, name) for name in (".cache", ".triton", ".nv", ".config/matplotlib"))]
        self._writable = tuple(os.path.realpath(folder) + os.sep for folder in folders) + ("/dev/", "/proc/self/")

    def enter(self) -> None:
        for name in ("_exit", "abort"):
            refused = self._refusal(f"A reward may not end the process (os.{name}).")
            for module in (os, sys.modules.get("posix"), sys.modules.get("nt")):
                if module is not None and hasattr(module, name):
                    setattr(module, name, refused)
        if sys.modules.get("_posixsubprocess") is not None:
            sys.modules["_posixsubprocess"].fork_exec = self._refusal("A reward may not start processes (fork_exec).")  # type: ignore[attr-defined]
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
                    self._check_path(path, event)
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

    def _check_path(self, path: Any, event: str) -> None:
        if isinstance(path, int):
            return  # an open file
        full = os.path.realpath(os.fsdecode(path))
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
