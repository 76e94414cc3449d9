// SPDX-License-Identifier: MIT
//
// Plays a recording of an Antfarm program. viz/export/html.c writes the data:
// for each step its time, its sentence and who acted; for each row the spans
// of its states; for each task why it was where it was. Nothing is loaded.
"use strict";
(() => {
const $ = id => document.getElementById(id);
const trace = JSON.parse($("trace").textContent);
const steps = trace.t.length;
const tracks = $("tracks"), canvas = $("canvas"), pen = canvas.getContext("2d");

// In pixels, by the theme: a projector is read from the last row.
let FONT = 14, ROW = 24, GUTTER = 168, RULER = 26;
const font = weight => `${weight} ${FONT}px system-ui, sans-serif`;

// Deltas to numbers.
const sum = list => { let n = 0; return list.map(d => n += d); };
const timeNs = sum(trace.t), timeX = sum(trace.x);

// Lists of all tasks, by task: [[step, …], …] in the order of steps.
function byTask(flat, width) {
  const lists = trace.tasks.map(() => []);
  for (let i = 0; i < flat.length; i += width) {
    lists[flat[i]].push(flat.slice(i + 1, i + width));
  }
  return lists;
}
const whys = byTask(trace.why, 4), sites = byTask(trace.sites, 4);
const acts = trace.tasks.map(() => []);
trace.who.forEach((task, step) => { if (task > 0) acts[task].push(step); });

// Everything that has a line, from top to bottom.
const rows = [];
function section(title, list, kind) {
  if (list.length === 0) return;
  rows.push({ title });
  for (const row of list) rows.push(Object.assign({ kind }, row));
}
const withIndex = list => list.map((row, index) => Object.assign({ index }, row));
section("WORKERS", withIndex(trace.lanes).slice(1), "lane");
section("TASKS", withIndex(trace.tasks).slice(1), "task");
section("LOCKS", trace.locks.slice(1), "lock");

const now = {
  step: 0, pos: 0, playing: false, task: 0, axis: "step", speed: 3,
  from: 0, to: 1, theme: "dark", still: false,
};

const SPEEDS = [["1 step/s", 0], ["0.25x", .25], ["0.5x", .5], ["1x", 1], ["2x", 2], ["4x", 4], ["16x", 16]];

// --- Axes: a place on the axis for each step, and back ------------------------

const end = () => now.axis === "step" ? steps : timeX[steps - 1] + Math.max(1, timeX[steps - 1] / 50);
const xOf = step => step >= steps ? end() : now.axis === "step" ? step : timeX[step];
function stepAt(x) {
  if (now.axis === "step") return Math.max(0, Math.min(steps - 1, Math.floor(x)));
  return Math.max(0, atOrBefore(timeX, x, n => n));
}

// The index of the last element that is not after `value`, -1 for none.
function atOrBefore(list, value, key) {
  let low = -1, high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (key(list[middle]) <= value) low = middle; else high = middle - 1;
  }
  return low;
}

// --- What is known of a moment ------------------------------------------------

const text = index => trace.texts[index];

// A row's span at a step: its number in `spans`, times 4, or -1.
function spanAt(row, step) {
  let low = 0, high = row.spans.length / 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row.spans[middle * 4 + 1] <= step) low = middle + 1; else high = middle;
  }
  const i = low * 4;
  return i < row.spans.length && row.spans[i] <= step ? i : -1;
}

function whyOf(task, step) {
  const list = whys[task], i = atOrBefore(list, step, entry => entry[0]);
  if (i < 0) return "has not been spawned yet";
  const [at, sentence, ages] = list[i];
  return text(sentence) + (ages && at < step ? ` (as of step ${at + 1})` : "");
}

function stateOf(task, step) {
  const row = trace.tasks[task], i = spanAt(row, step);
  return i < 0 ? null : trace.states[row.spans[i + 2]];
}

// Whom the panels are about: the selected task, or the last one that acted.
function focus() {
  if (now.task > 0) return now.task;
  let step = now.step;
  while (step > 0 && trace.who[step] === 0 && now.step - step < 1000) step--;
  return trace.who[step] || 0;
}

function duration(ns) {
  for (const [unit, name] of [[1e9, "s"], [1e6, "ms"], [1e3, "us"]]) {
    if (ns >= unit) return (ns / unit).toFixed(3) + " " + name;
  }
  return ns + " ns";
}

