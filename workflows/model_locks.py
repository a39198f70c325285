"""Which models a step asks, as far as this machine can tell: of weights in a folder the digest, so that a replay with others says so."""

from pydantic import BaseModel, ConfigDict, Field

from tools.contract import Operator
from tools.errors import RecipeError

from .trust import State

DIGESTS = "models"  # where in the state folder digests of weights are remembered


class LockedModel(BaseModel):
    """What an alias meant."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    alias: str = Field(description="As the recipe says it.")
    model: str | None = Field(default=None, description="Its name at a server, which may change what it means.")
    revision: str | None = Field(default=None, description="Of a folder that a hub's snapshot was copied to.")
    sha256: str | None = Field(default=None, description="Of all files of a folder of weights.")


def locked_models(operator: Operator) -> dict[str, LockedModel]:
    """By the parameter that names it. Raises RecipeError for an alias that nobody configured, and a folder that may not be loaded."""
    named = {key: str(getattr(operator, key)) for key in operator.card.models}
    return {key: _locked(alias) for key, alias in named.items() if alias}


def _locked(alias: str) -> LockedModel:
    from sandbox.gateway.endpoints import find
    from sandbox.gateway.errors import Misconfigured
    from sandbox.models import ModelRefused, open_model

    try:
        endpoint = find(alias)
        if endpoint.folder is None:
            return LockedModel(alias=alias, model=endpoint.model)
        files = open_model(endpoint.folder, remembered=State().room(DIGESTS))
    except (Misconfigured, ModelRefused) as error:
        raise RecipeError(f"model {alias!r}: {error}") from None
    return LockedModel(alias=alias, revision=files.revision, sha256=files.sha256)


def differences(before: LockedModel | None, now: LockedModel | None) -> str | None:
    """In words, where one model is not the other."""
    if before == now or before is None or now is None:  # another alias, or none, is a difference of parameters
        return None
    if before.alias != now.alias:
        return None
    return f"model {now.alias!r} was {_shown(before)}, is {_shown(now)}"


def _shown(model: LockedModel) -> str:
    return " ".join(part for part in (model.model, model.revision, model.sha256 and f"sha256 {model.sha256[:12]}") if part)
