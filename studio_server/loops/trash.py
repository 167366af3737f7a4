"""What has waited in the trash for long enough is removed for good, project by project."""

import logging

from studio_sdk.errors import StudioError
from studio_server.actions import projects, storage
from studio_server.actions.studio import Studio

_log = logging.getLogger(__name__)


def empty_old(studio: Studio) -> None:
    """Do one round over the projects of the workspace."""
    for folder in projects.folders(studio):
        try:
            if count := storage.empty_old(studio, folder):
                _log.info("%s: %d bags of the trash were removed for good", folder.root, count)
        except (OSError, StudioError) as error:
            _log.warning("The trash of %s could not be emptied: %s", folder.root, error)