// --- Drawing ------------------------------------------------------------------

const color = name => trace.themes[now.theme][name];
const tiles = new Map();

// A state as something to fill with: the same patterns as in the window.
function look(state) {
  const key = state.name + now.theme;
  if (!tiles.has(key)) tiles.set(key, makeTile(state));
  return tiles.get(key);
}

function makeTile(state) {
  if (state.pattern === "solid") return state.color;
  const size = 8, tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const ink = tile.getContext("2d");
  ink.fillStyle = state.pattern === "outline" ? color("background") : state.color;
  ink.fillRect(0, 0, size, size);
  ink.strokeStyle = ink.fillStyle = state.ink;
  const line = (x0, y0, x1, y1, width) => {
    ink.lineWidth = width;
    ink.beginPath(); ink.moveTo(x0, y0); ink.lineTo(x1, y1); ink.stroke();
  };
  // Diagonals cross the edge, so each has its neighbours' ends drawn too.
  const slope = (up, width) => {
    for (const d of [-size, 0, size]) {
      if (up) line(d - 1, size + 1, d + size + 1, -1, width);
      else line(d - 1, -1, d + size + 1, size + 1, width);
    }
  };
  const draw = {
    dots: () => { ink.beginPath(); ink.arc(4, 4, 1.8, 0, 7); ink.fill(); },
    stripes: () => slope(true, 3),
    diagonal: () => slope(false, 1),
    hatch: () => slope(true, 1),
    cross: () => { slope(true, 1); slope(false, 1); },
    vertical: () => line(.5, 0, .5, size, 1),
    horizontal: () => line(0, .5, size, .5, 1),
    grid: () => { draw.vertical(); draw.horizontal(); },
    outline: () => {},
  };
  draw[state.pattern]();
  return pen.createPattern(tile, "repeat");
}

const visible = () => Math.max(1, canvas.clientWidth - GUTTER);
const pixel = x => GUTTER + (x - now.from) / (now.to - now.from) * visible();
const place = px => now.from + (px - GUTTER) / visible() * (now.to - now.from);

function draw() {
  const width = tracks.clientWidth, height = tracks.clientHeight;
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    tiles.clear();
  }
  $("room").style.height = Math.max(0, rows.length * ROW + RULER - height) + "px";
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = color("background");
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = "middle";
  const first = Math.floor(tracks.scrollTop / ROW);
  for (let i = first; i < rows.length; i++) {
    const y = RULER + i * ROW - tracks.scrollTop;
    if (y > height) break;
    drawRow(rows[i], y, width, i);
  }
  drawFuture(width, height);
  drawRuler(width);
  drawCursor(height);
}

function drawRow(row, y, width, i) {
  if (row.title) {
    pen.font = font("600");
    pen.fillStyle = color("text_dim");
    pen.fillText(row.title, 8, y + ROW / 2);
    return;
  }
  if (i % 2) { pen.fillStyle = color("row"); pen.fillRect(0, y, width, ROW); }
  pen.save();
  pen.beginPath(); pen.rect(GUTTER, y, width - GUTTER, ROW); pen.clip();
  drawSpans(row, y);
  pen.restore();
  const selected = row.kind === "task" && row.index === now.task;
  pen.font = font(selected ? "600" : "400");
  pen.fillStyle = selected ? color("accent") : color("text");
  pen.fillText(fit((row.id ? row.id + " " : "") + row.name, GUTTER - 20), 12, y + ROW / 2);
  if (selected) {
    pen.strokeStyle = color("accent"); pen.lineWidth = 2;
    pen.strokeRect(1, y + 1, width - 2, ROW - 2);
  }
}

function fit(words, room) {
  if (pen.measureText(words).width <= room) return words;
  while (words && pen.measureText(words + "…").width > room) words = words.slice(0, -1);
  return words + "…";
}

function drawSpans(row, y) {
  const spans = row.spans, right = pixel(now.to);
  let done = GUTTER;
  let i = spanAt(row, stepAt(now.from));
  if (i < 0) for (i = 0; i < spans.length && xOf(spans[i + 1]) < now.from;) i += 4;
  for (; i < spans.length; i += 4) {
    const px0 = Math.max(pixel(xOf(spans[i])), done - .5);
    const px1 = Math.min(pixel(xOf(spans[i + 1])), right + 10);
    if (px0 > right) break;
    if (px1 < done) continue; // thinner than a pixel, which is painted already
    drawSpan(row, spans, i, y, px0, Math.max(px1, px0 + 1));
    done = Math.max(px1, px0 + 1);
  }
}

