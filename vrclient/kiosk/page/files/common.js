// What both pages share: the PIN, live events, commands with their answers, and asking once more.

import { changeLanguage, inLanguage, language, say } from "/files/words.js";

export const at = (id) => document.getElementById(id);
export let session = null;
let live = null, heard = 0, onData = null, paint = null, timer = null;

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Begins: `room` is shown to who has given the PIN; `data` gets what `events` tells; `repaint` writes everything anew.
export async function begin({ room, events, data, repaint }) {
  onData = data;
  paint = () => {
    document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
    write(at("other-language"), say("other"));
    write(at("leave"), say("leave"));
    write(at("pin-label"), say("enter_pin"));
    write(at("enter"), say("enter"));
    write(at("sure-no"), say("no"));
    write(at("undo"), say("undo"));
    repaint();
  };
  at("other-language").addEventListener("click", () => { changeLanguage(); paint(); });
  at("leave").addEventListener("click", async () => { await send("/api/logout", {}); shut(room); });
  at("pin-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    at("enter").disabled = true;
    const { status, body } = await send("/api/login", { pin: at("pin").value });
    at("pin").value = "";
    if (status === 200) { session = body; write(at("pin-said"), ""); open(room, events); }
    else write(at("pin-said"), body ? inLanguage(body.said) : say("failed"));
    setTimeout(() => { at("enter").disabled = false; at("pin").focus(); }, 1000 * Math.min(body?.value?.wait_s ?? 0, 10));
  });
  setInterval(() => look(room), 500);
  const found = await fetch("/api/session").catch(() => null);
  if (found?.ok) { session = await found.json(); open(room, events); } else shut(room);
  paint();
}

function open(room, events) {
  at("door").hidden = true;
  at(room).hidden = at("leave").hidden = false;
  live?.close();
  heard = performance.now();
  live = new EventSource(events);
  live.onmessage = (event) => { heard = performance.now(); onData(JSON.parse(event.data)); };
  paint();
}

function shut(room) {
  live?.close();
  live = session = null;
  at(room).hidden = at("leave").hidden = at("lost").hidden = true;
  at("door").hidden = false;
  at("pin").focus();
}

// Whether the stand is still heard; the browser connects again by itself, unless the session has ended.
async function look(room) {
  if (live === null) return;
  const silent = (performance.now() - heard) / 1000;
  at("lost").hidden = silent < 4;
  document.body.classList.toggle("lost", silent >= 4);
  if (silent >= 4) write(at("lost"), say("lost", Math.floor(silent)));
  if (silent >= 4 && live?.readyState === EventSource.CLOSED) {
    const url = live.url;
    live = null;
    const found = await fetch("/api/session").catch(() => null);
    if (found?.status === 401) return shut(room);
    if (found?.ok) session = await found.json();
    const before = heard;
    live = new EventSource(url);
    live.onmessage = (event) => { heard = performance.now(); onData(JSON.parse(event.data)); };
    heard = before;
  }
}

async function send(address, content) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(session ? { "X-Token": session.token } : {}) },
      body: JSON.stringify(content),
    });
    return { status: answer.status, body: await answer.json() };
  } catch { return { status: 0, body: null }; }
}

// Has a command done and says what became of it. `undo` is offered where it can be taken back.
export async function command(address, content, { undo = null } = {}) {
  const { status, body } = await send(address, content);
  if (status === 401) { location.reload(); return null; }
  tell(body ? inLanguage(body.said) : say("failed"), { wrong: !body?.done, undo: body?.done ? undo : null });
  return body;
}

export function tell(text, { wrong = false, undo = null } = {}) {
  write(at("told-text"), text);
  at("told").classList.toggle("wrong", wrong);
  at("undo").hidden = undo === null;
  at("undo").onclick = () => { at("told").hidden = true; undo?.(); };
  at("told").hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { at("told").hidden = true; }, undo || wrong ? 8000 : 3000);
}

// Asks once more.
export function sure(label, meaning, then) {
  write(at("sure-title"), say("sure", label));
  write(at("sure-meaning"), meaning);
  write(at("sure-yes"), label);
  at("sure-no").onclick = () => at("sure").close();
  at("sure-yes").onclick = () => { at("sure").close(); then(); };
  at("sure").showModal();
}

export function button(label, act, look = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

export const kind = (name) => session.commands.find((one) => one.name === name);

// Shows the picture from that address in the image, and remembers when it was true.
export async function look_at(image, address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) { delete image.dataset.taken; return; }
  const taken = performance.now() - 1000 * Number(answer.headers.get("X-Age"));
  const url = URL.createObjectURL(await answer.blob());
  const before = image.src;
  image.src = url;
  image.dataset.taken = taken;
  if (before) URL.revokeObjectURL(before);
}

// Writes how old the picture is; false where there is none.
export function picture_age(image, element) {
  const known = image.dataset.taken !== undefined;
  const age = known ? (performance.now() - Number(image.dataset.taken)) / 1000 : 0;
  write(element, known ? say("picture_age", age < 10 ? age.toFixed(1) : Math.floor(age)) : say("no_picture"));
  element.classList.toggle("old", !known || age > 10);
  return known;
}
