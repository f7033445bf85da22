"""What the literature says, as data: figures and guidance, each with its source. Importing this reads no file."""

from holdfast.evidence.published import Figure, Source, figure, figures, source
from holdfast.evidence.repair import Guidance, Marker, Strategy, guidance, strategies

__all__ = [
    "Figure",
    "Guidance",
    "Marker",
    "Source",
    "Strategy",
    "figure",
    "figures",
    "guidance",
    "source",
    "strategies",
]