function drawSpan(row, spans, i, y, px0, px1) {
  const top = y + 3, height = ROW - 6, state = spans[i + 2], more = spans[i + 3];
  const room = px1 - Math.max(px0, GUTTER);
  let words = "", ink = color("text"), ground = null, outline = null;
  if (row.kind === "lane") {
    const kind = trace.laneStates[state];
    if (kind === "between polls") return;
    if (kind === "parked") { pen.fillStyle = color("hatch"); }
    else if (kind === "searching") {
      pen.fillStyle = color("accent");
      pen.fillRect(px0, y + ROW / 2 - 1, px1 - px0, 2);
      return;
    } else {
      const its = trace.states[kind === "blocked" ? trace.blocking : trace.polling];
      pen.fillStyle = look(its); ink = its.text;
      words = more > 0 ? trace.tasks[more].id + " " + trace.tasks[more].name : "";
    }
  } else if (row.kind === "lock") {
    pen.fillStyle = color("hover");
    words = more > 0 ? "held by " + trace.tasks[more].id + " " + trace.tasks[more].name : "held";
  } else {
    const its = trace.states[state];
    if (its.end) { pen.fillStyle = its.color; pen.fillRect(px0, top, Math.min(px1 - px0, 6), height); return; }
    pen.fillStyle = look(its); ink = its.text;
    words = more > 0 && room > FONT * 6 ? its.letter + "  " + text(more) : its.letter;
    if (its.pattern === "outline") { ink = color("text"); outline = color("text_dim"); }
    else if (its.pattern !== "solid") ground = its.color;
  }
  pen.fillRect(px0, top, px1 - px0, height);
  if (px1 - px0 >= 3) {
    pen.strokeStyle = outline || color("border"); pen.lineWidth = 1;
    pen.strokeRect(px0 + .5, top + .5, px1 - px0 - 1, height - 1);
  }
  if (!words || room < FONT) return;
  pen.font = font("400");
  words = fit(words, room - 8);
  if (words === "…") return;
  if (ground) { // words on a pattern need a plain ground
    pen.fillStyle = ground;
    pen.fillRect(Math.max(px0, GUTTER) + 2, top + 2, pen.measureText(words).width + 4, height - 4);
  }
  pen.fillStyle = ink;
  pen.fillText(words, Math.max(px0, GUTTER) + 4, y + ROW / 2 + 1);
}

// What has not happened yet is paler.
function drawFuture(width, height) {
  const px = Math.max(GUTTER, pixel(xOf(now.step + 1)));
  pen.globalAlpha = .55;
  pen.fillStyle = color("background");
  pen.fillRect(px, RULER, Math.max(0, width - px), height);
  pen.globalAlpha = 1;
}

function drawRuler(width) {
  pen.fillStyle = color("panel");
  pen.fillRect(0, 0, width, RULER);
  pen.font = font("400");
  const ticks = Math.max(1, Math.floor(visible() / (FONT * 9)));
  let last = -1;
  for (let i = 0; i < ticks; i++) {
    const x = now.from + (now.to - now.from) * i / ticks, step = stepAt(x);
    if (step === last) continue;
    last = step;
    const px = now.axis === "step" ? pixel(Math.ceil(x)) : pixel(x);
    const words = now.axis === "step" ? "step " + (Math.ceil(x) + 1) : duration(timeNs[step]);
    pen.fillStyle = color("rule"); pen.fillRect(px, RULER - 7, 1, 7);
    pen.fillStyle = color("text_dim"); pen.fillText(words, px + 4, RULER / 2);
  }
}

function drawCursor(height) {
  const a = pixel(xOf(now.step)), b = pixel(xOf(now.step + 1));
  if (b < GUTTER) return;
  if (now.axis === "step" && b - a > 3) {
    pen.globalAlpha = .18; pen.fillStyle = color("accent");
    pen.fillRect(Math.max(GUTTER, a), RULER, b - Math.max(GUTTER, a), height);
    pen.globalAlpha = 1;
  }
  pen.fillStyle = color("cursor");
  pen.fillRect(Math.max(GUTTER, now.axis === "step" ? b : a) - 1, 0, 2, height);
}

// --- Words beside the picture -------------------------------------------------

let shownFile = null;

