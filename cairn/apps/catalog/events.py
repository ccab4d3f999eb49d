"""What happens in the catalog."""

from cairn.kernel.facts import Event
