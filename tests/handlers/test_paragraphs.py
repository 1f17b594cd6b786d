"""The 进展情况 paragraph in the printed style."""

from datetime import date
from decimal import Decimal

from handlers.rules.paragraphs import Amount, Progress, paragraph
from knowledge import Kind

DAY = date(2021, 9, 24)


def test_a_total_with_its_target() -> None:
    amount = Amount(Kind.STOCK, Decimal(35), "所", target=Decimal(59), year=2022, bound="以上")
    assert paragraph(Progress("智慧校园", DAY, (amount,), line="新增三所已验收", source="学校上报")) == (
        "智慧校园：截至2021年9月24日，累计35所，完成2022年目标59所以上的59.3%。新增三所已验收。（数据来源：学校上报）"
    )
    striven = Amount(Kind.STOCK, Decimal(4), "所", target=Decimal(5), year=2022, bound="努力")
    assert paragraph(Progress("样板学校", DAY, (striven,))) == (
        "样板学校：截至2021年9月24日，累计4所，完成2022年目标（努力5所）的80%。"
    )


def test_a_rate_has_no_percent_of_its_target() -> None:
    amount = Amount(Kind.SHARE, Decimal("76.5"), "%", "覆盖率", Decimal(80), 2021, "力争")
    assert paragraph(Progress("平台", DAY, (amount,))) == "平台：截至2021年9月24日，覆盖率达76.5%，2021年目标力争80%。"
    fall = Amount(Kind.GROWTH, Decimal(-3), "%", target=Decimal(10), year=2021)
    assert paragraph(Progress("社零", DAY, (fall,))) == "社零：截至2021年9月24日，下降3%，2021年目标10%。"


def test_several_measures_stage_and_support() -> None:
    amounts = (Amount(Kind.STOCK, Decimal(3), "所", "高中"), Amount(Kind.STOCK, Decimal(8), "所", "初中"))
    told = paragraph(
        Progress("教学", DAY, amounts, "推进中", "进展顺利。", support=(("乙局", "提供数据"), ("丙局", "")))
    )
    assert told == "教学：截至2021年9月24日，高中累计3所；初中累计8所；推进中。进展顺利。乙局配合：提供数据。"


def test_nothing_is_said_that_was_not_reported() -> None:
    assert paragraph(Progress("校园")) == "校园：本期尚未报送。"
    assert paragraph(Progress("社零", no_data=True)) == "社零：本期数据尚未产生。"
    assert (
        paragraph(Progress("社零", no_data=True, expected=date(2021, 9, 30))) == "社零：本期数据尚未产生，预计9月30日。"
    )
    zero = Amount(Kind.STOCK, Decimal(0), "个", target=Decimal(0), year=2021)
    assert paragraph(Progress("社区", DAY, (zero,))) == "社区：截至2021年9月24日，累计0个。"
