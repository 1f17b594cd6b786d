// Small tools for building the page. Text only ever becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

/** An element with properties and children; strings become text. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === false || value === null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An icon of the page's sprite. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Calls the sandbox; throws an Error with its line when it refuses. */
export async function call(path, body, options = {}) {
  const init = body === undefined ? options : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), ...options };
  const answer = await fetch(path, init);
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 100) || "没有成功");
  return answer.json();
}

let toastTimer = 0;
/** A line that fades by itself. */
export function toast(line) {
  const box = $("toast");
  box.textContent = line;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 2600);
}

const COLOURS = ["#3b7cff", "#12a182", "#e8803c", "#8a63d2", "#d6506b", "#2b9fc2", "#6b8e23", "#b5762a", "#4a6fa5", "#c25b9b"];

/** The square with two characters that stands for somebody. */
export function face(id, name, kind = "") {
  if (kind === "assistant") {
    const robot = h("span", { class: "face robot", "aria-hidden": true });
    robot.append(h("img", { src: "/page/icon.svg", alt: "" }));
    return robot;
  }
  let sum = 0;
  for (const sign of id) sum = (sum * 31 + sign.codePointAt(0)) >>> 0;
  const short = kind === "group" ? name.slice(0, 2) : name.replace(/^[市县区](?=..)/, "").slice(0, 2);
  const node = h("span", { class: `face ${kind}`, "aria-hidden": true }, short);
  node.style.setProperty("--face", COLOURS[sum % COLOURS.length]);
  return node;
}

const DAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/** "2021-12-20T09:00…" in parts that people read. The zone is the sandbox's own, whatever the browser's. */
export function when(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  const weekday = DAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return { day: iso.slice(0, 10), clock: iso.slice(11, 16), seconds: iso.slice(11, 19), short: `${month}月${day}日`, long: `${year}年${month}月${day}日 ${weekday}`, weekday };
}
