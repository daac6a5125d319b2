"""What the kernel itself refuses a confined child: sockets and programs (seccomp), files that reading does not need (Landlock).

Both need no privilege and hold for all that the child does from then on. Where a kernel knows one of them not, the other still holds;
what is in force is told (`intake check`). Linux on x86-64 and AArch64; elsewhere nothing is in force, and that is told too.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from pathlib import Path

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # EPERM is the word of a refusal
_X32 = 0x40000000
_NUMBER, _ARCHITECTURE = 0, 4
"""Where they stand in struct seccomp_data."""

# socket socketpair bind listen accept accept4 connect sendto sendmsg sendmmsg execve execveat ptrace process_vm_readv process_vm_writev;
# then, alike on both: pidfd_getfd io_uring_setup io_uring_enter io_uring_register
_COMMON = (438, 425, 426, 427)
_MACHINES = {
    "x86_64": (0xC000003E, (41, 53, 49, 50, 43, 288, 42, 44, 46, 307, 59, 322, 101, 310, 311, *_COMMON)),
    "aarch64": (0xC00000B7, (198, 199, 200, 201, 202, 242, 203, 206, 211, 269, 221, 281, 117, 270, 271, *_COMMON)),
}

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_BENEATH = 1
_READ_FILE, _READ_DIR, _WRITE_FILE = 1 << 2, 1 << 3, 1 << 1
_ALL = (1 << 13) - 1  # what the first version knows: run, read, write, remove, make
_READABLE = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/fonts", "/opt/homebrew")


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def refuse_sockets(libc: ctypes.CDLL) -> bool:
    """From now on no socket, no other program, no look into another process. True when it is in force; needs no new privileges set."""
    if sys.platform != "linux" or (known := _MACHINES.get(platform.machine())) is None:
        return False
    architecture, refused = known
    last = len(refused)
    steps = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    steps.append((_AT_LEAST, last + 1, 0, _X32))
    steps += [(_EQUAL, last - at, 0, number) for at, number in enumerate(refused)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Filter(len(steps), code)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def refuse_files(libc: ctypes.CDLL) -> bool:
    """From now on nothing can be opened but the interpreter's own files, and nothing be written. True when it is in force."""
    if sys.platform != "linux":
        return False
    handled = struct.pack("=Q", _ALL)
    ruleset = libc.syscall(_CREATE_RULESET, handled, len(handled), 0)
    if ruleset < 0:
        return False
    for path in sorted(_needed()):
        _allow(libc, ruleset, path, _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0))
    _allow(libc, ruleset, os.devnull, _READ_FILE | _WRITE_FILE)
    done = bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    os.close(ruleset)
    return done


def _needed() -> set[str]:
    """The interpreter, its libraries and this package; not the folder that the program was started in."""
    ours = str(Path(__file__).resolve().parents[1])
    installed = (path for path in sys.path if path.rstrip("/").endswith(("site-packages", "dist-packages", "lib-dynload")))
    return {
        path
        for path in (*_READABLE, sys.prefix, sys.base_prefix, sys.exec_prefix, *installed, ours)
        if os.path.exists(path) and os.path.realpath(path) != "/"
    }


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    libc.syscall(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", rights, handle), 0)
    os.close(handle)
