"""Makes the fonts of this folder from Debian's fonts-noto-core and fonts-noto-cjk; needs python3-fonttools.

They hold what the sheets for somebody's hands say (../../domain/data: rights, custody, card) and nothing else: run it
after a text changes. The fonts are committed, so that no build needs the packages.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
DATA = HERE / "../../domain/data"
FILES = [path for folder in ("rights", "custody", "card") for path in sorted((DATA / folder).glob("*.txt"))]
TEXTS = "".join(path.read_text(encoding="utf-8") for path in FILES)
# What the template sets in bold.
HEADS = "".join(line for line in TEXTS.splitlines() if line.startswith(("title:", "intro:")))


def arabic(text):
    return {character for character in text if 0x600 <= ord(character) < 0x780} | {" "}


def han(text):
    return {character for character in text if ord(character) >= 0x2E80}


# Labels that the template adds, in French and in figures.
LATIN = set(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) | set("œŒ’“”«»…–—°") | (set(TEXTS) - arabic(TEXTS) - han(TEXTS) - {"\n"})

TRUETYPE = "/usr/share/fonts/truetype/noto"
CJK = "/usr/share/fonts/opentype/noto"
# The second face of the collection has the forms of simplified Chinese.
FONTS = [
    (f"{TRUETYPE}/NotoSans-Regular.ttf", None, "RightsSans-Regular.ttf", "Rights Sans", LATIN),
    (f"{TRUETYPE}/NotoSans-Bold.ttf", None, "RightsSans-Bold.ttf", "Rights Sans", LATIN),
    (f"{TRUETYPE}/NotoSansArabic-Regular.ttf", None, "RightsArabic-Regular.ttf", "Rights Arabic", arabic(TEXTS)),
    (f"{TRUETYPE}/NotoSansArabic-Bold.ttf", None, "RightsArabic-Bold.ttf", "Rights Arabic", arabic(HEADS)),
    (f"{CJK}/NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "RightsHan-Regular.otf", "Rights Han", han(TEXTS)),
    (f"{CJK}/NotoSansCJK-Bold.ttc", "Noto Sans CJK SC", "RightsHan-Bold.otf", "Rights Han", han(HEADS)),
]


def opened(source, face):
    if face is None:
        return TTFont(source, recalcTimestamp=False)
    for number in range(64):
        font = TTFont(source, fontNumber=number, recalcTimestamp=False)
        if font["name"].getDebugName(1) == face or font["name"].getDebugName(16) == face:
            return font
    raise SystemExit(f"`{source}` has no face `{face}`")


def rename(font, family):
    weight = {400: "Regular", 700: "Bold"}[font["OS/2"].usWeightClass]
    texts = {1: family, 2: weight, 4: f"{family} {weight}", 6: f"{family}-{weight}".replace(" ", "")}
    for record in list(font["name"].names):
        if record.nameID in {*texts, 16, 17, 21, 22, 25}:
            font["name"].removeNames(nameID=record.nameID)
    for identifier, text in texts.items():
        font["name"].setName(text, identifier, 3, 1, 0x409)


def rename_outlines(font, family):
    if "CFF " not in font:
        return
    table = font["CFF "].cff
    weight = font["name"].getDebugName(2)
    table.fontNames[0] = f"{family}-{weight}".replace(" ", "")
    table[0].FullName, table[0].FamilyName = f"{family} {weight}", family


for source, face, target, family, characters in FONTS:
    font = opened(source, face)
    lacking = sorted(c for c in characters if ord(c) not in font.getBestCmap())
    if lacking:
        raise SystemExit(f"`{source}` has no glyph for {lacking}")
    options = Options(hinting=False, notdef_outline=True)
    options.layout_features = ["ccmp", "locl", "mark", "mkmk", "kern", "isol", "init", "medi", "fina", "rlig", "calt", "curs"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(map(ord, characters)))
    subsetter.subset(font)
    rename(font, family)
    rename_outlines(font, family)
    font.save(HERE / target)
    print(f"{target}: {len(font.getGlyphOrder())} glyphs, {(HERE / target).stat().st_size} bytes")
