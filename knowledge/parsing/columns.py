"""What a table's columns hold, told by their header words. No rows are read here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from itertools import groupby

from knowledge.figures import UNIT
from knowledge.text import normal, squeeze


class Role(Enum):
    """What a column holds."""

    NUMBER = "number"
    NAME = "name"
    CONTENT = "content"
    LEAD = "lead"
    SUPPORT = "support"
    VALUE = "value"
    COUNTED = "counted"
    DUE = "due"
    BASE = "base"
    GROUP = "group"
    PERSON = "person"
    POST = "post"
    DUTY = "duty"
    ASIDE = "aside"
    """Known, and of no use to the facts: whom to ring, remarks."""
    OTHER = "other"


_BODY = "(?:单位|部门|科室|处室|机构|主体|局)"
ROLES: tuple[tuple[Role, str], ...] = (
    (Role.NUMBER, r"序号?|编号|项目编号|指标编号|no\.?|№|项次|序"),
    (Role.SUPPORT, rf"(?:配合|协办|协助|协同|参与|参加|支持|会办|联办|协作)(?:责任)?{_BODY}.*"),
    (
        Role.LEAD,
        rf"(?:市级|县级|区级|省级|主要|第一|第)?(?:责任|牵头|主办|主责|主管|承办|负责|实施|落实|承担|完成|申报|建设|推进)(?:责任|实施|负责|\(主办\)|\(牵头\))?{_BODY}.*|牵头\(责任\){_BODY}|责任\(牵头\){_BODY}|责任分工|职责分工|分工",
    ),
    (Role.COUNTED, r"(?:计量|指标|数量|度量)?单位|量纲"),
    (Role.PERSON, r"姓名|名字|人员"),
    (Role.POST, r"(?:单位及|工作单位及|现任)?职务(?:职称)?|单位(?:及|和|、)?职务|工作单位|单位职务|职位|所在单位.*"),
    (Role.DUTY, r"(?:领导小组|联席会议|小组|专班|担任|拟任)?(?:职务|角色|职责)|组内职务|小组职务|分工职务|成员类别"),
    (
        Role.DUE,
        r"(?:计划)?(?:完成|实施|建成|达成|建设|起止)?(?:时限|时间|期限|日期|时间节点|年限|周期)(?:要求)?|时限要求|进度安排|年度进度|起止年限|建设期限|计划完成时间",
    ),
    (Role.BASE, r".*(?:基数|基期|现状|基准).*|.*(?:20\d\d年)?(?:实际|实绩|完成情况|完成值|完成数)(?:\(.*\))?"),
    (
        Role.VALUE,
        r".*20\d\d年.*(?:目标|任务|计划|值|数|底|末|指标)?.*|.*20\d\d|20\d\d.*|(?:年度)?(?:目标|任务|指标)(?:值|数|量)|(?:年度)?目标|目标任务数|计划数|(?:全年|年度|总)(?:目标|任务)(?:数|值)?|数量|.*目标值.*|第[一二三四1-4]季度|[一二三四]季度|上半年|下半年|全年|(?:截?至|到)?(?:1[0-2]|[1-9])月(?:底|末|份)?(?:目标|计划)?|.*[“\"]十[三四五六]五[”\"].*|评价标准值?|标准值",
    ),
    (
        Role.ASIDE,
        r"备注|(?:责任|分管|挂钩|包抓|牵头|市级|县级|区级)领导|(?:责任|联系|负责|经办)人|(?:联系|办公)?电话|联系方式",
    ),
    (Role.GROUP, r"(?:指标)?(?:类别|分类|类型|领域|板块|一级指标|大类|行动|所属.*|重点领域|指标类别)"),
    (
        Role.NAME,
        r"(?:主要|核心|重点|考核|评价|具体|分解|发展|二级|三级|建设|工作|目标)*指标(?:名称|内容|项目|任务)?|任务指标|(?:重点|主要|工程|建设|示范|试点)*(?:项目|工程|任务|事项|工作|措施|行动|政策|清单)(?:名称|任务|事项)?|名称|任务名称|重点工作(?:任务)?|工作任务|主要任务|重点任务|改革事项|试点任务|项目\(任务\)|责任事项|任务清单",
    ),
    (
        Role.CONTENT,
        r".*(?:内容|举措|措施|要求|标准|说明|描述|目标任务|目标要求|工作目标|主要目标|任务目标|绩效目标|年度目标|具体任务|建设规模|任务分解|简介|概况|预期成效|成果|做法).*",
    ),
)
_COMPILED = tuple((role, re.compile(rf"(?:{pattern})", re.I)) for role, pattern in ROLES)
HEADED = re.compile(rf"[（(](?:单位[:：])?((?:[百千万亿]{{0,2}}{UNIT})|%|‰)[）)]")
"""What a column of numbers is counted in: 投资额（万元）."""
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names and roles of a table's columns, from left."""

    names: tuple[str, ...]
    roles: tuple[Role, ...]
    years: tuple[int | None, ...] = field(default=())

    def first(self, role: Role) -> int | None:
        """The first column of a role."""
        return next((i for i, r in enumerate(self.roles) if r is role), None)

    def all(self, role: Role) -> tuple[int, ...]:
        """Every column of a role."""
        return tuple(i for i, r in enumerate(self.roles) if r is role)