function describe() {
  const task = focus(), sentence = text(trace.say[now.step]);
  $("say").textContent = sentence;
  $("moment").textContent = `step ${now.step + 1} of ${steps}, ${duration(timeNs[now.step])}` +
    (trace.virtual ? " of virtual time" : "");
  $("scrub").value = now.step;
  $("scrub").setAttribute("aria-valuetext", `step ${now.step + 1}: ${sentence}`);
  const its = trace.tasks[task];
  $("whose").textContent = task ? `WHY: task ${its.id} ${its.name}` : "WHY";
  $("why").textContent = task ? whyOf(task, now.step) : "No task has done anything yet.";
  canvas.setAttribute("aria-label", `Lanes and tasks at step ${now.step + 1}. ${sentence}. ` +
    "The table under “All tasks as text” says the same in words.");
  if ($("astext").open) showTable();
  showSource(task);
}

function showTable() {
  $("table").replaceChildren(...trace.tasks.slice(1, 501).map((task, i) => {
    const row = document.createElement("tr"), state = stateOf(i + 1, now.step);
    for (const words of [task.id + " " + task.name, state ? state.meaning : "not yet there",
                         whyOf(i + 1, now.step)]) {
      row.appendChild(document.createElement("td")).textContent = words;
    }
    return row;
  }));
}

function showSource(task) {
  const list = sites[task] || [], i = atOrBefore(list, now.step, entry => entry[0]);
  const pre = $("source");
  if (i < 0) { pre.textContent = ""; $("file").textContent = "SOURCE"; shownFile = null; return; }
  const [, file, line] = list[i], source = trace.files[file];
  $("file").textContent = `${source.name}:${line}`;
  if (shownFile !== file) {
    shownFile = file;
    pre.replaceChildren(...source.lines.map((words, n) => {
      const row = document.createElement("div"), number = document.createElement("span");
      number.className = "number";
      number.textContent = n + 1;
      row.append(number, words || " ");
      return row;
    }));
    if (source.lines.length === 0) pre.textContent = "(the file was not found when this page was made)";
  }
  for (const row of pre.querySelectorAll(".now, .old")) row.className = "";
  for (let k = Math.max(0, i - 3); k < i; k++) mark(list[k], file, "old");
  const row = mark(list[i], file, "now");
  if (row) pre.scrollTop = row.offsetTop - pre.offsetTop - pre.clientHeight / 2;
}

function mark([, file, line], shown, name) {
  const row = file === shown ? $("source").children[line - 1] : null;
  if (row) row.className = name;
  return row;
}

// --- Moving -------------------------------------------------------------------

let wanted = 0;
function update() {
  if (!wanted) wanted = requestAnimationFrame(() => { wanted = 0; draw(); describe(); });
}

function seek(step, pos) {
  now.step = Math.max(0, Math.min(steps - 1, step));
  now.pos = pos === undefined ? xOf(now.step) : pos;
  keepInSight();
  remember();
  update();
}

// The place is part of the address: it can be copied and opened again.
let remembering = 0;
function remember() {
  clearTimeout(remembering);
  remembering = setTimeout(() => {
    try { history.replaceState(null, "", `#step=${now.step + 1}&task=${now.task}`); } catch (e) { /* a frame */ }
  }, 200);
}

function keepInSight() {
  const room = now.to - now.from, x = xOf(now.step);
  if (x >= now.from && x + (now.axis === "step" ? 1 : 0) <= now.to) return;
  show(x - room / 4, x - room / 4 + room);
}

function show(from, to) {
  const room = Math.min(to - from, end());
  now.from = Math.max(0, Math.min(from, end() - room));
  now.to = now.from + room;
  update();
}

function zoom(factor, x) {
  const least = now.axis === "step" ? 4 : end() / 1e5;
  const room = Math.max(least, Math.min(end(), (now.to - now.from) * factor));
  const part = (x - now.from) / (now.to - now.from);
  show(x - part * room, x - part * room + room);
}

function play(on) {
  now.playing = on;
  if (on && now.step === steps - 1) seek(0);
  $("play").textContent = on ? "Pause" : "Play";
  $("play").setAttribute("aria-label", on ? "Pause" : "Play");
  // While it plays, a screen reader would never come to an end.
  for (const id of ["say", "why"]) $(id).setAttribute("aria-live", on ? "off" : "polite");
  if (on) { before = performance.now(); requestAnimationFrame(tick); }
}

