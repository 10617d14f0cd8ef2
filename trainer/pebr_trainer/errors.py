"""The two ways in which a run ends early, as data."""


class RunError(Exception):
    """A failure with its place, its cause and what to do about it. The run ends; its record says the same three things."""

    def __init__(self, cause: str, remedy: str, place: str = "") -> None:
        super().__init__(f"{place}: {cause}" if place else cause)
        self.cause = cause
        self.remedy = remedy
        self.place = place

    @property
    def message(self) -> str:
        """Place and cause in one line."""
        return str(self)


class Stopped(Exception):
    """Somebody asked the run to stop (SIGTERM, or a file named `stop` in the run folder). What is done is kept."""