@lru_cache(maxsize=4096)
def role_of(name: str) -> Role:
    """The role a header names; a header that says several keeps the first in the order of `ROLES`."""
    plain = re.sub(r"\((?:%|万?元|亿元|个|家|项|单位.*?)\)$", "", normal(name))
    return next((role for role, pattern in _COMPILED if plain and pattern.fullmatch(plain)), Role.OTHER)


def is_header(texts: Sequence[str]) -> bool:
    """Whether a row reads as a header: at least two named columns with a known role, no long text."""
    said = [squeeze(text) for text in texts if squeeze(text)]
    if len(said) < 2 or any(len(text) > 30 for text in said):
        return False
    said = [text for text, _ in groupby(said)]
    known = [role for text in said if (role := role_of(text)) is not Role.OTHER]
    known += [Role.VALUE for text in said if role_of(text) is Role.OTHER and HEADED.search(text)]
    plain = sum(bool(re.fullmatch(r"[\d.,%％]+", text)) and not re.fullmatch(r"20\d\d", text) for text in said)
    return len(set(known)) >= 2 and len(known) * 2 >= len(said) and plain == 0


def columns_of(headers: Sequence[Sequence[str]]) -> Columns:
    """Columns of one or two header rows; a name repeated over several columns comes before the lower one."""
    width = max(len(row) for row in headers)
    names = []
    for i in range(width):
        parts = [squeeze(row[i]) for row in headers if i < len(row)]
        names.append(" ".join(dict.fromkeys(part for part in parts if part)))
    names = [name or f"列{i + 1}" for i, name in enumerate(names)]
    roles = [_role_of_joined(name) for name in names]
    years = tuple(int(m.group(1)) if (m := YEAR.search(normal(name))) else None for name in names)
    return Columns(_unlike(names), tuple(_settled(roles, names)), years)


def _role_of_joined(name: str) -> Role:
    whole = role_of(name)
    if whole is not Role.OTHER:
        return whole
    return next((role for part in reversed(name.split()) if (role := role_of(part)) is not Role.OTHER), Role.OTHER)


def _settled(roles: list[Role], names: Sequence[str]) -> list[Role]:
    """A table has a name: 任务 beside 指标 is its content; content without a name is the name."""
    posts = [i for i, role in enumerate(roles) if role is Role.POST]
    for i in posts if len(posts) > 1 else []:
        roles[i] = Role.DUTY if names[i] == "职务" else roles[i]
    names_at = [i for i, role in enumerate(roles) if role is Role.NAME]
    for i in names_at[1:]:
        if "指标" in names[i] and "指标" not in names[names_at[0]]:
            roles[names_at[0]] = Role.GROUP
            names_at[0] = i
        else:
            roles[i] = Role.CONTENT if roles[i] is Role.NAME and i != names_at[0] else roles[i]
    if not names_at and Role.PERSON not in roles:
        order = [
            i for kind in ({Role.CONTENT, Role.OTHER}, {Role.GROUP}) for i, role in enumerate(roles) if role in kind
        ]
        content = next(iter(order), None)
        if content is not None:
            roles[content] = Role.NAME
    if Role.LEAD not in roles and Role.COUNTED in roles and len([r for r in roles if r is Role.COUNTED]) > 1:
        roles[len(roles) - 1 - roles[::-1].index(Role.COUNTED)] = Role.LEAD
    return roles


def _unlike(names: Sequence[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    count: dict[str, int] = {}
    unlike = []
    for name in names:
        count[name] = count.get(name, 0) + 1
        unlike.append(name if count[name] == 1 else f"{name}{count[name]}")
    return tuple(unlike)
