#!/usr/bin/env python3
"""Score an answers file against a question set.

    python3 score.py GOLD.jsonl ANSWERS.jsonl [--category NAME] [--show N] [--quiet]
    python3 score.py --selftest GOLD.jsonl [GOLD2.jsonl ...]

GOLD     the question set described in README.md.
ANSWERS  JSON Lines, one answer a line: {"id", "outcome", "text", "cites"}.

A question passes when all of these hold:
  * outcome equals `expect`;
  * every ref of `cites_all` is among the cites;
  * if `cites_exact` is not empty, the cites are exactly that set;
  * a `refuse` cites nothing;
  * each line of `contains` stands in the text ("A|B": A or B), none of `excludes` does.
An absent key or an empty list is no condition.

Text is compared after NFKC (full width = half width) and with all white space ignored; the emphasis marks * and ` of Markdown
are ignored too. A figure has to stand as a whole figure: `2个` is not found in `12个`, nor `三个` in `十三个`.
"""

import argparse
import collections
import json
import re
import sys
import unicodedata

OUTCOMES = ("answer", "clarify", "refuse", "form", "help")
CN_DIGITS = "零〇一二两三四五六七八九十百千万"


def norm(text):
    """NFKC, without Markdown emphasis; white space is kept here and ignored by `stands_in`."""
    return re.sub(r"[*`\u200b\ufeff]", "", unicodedata.normalize("NFKC", text))


def pattern(alternative):
    chars = re.sub(r"\s+", "", norm(alternative))
    body = r"\s*".join(re.escape(c) for c in chars)
    if chars[0] in "0123456789":
        body = r"(?<!\d)(?<!\d\.)" + body
    elif chars[0] in CN_DIGITS and len(chars) > 1 and not chars.startswith("一、"):
        body = "(?<![" + CN_DIGITS + "])" + body
    if chars[-1] in "0123456789":
        body += r"(?!\d)(?!\.\d)"
    return body


def stands_in(line, text):
    """True when one of the alternatives of `line` stands in `text` (already through norm)."""
    return any(re.search(pattern(a), text) for a in line.split("|") if a.strip())


def judge(gold, answer):
    """The list of reasons why the answer fails; empty = it passes."""
    if answer is None:
        return ["no answer"]
    why = []
    outcome = answer.get("outcome")
    text = norm(answer.get("text") or "")
    cites = {c.strip() for c in (answer.get("cites") or [])}
    if outcome != gold["expect"]:
        why.append("outcome %s, expected %s" % (outcome, gold["expect"]))
    missing = [r for r in gold.get("cites_all") or [] if r not in cites]
    if missing:
        why.append("not cited: " + " ".join(missing))
    exact = set(gold.get("cites_exact") or [])
    if exact and cites != exact:
        less, more = sorted(exact - cites), sorted(cites - exact)
        why.append(
            "cites not exact:"
            + (" lacks " + " ".join(less) if less else "")
            + (" too many " + " ".join(more) if more else "")
        )
    if gold["expect"] == "refuse" and cites:
        why.append("a refusal cites nothing, but: " + " ".join(sorted(cites)))
    for line in gold.get("contains") or []:
        if not stands_in(line, text):
            why.append("text lacks: " + (line if len(line) < 60 else line[:57] + "..."))
    for line in gold.get("excludes") or []:
        if stands_in(line, text):
            why.append("text must not say: " + line)
    return why


def read_jsonl(path):
    rows = []
    with open(path, encoding="utf-8-sig") as f:
        for n, line in enumerate(f, 1):
            if line.strip():
                try:
                    rows.append(json.loads(line))
                except ValueError as e:
                    sys.exit("%s line %d: %s" % (path, n, e))
    return rows


def score(gold_rows, answer_rows):
    answers = {a.get("id"): a for a in answer_rows}
    return [(g, answers.get(g["id"]), judge(g, answers.get(g["id"]))) for g in gold_rows]


