"""Makes the fonts of this folder from Debian's fonts-inter and fonts-b612; needs python3-fonttools.

Figures are tabular and the zero slashed by default, because no screen can ask a font for that.
"""

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCES = "/usr/share/fonts/opentype"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2009, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D,
         0x2022, 0x2026, 0x202F, 0x20AC, 0x2192, 0x2212]
MACHINE_READABLE = range(0x20, 0x7F)
FONTS = [
    ("inter/Inter-Regular.otf", "TerminalSans-Regular.otf", "Terminal Sans", LATIN, ["tnum", "zero", "cv05"]),
    ("inter/Inter-SemiBold.otf", "TerminalSans-SemiBold.otf", "Terminal Sans", LATIN, ["tnum", "zero", "cv05"]),
    ("inter/Inter-Bold.otf", "TerminalSans-Bold.otf", "Terminal Sans", LATIN, ["tnum", "zero", "cv05"]),
    ("b612/B612Mono-Bold.otf", "TerminalMono-Bold.otf", "Terminal Mono", MACHINE_READABLE, []),
]


def substitutions(font, tag):
    table = font["GSUB"].table
    wanted = [record.Feature for record in table.FeatureList.FeatureRecord if record.FeatureTag == tag]
    pairs = {}
    for index in sorted({index for feature in wanted for index in feature.LookupListIndex}):
        for part in table.LookupList.Lookup[index].SubTable:
            pairs.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    return pairs


def freeze(font, tags):
    for tag in tags:
        pairs = substitutions(font, tag)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap = {code: pairs.get(glyph, glyph) for code, glyph in table.cmap.items()}


def rename(font, family):
    weight = {400: "Regular", 600: "SemiBold", 700: "Bold"}[font["OS/2"].usWeightClass]
    texts = {1: family, 2: weight, 4: f"{family} {weight}", 6: f"{family}-{weight}".replace(" ", ""), 16: family, 17: weight}
    for record in list(font["name"].names):
        if record.nameID in texts:
            font["name"].removeNames(nameID=record.nameID)
    for identifier, text in texts.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)


for source, target, family, codes, tags in FONTS:
    font = TTFont(f"{SOURCES}/{source}", recalcTimestamp=False)
    freeze(font, tags)
    options = Options(hinting=False, desubroutinize=False, layout_features=["kern", "ccmp", "locl", "mark"])
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    rename(font, family)
    font.save(target)
