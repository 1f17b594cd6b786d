"""Pictures: how far all matters are, the course of one. Drawn with the font we ship; readable at phone width."""

from __future__ import annotations

import io
from datetime import date

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import DateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from pylopdf_fonts_zh_cn import sans_path

from bot.sheets_child import Document, parts
from bot.sheets_xlsx import lists, texts

WIDTH, DPI = 6.0, 180  # inches; 1080 pixels, a phone's width
TONES = {"ahead": "#2E8B57", "watch": "#E0A000", "behind": "#C8452D", "": "#7A8CA0"}
INK, PALE = "#22303C", "#E6EBF0"
LABEL = 16  # characters of a name on one line


def font(size: float) -> FontProperties:
    """The shipped font."""
    return FontProperties(fname=str(sans_path()), size=size)


def draw(chart: Document) -> bytes:
    """The picture as PNG."""
    return bars(chart) if chart.get("bars") else course(chart)


def bars(chart: Document) -> bytes:
    """A bar for each matter: its share of the target."""
    rows = parts(chart, "bars")
    figure, axes = canvas(1.5 + 0.46 * len(rows))
    for place, row in enumerate(rows):
        share = row.get("share")
        width = min(100.0, max(0.0, float(share))) if isinstance(share, int | float) else 0.0
        axes.barh(place, 100, height=0.5, color=PALE)
        axes.barh(place, width, height=0.5, color=TONES.get(str(row.get("tone")), TONES[""]))
        axes.text(102, place, str(row["words"]), va="center", color=INK, fontproperties=font(9))
    axes.set_yticks(range(len(rows)))
    axes.set_yticklabels([folded(str(row["label"])) for row in rows], fontproperties=font(9), color=INK,
                         linespacing=1.25)  # fmt: skip
    axes.set_xlim(0, 150)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xticks([])
    return finish(figure, axes, chart)


def folded(name: str) -> str:
    """A long name on two lines."""
    short = name if len(name) <= 2 * LABEL else name[: 2 * LABEL - 1] + "…"
    half = (len(short) + 1) // 2
    return short if len(short) <= LABEL else f"{short[:half]}\n{short[half:]}"


def course(chart: Document) -> bytes:
    """The values of one measure over time, with the way to its targets."""
    figure, axes = canvas(4.2)
    legend = [*texts(chart, "legend"), "", ""]
    lines = ((lists(chart, "pace"), "#7A8CA0", "--", legend[1]), (lists(chart, "course"), "#2E6DA4", "-", legend[0]))
    lowest = [float(str(value)) for points, *_ in lines for _, value in points]
    for points, colour, style, label in lines:
        if points:
            days = [float(date2num(date.fromisoformat(str(day)))) for day, _ in points]  # type: ignore[no-untyped-call]  # untyped upstream
            values = [float(str(value)) for _, value in points]
            axes.plot(days, values, style, color=colour, marker="o", linewidth=2.2, markersize=5, label=label)
            for day, value in zip(days, values, strict=True):
                axes.annotate(f"{value:g}", (day, value), textcoords="offset points", xytext=(0, 7), ha="center",
                              color=colour, fontproperties=font(10))  # fmt: skip
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m"))  # type: ignore[no-untyped-call]  # untyped upstream
    axes.margins(0.08, 0.18)
    if axes.get_ylim()[0] < 0 <= min(lowest):
        axes.set_ylim(bottom=0)
    axes.grid(axis="y", color=PALE)
    axes.set_ylabel(str(chart.get("unit") or ""), fontproperties=font(10), rotation=0, labelpad=12)
    for tick in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        tick.set_fontproperties(font(9))
    axes.tick_params(axis="x", labelrotation=30)
    axes.legend(prop=font(10), frameon=False, loc="upper left")
    return finish(figure, axes, chart)


def canvas(height: float) -> tuple[Figure, Axes]:
    """An empty picture of phone width."""
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def finish(figure: Figure, axes: Axes, chart: Document) -> bytes:
    """Title above, date and source below."""
    figure.suptitle(str(chart["title"]), fontproperties=font(13), color=INK, x=0.02, ha="left")
    lines = "\n".join(texts(chart, "lines"))
    figure.supxlabel(lines, fontproperties=font(8.5), color="#5A6773", x=0.02, ha="left", linespacing=1.5)
    for side in ("top", "right", "left", "bottom") if chart.get("bars") else ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()
