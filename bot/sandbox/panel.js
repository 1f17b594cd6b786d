// The right-hand side: the clock, the robot's process and what goes wrong with DingTalk.

import { $, call, toast, when } from "./dom.js";

const FAULTS = {
  down: { on: { open_refused: true, api_status: 503 }, off: { open_refused: false, api_status: 0 }, is: (f) => f.open_refused, then: "drop" },
  slow: { on: { api_slow: 8 }, off: { api_slow: 0 }, is: (f) => f.api_slow > 0 },
  qps: { on: { throttle: "qps" }, off: { throttle: "" }, is: (f) => f.throttle === "qps" },
  robot: { on: { throttle: "robot" }, off: { throttle: "" }, is: (f) => f.throttle === "robot" },
  duplicate: { on: { duplicate: true }, off: { duplicate: false }, is: (f) => f.duplicate },
  session: { on: { session_expired: true }, off: { session_expired: false }, is: (f) => f.session_expired },
  silent: { on: { silent: true }, off: { silent: false }, is: (f) => f.silent },
};
const DONE = { drop: "连接已断开", disconnect: "已要求换连接", tokens: "令牌已失效", malformed: "已送出坏数据", huge: "已送出超大数据" };
const HOUR = 3600e3;
let clock = { base: 0, speed: 1, since: 0 };

/** Follow the state of the sandbox. */
export function showPanel(state) {
  clock = { base: Date.parse(state.clock.now), speed: state.clock.speed, since: performance.now() };
  tick();
  for (const box of document.querySelectorAll("[data-fault]")) box.checked = FAULTS[box.dataset.fault].is(state.faults);
  for (const button of document.querySelectorAll("[data-speed]")) button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === state.clock.speed));
  const { running, sockets } = state.robot;
  $("robot-state").textContent = running ? (sockets ? "在线" : "正在连接") : state.robot.state;
  $("robot-state").className = `state ${running && sockets ? "good" : running ? "wait" : "bad"}`;
  $("robot-printed").textContent = (state.robot.printed || []).join("\n");
  document.querySelector('[data-robot="restart"]').textContent = running ? "重启" : "启动";
}

/** The sandbox's time as "2021-12-20T09:00:05", in its own zone. */
export function sandboxNow() {
  const moment = clock.base + (performance.now() - clock.since) * clock.speed;
  return new Date(moment + 8 * HOUR).toISOString().slice(0, 19);
}

function tick() {
  const now = when(sandboxNow());
  $("clock-date").textContent = now.long;
  $("clock-time").textContent = now.clock;
  $("pill-time").textContent = `${now.short} ${now.clock}`;
  if (document.activeElement !== $("jump-to")) $("jump-to").value ||= sandboxNow().slice(0, 16);
}

async function attempt(work, done) {
  try {
    await work();
    if (done) toast(done);
  } catch (error) {
    toast(error.message);
  }
}

async function turn(body) {
  await attempt(() => call("/sandbox/clock", body));
  $("jump-to").value = sandboxNow().slice(0, 16);
}

async function switchFault(box) {
  const fault = FAULTS[box.dataset.fault];
  await attempt(async () => {
    await call("/sandbox/faults", box.checked ? fault.on : fault.off);
    if (box.checked && fault.then) await call("/sandbox/act", { do: fault.then });
  });
}

/** Give every control its work. */
export function wirePanel() {
  setInterval(tick, 250);
  document.querySelector('[data-turn="hour"]').onclick = () => turn({ hours: 1 });
  document.querySelector('[data-turn="next"]').onclick = () => turn({ next: true });
  $("jump").onsubmit = (event) => { event.preventDefault(); if ($("jump-to").value) turn({ now: $("jump-to").value }); };
  for (const button of document.querySelectorAll("[data-speed]")) button.onclick = () => turn({ speed: Number(button.dataset.speed) });
  for (const box of document.querySelectorAll("[data-fault]")) box.onchange = () => switchFault(box);
  for (const button of document.querySelectorAll("[data-act]")) button.onclick = () => attempt(() => call("/sandbox/act", { do: button.dataset.act }), DONE[button.dataset.act]);
  for (const button of document.querySelectorAll("[data-robot]")) button.onclick = () => attempt(() => call("/sandbox/robot", { do: button.dataset.robot }), "助手已重新启动");
  document.querySelector("[data-again]").onclick = () => attempt(() => call("/sandbox/again", {}), "又送了一次");
  $("healthy").onclick = () => attempt(() => call("/sandbox/faults", { healthy: true }), "都恢复了");
  const panel = (open) => document.getElementById("app").toggleAttribute("data-panel", open);
  $("side-pill").onclick = () => panel(true);
  $("clock-pill").onclick = () => panel(!document.getElementById("app").hasAttribute("data-panel"));
  $("panel-close").onclick = () => panel(false);
  $("shade").onclick = () => panel(false);
}
