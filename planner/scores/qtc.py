"""The QT interval corrected for the heart rate. Both formulas take the RR interval in seconds, 60 over the rate."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def bazett(qt_ms: Decimal, rate: Decimal) -> Decimal:
    """Return the QTc in whole ms by Bazett: QT over the square root of RR. Too high over 90 a minute, too low under 60."""
    return _whole(qt_ms / (60 / rate).sqrt())


def fridericia(qt_ms: Decimal, rate: Decimal) -> Decimal:
    """Return the QTc in whole ms by Fridericia: QT over the cube root of RR."""
    return _whole(qt_ms / (60 / rate) ** (Decimal(1) / 3))


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)
