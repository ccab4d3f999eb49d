"""An operator's session that looks through somebody's eyes: whose, until when, and that nothing but looking is possible.

Not here: who may (people), the pages of it (views/support.py). That every command refuses is frame.commands' own doing.
"""

from __future__ import annotations

from django.http import HttpRequest

from cairn.apps.people import queries as people
from cairn.frame.actor import Actor
from cairn.kernel.errors import Forbidden, Refused

LOOK = "looks_through"  # in the session: id of the support access
SAFE = ("GET", "HEAD", "OPTIONS")
ALWAYS = frozenset({"support_stop", "account_logout", "stay"})  # names of what the operator does as themself


def who_asks(request: HttpRequest, operator: Actor) -> Actor:
    """The person through whose eyes the operator looks, while that lasts; `request.support` then says so."""
    request.support = None  # type: ignore[attr-defined]
    if LOOK not in request.session:
        return operator
    found = people.through_their_eyes(operator, request.session[LOOK])
    if found is None:
        del request.session[LOOK]
        return operator
    request.support, looker = found  # type: ignore[attr-defined]
    return looker


def why_not(request: HttpRequest) -> Refused | None:
    """Pages of signing in act on the account that is signed in, the operator's own: they stay shut, as does all that changes something."""
    asked = request.resolver_match.url_name or "" if request.resolver_match else ""
    if not request.actor.only_looks or asked in ALWAYS:  # type: ignore[attr-defined]
        return None
    if request.method in SAFE and not asked.startswith(("account_", "mfa_", "other_")):
        return None
    remedy = "Stop looking first; the button is at the top of the page."
    return Forbidden("only-looking", "Support access only looks; nothing can be changed or signed in with through it.", remedy)
