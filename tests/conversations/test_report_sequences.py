"""Whatever is said in whatever order: always an answer, never an apology, one live report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.conversations.stage import InProcess, staged

CLERK = r"""
填报|1|2是80%|校园35，场地7|校园350|35.5|三十五所|其他和上期一样|和上期一样|零报告|无|新增三所已验收|数据还没出来|月底
不确定|全部提交|提交|对|改一下|数值改成36|场地改成8|上一步|取消|先放着|接着填|接着填 智慧校园|我的任务|撤回智慧校园
更正智慧校园|更正 场地 9|两个都提交|智慧商圈谁负责|缓交|下周五|有困难|请协调住建局|80个完不成，想调到60|在吗|重新来
看口径|请办公室联系我|报别的|标杆推进中|高中示范学校3|配合 优化人才服务 我们做了培训|不对|=1+1|[点](dtmd://x)|👍|35
智慧校园报错了，应该是36|覆盖率八成|附1第7项36|校园和上期一样|1|2|3|重填|改进展|数据截至昨天|来源是台账
"""
OFFICE = "代填 市教体局 智慧校园35|代填 市统计局 社零8%|张三 13900000000 10点|需协调事项|谁还没报|取消"
SAID = {
    "u-jiaoti": tuple(CLERK.strip().replace("\n", "|").split("|")),
    "u-office": tuple(OFFICE.split("|")),
    "u-review": ("逐条", "待审", "通过", "下一件"),
    "u-wenlv": ("景区1", "标杆推进中", "全部提交", "提交", "填报 智慧校园 40", "我的任务"),
}
SORRY = "抱歉，这"


@pytest.mark.parametrize("seed", range(2))
async def test_any_sequence_of_messages(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    async with staged(tmp_path) as stage:
        for number in range(160):
            who = rng.choices(list(SAID), (8, 2, 2, 2))[0]
            before = len(stage.door.said[who])
            text = choose(stage, who, rng)
            await stage.say(who, who, text, None)
            answers = stage.door.said[who][before:]
            assert answers, (seed, number, text)
            assert not [a.text for a in answers if SORRY in a.text], (seed, number, text)
            if rng.random() < 0.03:
                await stage.event("重启")
        async with stage.database.read() as work:
            found = [s for n in await work.notices.published() for s in await work.submissions.of_period(n.notice)]
        lives = Counter((s.matter_id, s.period) for s in found if s.live)
        assert all(count == 1 for count in lives.values())
        assert len({(s.period, s.receipt) for s in found}) == len(found)


def choose(stage: InProcess, who: str, rng: Random) -> str:
    """A button shown lately, or something typed."""
    shown = [words for heard in stage.door.said[who][-4:] for _, words in heard.buttons]
    return rng.choice(shown) if shown and rng.random() < 0.45 else rng.choice(SAID[who])
