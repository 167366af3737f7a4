"""`studio-sdk`: make, check, run, test, package and publish a pipeline from the command line.

Run it with the interpreter of the pipeline's environment (`.venv/bin/studio-sdk` there): the pipeline runs with the
same one.
"""

import argparse
import sys
from subprocess import CalledProcessError

from pydantic import ValidationError

from studio_sdk.folder import MANIFEST
from studio_sdk.names import Exit
from studio_sdk.verbs import authoring, comfy, images, registry
from studio_sdk.verbs.words import stop


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="studio-sdk", description="Make, try, package and publish pipelines.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for module in (authoring, images, registry, comfy):
        module.add(verbs)
    arguments = parser.parse_args()
    try:
        sys.exit(arguments.act(arguments))
    except CalledProcessError as error:
        stop(f"{error.cmd[0]} failed:\n{error.stderr}", Exit.BUG)
    except FileExistsError as error:
        stop(f"{error.filename} is there already", Exit.INVALID)
    except FileNotFoundError as error:
        stop(f"{error.filename} is not there", Exit.NO_INPUT)
    except ConnectionError as error:
        stop(str(error), Exit.UNAVAILABLE)
    except LookupError as error:
        stop(str(error.args[0]), Exit.NO_INPUT)
    except ValidationError as error:
        stop(f"{MANIFEST} is not a manifest:\n{error}", Exit.INVALID)
    except ValueError as error:
        stop(str(error), Exit.INVALID)
