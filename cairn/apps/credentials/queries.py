def issued_notice(viewer, fact):
    return ()


revoked_notice = reinstated_notice = issued_notice
