"""What the pages of claims, councils, schedules and proposals send, read and typed."""

from cairn.interfaces.web.forms.recognizing.claims import (
    ActivityForm,
    AnswerForm,
    AwardForm,
    BeforehandForm,
    PostForm,
    ProposalForm,
    ProposeForm,
    ResendForm,
    VoteForm,
    WaiveForm,
    claim_initial,
    proposal_initial,
)
from cairn.interfaces.web.forms.recognizing.organizations import AdoptForm, EndScheduleForm, OverlayForm, RecognizerForm

__all__ = [
    "ActivityForm",
    "AdoptForm",
    "AnswerForm",
    "AwardForm",
    "BeforehandForm",
    "EndScheduleForm",
    "OverlayForm",
    "PostForm",
    "ProposalForm",
    "ProposeForm",
    "RecognizerForm",
    "ResendForm",
    "VoteForm",
    "WaiveForm",
    "claim_initial",
    "proposal_initial",
]
