"""Files of a form as they come in. Django's own handler would keep what it has of a file for which there was no room."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler


class Incoming(TemporaryFileUploadHandler):
    """To the disk, or nowhere: a file that cannot be written down is gone before anybody hears why."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        return self._or_nothing(super().receive_data_chunk, raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        return self._or_nothing(super().file_complete, file_size)

    def _or_nothing(self, write: Any, *arguments: Any) -> Any:
        try:
            return write(*arguments)
        except OSError:
            with suppress(OSError):  # what it still held back has no room either
                self.file.close()
            raise
