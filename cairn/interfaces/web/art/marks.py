"""What a badge can be made of: pigments, outlines, and the marks drawn on it. Not here: drawing (badge, cairn)."""

CREAM = "#FBF7EE"
SERIF = "Literata, Georgia, 'Times New Roman', serif"
SANS = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', sans-serif"

# Mineral pigments. deep: shadow; base: the stone, at least 5.9:1 under CREAM (4.9:1 where the light falls); soft: strata.
FAMILIES: dict[str, tuple[str, str, str]] = {
    "spruce": ("#163A2F", "#24594A", "#7DAE99"),
    "slate": ("#20364A", "#35566F", "#8CABC1"),
    "ochre": ("#54390A", "#7A580D", "#D3B063"),
    "clay": ("#5A2819", "#94472F", "#D79A83"),
    "heather": ("#3F2746", "#684372", "#B295B9"),
    "lichen": ("#353D14", "#586426", "#AEB877"),
    "lake": ("#103E46", "#1E626D", "#7DB3BA"),
    "iron": ("#302E2B", "#55514B", "#A8A299"),
    "rose": ("#552235", "#8B3D57", "#CF97A9"),
    "dusk": ("#292D51", "#484D83", "#9DA1CB"),
}
SHAPES = ("disc", "slab", "basalt", "octagon", "keystone", "arch", "summit", "pebble")

# Drawn on a 48 x 48 grid as open strokes, so one weight reads at 48 px and at 512 px.
MARKS: dict[str, str] = {
    "book": "M24 14c-4-3-9-4-14-3v24c5-1 10 0 14 3 4-3 9-4 14-3V11c-5-1-10 0-14 3zM24 14v24",
    "compass": "M24 8a16 16 0 1 0 .01 0M31 17l-4.500 9.500L17 31l4.500-9.500z",
    "bridge": "M5 34h38M13 34V23M35 34V23M5 27c8 0 12-13 19-13s11 13 19 13M24 14v20",
    "seedling": "M24 41V21M24 26c0-8-5-12-14-12 0 8 5 12 14 12M24 20c0-7 4-11 13-11 0 8-4 11-13 11",
    "lens": "M21 8a13 13 0 1 0 .01 0M30.500 30.500L40 40",
    "dialogue": "M7 10h24v15H18l-6 6v-6H7zM36 18h5v15h-4v6l-6-6H20",
    "steps": "M7 39h9v-9h9v-9h9v-9h8",
    "loop": "M39 21a15.500 15.500 0 0 0-28-5M9 27a15.500 15.500 0 0 0 28 5M10 8v8h8M38 40v-8h-8",
    "layers": "M24 8l17 8.500L24 25 7 16.500zM7 25l17 8.500L41 25M7 33l17 8.500L41 33",
    "horizon": "M5 35h38M13 35a11 11 0 0 1 22 0M24 11v6M8.500 19l4.500 4M39.500 19L35 23",
    "summit": "M4 38l14-24 8.500 14 4.500-7L44 38z",
    "chart": "M8 8v32h32M16 33v-9M24.500 33V18M33 33V12",
    "key": "M15 16a8 8 0 1 0 .01 0M23 24h19v7M34 24v6",
    "circle": "M24 9a5 5 0 1 0 .01 0M15 39v-4a9 9 0 0 1 18 0v4M10 16a4 4 0 1 0 .01 0M38 16a4 4 0 1 0 "
    ".01 0M4 34v-1a7 7 0 0 1 7-6M44 34v-1a7 7 0 0 0-7-6",
    "signpost": "M24 7v34M24 11h13l5 5-5 5H24M24 24H12l-5 5 5 5h12",
    "balance": "M24 8v31M15 39h18M9 14h30M10 14L5 26a6 6 0 0 0 10 0zM38 14l-5 12a6 6 0 0 0 10 0z",
    "rooms": "M8 8h14v19H8zM27 8h13v11H27zM27 24h13v16H27zM8 32h14v8H8z",
    "link": "M19 29l10-10M17 22l-5 5a6.400 6.400 0 0 0 9 9l5-5M31 26l5-5a6.400 6.400 0 0 0-9-9l-5 5",
    "flag": "M12 42V8M12 10c9-5 15 5 25 0v17c-10 5-16-5-25 0",
    "leaf": "M12 36C7 19 18 9 40 8c1 21-11 33-28 28zM8 42c4-11 11-18 20-22",
    "code": "M16 13L5 24l11 11M32 13l11 11-11 11M27.500 9l-7 30",
    "shield": "M24 7l15 5v12c0 8-6 14-15 17-9-3-15-9-15-17V12zM17 24l5 5 9-10",
    "checklist": "M12 10h24v31H12zM19 7h10v7H19zM18 27l4.500 4.500L31 22",
    "voice": "M8 20v8M16 14v20M24 8v32M32 15v18M40 20v8",
    "cairn": "M24 8c4 0 7 1.800 7 4.500S28 17 24 17s-7-1.800-7-4.500S20 8 24 8zM24 17c6 0 10 2 10 5.500S30 28 "
    "24 28s-10-2-10-5.500S18 17 24 17zM24 28c9 0 15 2 15 6s-6 6-15 6-15-2-15-6 6-6 15-6z",
}