let before = 0, debt = 0;
function tick(at) {
  if (!now.playing) return;
  const seconds = Math.max(0, Math.min(.25, (at - before) / 1000));
  before = at;
  const speed = SPEEDS[now.speed][1];
  if (speed === 0) {
    debt += seconds;
    if (debt >= 1) { debt = 0; seek(now.step + 1); }
  } else {
    // At 1x it lasts 10 to 60 seconds, by its length.
    const whole = Math.max(10, Math.min(60, steps / 4));
    const pos = now.pos + end() / whole * speed * seconds, step = stepAt(pos);
    if (step !== now.step || pos >= end()) seek(step, pos); else now.pos = pos;
  }
  if (now.step === steps - 1 && (speed === 0 || now.pos >= xOf(steps - 1))) play(false);
  else requestAnimationFrame(tick);
}

function byTaskStep(by) {
  if (now.task === 0) return seek(now.step + by);
  const list = acts[now.task];
  const i = atOrBefore(list, by > 0 ? now.step : now.step - 1, n => n) + (by > 0 ? 1 : 0);
  if (i >= 0 && i < list.length) seek(list[i]);
}

function select(task) {
  now.task = task;
  const i = rows.findIndex(row => row.kind === "task" && row.index === task);
  const y = i * ROW;
  if (task > 0 && (y < tracks.scrollTop || y + ROW * 2 > tracks.scrollTop + tracks.clientHeight)) {
    tracks.scrollTop = Math.max(0, y - tracks.clientHeight / 2);
  }
  remember();
  update();
}

function setAxis(axis) {
  now.axis = axis;
  $("axis").value = axis;
  show(0, end());
  seek(now.step);
}

function setTheme(theme) {
  now.theme = theme;
  $("theme").value = theme;
  tiles.clear();
  const root = document.documentElement.style;
  for (const [name, value] of Object.entries(trace.themes[theme])) root.setProperty("--" + name, value);
  root.colorScheme = trace.themes[theme].scheme;
  const isFar = theme === "projector";
  root.fontSize = isFar ? "25px" : "16px";
  [FONT, ROW, GUTTER, RULER] = isFar ? [22, 36, 250, 38] : [14, 24, 168, 26];
  legend();
  update();
}

function legend() {
  $("legend").replaceChildren(...trace.states.filter(state => state.used).map(state => {
    const entry = document.createElement("span"), swatch = document.createElement("canvas");
    swatch.width = 26; swatch.height = 16;
    const ink = swatch.getContext("2d");
    ink.fillStyle = look(state); ink.fillRect(0, 0, 26, 16);
    ink.strokeStyle = color("text_dim"); ink.strokeRect(.5, .5, 25, 15);
    swatch.setAttribute("aria-hidden", "true");
    entry.append(swatch, (state.letter ? state.letter + " " : "") + state.meaning);
    return entry;
  }));
}

// --- Keys: the table is the help, too -----------------------------------------

const KEYS = [
  [[" "], "Space", "play or pause", () => play(!now.playing)],
  [["ArrowRight", "PageDown"], "Right, PageDown", "one step on", () => seek(now.step + 1)],
  [["ArrowLeft", "PageUp"], "Left, PageUp", "one step back", () => seek(now.step - 1)],
  [["+ArrowRight", "."], "Shift+Right, .", "next step of the selected task", () => byTaskStep(1)],
  [["+ArrowLeft", ","], "Shift+Left, ,", "its step before", () => byTaskStep(-1)],
  [["Home"], "Home", "to the start", () => seek(0)],
  [["End"], "End", "to the end", () => seek(steps - 1)],
  [["ArrowDown"], "Down", "select the next task", () => select(Math.min(trace.tasks.length - 1, now.task + 1))],
  [["ArrowUp"], "Up", "select the task before", () => select(Math.max(Math.min(1, trace.tasks.length - 1), now.task - 1))],
  [["Escape"], "Esc", "select nothing", () => select(0)],
  [["w", "+", "="], "w, +", "zoom in", () => zoom(.6, xOf(now.step))],
  [["s", "-"], "s, -", "zoom out", () => zoom(1 / .6, xOf(now.step))],
  [["a"], "a", "look further left", () => show(now.from - (now.to - now.from) / 5, now.to - (now.to - now.from) / 5)],
  [["d"], "d", "look further right", () => show(now.from + (now.to - now.from) / 5, now.to + (now.to - now.from) / 5)],
  [["0"], "0", "show the whole run", () => show(0, end())],
  [["t"], "t", "time or steps", () => setAxis(now.axis === "step" ? "time" : "step")],
  [["<"], "<", "slower", () => setSpeed(now.speed - 1)],
  [[">"], ">", "faster", () => setSpeed(now.speed + 1)],
  [["b"], "b", "next theme", () => { const all = Object.keys(trace.themes); setTheme(all[(all.indexOf(now.theme) + 1) % all.length]); }],
  [["?"], "?", "these keys", () => $("keys").showModal()],
];

