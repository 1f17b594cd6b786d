"""Any sequence of messages: no exception, no lost answer, every stored value was read and confirmed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.form_steps import Asking
from tests.handlers.form_sequences import FORM, LETTERS, LIKELY, ODD, TODAY, check_sequence, play_sequences

MESSAGES = st.one_of(st.sampled_from(LIKELY), st.sampled_from(ODD), st.text(LETTERS, max_size=30), st.text(max_size=20))


@settings(max_examples=150, deadline=None)
@given(st.lists(MESSAGES, max_size=25))
def test_any_sequence_keeps_what_was_said(messages: list[str]) -> None:
    check_sequence(messages)


def test_random_sequences_reach_every_end() -> None:
    played = play_sequences(150, seed=1)
    assert played.sequences == 150
    assert played.submitted > 20
    assert played.asides > 20


def test_a_conditional_step_comes_and_goes() -> None:
    checked = FORM.step("checked")
    assert checked is not None
    assert checked.when(Asking({"value": "62"}, TODAY))
    assert not checked.when(Asking({"value": "35"}, TODAY))
