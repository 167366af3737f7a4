"""Where media is kept in a bucket: one round sends what is on this disk only, and keeps the disk to its share."""

import logging

from studio_sdk.errors import StudioError
from studio_server.actions import projects
from studio_server.actions.studio import Studio
from studio_server.library import room

_log = logging.getLogger(__name__)


def stow(studio: Studio) -> None:
    """Do one round over all projects of the workspace; what a bucket refuses is tried again with the next."""
    folders = projects.folders(studio)
    for folder in folders:
        try:
            if count := room.stow(folder):
                _log.info("%s: %d media files were sent to the bucket", folder.root, count)
        except (OSError, StudioError) as error:
            _log.warning("The media of %s could not be sent to the bucket: %s", folder.root, error)
    try:
        if freed := room.make_room(folders, studio.settings.storage_cache):
            _log.info("%.1f GB of media left this disk; the bucket has it", freed / 1e9)
    except (OSError, StudioError) as error:
        _log.warning("No media could leave this disk: %s", error)
