"""Several credentials of one person in one Comprehensive Learner Record, each still signed by itself.

The record itself carries no proof: what it holds can be relied on credential by credential. Not here: building or signing those (build,
proof). Source: 1EdTech Comprehensive Learner Record 2.0, ClrCredential and ClrSubject.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from cairn.pure.badges.build import Identity, Json, Profile, filled, identity_json, profile_json
from cairn.pure.badges.contexts import CREDENTIALS_V2, OPEN_BADGES_3
from cairn.pure.badges.values import stamp

CLR_2 = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"


def gather(
    id: str, name: str, credentials: Iterable[Mapping[str, object]], *, issuer: Profile, person: Sequence[Identity], made_at: datetime
) -> Json:
    """A record with that IRI as its id; it says of itself that it is a part, since a person may have earned elsewhere too."""
    return filled(
        {
            "@context": [CREDENTIALS_V2, CLR_2, OPEN_BADGES_3],
            "id": id,
            "type": ["VerifiableCredential", "ClrCredential"],
            "name": name,
            "partial": True,
            "issuer": profile_json(issuer),
            "validFrom": stamp(made_at),
            "credentialSubject": {
                "type": ["ClrSubject"],
                "identifier": [identity_json(one) for one in person],
                "verifiableCredential": [dict(one) for one in credentials],
            },
        }
    )
