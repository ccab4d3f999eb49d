from cairn.kernel.errors import NotYet


def _wait(*, actor, fact):
    raise NotYet("x", "x")


intend = sign_intended = publish_status = _wait
