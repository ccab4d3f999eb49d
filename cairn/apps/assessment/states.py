"""The lives of a case and of a score sheet."""

from cairn.frame.states import States

CASE = States(
    name="case",
    owner="assessment",
    initial="waiting",
    moves={
        "checking": ("waiting", "returned"),
        "waiting": ("checking", "scoring", "adjudicating", "decided"),
        "scoring": ("waiting", "split", "decided"),
        "split": ("adjudicating",),
        "adjudicating": ("split", "decided"),
        "decided": (),
        "returned": (),
    },
    means={
        "checking": "somebody of the program looks whether it is whole, where the program asks for that",
        "waiting": "too few readers who are qualified and free of conflict, as the lead sees; or a team's first submission is scored",
        "scoring": "two readers are at it, each alone",
        "split": "the two readers part; a lead assessor who scored neither is being found",
        "adjudicating": "a lead assessor is scoring it alone",
        "decided": "earned, or not yet",
        "returned": "something was missing; the same attempt goes on, and its next submission is another case",
    },
)

ENDED = ("decided", "returned")

PRECHECK = States(
    name="pre-check",
    owner="assessment",
    initial="open",
    moves={"open": ("passed", "returned"), "passed": (), "returned": ()},
    means={
        "open": "to be looked at by whoever runs the program, by the next business day",
        "passed": "whole; assessors are asked",
        "returned": "something is missing; the educator has it back, and has not used up the attempt",
    },
)

SHEET = States(
    name="score sheet",
    owner="assessment",
    initial="open",
    moves={"open": ("locked", "stepped_aside"), "locked": (), "stepped_aside": ()},
    means={
        "open": "being filled in by its assessor",
        "locked": "final; never overwritten",
        "stepped_aside": "the assessor gave it back; what was written is set apart and counts for nothing",
    },
)

READER, LEAD = "reader", "lead"
SHEET_KINDS = {READER: "One of two independent readers", LEAD: "The lead assessor who settles a split"}

OUTCOMES = {"earned": "Earned", "not_yet": "Not yet"}

# Code names of sheets: minerals say nothing about anybody.
MINERALS = (
    *("Agate", "Amber", "Basalt", "Beryl", "Calcite", "Chert", "Citrine", "Diorite", "Dolomite", "Feldspar", "Flint", "Fluorite", "Gabbro"),
    *("Galena", "Garnet", "Gneiss", "Granite", "Gypsum", "Halite", "Hematite", "Jasper", "Jet", "Kyanite", "Lapis", "Larimar", "Malachite"),
    *("Marble", "Mica", "Obsidian", "Olivine", "Onyx", "Opal", "Peridot", "Pumice", "Pyrite", "Quartz", "Rhyolite", "Schist", "Slate"),
    *("Spinel", "Talc", "Topaz", "Tuff", "Zircon"),
)
