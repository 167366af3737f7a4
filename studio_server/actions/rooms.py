"""Which films are being looked at: kept by the sockets, read by the relay and the keeper of one process."""


class Rooms:
    """Which projects are looked at from this process, by how many pages, and how far each has been told."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        self._pages: dict[str, int] = {}

    def enter(self, project_id: str, revision: int) -> None:
        """Count a page in; the first one starts telling after `revision`."""
        self._pages[project_id] = self._pages.get(project_id, 0) + 1
        self._told.setdefault(project_id, revision)

    def leave(self, project_id: str) -> None:
        """Count a page out; after the last one the project is no longer followed."""
        left = self._pages.get(project_id, 0) - 1
        if left > 0:
            self._pages[project_id] = left
        else:
            self._pages.pop(project_id, None)
            self._told.pop(project_id, None)

    def cursors(self) -> dict[str, int]:
        """Return how far each project has been told."""
        return dict(self._told)

    def advance(self, project_id: str, revision: int) -> None:
        """Note that a project has been told up to a revision."""
        if project_id in self._told:
            self._told[project_id] = max(self._told[project_id], revision)

    def open_projects(self) -> list[str]:
        """Return the projects that are looked at."""
        return list(self._pages)
