"""What a file storage asks of the operating system, one call a step: a crash can come between any two."""

from __future__ import annotations

import os
from pathlib import Path


class FileSystem:
    """The real one. Each method raises `OSError` where the system does."""

    def write(self, descriptor: int, data: bytes) -> None:
        """Write all of `data` at the end of an open file."""
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]

    def sync(self, descriptor: int) -> None:
        """Make an open file's contents durable."""
        os.fdatasync(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, in place of what had it."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def sync_directory(self, directory: Path) -> None:
        """Make the names in a directory durable."""
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def open(self, path: Path) -> int:
        """Open a file to write at its end; it is made if it is not there."""
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def cut(self, path: Path, size: int) -> None:
        """Cut a file off after `size` bytes, durably."""
        os.truncate(path, size)
        descriptor = self.open(path)
        try:
            self.sync(descriptor)
        finally:
            os.close(descriptor)

    def write_whole(self, path: Path, data: bytes) -> None:
        """Make a file that is there as a whole or not at all, whenever a crash comes."""
        temporary = path.with_name(path.name + TEMPORARY)
        temporary.unlink(missing_ok=True)
        descriptor = self.open(temporary)
        try:
            self.write(descriptor, data)
            self.sync(descriptor)
        finally:
            os.close(descriptor)
        self.rename(temporary, path)
        self.sync_directory(path.parent)


TEMPORARY = ".tmp"
