"""Numbers of recognised speech in digits: only what is counted, never 一样 or 第七."""

import pytest

from handlers.features.report.confirm_voice import corrected, in_digits


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("智慧校园累计三十五所", "智慧校园累计35所"),
        ("网络零售增长百分之十点五。", "网络零售增长10.5%"),
        ("覆盖率八成，场地七，其他和上期一样", "覆盖率80%，场地7，其他和上期一样"),
        ("两家", "2家"),
        ("一万二", "12000"),
        ("附件一第七项统一推进", "附件一第七项统一推进"),
        ("校园35所", "校园35所"),
        ("二〇二一年", "2021年"),
    ],
)
def test_numbers_as_they_will_be_taken(said: str, shown: str) -> None:
    assert in_digits(said) == shown


def test_a_correction_of_the_one_number_keeps_the_rest() -> None:
    assert corrected("智慧校园累计35所", "不对，是三十六") == "智慧校园累计36所"
    assert corrected("校园35，场地7", "不对，是36") == "不对，是36"
    assert corrected("校园35", "场地9") == "场地9"
