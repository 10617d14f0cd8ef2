"""What every piece of Python code uses: one response must not change it for the next."""

from __future__ import annotations

import builtins
import json
import math
import re


class Shared:
    """As it was before the reward."""

    def __init__(self) -> None:
        shared = {"builtins": builtins, "json": json, "json.encoder": json.encoder, "json.decoder": json.decoder, "math": math, "re": re}
        shared |= {"json.JSONEncoder": json.JSONEncoder, "json.JSONDecoder": json.JSONDecoder}
        self._holders = [(name, holder, dict(vars(holder))) for name, holder in shared.items()]

    def put_back(self) -> str | None:
        """The name of something that was changed, or None."""
        changed = None
        for holder_name, holder, was in self._holders:
            now = vars(holder)
            wrong = [name for name in {*was, *now} if now.get(name) is not was.get(name) and name not in ("_", "__warningregistry__")]
            for name in wrong:
                if name in was:
                    setattr(holder, name, was[name])
                else:
                    delattr(holder, name)
                changed = f"{holder_name}.{name}"
        return changed


shared = Shared()
