"""The few files of the front-end packages that pages use, found in node_modules."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage


class NodeModulesFinder(BaseFinder):
    """Serves `settings.VENDOR_FILES`: name under static/ → path under node_modules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = _Renamed(settings.BASE_DIR / "node_modules", settings.VENDOR_FILES)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if not self.storage.exists(path):
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        return ((name, self.storage) for name in settings.VENDOR_FILES if self.storage.exists(name))


class _Renamed(FileSystemStorage):
    """A storage whose files go by other names than on disk."""

    prefix = None  # what collectstatic would put before each name

    def __init__(self, location: Path, names: dict[str, str]) -> None:
        super().__init__(location=location)
        self.names = names

    def exists(self, name: str) -> bool:
        return name in self.names and super().exists(name)

    def path(self, name: str) -> str:
        return super().path(self.names[name])
