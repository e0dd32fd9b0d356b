"""Screenshots as small files: at most 256 colours, which is what a page of text needs."""

import base64
import struct
import zlib
from typing import Any

from playwright.sync_api import Page

# The most frequent colours are kept as they are, and one of each other shade, however rare (the red
# of an asterisk); each colour that is left becomes the nearest of them.
REDUCE = """async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(
        context.getImageData(0, 0, image.width, image.height).data.buffer);
    const counted = new Map();
    for (const pixel of pixels) counted.set(pixel, (counted.get(pixel) || 0) + 1);
    const colors = [...counted].sort((a, b) => b[1] - a[1]).map(([color]) => color);
    const shade = color => color & 0xe0e0e0;
    const palette = colors.slice(0, 128);
    const shades = new Set(palette.map(shade));
    for (const color of colors.slice(128)) {
        if (palette.length === 256) break;
        if (shades.has(shade(color))) continue;
        shades.add(shade(color));
        palette.push(color);
    }
    for (const color of colors.slice(128)) {
        if (palette.length === 256) break;
        if (!palette.includes(color)) palette.push(color);
    }
    const parts = color => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
    const known = palette.map(parts);
    const places = new Map(palette.map((color, at) => [color, at]));
    const nearest = color => {
        const wanted = parts(color);
        const far = known.map(ours => ours.reduce((sum, n, i) => sum + (n - wanted[i]) ** 2, 0));
        return far.indexOf(Math.min(...far));
    };
    for (const color of counted.keys()) {
        if (!places.has(color)) places.set(color, nearest(color));
    }
    const bytes = Uint8Array.from(pixels, pixel => places.get(pixel));
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    }
    return {width: image.width, height: image.height, palette: known.flat(), pixels: btoa(text)};
}"""


def small_png(page: Page, png: bytes) -> bytes:
    """The same picture with a palette; `page` (any, even an empty one) does the sums."""
    source = "data:image/png;base64," + base64.b64encode(png).decode()
    found: dict[str, Any] = page.evaluate(REDUCE, source)
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    lines = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(found["palette"])),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
