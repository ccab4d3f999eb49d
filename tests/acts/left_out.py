"""Commands that nobody carries out while web and worker are killed, each with its reason. What follows from facts is not listed: the
worker, which is killed as well, carries it out."""

from __future__ import annotations

LEFT_OUT = {
    "The worker alone calls it, in jobs and outward work: test_crash kills it at random, test_killed_worker between any two steps.": """
        assessment.tell_late comms.forget_calls comms.let_go comms.mark_sent comms.note_call comms.post communities.announce_prompts
        communities.note_erased credentials.refresh_status_lists imports.drop_forgotten imports.give_up imports.note_rows
        ledger.forget_answers ledger.lease_job
        ledger.lease_next ledger.run_soon ledger.settle ledger.settle_job ledger.wake licensure.alert licensure.begin_run licensure.go_on
        licensure.keep_change licensure.note_sources licensure.return_left payments.end_checkout payments.note_session
        payments.tell_overdue people.forget_sessions people.forget_tries portfolio.block_upload portfolio.keep_upload
        portfolio.note_erased portfolio.pass_upload programs.end_offer programs.forget_phones programs.lapse programs.remind
        licensure.count_votes licensure.count_votes_on_plan licensure.return_left_plan programs.remind_of_meeting""",
    "An upload on its way is begun, finished, let go of by parts: test_uploads_resumed and test_store_outage cut those off.": """
        portfolio.abandon_upload portfolio.begin_upload portfolio.dismiss_upload portfolio.finish_upload portfolio.refuse_upload""",
    "Signing in and out, and what goes with it: the library's requests bear no key, and a session that ends takes its repeat along.": """
        comms.write_letter people.begin_person people.begin_support people.end_session people.end_sessions people.end_support
        people.follow_address people.note_sign_in people.note_sign_in_change people.note_token_use""",
    "Called from the command line by somebody who sees how it went, or through the API, whose repeats test_api_replays sends.": """
        catalog.import_pack licensure.load_rules people.forget_second_step people.found_organization people.open_account""",
    "Nobody calls it but tests and the demonstration: pages enter the same by files.": """
        programs.change_time programs.drop_time programs.enter_records programs.enter_responses""",
    "The API's memory of its own answers: test_api_replays sends each operation twice.": """
        ledger.begin_answer ledger.drop_answer ledger.keep_answer""",
    "A script alone sends it, while somebody types; portfolio.write, which is sent so too, is looked for word by word.": """
        programs.write_response""",
    "It notes that somebody has looked, read or tried; noted twice it is noted once.": """
        comms.mark_all_read comms.mark_read credentials.note_opening credentials.try_passcode portfolio.note_opening""",
    "It speaks with a provider of cards, which is not there: test_card_payments tells it everything twice.": """
        payments.ask_checkout payments.take_notice""",
}


def by_command() -> dict[str, str]:
    return {name: why for why, names in LEFT_OUT.items() for name in names.split()}
