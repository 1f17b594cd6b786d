// DingTalk's subset of markdown as DOM nodes: headings, quotes, bold, links, pictures, lists. A single line break is
// swallowed, as DingTalk does; an empty line breaks. Everything else is shown as it is written.

import { h } from "./dom.js";

const INLINE = /\*\*([^*]+?)\*\*|!\[([^\]]*)\]\(([^)\s]+)\)|\[([^\]]+)\]\(([^)\s]+)\)|<font\s+color=['"]?(#?\w+)['"]?[^>]*>([^<]*)<\/font>|\\([\\`*_{}[\]()#+\-.!>~|])/;
const BLOCK = /^(?:(#{1,6})\s+(.*)|>\s?(.*)|\s*[-*]\s+(.*)|\s*(\d{1,3})\.\s+(.*))$/;

/** `open(url)` is called on a tap on a link; `name(id)` tells whom an @ means. */
export function markdown(text, { open, name }) {
  const box = h("div", { class: "md" });
  for (const block of blocks(text)) box.append(draw(block, (line) => inline(line, open, name)));
  return box;
}

/** Lines gathered into blocks; a plain line goes on with the block before it. */
function blocks(text) {
  const found = [];
  let last = null;
  for (const line of text.replace(/\r/g, "").split("\n")) {
    const [all, hashes, heading, quote, bullet, number, item] = BLOCK.exec(line) ?? [];
    if (!line.trim()) last = null;
    else if (all === undefined && last && last.kind !== "heading") last.lines[last.lines.length - 1] = joined(last.lines.at(-1), line);
    else if (hashes) found.push((last = { kind: "heading", level: hashes.length, lines: [heading] }));
    else if (quote !== undefined) {
      if (last?.kind === "quote") last.lines[0] = joined(last.lines[0], quote);
      else found.push((last = { kind: "quote", lines: [quote] }));
    } else if (bullet !== undefined || item !== undefined) {
      const kind = bullet !== undefined ? "ul" : "ol";
      if (last?.kind === kind) last.lines.push(bullet ?? item);
      else found.push((last = { kind, start: number, lines: [bullet ?? item] }));
    } else found.push((last = { kind: "p", lines: [line] }));
  }
  return found;
}

const joined = (one, two) => one.trimEnd() + (/\w$/.test(one.trimEnd()) && /^\w/.test(two.trim()) ? " " : "") + two.trim();

function draw(block, inlined) {
  if (block.kind === "heading") return h(`h${Math.min(block.level + 2, 6)}`, { class: `h${block.level}` }, ...inlined(block.lines[0]));
  if (block.kind === "quote") return h("blockquote", {}, ...inlined(block.lines[0]));
  if (block.kind === "p") return h("p", {}, ...inlined(block.lines[0]));
  return h(block.kind, { start: block.start }, ...block.lines.map((line) => h("li", {}, ...inlined(line))));
}

function inline(text, open, name) {
  const nodes = [];
  for (let rest = text; rest; ) {
    const hit = INLINE.exec(rest);
    if (!hit) return [...nodes, ...mentions(rest, name)];
    const [all, bold, alt, src, label, url, colour, coloured, plain] = hit;
    nodes.push(...mentions(rest.slice(0, hit.index), name));
    rest = rest.slice(hit.index + all.length);
    if (bold) nodes.push(h("b", {}, ...inline(bold, open, name)));
    else if (src) nodes.push(picture(src, alt));
    else if (label) nodes.push(link(label, url, open));
    else if (coloured !== undefined) nodes.push(tinted(coloured, colour));
    else nodes.push(plain);
  }
  return nodes;
}

/** @ids become the names of people. */
export function mentions(text, name) {
  return text.split(/(@[\w\u4e00-\u9fff-]+)/).map((part) => {
    const known = part.startsWith("@") && name(part.slice(1));
    return known ? h("span", { class: "mention" }, `@${known}`) : part;
  });
}

function link(label, url, open) {
  if (!/^(https?|dtmd|dingtalk):/.test(url)) return `[${label}](${url})`;
  return h("a", { href: "#", role: "button", title: url.startsWith("http") ? url : undefined, onclick: (event) => { event.preventDefault(); open(url); } }, label);
}

function tinted(text, colour) {
  const node = h("span", {}, text);
  node.style.color = colour;
  return node;
}

/** A picture by media id or from this address; anything from elsewhere is only named. */
export function picture(src, alt = "") {
  if (src.startsWith("@")) return h("img", { class: "picture", src: `/sandbox/media/${encodeURIComponent(src)}`, alt: alt || "图片", loading: "lazy" });
  return h("span", { class: "no-picture" }, `[图片 ${alt || src}]`);
}
