// The chat page: who I am, which conversation is open, what is new. Drawing is view.js, the clock and faults panel.js.

import { $, call, face, h, toast } from "./dom.js";
import { sandboxNow, showPanel, wirePanel } from "./panel.js";
import { chatRow, dayLine, message, newLine, personRow } from "./view.js";

const PAGE = 200; // messages drawn at first; older ones on request
const WAIT = 25; // seconds one request for news may wait
const page = { me: "", chat: "", state: null, entries: new Map(), cursor: 0, rung: -1, fresh: 0, limit: PAGE, quoting: null, atEnd: true, drafts: new Map() };
let polling = new AbortController();

const remembered = (key) => { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };
const narrow = () => matchMedia("(max-width: 760px)").matches;
const chatNow = () => page.state?.chats.find((chat) => chat.id === page.chat);
const person = (id) => page.state?.people.find((one) => one.userid === id)?.name;
const looking = () => !narrow() || $("app").dataset.screen === "chat";

// --- news ---------------------------------------------------------------------------------------------------------

async function follow() {
  polling.abort();
  const mine = (polling = new AbortController());
  for (let wait = 0; !mine.signal.aborted; wait = WAIT) {
    try {
      const query = new URLSearchParams({ as: page.me, since: page.cursor, rung: page.rung, wait });
      const news = await call(`/sandbox/news?${query}`, undefined, { signal: mine.signal });
      if (!mine.signal.aborted) take(news);
    } catch (error) {
      if (mine.signal.aborted) return;
      lost(true);
      await new Promise((done) => setTimeout(done, 1500));
      page.rung = -1;
    }
  }
}

function take(news) {
  lost(false);
  const first = page.state === null || page.cursor === 0;
  Object.assign(page, { cursor: news.cursor, rung: news.rung, state: news.state });
  if (!person(page.me)) return be(news.state.people[0].userid);
  for (const entry of news.entries) page.entries.set(entry.id, entry);
  showPanel(news.state);
  drawSide();
  if (first) open(chatNow() ? page.chat : news.state.chats[0].id, false);
  else if (news.entries.some((entry) => entry.chat === page.chat)) arrived(news.entries);
  drawNotice();
}

function arrived(entries) {
  const box = $("messages");
  const near = page.atEnd;
  const mine = entries.some((entry) => entry.chat === page.chat && entry.sender === page.me && !box.querySelector(`[data-id="${entry.id}"]`));
  drawMessages();
  if (near || mine) toEnd();
  else if (entries.some((entry) => entry.chat === page.chat && entry.sender !== page.me)) $("to-end").hidden = false;
  seen();
}

function seen() {
  const chat = chatNow();
  if (chat?.unread && looking() && document.visibilityState === "visible") call("/sandbox/read", { as: page.me, chat: page.chat }).catch(() => {});
}

function lost(is) {
  if (is) notice("演示服务没有应答，正在重新连接……", "bad");
  else if ($("notice").dataset.kind === "bad") notice("");
}

function notice(line, kind = "") {
  Object.assign($("notice"), { textContent: line, hidden: !line });
  $("notice").dataset.kind = kind;
}

function drawNotice() {
  const { running, sockets, state } = page.state.robot;
  if (!running) notice(`助手${state}。可在“演示控制”里启动。`, "warn");
  else notice(sockets ? "" : "助手正在连接钉钉，稍后的消息会补送。", "warn");
}

// --- drawing ------------------------------------------------------------------------------------------------------

