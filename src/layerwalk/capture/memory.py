"""Memory that a dropped trace gives back stays warm for the next."""

from __future__ import annotations

import ctypes
import functools
import os
import platform

__all__ = ["keep_memory_warm"]

# glibc's names in malloc.h. The first is capped at 32 MiB by glibc itself.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_LARGEST_FROM_HEAP = 32 << 20
_KEPT = 1 << 30


@functools.cache
def keep_memory_warm() -> bool:
    """Whether the process's allocator was told to keep freed memory, once per process.

    A trace keeps every activation alive, so each walk asks for far more memory than a plain
    forward pass. glibc gives large blocks back to the system as soon as they are freed, and
    taking them anew costs a page fault every 4 KiB: up to half of the walk's time
    (docs/decisions/0004). So up to 1 GiB of freed memory is kept for the next one.
    ``LAYERWALK_KEEP_MEMORY=0`` in the environment turns this off; other C libraries are left
    as they are.
    """
    if os.environ.get("LAYERWALK_KEEP_MEMORY") == "0" or platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    mallopt.argtypes = (ctypes.c_int, ctypes.c_int)
    mallopt.restype = ctypes.c_int
    settings = ((_M_MMAP_THRESHOLD, _LARGEST_FROM_HEAP), (_M_TRIM_THRESHOLD, _KEPT))
    return all(mallopt(name, value) == 1 for name, value in settings)
