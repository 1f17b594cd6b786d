// Draws what there is: the list of conversations, the messages, the people. Knows no network.

import { face, h, icon, when } from "./dom.js";
import { markdown, mentions, picture } from "./markdown.js";

const STATES = { waiting: "送达中", read: "已读", lost: "未送达" };
const FILES = { xlsx: "#1f9d61", xls: "#1f9d61", csv: "#1f9d61", docx: "#2b6de5", doc: "#2b6de5", pdf: "#e2574c", zip: "#a8712a" };

/** One row of the conversation list. */
export function chatRow(chat, current, today, open) {
  const at = chat.at && when(chat.at);
  const preview = h("span", { class: "row-last" }, chat.mentioned && h("em", {}, "[有人@我] "), chat.by && `${chat.by}：`, chat.last || "还没有消息");
  return h("button", { type: "button", class: "row", "data-chat": chat.id, "aria-current": chat.id === current ? "true" : undefined, onclick: () => open(chat.id) },
    face(chat.id, chat.title, chat.group ? "group" : "assistant"),
    h("span", { class: "row-text" },
      h("span", { class: "row-head" }, h("b", {}, chat.title), at && h("time", {}, at.day === today ? at.clock : at.short)),
      h("span", { class: "row-head" }, preview, chat.unread > 0 && h("i", { class: "badge" }, chat.unread > 99 ? "99+" : String(chat.unread)))));
}

/** Somebody to be. */
export function personRow(person, current, choose) {
  return h("button", { type: "button", class: "person", "data-person": person.userid, "aria-current": person.userid === current ? "true" : undefined, onclick: () => choose(person.userid) },
    face(person.userid, person.name), h("span", {}, h("b", {}, person.name), h("small", {}, person.unit || "不在本单位通讯录")),
    person.unread > 0 && h("i", { class: "badge" }, person.unread > 99 ? "99+" : String(person.unread)));
}

/** The line between two days. */
export const dayLine = (entry) => h("p", { class: "day" }, when(entry.at).long);

/** The line above what has not been seen. */
export const newLine = () => h("p", { class: "fresh" }, h("span", {}, "以下是新消息"));

/** One message. `does` holds: me, person(id), robotName, open(url), press(entry, n), resend(entry), quote(entry), view(src). */
export function message(entry, does) {
  const mine = entry.sender === does.me;
  const who = speaker(entry, does);
  const time = when(entry.at);
  const meta = h("p", { class: "meta" }, !mine && h("b", {}, who.name), h("time", { title: time.seconds }, time.clock));
  const quote = h("button", { type: "button", class: "quote-it", title: "引用", "aria-label": "引用", onclick: () => does.quote(entry) }, icon("quote"));
  return h("article", { class: `message ${mine ? "mine" : ""}`, "data-kind": entry.kind, "data-id": entry.id, "data-sender": entry.sender },
    face(entry.sender, who.name, who.kind),
    h("div", { class: "said" }, meta, h("div", { class: "beside" }, bubble(entry, does), entry.kind !== "unknown" && quote), mine && delivery(entry, does)));
}

function speaker(entry, does) {
  if (entry.sender === "assistant") return { name: does.robotName, kind: "assistant" };
  if (entry.sender === "robot") return { name: does.customRobot || "群机器人", kind: "assistant" };
  return { name: does.person(entry.sender) || "已离开的人", kind: "" };
}

function delivery(entry, does) {
  const state = STATES[entry.delivery];
  if (!state) return null;
  const again = entry.delivery === "lost" && h("button", { type: "button", class: "link", onclick: () => does.resend(entry) }, "重发");
  return h("p", { class: `delivery ${entry.delivery}` }, state, again);
}

function bubble(entry, does) {
  const draw = { card, link: linkCard, picture: shown, file, voice, video: file, mixed, markdown: formatted }[entry.kind] ?? plain;
  return draw(entry, does);
}

function plain(entry, does) {
  const quoted = entry.body.quoted && h("blockquote", { class: "quoted" }, entry.body.quoted);
  return h("div", { class: "bubble" }, quoted, h("p", { class: "plain" }, ...mentions(entry.body.text ?? "", does.called)));
}

const formatted = (entry, does) => h("div", { class: "bubble" }, markdown(entry.body.text, { open: does.open, name: does.called }));

function card(entry, does) {
  const buttons = (entry.body.buttons ?? []).map((button, n) =>
    h("button", { type: "button", onclick: () => does.press(entry, n, button) }, button.title));
  return h("div", { class: "bubble card-bubble" }, markdown(entry.body.text, { open: does.open, name: does.called }),
    h("div", { class: `buttons ${entry.body.row ? "in-row" : ""}` }, ...buttons));
}

const linkCard = (entry, does) => h("button", { type: "button", class: "bubble link-card", onclick: () => does.open(entry.body.url) }, h("b", {}, entry.body.title), h("span", {}, entry.body.text));

function shown(entry, does) {
  const id = entry.body.code || entry.body.media || "";
  if (/^https?:/.test(id)) return h("div", { class: "bubble" }, picture(id));
  const src = `/sandbox/media/${encodeURIComponent(id)}`;
  const image = h("img", { class: "picture", src, alt: entry.body.name || "图片", loading: "lazy" });
  return h("button", { type: "button", class: "bubble bare", "aria-label": "看大图", onclick: () => does.view(src) }, image);
}

function file(entry) {
  const id = entry.body.code || entry.body.media || "";
  const name = entry.body.name || "文件";
  const type = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
  const sheet = h("span", { class: "sheet-icon" }, type.slice(0, 4).toUpperCase() || "FILE");
  sheet.style.setProperty("--sheet", FILES[type] ?? "#7a8699");
  const href = `/sandbox/media/${encodeURIComponent(id)}?name=${encodeURIComponent(name)}`;
  return h("a", { class: "bubble file-card", href, download: name }, h("span", {}, h("b", {}, name), h("small", {}, size(entry.body.size), "点开保存")), sheet);
}

const size = (bytes) => (bytes ? `${bytes < 1e6 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB"} · ` : "");

function voice(entry) {
  return h("div", { class: "bubble voice-bubble" }, h("span", { class: "wave" }, h("i"), h("i"), h("i"), "4″"), entry.body.text && h("p", {}, entry.body.text));
}

const mixed = (entry, does) => h("div", { class: "bubble" }, h("p", { class: "plain" }, ...mentions(entry.body.text ?? "", does.called)), entry.body.code && shown(entry, does));
