"""Kinds of signal keep their numbers: arrays and stored findings hold them."""

from holdfast.alliance.kinds import SignalKind


def test_every_kind_comes_back_from_its_code():
    assert [kind.code for kind in SignalKind] == [1, 2, 3, 4]
    assert [SignalKind.from_code(kind.code) for kind in SignalKind] == list(SignalKind)
    assert SignalKind.from_code(0) is None