function drawSide() {
  const { chats, people } = page.state;
  const name = person(page.me);
  $("me-face").replaceWith(Object.assign(face(page.me, name), { id: "me-face" }));
  $("me-name").textContent = name;
  const others = people.filter((one) => one.userid !== page.me && one.unread).length;
  Object.assign($("others-unread"), { textContent: String(others), hidden: !others, title: `${others} 位有新消息` });
  const today = sandboxNow().slice(0, 10);
  $("chats").replaceChildren(...chats.map((chat) => chatRow(chat, page.chat, today, open)));
  $("people-list").replaceChildren(...people.map((one) => personRow(one, page.me, be)));
  const unread = chats.reduce((sum, chat) => sum + chat.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${name} · 钉办演示`;
}

function drawMessages() {
  const chat = chatNow();
  const entries = [...page.entries.values()].filter((entry) => entry.chat === page.chat).sort((a, b) => a.id - b.id);
  const shown = entries.slice(-page.limit);
  const does = { me: page.me, person, called, robotName: page.state.assistant, customRobot: chat?.robot, open: followLink, press, resend, quote, view };
  const nodes = [];
  if (shown.length < entries.length) nodes.push(h("button", { type: "button", class: "older", onclick: older }, "更早的消息"));
  shown.forEach((entry, n) => {
    if (n === 0 || shown[n - 1].at.slice(0, 10) !== entry.at.slice(0, 10)) nodes.push(dayLine(entry));
    if (entry.id === page.fresh) nodes.push(newLine());
    nodes.push(message(entry, does));
  });
  if (!entries.length) nodes.push(h("p", { class: "empty" }, chat?.group ? "群里还没有消息。" : "发一句话试试，例如：我负责哪些指标"));
  $("messages").replaceChildren(...nodes);
}

const called = (id) => (id === page.state.assistant ? id : person(id));

function older() {
  const box = $("messages");
  const height = box.scrollHeight;
  page.limit += PAGE;
  drawMessages();
  box.scrollTop = box.scrollHeight - height;
}

function toEnd() {
  page.atEnd = true;
  $("messages").scrollTop = $("messages").scrollHeight;
  $("to-end").hidden = true;
}

// --- what one does ------------------------------------------------------------------------------------------------

function be(userid) {
  $("people").close();
  keepDraft();
  Object.assign(page, { me: userid, chat: remembered(`chat:${userid}`), entries: new Map(), cursor: 0, rung: -1, state: null, quoting: null });
  remember("me", userid);
  follow();
}

function open(id, show = true) {
  keepDraft();
  const chat = page.state.chats.find((one) => one.id === id);
  const others = [...page.entries.values()].filter((entry) => entry.chat === id && entry.sender !== page.me);
  Object.assign(page, { chat: id, limit: PAGE, fresh: chat.unread ? others.at(-chat.unread)?.id ?? 0 : 0, quoting: null });
  remember(`chat:${page.me}`, id);
  if (show) $("app").dataset.screen = "chat";
  $("title").textContent = chat.title;
  $("subtitle").textContent = chat.group ? `${chat.members} 人 · @助手 的话助手才收得到` : "单聊 · 只有您和助手看得到";
  $("composer").classList.toggle("in-group", chat.group);
  $("text").placeholder = chat.group ? "发到群里，要助手回答请先 @助手" : "发消息";
  $("text").value = page.drafts.get(page.me + id) ?? "";
  $("quick").replaceChildren(...(chat.group ? [] : page.state.quick).map((words) => h("button", { type: "button", onclick: () => say({ text: words }) }, words)));
  drawQuoting();
  drawSide();
  drawMessages();
  grow();
  const line = $("messages").querySelector(".fresh");
  page.atEnd = !(line && chat.unread > 6);
  if (!page.atEnd) line.scrollIntoView();
  else toEnd();
  seen();
  if (!narrow()) $("text").focus();
}

function keepDraft() {
  if (page.chat) page.drafts.set(page.me + page.chat, $("text").value);
}

async function say(said) {
  try {
    await call("/sandbox/say", { as: page.me, chat: page.chat, ...said });
  } catch (error) {
    toast(error.message);
    return false;
  }
  return true;
}

async function submit(event) {
  event?.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  const quoted = page.quoting ? { quoted: page.quoting } : {};
  $("text").value = "";
  grow();
  if (await say({ text, ...quoted })) quote(null);
  else $("text").value = text;
}

async function upload(file) {
  if (!file) return;
  if (file.size > 20e6) return toast("文件太大，请不要超过 20 MB");
  const form = new FormData();
  form.append("as", page.me);
  form.append("chat", page.chat);
  form.append("file", file, file.name || "截图.png");
  const answer = await fetch("/sandbox/upload", { method: "POST", body: form });
  if (!answer.ok) toast("没有发出去");
}

async function press(entry, n, button) {
  const answer = await call("/sandbox/press", { as: page.me, entry: entry.id, button: String(n) }).catch((error) => toast(error.message));
  if (answer?.url) elsewhere(answer.url || button.url);
}

async function followLink(url) {
  const answer = await call("/sandbox/follow", { as: page.me, chat: page.chat, url }).catch((error) => toast(error.message));
  if (answer?.url) elsewhere(answer.url);
}

function elsewhere(url) {
  if (/^https?:/.test(url)) window.open(url, "_blank", "noopener,noreferrer");
  else toast("这个按钮在钉钉里点了没有反应");
}

const resend = (entry) => call("/sandbox/again", { entry: entry.id }).catch((error) => toast(error.message));

function quote(entry) {
  page.quoting = entry && (entry.body.text || entry.body.name || entry.body.title || "图片").slice(0, 500);
  drawQuoting();
  if (entry) $("text").focus();
}

function drawQuoting() {
  $("quoting").hidden = !page.quoting;
  $("quoting").firstElementChild.textContent = page.quoting ?? "";
}

function view(src) {
  $("viewer").replaceChildren(h("img", { src, alt: "图片" }));
  $("viewer").showModal();
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 132)}px`;
  $("send").disabled = !box.value.trim();
}

function atAssistant() {
  const box = $("text");
  const called_ = `@${page.state.assistant} `;
  if (!box.value.includes(called_.trim())) box.value = called_ + box.value;
  box.focus();
  grow();
}

function voiced() {
  const words = $("voice-text").value.trim();
  if ($("voice-box").returnValue === "send" && words) say({ kind: "voice", text: words });
  $("voice-text").value = "";
}

/** A system without Chinese fonts gets ours before the first line is drawn: Chromium keeps boxes it has once drawn. */
async function lettered() {
  const late = new Promise((done) => setTimeout(done, 3000));
  await Promise.race([document.fonts.load('15px "Sandbox CJK"', "钉").catch(() => {}), late]);
  document.body.hidden = false;
}

function wire() {
  wirePanel();
  $("composer").onsubmit = submit;
  $("text").oninput = grow;
  $("text").onkeydown = (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event); };
  $("text").onpaste = (event) => { const file = [...event.clipboardData.files][0]; if (file) { event.preventDefault(); upload(file); } };
  $("me").onclick = () => $("people").showModal();
  document.querySelector("[data-close]").onclick = () => $("people").close();
  $("back").onclick = () => { $("app").dataset.screen = "list"; };
  $("to-end").onclick = toEnd;
  $("messages").onscroll = () => {
    const box = $("messages");
    page.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    if (page.atEnd) $("to-end").hidden = true;
  };
  $("messages").addEventListener("load", () => page.atEnd && toEnd(), true); // a picture has come
  $("quoting").lastElementChild.onclick = () => quote(null);
  $("at").onclick = atAssistant;
  $("pick-image").onclick = () => $("image-input").click();
  $("pick-file").onclick = () => $("file-input").click();
  for (const input of [$("image-input"), $("file-input")]) input.onchange = () => { upload(input.files[0]); input.value = ""; };
  $("voice").onclick = () => { $("voice-box").returnValue = ""; $("voice-box").showModal(); };
  $("voice-box").onclose = voiced;
  for (const box of [$("viewer"), $("people")]) box.addEventListener("click", (event) => { if (event.target === box || box === $("viewer")) box.close(); });
  document.addEventListener("visibilitychange", seen);
  page.me = remembered("me");
  page.chat = remembered(`chat:${page.me}`);
  follow();
}

await lettered();
wire();
