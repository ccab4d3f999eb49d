"""What the pages of teams send, read and typed. Not here: what is allowed (the commands say that)."""

from __future__ import annotations

from django import forms

from cairn.apps.programs.queries import TEAM_MODES


class TeamForm(forms.Form):
    name = forms.CharField(label="What is your team called?", max_length=80, error_messages={"required": "Give it a name."},
                           widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip
    mode = forms.ChoiceField(label="Who is in it?", choices=list(TEAM_MODES.items()), initial="small group", widget=forms.RadioSelect)


class AskForm(forms.Form):
    address = forms.EmailField(
        label="E-mail address", help_text="The one that they sign in with.", widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give an address.", "invalid": "Write it in full, like name@example.org."},
    )  # fmt: skip


class LeaveForm(forms.Form):
    reason = forms.CharField(label="Why", help_text="If you want to say. It is kept with the record, and shown to nobody.", required=False,
                             max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))  # fmt: skip
