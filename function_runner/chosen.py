"""The launcher that the settings ask for. `worker` opens it; no other module asks which one it is."""

from function_runner.containers.images import Images
from function_runner.containers.launcher import DockerLauncher
from function_runner.launchers import Launcher
from function_runner.process import ProcessLauncher
from function_runner.settings import RunnerSettings


def launcher(settings: RunnerSettings) -> Launcher:
    """Return the launcher; nothing is started and no daemon is asked yet."""
    if settings.launcher == "process":
        return ProcessLauncher()
    images = Images(settings.base_image, settings.work_dir)
    lent = settings.docker_gpus
    if settings.gpu:  # one of several workers of a host: it lends its own card only
        lent = [settings.gpu] if settings.gpu in lent else []
    return DockerLauncher(settings.docker_host, images, settings.worker_id, tuple(lent))
