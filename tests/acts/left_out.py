"""Commands that nobody carries out while web and worker are killed, each with its reason. What follows from facts is not listed: the
worker, which is killed as well, carries it out."""

from __future__ import annotations

LEFT_OUT = {
    "The worker alone calls it, in jobs and outward work: test_crash kills it at random, test_killed_worker between any two steps.": """
        assessment.tell_late comms.forget_calls comms.let_go comms.mark_sent comms.note_call comms.post communities.announce_prompts
        communities.note_erased credentials.refresh_status_lists imports.drop_forgotten ledger.forget_answers ledger.lease_job
        ledger.lease_next ledger.run_soon ledger.settle ledger.settle_job ledger.wake licensure.alert licensure.begin_run licensure.go_on
        licensure.keep_change licensure.note_sources licensure.return_left payments.end_checkout payments.note_session
        payments.tell_overdue people.forget_sessions people.forget_tries portfolio.block_upload portfolio.keep_upload
        portfolio.note_erased portfolio.pass_upload programs.end_offer programs.forget_phones programs.lapse programs.remind
        licensure.return_left_plan programs.remind_of_meeting""",
    "An upload on its way is begun, finished, let go of by parts: test_uploads_resumed and test_store_outage cut those off.": """
        portfolio.abandon_upload portfolio.begin_upload portfolio.dismiss_upload portfolio.finish_upload portfolio.refuse_upload""",
    "Signing in and out, and what goes with it: the library's requests bear no key, and a session that ends takes its repeat along.": """
        comms.write_letter people.begin_person people.begin_support people.end_session people.end_sessions people.end_support
        people.follow_address people.note_sign_in people.note_sign_in_change people.note_token_use""",
    "Called from the command line by somebody who sees how it went, or through the API, whose repeats test_api_replays sends.": """
        catalog.import_pack licensure.load_rules people.forget_second_step people.found_organization people.open_account
        programs.found_program programs.offer""",
    "Nobody calls it but tests and the demonstration: pages enter the same by files.": """
        programs.change_time programs.drop_time programs.enter_records programs.enter_responses""",
    "The API's memory of its own answers: test_api_replays sends each operation twice.": """
        ledger.begin_answer ledger.drop_answer ledger.keep_answer""",
    "It keeps words over a revision, without a fact; portfolio.write, which does the same, is looked for word by word.": """
        assessment.drop_comment assessment.keep_comment assessment.revise_score licensure.save_proposal portfolio.change_citation
        portfolio.uncite programs.write_response""",
    "It notes that somebody has looked, read or tried; noted twice it is noted once.": """
        comms.mark_all_read comms.mark_read credentials.note_opening credentials.try_passcode portfolio.note_opening""",
    "It speaks with a provider of cards, which is not there: test_card_payments tells it everything twice.": """
        payments.ask_checkout payments.take_notice""",
    "Its page needs more than the cast has (another's draft, a meeting that is on, a second account); its own tests carry it out.": """
        assessment.pass_check assessment.return_incomplete catalog.fork catalog.publish_draft catalog.take_over comms.end_letters
        comms.send_again comms.start_webhook comms.try_webhook imports.stop imports.take_up ledger.set_aside licensure.change_draft
        licensure.post_credit licensure.remove_paper licensure.waive_fee payments.invoice_order payments.lower_price payments.pay_out
        people.agree_merging people.decline_merging people.merge people.remove_logo people.set_logo portfolio.join_team
        portfolio.open_draft portfolio.remove_artifact portfolio.remove_captions programs.ask_to_join programs.choose
        programs.decline_extension programs.extend_recruitment programs.let_in programs.note_caller programs.pass_offer
        programs.read_attendance programs.read_meetings programs.set_checking programs.sign_in programs.turn_away programs.turn_down
        programs.undo_attendance programs.watch_recording""",
}


def by_command() -> dict[str, str]:
    return {name: why for why, names in LEFT_OUT.items() for name in names.split()}
