"""What has waited in the trash for long enough is removed for good, project by project."""

import logging
from datetime import timedelta
from typing import Final

from studio_sdk.errors import StudioError
from studio_server.actions import projects, storage
from studio_server.actions.studio import Studio

_log = logging.getLogger(__name__)


LEFT: Final = timedelta(days=1)
"""An upload in parts to the bucket that was begun so long ago was left by whoever began it."""


def empty_old(studio: Studio) -> None:
    """Do one round over the projects of the workspace, and over the bucket where there is one."""
    try:
        if studio.workspace.depot and (left := studio.workspace.depot.sweep(studio.now() - LEFT)):
            _log.info("%d uploads to the bucket that were left half done were ended", left)
    except StudioError as error:
        _log.warning("Uploads that were left could not be looked for: %s %s", error, error.detail)
    for folder in projects.folders(studio):
        try:
            if count := storage.empty_old(studio, folder):
                _log.info("%s: %d bags of the trash were removed for good", folder.root, count)
        except (OSError, StudioError) as error:
            _log.warning("The trash of %s could not be emptied: %s", folder.root, error)
