"""Place of the registry when the command does not name one."""

import os

LOCATION_VARIABLE = "CLAIMREG_DB"
MODEL_VARIABLE = "CLAIMREG_MODEL"


def registry_location(given: str | None) -> str:
    """The location given, else the one in `CLAIMREG_DB`, else a registry in the user's data folder."""
    return given or os.environ.get(LOCATION_VARIABLE) or _own_registry()


def _own_registry() -> str:
    from platformdirs import user_data_path

    return str(user_data_path("claimreg", appauthor=False) / "registry")
