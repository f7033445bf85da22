"""What there is to go by in each session: ratings of both sides, the therapist's prediction, and reported tension."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, freeze

RATINGS = ("client", "therapist", "predicted")
REPORTS = ("client_tension", "therapist_tension")
WAYS = ("client_way", "therapist_way")


class Way(IntEnum):
    """Which way a strain went, as somebody said it: the codes of the forms, 0 for none."""

    NONE = 0
    WITHDRAWAL = 1
    CONFRONTATION = 2
    BOTH = 3
    NOT_SURE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What was said in each session; every array is (N, T) like the client's ratings, nan where nothing was said.

    client, therapist: ratings of the alliance by each; predicted: the therapist's guess of the client's rating, on the
    client's scale; alike: what the client answered to just the questions that were guessed, where these are not all
    (None: they are); client_tension, therapist_tension: how much tension was reported, 0 none; client_way,
    therapist_way: its Way. Raises MethodError for arrays of other shapes, and for an amount or a way below 0.
    """

    client: FloatArray
    therapist: FloatArray | None = None
    predicted: FloatArray | None = None
    alike: FloatArray | None = None
    client_tension: FloatArray | None = None
    therapist_tension: FloatArray | None = None
    client_way: FloatArray | None = None
    therapist_way: FloatArray | None = None

    def __post_init__(self) -> None:
        """Refuse what does not lie over the same sessions."""
        for name, values in self._given():
            if values.shape != self.client.shape:
                raise MethodError(
                    "The client's ratings have the shape {wanted}, `{name}` has {got}. Give the same sessions.",
                    wanted=self.client.shape,
                    name=name,
                    got=values.shape,
                )
            if name in (*REPORTS, *WAYS) and (values < 0.0).any():
                raise MethodError("`{name}` holds a number below 0. 0 stands for none.", name=name)

    def _given(self) -> Iterator[tuple[str, FloatArray]]:
        for name in (*RATINGS, "alike", *REPORTS, *WAYS):
            values = getattr(self, name)
            if values is not None:
                yield name, values

    @property
    def misses(self) -> FloatArray | None:
        """How far above the rating the prediction lay, in points; nan unless there are both."""
        if self.predicted is None:
            return None
        return np.asarray(self.predicted - (self.client if self.alike is None else self.alike))

    @property
    def has_disagreement(self) -> bool:
        """Whether two numbers are there that can depart from each other."""
        return self.therapist is not None or self.predicted is not None

    @property
    def reports(self) -> dict[str, FloatArray]:
        """The reported amounts of tension that there are, by source."""
        found = ((name, getattr(self, name)) for name in REPORTS)
        return {name: values for name, values in found if values is not None}

    def ways(self) -> FloatArray:
        """The way said in each session, (N, T): the client's word, else the therapist's, else nan."""
        said = np.full(self.client.shape, np.nan)
        for values in (self.therapist_way, self.client_way):
            if values is not None:
                said = np.where(values > 0.0, values, said)
        return said


def sources_of(client: ArrayLike, **others: ArrayLike | None) -> Sources:
    """The same from anything that makes arrays: as_series on each, so that one client alone becomes one row."""
    made = {name: freeze(as_series(values).copy()) for name, values in others.items() if values is not None}
    return Sources(client=freeze(as_series(client).copy()), **made)