def report(results, show=None, quiet=False, out=sys.stdout):
    total, good = collections.Counter(), collections.Counter()
    order = []
    for g, _, why in results:
        if g["category"] not in total:
            order.append(g["category"])
        total[g["category"]] += 1
        good[g["category"]] += not why
    n, ok = sum(total.values()), sum(good.values())
    print("overall       %4d/%-4d %6.1f%%" % (ok, n, 100.0 * ok / max(n, 1)), file=out)
    for c in order:
        print("%-13s %4d/%-4d %6.1f%%" % (c, good[c], total[c], 100.0 * good[c] / total[c]), file=out)
    given = [a for _, a, _ in results if a is not None]
    if given:
        print(
            "answers given %d; per answer %.1f citations, %.0f characters"
            % (
                len(given),
                sum(len(a.get("cites") or []) for a in given) / len(given),
                sum(len(a.get("text") or "") for a in given) / len(given),
            ),
            file=out,
        )
    if quiet:
        return
    failures = [(g, a, why) for g, a, why in results if why]
    if failures:
        print("\nfailures (%d):" % len(failures), file=out)
    for g, a, why in failures[:show]:
        print("%s [%s] unit=%s  %s" % (g["id"], g["category"], g.get("unit") or "-", " / ".join(g["turns"])), file=out)
        for w in why:
            print("      - " + w, file=out)


def perfect(g):
    """A made-up answer that meets every condition of its question: the first alternative of each line it must contain."""
    text = "\n".join(line.split("|")[0] for line in g.get("contains") or [])
    return {
        "id": g["id"],
        "outcome": g["expect"],
        "text": text or "ok",
        "cites": [] if g["expect"] == "refuse" else list(g.get("cites_exact") or g.get("cites_all") or []),
    }


def selftest(paths):
    cases = [
        ("2个|两个", "目标是 2 个", True),
        ("2个|两个", "目标是**2**个", True),
        ("2个|两个", "共12个", False),
        ("三个", "十三个", False),
        ("10%", "增长10%以上", True),
        ("10%", "增长110%", False),
        ("3家", "改造13家", False),
        ("楼闯", "组长:楼 闯", True),
        ("2022年2", "2021年 1 2022年 2", True),
        ("2022年2", "2022年 20", False),
        ("1200|1,200", "1,200人次", True),
        ("2022年80", "2021年40,2022年80", True),
        ("8%", "年均增长5.8%", False),
        ("(二)", "见正文(二)", True),
    ]
    for line, text, want in cases:
        assert stands_in(line, norm(text)) is want, (line, text)
    for path in paths:
        gold = read_jsonl(path)
        full = score(gold, [perfect(g) for g in gold])
        bad = [(g["id"], why) for g, _, why in full if why]
        assert not bad, bad[:5]
        wrong = [
            {"id": g["id"], "outcome": "answer" if g["expect"] != "answer" else "refuse", "text": "不知道", "cites": []}
            for g in gold
        ]
        assert not any(not why for _, _, why in score(gold, wrong))
        vague = [{"id": g["id"], "outcome": g["expect"], "text": "请以通知原文为准。", "cites": []} for g in gold]
        passed = [g["id"] for g, _, why in score(gold, vague) if not why]
        assert all(g["expect"] not in ("answer", "form") for g in gold if g["id"] in passed), passed
        assert len([1 for _, _, why in score(gold, []) if why]) == len(gold)
        refuser = [{"id": g["id"], "outcome": "refuse", "text": "通知没有写。", "cites": []} for g in gold]
        n_ref = sum(not why for _, _, why in score(gold, refuser))
        assert n_ref == sum(g["expect"] == "refuse" for g in gold)
        print(
            "%s: perfect %d/%d, wrong outcome 0, empty file 0, always-refuse %d, evasive right outcome %d"
            % (path, len(gold), len(gold), n_ref, len(passed))
        )
    print("selftest ok")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--selftest", nargs="+", metavar="GOLD")
    ap.add_argument("--category")
    ap.add_argument("--show", type=int, help="at most N failures")
    ap.add_argument("--quiet", action="store_true", help="figures only")
    ap.add_argument("gold", nargs="?")
    ap.add_argument("answers", nargs="?")
    a = ap.parse_args()
    if a.selftest:
        return selftest(a.selftest)
    if not (a.gold and a.answers):
        ap.error("GOLD and ANSWERS wanted")
    gold = [g for g in read_jsonl(a.gold) if not a.category or g["category"] == a.category]
    answers = read_jsonl(a.answers)
    known = {g["id"] for g in gold}
    stray = [x.get("id") for x in answers if x.get("id") not in known]
    if stray and not a.category:
        print(
            "note: %d answers have an id that is not in the question set: %s"
            % (len(stray), " ".join(map(str, stray[:5])))
        )
    twice = [i for i, n in collections.Counter(x.get("id") for x in answers).items() if n > 1]
    if twice:
        print("note: answered more than once, the last one counts: " + " ".join(map(str, twice[:5])))
    report(score(gold, answers), a.show, a.quiet)


if __name__ == "__main__":
    main()
