"""The charts of the site: what they look like, and how they become part of a page.

They are small enough to be read on a telephone, carry their labels themselves, and say nothing by colour alone.
Whatever they show stands in a table below them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markupsafe import Markup, escape

NAVY, PLUM, LILAC, GREY = "#12436D", "#801650", "#A285D1", "#3D3D3D"
"""Of the Analysis Function's palette for categories: each stands out from white, and navy from lilac, by 3 to 1."""

INK, TRACK = "#1d1d1b", "#e6e9ee"
"""Of words, and of lines that say nothing which the words above them do not."""

WIDTH = 340
"""Of every chart, in pixels: that of a telephone, so that a page 320 pixels wide need not shrink the letters much."""

_LINE, _MARK, _GAP = 18, 13, 14
_LETTER, _BOLD_LETTER = 8.2, 9.6
# How wide a letter is at most, on average, in the fonts that a page may be shown in.

Row = Mapping[str, Any]
Spec = dict[str, Any]


def inline_svg(chart: Spec, name: str, title: str, description: str) -> Markup:
    """A chart as SVG to stand in a page, with a title and a description for those who cannot see it.

    Args:
        chart: what :func:`bars`, :func:`intervals` or :func:`tornado` gives.
        name: unique within the page.
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(chart)
    found = re.match(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', svg)
    assert found is not None, "vl-convert writes an svg element with a viewBox."
    width = found[1].split()[2]
    # The chart is one image: what it says stands in its description and in the table, not in its parts.
    marks = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg[found.end() :])
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{found[1]}" width="{width}" role="img" '
        f'aria-labelledby="{name}-title {name}-description"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>{marks}'
    )


def bars(rows: Sequence[Row], largest: float | None = 100) -> Spec:
    """Horizontal bars with the label above each.

    Args:
        rows: ``label``, ``text`` (what is written above the bar's end) and ``value`` (None draws no bar).
        largest: where the scale ends; None for the largest value.
    """
    return _with_rows(_bars(largest), rows)


def intervals(rows: Sequence[Row], domain: tuple[float, float]) -> Spec:
    """Ratios as points with their intervals, on a scale where half and double are equally far from 1.

    Args:
        rows: ``label``, ``text``, ``ratio``, ``low``, ``high`` and ``bound_low``, ``bound_high``, any of them None.
        domain: where the scale begins and ends.
    """
    return _with_rows(_intervals(domain), rows)


def tornado(rows: Sequence[Row]) -> Spec:
    """What each variant does to a list: to the left who leaves it, to the right who enters.

    Args:
        rows: ``label``, ``text``, ``enters`` and ``leaves`` (None draws no bar).
    """
    return _with_rows(_tornado(), rows)


# Altair takes longer to put a chart together than it takes to draw it: once for each kind is enough.
@cache
def _bars(largest: float | None) -> Spec:
    import altair as alt

    base = _base()
    scale = alt.Scale(nice=False, domain=[0, largest]) if largest else alt.Scale(nice=False, zero=True)
    track = _bar(base, TRACK).encode(x=alt.value(0), x2=alt.value(WIDTH))
    bar = _bar(base, NAVY).encode(x=alt.X("value:Q", axis=None, scale=scale))
    return _layered([track, bar, *_words(base)])


@cache
def _intervals(domain: tuple[float, float]) -> Spec:
    import altair as alt

    base = _base()
    ticks = [
        tick for tick in (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if domain[0] <= tick <= domain[1]
    ]
    axis = alt.Axis(values=ticks, format="~g", gridColor=TRACK, title=None, zindex=0)
    scale = alt.Scale(type="log", domain=list(domain), nice=False, clamp=True)

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", axis=axis, scale=scale)

    one = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(
        color=GREY, strokeWidth=1.5, strokeDash=[4, 3]
    )
    return _layered(
        [
            one.encode(x=x("one")),
            _bar(base, LILAC).encode(x=x("bound_low"), x2="bound_high:Q"),
            base.mark_rule(color=NAVY, strokeWidth=3).encode(x=x("low"), x2="high:Q"),
            base.mark_point(filled=True, size=60, color=NAVY, opacity=1).encode(x=x("ratio")),
            *_words(base),
        ]
    )


@cache
def _tornado() -> Spec:
    import altair as alt

    base = _base()
    scale = alt.Scale(nice=False, zero=True)

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", axis=None, scale=scale)

    leaving = base.transform_calculate(left="datum.leaves === null ? null : -datum.leaves")
    middle = base.mark_tick(orient="vertical", size=_MARK + 8, thickness=2, color=INK)
    return _layered(
        [
            _bar(leaving, PLUM).encode(x=x("left")),
            _bar(base, NAVY).encode(x=x("enters")),
            middle.encode(x=alt.X(datum=0, axis=None, scale=scale)),
            *_words(base),
        ]
    )


def _base() -> Any:
    """The rows, each mark at the height that :func:`_with_rows` lays out for it."""
    import altair as alt

    return alt.Chart(alt.NamedData(name="rows")).encode(y=alt.Y("mark:Q", axis=None, scale=None))


def _bar(base: Any, colour: str) -> Any:
    return base.mark_bar(orient="horizontal", size=_MARK, color=colour)


def _words(base: Any) -> Sequence[Any]:
    """Each row's label at the left and what is said of it at the right."""
    import altair as alt

    y = alt.Y("words:Q", axis=None, scale=None)
    label = base.mark_text(align="left", baseline="alphabetic", lineBreak="\n", lineHeight=_LINE)
    text = base.mark_text(align="right", baseline="alphabetic", fontWeight="bold")
    return (
        label.encode(x=alt.value(0), y=y, text="label:N"),
        text.encode(x=alt.value(WIDTH), y=y, text="text:N"),
    )


def _layered(layers: Sequence[Any]) -> Spec:
    import altair as alt

    chart = (
        alt.layer(*layers)
        .properties(
            width=WIDTH, background="transparent", padding={"left": 0, "right": 0, "top": 4, "bottom": 4}
        )
        .configure(aria=False, font="Helvetica, Arial, sans-serif")
        .configure_view(stroke=None)
        .configure_text(fontSize=14, color=INK)
        .configure_axis(labelFontSize=13, labelColor=INK, domain=False, ticks=False, labelPadding=6)
    )
    spec: Spec = chart.to_dict()
    return spec


def _with_rows(spec: Spec, rows: Sequence[Row]) -> Spec:
    """A chart of these rows, laid out below each other: the words of each above its marks."""
    values, top = [], 0
    for row in rows:
        room = WIDTH - _BOLD_LETTER * (len(row["text"]) + 1)
        lines = textwrap.wrap(row["label"], max(10, int(room / _LETTER))) or [""]
        words, mark = top + _LINE - 5, top + _LINE * len(lines) + _MARK // 2 + 3
        values.append({**row, "label": "\n".join(lines), "words": words, "mark": mark})
        top = mark + _MARK // 2 + _GAP
    return {**spec, "height": max(1, top), "datasets": {**spec.get("datasets", {}), "rows": values}}
