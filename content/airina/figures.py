"""One house style: told apart by line and marker as well as by colour, so that it survives a black-and-white
printer and eyes that do not separate red from green.

Colours of M. Okabe and K. Ito, "Color Universal Design", 2008, ordered so that neighbours differ in
lightness too.
"""

from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

BLUE, VERMILION, GREEN, ORANGE, SKY, PURPLE, BLACK = (
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9", "#CC79A7", "#000000",
)  # fmt: skip
GREY = "#777777"
COLOURS = (BLUE, VERMILION, GREEN, ORANGE, BLACK, PURPLE, SKY)
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "++")

WIDTH = 8.0  # inches: a notebook's column on a laptop

mpl.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=COLOURS, linestyle=LINES),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": "medium",
        "axes.titlelocation": "left",
        "axes.grid": True,
        "grid.color": "#DDDDDD",
        "grid.linewidth": 0.6,
        "axes.axisbelow": True,
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "font.size": 10,
        "image.cmap": "cividis",
        "legend.frameon": False,
        "lines.linewidth": 1.8,
    }
)


def axes(columns: int = 1, rows: int = 1, height: float = 3.2, **options: Any) -> Any:
    """New axes, side by side: one, or an array of them. ``height`` in inches for each row."""
    width = WIDTH if columns > 1 else WIDTH * 0.7
    _, found = plt.subplots(rows, columns, figsize=(width, height * rows), **options)
    return found


def image(ax: Any, pixels: Any, title: str = "", **options: Any) -> None:
    """A framed picture, dark ink on light paper."""
    ax.imshow(pixels, **({"cmap": "gray_r"} | options))
    ax.set_title(title, loc="center")
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(True)


def bars(ax: Any, names: list[str], heights: Any, **options: Any) -> None:
    """Bars told apart by hatching as well as by colour."""
    drawn = ax.bar(names, heights, color="white", edgecolor=COLOURS[: len(names)], **options)
    for bar, hatch in zip(drawn, HATCHES, strict=False):
        bar.set_hatch(hatch)
    ax.grid(visible=False, axis="x")
