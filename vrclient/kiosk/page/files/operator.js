// The operator's page of one stand.

import { at, begin, button, command, kind, look_at, picture_age, session, sure, write } from "/files/common.js";
import { clock, inLanguage, language, nameOf, preset, PRESETS, say, time } from "/files/words.js";

let status = null, told = 0, painted = "";

const ask = (name, args = {}, options = {}) => command("/api/command", { command: name, arguments: args }, options);
const confirmed = (name, args = {}) => sure(inLanguage(kind(name).label), inLanguage(kind(name).meaning), () => ask(name, args));
const visited = () => ["fit", "tour", "last_minute"].includes(status.state);

function paint() {
  write(at("title"), status ? inLanguage(status.title) : "vrclient");
  document.title = at("title").textContent;
  if (!status || !session) return;
  write(at("state-name"), say(status.state));
  write(at("rung"), say(status.rung === "message" ? "message_rung" : status.rung));
  at("picture").alt = say("picture_of");
  for (const name of ["language", "volume", "message"]) write(at(`${name}-label`), say(name));
  write(at("stand-label"), say("this_stand"));
  write(at("technician-label"), say("technician"));
  write(at("hall-link"), say("all_stands"));
  at("hall-link").hidden = !session.hall;
  write(at("message-send"), say("send"));
  write(at("volume"), `${status.volume_percent} %`);
  at("quieter").disabled = status.volume_percent <= 0;
  at("louder").disabled = status.volume_percent >= 100;
  at("quieter").setAttribute("aria-label", `${say("volume")} −10`);
  at("louder").setAttribute("aria-label", `${say("volume")} +10`);
  at("message").setAttribute("aria-label", say("message"));
  at("message-now").hidden = !status.message;
  write(at("message-now"), status.message ?? "");
  faults();
  facts();
  controls();
}

function faults() {
  at("faults").replaceChildren(...status.faults.map((one) => {
    const line = document.createElement("li");
    const when = document.createElement("small");
    when.textContent = say("since", time(one.since));
    line.append(inLanguage(one.said), when);
    if (one.help) line.append(inLanguage(one.help));
    return line;
  }));
}

function facts() {
  const showcase = status.playlist.find((one) => one.name === status.showcase);
  const rows = [
    [say("showcase"), showcase ? inLanguage(showcase.title) : status.showcase ?? "–"],
    [say("worn"), say(status.headset_worn === null ? "unknown" : status.headset_worn ? "worn_yes" : "worn_no")],
    ...status.batteries.map((one) => [
      say(`battery_${one.device}`),
      `${Math.round(100 * one.charge)} %${one.charging ? ` ${say("charging")}` : ""}`,
      one.charge < 0.2 && !one.charging ? "low" : "",
    ]),
    [say("visits"), say("visits_of", status.visits.today, status.visits.completed)],
    [say("screen"), say(status.locked ? "locked" : "unlocked"), status.locked ? "" : "low"],
    [say("frame"), status.frame_age_s === null ? "–" : say("seconds", status.frame_age_s.toFixed(1))],
    [say("version"), status.version],
  ];
  at("facts").replaceChildren(...rows.flatMap(([name, value, look = ""]) => {
    const term = document.createElement("dt"), detail = document.createElement("dd");
    term.textContent = name;
    detail.textContent = value;
    detail.className = look;
    return [term, detail];
  }));
}

// Buttons are made anew only where they change: one that is just being pressed stays.
function controls() {
  const key = JSON.stringify([status.state, status.language, status.languages, status.message, status.locked, session.who, language()]);
  if (key === painted) return;
  painted = key;
  const label = (name) => inLanguage(kind(name).label);
  const start = button(label("start"), () => ask("start"), "main wide");
  const next = button(label("next"), () => ask("next"));
  const clean = button(label("clean"), () => ask("clean"));
  const cleaned = button(say("cleaned"), () => ask("clean", { done: true }), "main wide");
  const shown = visited()
    ? [button(say("extend"), () => ask("extend", { minutes: 5 }), "wide"), next, button(label("stop"), () => confirmed("stop"), "grave")]
    : { clean: [cleaned, start], closed: [start], end: [start, clean] }[status.state] ?? [start, next, clean];
  if (status.state === "clean") start.className = "wide";
  at("actions").replaceChildren(...shown);
  for (const one of ["start", "stop", "next", "clean"]) shown.forEach((made) => { if (made.textContent === label(one)) made.dataset.command = one; });
  at("languages").replaceChildren(...status.languages.map((tag) => {
    const before = status.language;
    const made = button(nameOf(tag), () => ask("language", { language: tag }, { undo: () => ask("language", { language: before }) }));
    made.lang = made.dataset.language = tag;
    made.setAttribute("aria-pressed", String(tag === status.language));
    return made;
  }));
  const texts = PRESETS.map((one) => button(preset(one), () => show(preset(one, status.language))));
  at("presets").replaceChildren(...(status.message ? [button(say("take_away"), () => show(""))] : texts));
  const technicians = ["restart", "reload", "rollback", status.locked ? "unlock" : "lock", "logs"].filter(kind);
  at("technician").hidden = technicians.length === 0;
  at("technician-actions").replaceChildren(...technicians.map((name) =>
    button(label(name), name === "logs" ? logs : kind(name).confirmed ? () => confirmed(name) : () => ask(name), kind(name).confirmed ? "grave" : "")));
}

const show = (text) => ask("message", { text, seconds: 600 }, { undo: text ? () => ask("message", { text: "" }) : null });

function volume(change) {
  const before = status.volume_percent;
  const percent = Math.min(100, Math.max(0, before + change));
  status = { ...status, volume_percent: percent };
  write(at("volume"), `${percent} %`);
  ask("volume", { percent }, { undo: () => ask("volume", { percent: before }) });
}

async function logs() {
  const body = await ask("logs", { lines: 200 });
  if (!body?.done) return;
  at("logs").textContent = (body.value ?? []).join("\n");
  at("logs").hidden = false;
  at("logs").scrollTop = at("logs").scrollHeight;
}

// What goes on between two statuses: time left, the picture's age.
function tick() {
  if (!status || !session) return;
  const since = (performance.now() - told) / 1000;
  const left = status.left_s === null ? null : status.left_s - since;
  const opens = status.state === "closed" && status.opens_at ? say("opens", time(status.opens_at)) : "";
  write(at("left"), left === null ? opens : clock(left));
  at("left").classList.toggle("short", left !== null && left < 60 && visited());
  const known = picture_age(at("picture"), at("age"));
  at("glass").classList.toggle("unknown", !known || document.body.classList.contains("lost"));
}

async function pictures() {
  if (session && !document.hidden) await look_at(at("picture"), "/api/picture");
  setTimeout(pictures, 2000);
}

at("quieter").addEventListener("click", () => volume(-10));
at("louder").addEventListener("click", () => volume(10));
at("message-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = at("message").value.trim();
  if (text) show(text);
  at("message").value = "";
});
setInterval(tick, 200);
await begin({
  room: "stand",
  events: "/api/events",
  data: (found) => { const first = status === null; status = found; told = performance.now(); paint(); tick(); if (first) pictures(); },
  repaint: () => { painted = ""; paint(); tick(); },
});
