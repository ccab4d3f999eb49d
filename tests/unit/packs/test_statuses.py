"""Statuses as people write them: how far it is, what places are open, and when it begins, in the sentence's own words."""

import pytest

from cairn.pure.packs.statuses import Status, read_line, read_status

SENTENCES = {
    "currently in pilot (3 pilot spots open)": Status("in pilot", "open", 3),
    "currently in pilot (13 pilot spots open)": Status("in pilot", "open", 13),
    "pilot spots open; pilot to begin in mid February": Status("pilot-ready", "open", None, "mid February"),
    "3 pilot spots open; pilot to begin in mid February": Status("pilot-ready", "open", 3, "mid February"),
    "Currently in pilot (full)": Status("in pilot", "full"),
    "available on ELN": Status("published"),
    "Available to be piloted": Status("pilot-ready"),
    "Written": Status("written"),
    "in development": Status("planned"),
    "Under review": Status("under review"),
    "In pilot, one seat left": Status("in pilot", "open", 1),
    "in pilot; no seats left": Status("in pilot", "full"),
    "pilot starts April 7, 2027": Status("pilot-ready", "", None, "April 7, 2027"),
    "Full (waitlist)": Status("pilot-ready", "full"),
    "pilot full, waitlist available": Status("pilot-ready", "full"),
    "in pilot; wait list open": Status("in pilot", "full"),
    "in pilot (12 of 20 spots open)": Status("in pilot", "open", 12),
    "in pilot: 5 of our 8 seats are taken": Status("in pilot", "open", 3),
    "in pilot; 8 of 8 seats filled": Status("in pilot", "full"),
    "in pilot; 5 seats are taken": Status("in pilot"),
    "in pilot, 1,200 spots open": Status("in pilot", "open", 1200),
    "twelve spots open": Status("pilot-ready", "open", 12),
    "pilot begins Feb. 15, 2027; 4 seats": Status("pilot-ready", "open", 4, "Feb. 15, 2027"),
    "ask Susan": Status(""),
    "": Status(""),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_says_stage_seats_and_beginning(sentence):
    assert read_status(sentence) == SENTENCES[sentence]


def test_a_number_of_thousands_of_digits_is_no_count():
    assert read_status(f"in pilot (1{',000' * 2000} pilot spots open)") == Status("in pilot", "open")


@pytest.mark.parametrize(
    ("line", "title", "said"),
    [
        ("  •  Reflective Coaching - in pilot (3 pilot spots open)", "Reflective Coaching", "in pilot (3 pilot spots open)"),
        ("Structures (pilot spots open; pilot to begin in mid May)", "Structures", "pilot spots open; pilot to begin in mid May"),
        ("Coming to Consensus - in pilot", "Coming to Consensus", "in pilot"),
        ("Full (waitlist)", "", "Full (waitlist)"),
        ("Advocate (available) (3 pilot spots open)", "Advocate", "available (3 pilot spots open)"),
        ("Currently in pilot (full)", "", "Currently in pilot (full)"),
        ("Self-Care - A Primer: available", "Self-Care - A Primer", "available"),
        ("Live Coaching - planned", "Live Coaching", "planned"),
        ("Full-Day Kindergarten – available", "Full-Day Kindergarten", "available"),
        ("Beginning Teachers: in development", "Beginning Teachers", "in development"),
        ("Starting the Year Well — currently in pilot (full)", "Starting the Year Well", "currently in pilot (full)"),
        ("organizing the room - in pilot (2 spots open)", "organizing the room", "in pilot (2 spots open)"),
        ("o  Number Talks - draft", "Number Talks", "draft"),
        ("2. Number Talks\tin pilot\t4 seats open", "Number Talks", "in pilot | 4 seats open"),
        ("Currently in pilot - 3 spots open", "", "Currently in pilot - 3 spots open"),
        ("A title with nothing said of it", "A title with nothing said of it", ""),
    ],
)  # fmt: skip
def test_a_line_is_parted_into_title_and_status(line, title, said):
    found, status, words = read_line(line)
    assert (found, words) == (title, said)
    assert status == read_status(said)
