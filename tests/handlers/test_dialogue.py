"""The form engine on the report form of the journeys (J4-J7, J9)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from handlers.dialogue import ask, ask_again, begin, load, resume, take
from handlers.form_state import Cancelled, Done, FormState, NotMine, Outcome, Parked, Taken, from_json
from handlers.form_steps import JSON, Asking, Choice, Form, Got, Problem, Read, Step
from handlers.message import Button

NUMERALS = {"三十五": 35, "三百五": 350, "三十": 30}


@dataclass(frozen=True)
class Facts:
    last: int = 32
    target: int = 59


def read_count(text: str, _: Asking[Facts]) -> Read:
    found = re.fullmatch(r"(\d+(?:\.\d+)?|三十五|三百五|三十)\s*所?", text.strip())
    if not found:
        return None
    if "." in found[1]:
        return Problem("校园按“所”计，是整数吧？例如35。")
    return Got(NUMERALS.get(found[1]) or int(found[1]))


def not_far_above(value: JSON, asking: Asking[Facts]) -> Problem | None:
    if not isinstance(value, int) or value <= 2 * asking.facts.target:
        return None
    tenth = str(value // 10)
    choices = (Choice(tenth, "replace", tenth), Choice(f"{value}，说明原因", "because"))
    return Problem(f"比目标{asking.facts.target}多不少，是{tenth}还是{value}？", choices, "far")


def not_below(value: JSON, asking: Asking[Facts]) -> Problem | None:
    last = asking.facts.last
    if not isinstance(value, int) or value >= last:
        return None
    choices = (
        Choice("这是本期新增的", "replace", str(value + last)),
        Choice("以前的数要更正", "keep"),
        Choice("重填", "again"),
    )
    return Problem(f"比上次的{last}少。", choices, "below")


def not_over(value: JSON, asking: Asking[Facts]) -> Problem | None:
    if not isinstance(value, int) or not asking.facts.target < value <= 2 * asking.facts.target:
        return None
    return Problem(
        f"那累计是{value}，超过目标{asking.facts.target}，对吗？",
        (Choice("对", "keep"), Choice("重填", "again")),
        "over",
    )


def read_line(text: str, _: Asking[Facts]) -> Read:
    return Got(text) if len(text) <= 200 else Problem("进展请在200字以内。")


def review(asking: Asking[Facts]) -> str:
    return f"请核对：智慧校园 累计{asking.answers['value']}所｜{asking.answers.get('line') or '无'}"


FORM: Form[Facts] = Form(
    "report",
    1,
    (
        Step(
            "value",
            "数值",
            "智慧校园，到现在累计多少所？（2022年目标59，上次32）",
            read_count,
            (not_below, not_far_above, not_over),
            hint="按所计，累计数。",
            show=lambda value, _: f"{value}所",
        ),
        Step(
            "line", "进展", "有一句进展要写吗？没有就回“无”。", read_line, optional=True, free=True, also=("进展情况",)
        ),
        Step(
            "source",
            "来源",
            "数据来源是？",
            read_line,
            optional=True,
            free=True,
            prefill=lambda _: "学校上报",
            buttons=(Button("学校上报"),),
        ),
    ),
    review,
    title="智慧校园",
)
FACTS = Facts()


def play(
    *texts: str, state: FormState | None = None, ref: str = "", form: Form[Facts] = FORM
) -> tuple[FormState, str, Outcome]:
    """Say the texts one after the other; the last state, the last reply and the last outcome."""
    opened: Outcome = Taken(state, ask(form, state, FACTS)) if state else begin(form, FACTS, ref=ref)
    assert isinstance(opened, Taken)
    state, said = opened.state, opened.reply.text
    for text in texts:
        opened = take(form, state, text, FACTS)
        if isinstance(opened, NotMine):
            said = ""
            continue
        state = opened.state
        said = "" if isinstance(opened, Done) else opened.reply.text
    return state, said, opened


def test_a_report_takes_four_turns() -> None:
    state, said, _ = play("三十五所")
    assert said == "35所。有一句进展要写吗？没有就回“无”。"
    state, said, _ = play("新增三所已验收", state=state)
    assert said == "请核对：智慧校园 累计35所｜新增三所已验收"
    state, _, outcome = play("提交", state=state)
    assert isinstance(outcome, Done)
    assert outcome.state.answers == {"value": 35, "line": "新增三所已验收", "source": "学校上报"}


def test_several_answers_in_one_message() -> None:
    for text in ("35，新增三所已验收", "35所 新增三所已验收", "数值35，进展：新增三所已验收", "35\n新增三所已验收"):
        state, said, _ = play(text)
        assert state.answers["value"] == 35, text
        assert state.answers["line"] == "新增三所已验收", text
        assert "请核对" in said


def test_none_is_an_answer_to_an_optional_question() -> None:
    state, said, _ = play("35", "无")
    assert state.answers["line"] is None
    assert said.startswith("请核对")


def test_a_correction_by_words_at_the_confirmation() -> None:
    state, said, _ = play("35", "无", "等等，数值是36")
    assert said.startswith("改好了：36所（原35所），其余没动。")
    for text in ("36", "不对，是36", "数值改成36", "把数值改为36", "改成36", "36所", "等等,36"):
        assert play("35", "无", text)[0].answers["value"] == 36, text
    assert state.answers == {"value": 36, "line": None, "source": "学校上报"}


def test_a_correction_in_mid_form() -> None:
    state, said, _ = play("35", "等等，数值是36")
    assert state.answers["value"] == 36
    assert "有一句进展" in said
    for text in ("不对，是36", "不是35，是36", "36所", "36"):
        state, said, _ = play("35", text)
        assert (state.answers["value"], state.step) == (36, "line"), text
        assert said.startswith("改好了：36所（原35所），其余没动。有一句进展")


def test_two_corrections_in_one_message() -> None:
    state, said, _ = play("35", "已开工", "数值改成36，进展改成已完工")
    assert said.startswith("改好了：36所（原35所），进展“已完工”（原“已开工”），其余没动。")
    assert (state.answers["value"], state.answers["line"]) == (36, "已完工")


def test_where_was_i() -> None:
    assert play("35", "在吗")[1] == "上次填到：智慧校园35所，差进展。"


def test_a_later_field_may_be_said_first() -> None:
    state, said, _ = play("进展改成新建校区验收")
    assert state.answers["line"] == "新建校区验收"
    assert "累计多少所" in said


def test_content_stays_content() -> None:
    for text in (
        "取消收费项目3个",
        "不对外开放的场地3家",
        "进展顺利，数据是省里通报的",
        "帮助企业5家",
        "改一下收费办法",
    ):
        state, said, _ = play("35", text)
        assert state.answers.get("line") == text, text
        assert said.startswith("请核对")


def test_a_failed_correction_keeps_the_value() -> None:
    state, said, _ = play("35", "无", "数值改成35.5")
    assert state.answers["value"] == 35
    assert "例如35" in said
    assert "35所还在" in said
    assert isinstance(play("提交", state=state)[2], Done)


def test_far_above_asks_which() -> None:
    state, said, outcome = play("三百五")
    assert said == "比目标59多不少，是35还是350？"
    assert isinstance(outcome, Taken)
    assert [button.label for button in outcome.reply.buttons] == ["35", "350，说明原因"]
    assert play("35", state=state)[0].answers["value"] == 35
    state2, said, _ = play("350，说明原因", state=state)
    assert said == "麻烦补一句原因，审核时会看到。"
    assert "value" not in state2.answers
    state3, _, _ = play("新建校区一次性验收", state=state2)
    assert (state3.answers["value"], state3.reasons["value"]) == (350, "新建校区一次性验收")
    state4, _, _ = play("350，因为新建校区一次性验收", state=state)
    assert (state4.answers["value"], state4.reasons["value"]) == (350, "因为新建校区一次性验收")


def test_below_the_last_value_asks_increment_or_correction() -> None:
    state, said, _ = play("30")
    assert said == "比上次的32少。"
    more, said, _ = play("这是本期新增的", state=state)
    assert said == "那累计是62，超过目标59，对吗？"
    done, _, _ = play("对", state=more)
    assert (done.answers["value"], done.reasons["value"]) == (62, "这是本期新增的；对")
    kept, _, _ = play("以前的数要更正", state=state)
    assert (kept.answers["value"], kept.reasons["value"]) == (30, "以前的数要更正")
    again, said, _ = play("重填", state=state)
    assert "累计多少所" in said
    assert "value" not in again.answers


def test_three_misses_offer_another_way() -> None:
    state, _, _ = play("哈哈", "35.5")
    assert state.misses == 2
    _, said, outcome = play("嘿嘿", state=state)
    assert "要不要换个办法" in said
    assert isinstance(outcome, Taken)
    assert [button.label for button in outcome.reply.buttons] == ["看口径", "先放着", "请办公室联系我"]
    assert "按所计" in play("看口径", state=outcome.state)[1]
    office = play("请办公室联系我", state=outcome.state)[2]
    assert isinstance(office, Parked)
    assert office.ask_office


def test_a_question_is_not_taken_and_counts_no_miss() -> None:
    for text in ("家是怎么算的", "网络零售目标是多少", "2022年要几个呢"):
        state, _, outcome = play(text)
        assert isinstance(outcome, NotMine), text
        assert state.misses == 0
    assert isinstance(play("35", "物流终端目标是多少？")[2], NotMine)
    assert ask_again(FORM, state, FACTS).text == "接着填：智慧校园，到现在累计多少所？（2022年目标59，上次32）"


def test_a_command_of_another_feature_is_not_content() -> None:
    state, _, _ = play("35")
    assert isinstance(take(FORM, state, "我的任务", FACTS, is_command=lambda text: text == "我的任务"), NotMine)


def test_putting_aside_and_giving_up_keep_the_answers() -> None:
    for text, kind in (("先放着", Parked), ("不报了", Parked), ("取消", Cancelled), ("取 消。", Cancelled)):
        state, _, outcome = play("35", text)
        assert isinstance(outcome, kind)
        assert state.answers["value"] == 35


def test_back_shows_the_value_and_keeps_it() -> None:
    state, said, _ = play("35", "上一步")
    assert "现在是35所" in said
    assert "有一句进展" in play("下一步", state=state)[1]
    assert play("36", state=state)[0].answers["value"] == 36
    assert "已经是第一步" in play("上一步", state=state)[1]


def test_edit_by_button() -> None:
    state, said, outcome = play("35", "无", "改一下")
    assert isinstance(outcome, Taken)
    assert [button.label for button in outcome.reply.buttons] == ["改数值", "改进展", "改来源"]
    state, said, _ = play("改进展", state=state)
    assert "有一句进展" in said
    state, said, _ = play("已开工", state=state)
    assert state.answers["line"] == "已开工"
    assert "请核对" in said


def test_submitting_too_early_names_what_is_missing() -> None:
    _, said, _ = play("35", "提交")
    assert said == "还差进展。有一句进展要写吗？没有就回“无”。"


def test_an_old_button_says_what_changed() -> None:
    state, _, outcome = play("35", "无", ref="12")
    assert isinstance(outcome, Taken)
    old = outcome.reply.buttons[0].words
    assert re.fullmatch(r"提交 #12\.\d+", old)
    assert isinstance(play(old, state=state)[2], Done)
    state, _, _ = play("36", state=state)
    later, said, outcome = play(old, state=state)
    assert said == "这是旧的（35所），现在是36所。"
    assert later == state
    assert "36所" in play("看现在的", state=state)[1]
    assert isinstance(play("提交 #13.1", state=state)[2], NotMine)


def test_the_state_survives_as_json() -> None:
    state, _, _ = play("35", "上一步", "350", ref="7")
    again = from_json(json.loads(json.dumps(state.to_json())))
    assert again == state
    assert resume(FORM, play("35")[0], FACTS).text == "上次填到：智慧校园35所，差进展。"


def test_a_newer_form_reads_the_old_answers_again() -> None:
    document = play("35", "新增三所")[0].to_json()
    newer = Form("report", 2, (FORM.steps[0], Step("when", "时间", "哪天的数？", read_line)), review)
    state = load(newer, document, FACTS)
    assert state.answers == {"value": 35}
    assert state.step == "when"
    assert state.aside == {"line": "新增三所", "source": "学校上报"}
    assert load(FORM, document, FACTS).step == "confirm"


def test_what_was_already_said_is_not_asked() -> None:
    opened = begin(FORM, FACTS, given={"value": "35"})
    assert isinstance(opened, Taken)
    assert opened.reply.text.startswith("35所。有一句进展")
    opened = begin(FORM, FACTS, given={"value": "很多"})
    assert isinstance(opened, Taken)
    assert "累计多少所" in opened.reply.text


def test_a_number_in_a_sentence_never_replaces_the_value() -> None:
    for text in ("新增一所", "新增3所", "三所已验收", "约36所", "36所左右"):
        state, _, _ = play("35", text)
        assert state.answers["value"] == 35, text
        assert state.answers["line"] == text, text


def test_a_bare_number_that_does_not_fit_is_no_sentence() -> None:
    state, said, _ = play("35", "35.5")
    assert "例如35" in said
    assert "line" not in state.answers


def read_total(text: str, asking: Asking[Facts]) -> Read:
    return read_count(text.removeprefix("累计"), asking)


RESTATED: Form[Facts] = replace(
    FORM, steps=(replace(FORM.steps[0], read=read_total, restated="累计.+"), *FORM.steps[1:])
)


def test_a_total_said_where_a_sentence_is_asked_is_asked_about() -> None:
    state, said, outcome = play("35", "累计36所", form=RESTATED, ref="7")
    assert said == "“累计36所”是改数值，还是写进进展？"
    assert isinstance(outcome, Taken)
    assert [b.label for b in outcome.reply.buttons] == ["数值改成36所", "写进进展"]
    assert state.answers["value"] == 35
    changed = play(outcome.reply.buttons[0].words, state=state, form=RESTATED)
    assert (changed[0].answers["value"], changed[0].reasons) == (36, {})
    assert changed[1].startswith("改好了：36所（原35所）")
    kept = play("写进进展", state=state, form=RESTATED)[0]
    assert (kept.answers["value"], kept.answers["line"]) == (35, "累计36所")
    other = play("新增三所已验收", state=state, form=RESTATED)[0]
    assert (other.answers["value"], other.answers["line"], other.pending) == (35, "新增三所已验收", None)
    assert play("35", "累计35所", form=RESTATED)[0].answers["line"] == "累计35所"
