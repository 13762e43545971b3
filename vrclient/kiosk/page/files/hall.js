// The attendants' page: a tile for each stand that the broker knows.

import { at, begin, button, command, kind, look_at, picture_age, session, sure, write } from "/files/common.js";
import { clock, duration, inLanguage, language, preset, PRESETS, say } from "/files/words.js";

const tiles = new Map();
let stands = [], told = 0;

const ask = (stand, name, args = {}, options = {}) =>
  command("/api/hall/command", { stand, command: name, arguments: args }, options);

function paint() {
  const wrong = stands.filter((one) => !one.online || one.status.faults.length > 0).length;
  write(at("title"), wrong ? say("attention", wrong) : say("hall"));
  document.title = at("title").textContent;
  if (!session) return;
  write(at("nobody"), say("nobody"));
  at("nobody").hidden = stands.length > 0;
  const names = new Set(stands.map((one) => one.status.stand));
  for (const [name, tile] of tiles) if (!names.has(name)) { tile.box.remove(); tiles.delete(name); }
  for (const one of stands) {
    const name = one.status.stand;
    if (!tiles.has(name)) tiles.set(name, made(name));
    fill(tiles.get(name), one);
  }
  const order = stands.map((one) => tiles.get(one.status.stand).box);
  if (order.some((box, i) => at("tiles").children[i] !== box)) at("tiles").replaceChildren(...order);
}

function made(name) {
  const box = document.createElement("article");
  box.className = "tile";
  box.dataset.stand = name;
  const make = (parent, tag, look = "") => {
    const one = document.createElement(tag);
    one.className = look;
    parent.append(one);
    return one;
  };
  const head = make(box, "h3"), title = make(head, "span"), batteries = make(head, "small");
  const glass = make(box, "figure"), image = make(glass, "img"), caption = make(glass, "figcaption");
  image.alt = "";
  const rung = make(caption, "span"), age = make(caption, "span");
  const now = make(box, "div", "now"), state = make(now, "span"), left = make(now, "span");
  const said = make(box, "p"), buttons = make(box, "div", "buttons");
  return { box, title, batteries, glass, image, rung, age, state, left, said, buttons, key: "" };
}

function fill(tile, { status, online, heard_s }) {
  write(tile.title, inLanguage(status.title));
  write(tile.batteries, status.batteries.map((one) => `${say(`battery_${one.device}`)[0]} ${Math.round(100 * one.charge)} %`).join(" · "));
  write(tile.rung, say(status.rung === "message" ? "message_rung" : status.rung));
  write(tile.state, say(status.state));
  const fault = status.faults[0];
  tile.box.classList.toggle("offline", !online);
  tile.box.classList.toggle("wrong", online && Boolean(fault));
  tile.said.classList.toggle("said", !online || Boolean(fault));
  write(tile.said, !online ? say("offline", duration(heard_s)) : fault ? inLanguage(fault.said) : say("all_well"));
  const key = JSON.stringify([status.state, status.language, online, language()]);
  if (key === tile.key) return;
  tile.key = key;
  const name = status.stand, title = inLanguage(status.title);
  const visited = ["fit", "tour", "last_minute"].includes(status.state);
  const start = button(inLanguage(kind("start").label), () => ask(name, "start"), visited ? "" : "main");
  const extend = button(say("extend"), () => ask(name, "extend", { minutes: 5 }), visited ? "main" : "");
  const end = button(say("end_visit"), () => sure(`${inLanguage(kind("stop").label)} · ${title}`, inLanguage(kind("stop").meaning), () => ask(name, "stop")), "grave");
  const cleaning = status.state === "clean";
  const clean = button(cleaning ? say("cleaned") : inLanguage(kind("clean").label), () => ask(name, "clean", { done: cleaning }), cleaning ? "main" : "");
  const call = button(say("call"), () => calling(name, title, status.language));
  if (cleaning) start.className = "";
  const shown = visited ? [extend, end, call] : cleaning ? [clean, start, call] : [start, clean, call];
  shown.forEach((one) => { one.disabled = !online; });
  tile.buttons.replaceChildren(...shown);
}

function calling(name, title, visitors) {
  write(at("call-title"), say("call_title", title));
  write(at("call-no"), say("no"));
  at("call-choices").replaceChildren(...PRESETS.map((one) => button(preset(one), () => {
    at("call").close();
    ask(name, "message", { text: preset(one, visitors), seconds: 120 }, { undo: () => ask(name, "message", { text: "" }) });
  })));
  at("call-no").onclick = () => at("call").close();
  at("call").showModal();
}

function tick() {
  const since = (performance.now() - told) / 1000;
  for (const { status, online, heard_s } of stands) {
    const tile = tiles.get(status.stand);
    const left = status.left_s === null ? null : status.left_s - heard_s - since;
    write(tile.left, left === null || !online ? "" : clock(left));
    tile.glass.classList.toggle("unknown", !picture_age(tile.image, tile.age) || !online);
  }
}

// One after another, so that a hall of fifty asks no more of the broker than a hall of two.
async function pictures() {
  const seen = stands.filter((one) => one.online && on_screen(tiles.get(one.status.stand).box));
  for (const { status } of session && !document.hidden ? seen : []) {
    const tile = tiles.get(status.stand);
    if (tile) await look_at(tile.image, `/api/hall/picture?stand=${encodeURIComponent(status.stand)}`);
  }
  setTimeout(pictures, 2000);
}

function on_screen(box) {
  const { top, bottom } = box.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

setInterval(tick, 200);
let pictured = false;
await begin({
  room: "hall",
  events: "/api/hall/events",
  data: (found) => { stands = found; told = performance.now(); paint(); tick(); if (!pictured) { pictured = true; pictures(); } },
  repaint: () => { for (const tile of tiles.values()) tile.key = ""; paint(); tick(); },
});
