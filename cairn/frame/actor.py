"""Who asks, and what they hold: built once for each request or delivery, passed to every command and query.

Not here: signing in (people, interfaces) or what a role permits (each app's policy).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cairn.kernel.ids import Id


@dataclass(frozen=True)
class Grant:
    """A role held now. `scope` is "organization", "program" or "microcredential"; `scope_id` the id within it."""

    role: str
    scope: str
    scope_id: str


@dataclass(frozen=True)
class Actor:
    """A signed-in person, a visitor (neither person nor system), or the system itself at work."""

    person_id: Id | None = None
    grants: frozenset[Grant] = field(default_factory=frozenset)
    system: str = ""  # "worker", "cli", "demo": set where no person acts
    request_key: str = ""  # a repeated command with the same key answers with the first result
    on_behalf: Id | None = None
    cause: str = ""  # uid of the fact that this work follows from
    only_looks: bool = False  # support sees what the person sees, `on_behalf` saying who looks; every command refuses
    withheld: tuple[str, ...] = ()  # roles held, and out of reach until the person has shown a second step at sign-in

    @property
    def reference(self) -> str:
        """How a fact names the actor."""
        if self.person_id:
            return f"person:{self.person_id}"
        return f"system:{self.system}" if self.system else "visitor"

    @property
    def is_known(self) -> bool:
        return self.person_id is not None

    @property
    def is_system(self) -> bool:
        return bool(self.system) and self.person_id is None

    def holds(self, role: str, **scopes: str | None) -> bool:
        """True where a grant of `role` covers one of the scopes, e.g. holds("assessor", program=id, organization=id);
        without scopes: held anywhere."""
        if not scopes:
            return any(g.role == role for g in self.grants)
        return any(g.role == role and scopes.get(g.scope) == g.scope_id for g in self.grants if g.scope in scopes)

    def scopes(self, role: str, scope: str) -> set[str]:
        """The ids within `scope` for which `role` is held: what a queryset filters by."""
        return {g.scope_id for g in self.grants if g.role == role and g.scope == scope}

    def with_key(self, key: str) -> Actor:
        return replace(self, request_key=key)


VISITOR = Actor()


def system(name: str, *, cause: str = "", request_key: str = "") -> Actor:
    return Actor(system=name, cause=cause, request_key=request_key)