function setSpeed(speed) {
  now.speed = Math.max(0, Math.min(SPEEDS.length - 1, speed));
  $("speed").value = now.speed;
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || $("keys").open) return;
  if (event.target.tagName === "SELECT" || event.target.tagName === "SUMMARY") return;
  const isButton = event.target.tagName === "BUTTON";
  if (isButton && (event.key === " " || event.key === "Enter")) return;
  const name = (event.shiftKey && event.key.startsWith("Arrow") ? "+" : "") + event.key;
  const row = KEYS.find(([keys]) => keys.includes(name));
  if (!row) return;
  event.preventDefault();
  row[3]();
});

// --- The mouse ----------------------------------------------------------------

let scrubbing = false;
const placeOf = event => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};
canvas.addEventListener("pointerdown", event => {
  const [px, py] = placeOf(event);
  const row = py > RULER ? rows[Math.floor((py - RULER + tracks.scrollTop) / ROW)] : null;
  if (row && row.kind === "task") select(row.index);
  if (px < GUTTER) return;
  scrubbing = true;
  canvas.setPointerCapture(event.pointerId);
  seek(stepAt(place(px)));
});
canvas.addEventListener("pointermove", event => {
  if (scrubbing) seek(stepAt(place(placeOf(event)[0])));
});
canvas.addEventListener("pointerup", () => { scrubbing = false; });
canvas.addEventListener("wheel", event => {
  if (!event.ctrlKey && !event.shiftKey) return; // the list scrolls
  event.preventDefault();
  const [px] = placeOf(event), by = event.deltaY || event.deltaX;
  if (event.ctrlKey) zoom(by > 0 ? 1.25 : .8, place(px));
  else show(now.from + (now.to - now.from) * by / 1000, now.to + (now.to - now.from) * by / 1000);
}, { passive: false });

// --- Start --------------------------------------------------------------------

function start() {
  $("title").textContent = trace.name;
  if (trace.left) { $("left").textContent = trace.left; $("left").hidden = false; }
  if (steps === 0) { $("say").textContent = "This recording holds no events."; return; }
  $("scrub").max = steps - 1;
  for (const theme of Object.keys(trace.themes)) $("theme").add(new Option(theme, theme));
  SPEEDS.forEach(([name], i) => $("speed").add(new Option(name, i)));
  setSpeed(now.speed);
  const buttons = {
    first: () => seek(0), back: () => seek(now.step - 1), play: () => play(!now.playing),
    on: () => seek(now.step + 1), last: () => seek(steps - 1), in: () => zoom(.6, xOf(now.step)),
    out: () => zoom(1 / .6, xOf(now.step)), fit: () => show(0, end()), help: () => $("keys").showModal(),
  };
  for (const [id, does] of Object.entries(buttons)) $(id).addEventListener("click", does);
  $("scrub").addEventListener("input", () => seek(+$("scrub").value));
  $("axis").addEventListener("change", () => setAxis($("axis").value));
  $("theme").addEventListener("change", () => setTheme($("theme").value));
  $("speed").addEventListener("change", () => setSpeed(+$("speed").value));
  $("astext").addEventListener("toggle", update);
  tracks.addEventListener("scroll", update);
  new ResizeObserver(update).observe(tracks);
  for (const [, key, meaning] of KEYS) {
    const row = $("keytable").insertRow(), cell = row.insertCell();
    cell.appendChild(document.createElement("kbd")).textContent = key;
    row.insertCell().textContent = meaning;
  }
  const place = new URLSearchParams(location.hash.slice(1));
  setTheme(matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
  now.axis = "step";
  $("axis").value = now.axis;
  show(0, end());
  select(Math.min(+place.get("task") || 0, trace.tasks.length - 1));
  seek((+place.get("step") || 1) - 1);
}
start();
})();
