// What all charts share: the data, which trials are shown, which one is looked at, scales, axes,
// the tooltip. A chart is a function that is given a figure and draws into it; it is called again
// when the width of the page changes.

const data = JSON.parse(document.getElementById("data").textContent);
const study = data.study;
const maximize = study.goal === "maximize";
const trials = data.trials;
const trialOf = new Map(trials.map(t => [t.id, t]));
const bestId = data.numbers.best ? data.numbers.best.trial : null;
const scored = trials.filter(t => t.score !== null);
const better = (a, b) => (maximize ? b.score - a.score : a.score - b.score) || a.id - b.id;
const ranked = scored.slice().sort(better);
// The best tenth of the trials, at least three: what "good" means in the charts of parameters.
const good = new Set(ranked.slice(0, Math.max(3, Math.ceil(ranked.length / 10))).map(t => t.id));

const stateWords = ["completed", "pruned", "paused", "running", "waiting", "failed", "cancelled"];

// Numbers for people: no more digits than can be read, none before the point lost.
function num(x, digits = 5) {
  if (x === null || x === undefined) return "";
  if (typeof x !== "number") return String(x);
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e9 || size < 1e-4) return Number(x.toPrecision(Math.min(digits, 3))).toExponential().replace("e+", "e");
  if (size >= Math.pow(10, digits - 1)) return d3.format(size >= 1e4 ? ",.0f" : ".0f")(x);
  return String(Number(x.toPrecision(digits)));
}
function seconds(s) {
  if (s === null || s === undefined) return "";
  if (s > 0 && s < 0.01) return "< 0.01 s";
  if (s < 10) return num(s, 2) + " s";
  if (s < 120) return s.toFixed(0) + " s";
  if (s < 7200) return Math.floor(s / 60) + " min " + Math.round(s % 60) + " s";
  return Math.floor(s / 3600) + " h " + Math.round(s % 3600 / 60) + " min";
}
// Of an axis, whose ticks must differ.
const clock = s => s < 10 ? num(s, 4) + " s" : seconds(s);
const plural = (n, word) => n + " " + word + (n === 1 ? "" : "s");
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  for (const child of children) made.append(child);
  return made;
}

// ---- Which trials are shown.

const filter = {states: new Set(trials.map(t => t.state)), ranges: new Map()};
const watchers = [];
function isShown(trial) {
  if (!filter.states.has(trial.state)) return false;
  for (const inside of filter.ranges.values()) if (!inside(trial)) return false;
  return true;
}
function applyFilter() {
  const shown = new Set(trials.filter(isShown).map(t => t.id));
  for (const mark of document.querySelectorAll("[data-trial]")) {
    mark.classList.toggle("off", !shown.has(Number(mark.dataset.trial)));
  }
  for (const watch of watchers) watch(shown);
}

// ---- Which trial is looked at: hovered for a moment, or chosen by a click.

const tip = document.getElementById("tip");
const card = document.getElementById("card");
let chosen = null;
let hot = null;
function markHot() {
  for (const mark of document.querySelectorAll(".hot")) mark.classList.remove("hot");
  const id = hot !== null ? hot : chosen;
  document.body.classList.toggle("hovering", id !== null);
  if (id === null) return;
  for (const mark of document.querySelectorAll(`[data-trial="${id}"]`)) {
    mark.classList.add("hot");
    // In front of the others, but not out of a table.
    if (mark.ownerSVGElement && mark.parentNode.classList.contains("front")) mark.parentNode.append(mark);
  }
}
function trialText(t) {
  const box = element("div");
  const title = element("div", {}, element("b", {}, "Trial " + t.id));
  if (t.id === bestId) title.append(" - the best");
  else if (t.id === 0) title.append(" - the default configuration");
  box.append(title);
  const rows = [["state", t.state]];
  if (t.score !== null) {
    rows.push([study.metric, num(t.score, 6) + (t.se !== undefined && t.se !== null ? " ± " + num(t.se, 2) : "")]);
    rows.push(["rank", t.rank + " of " + scored.length]);
  }
  for (const [name, value] of Object.entries(t.metrics || {})) rows.push([name, num(value, 6)]);
  if (t.replicates) rows.push(["mean of", t.replicates + " runs"]);
  if (t.rounds > 0) rows.push(["rounds", (t.round > 0 ? "best " + t.round + " of " : "") + t.rounds]);
  if (t.seconds > 0) rows.push(["work", seconds(t.seconds)]);
  for (const [name, value] of Object.entries(t.config)) rows.push([name, num(value)]);
  const table = element("table");
  for (const [name, value] of rows) {
    table.append(element("tr", {}, element("td", {}, name), element("td", {}, value)));
  }
  box.append(table);
  if (t.origin) box.append(element("div", {class: "why"}, "Proposed: " + t.origin));
  if (t.reason) box.append(element("div", {class: "why"}, t.reason));
  return box;
}
function showTip(event, content) {
  tip.replaceChildren(content);
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  let x = event.clientX + 16, y = event.clientY + 16;
  if (x + box.width > innerWidth - 6) x = Math.max(6, event.clientX - box.width - 16);
  if (y + box.height > innerHeight - 6) y = Math.max(6, innerHeight - box.height - 6);
  tip.style.left = x + "px";
  tip.style.top = y + "px";
}
function hideTip() { tip.hidden = true; }
function hover(event, id) {
  if (hot !== id) { hot = id; markHot(); }
  if (id === null) hideTip(); else showTip(event, trialText(trialOf.get(id)));
}
function choose(id) {
  chosen = id === chosen ? null : id;
  card.hidden = chosen === null;
  if (chosen !== null) {
    const close = element("button", {class: "close", type: "button", "aria-label": "Close"}, "×");
    close.onclick = () => choose(chosen);
    card.replaceChildren(close, trialText(trialOf.get(chosen)));
  }
  hot = null;
  hideTip();
  markHot();
}
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && chosen !== null) choose(chosen);
});

// Lets the pointer find the nearest of `points` ({x, y, trial} in the svg's own units).
function followPointer(svg, points, reach = 34) {
  const find = event => {
    const [x, y] = d3.clientPoint(svg.node(), event);
    let nearest = null, least = reach * reach;
    for (const p of points) {
      const d = (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y);
      if (d < least && isShown(trialOf.get(p.trial))) { least = d; nearest = p.trial; }
    }
    return nearest;
  };
  svg.on("mousemove", () => hover(d3.event, find(d3.event)))
    .on("mouseleave", () => hover(d3.event, null))
    .on("click", () => { const id = find(d3.event); if (id !== null) choose(id); });
}

// ---- Figures.

const figures = [];
// Adds a figure to `parent` and draws it. `draw(figure)` returns nothing; options: wide, caption,
// controls ([{text, ...}] made by the chart itself).
function addFigure(parent, name, title, draw, options = {}) {
  const figure = element("figure", {"data-chart": name});
  if (options.wide) figure.classList.add("wide");
  const controls = element("div", {class: "controls"});
  figure.append(element("div", {class: "head"}, element("h3", {}, title), controls));
  const place = element("div", {class: "place"});
  figure.append(place);
  if (options.legend) figure.append(options.legend);
  if (options.caption) figure.append(element("figcaption", {}, options.caption));
  parent.append(figure);
  const self = {figure, place, controls, draw: () => { place.replaceChildren(); draw(self); }};
  figures.push(self);
  return self;
}
function addSection(title) {
  const grid = element("div", {class: "grid"});
  document.getElementById("charts").append(element("h2", {}, title), grid);
  return grid;
}
// A row of buttons of which one is down; calls back with its index.
function addSwitch(self, words, pick) {
  const buttons = words.map((word, i) => {
    const button = element("button", {type: "button", "aria-pressed": i === 0}, word);
    button.onclick = () => {
      buttons.forEach(other => other.setAttribute("aria-pressed", other === button));
      pick(i);
      self.draw();
      applyFilter();
    };
    self.controls.append(button);
    return button;
  });
}
// An svg that fills the figure: {svg, width, height, inner sizes and margins}.
function canvas(self, height, margin) {
  const width = Math.max(260, self.place.clientWidth || self.figure.clientWidth - 28);
  const svg = d3.select(self.place).append("svg").attr("class", "chart").attr("role", "img")
    .attr("aria-label", self.figure.querySelector("h3").textContent)
    .attr("viewBox", `0 0 ${width} ${height}`);
  return {svg, width, height, left: margin.left, right: width - margin.right, top: margin.top,
          bottom: height - margin.bottom};
}
// Ticks for a linear or log scale of about so many.
function bottomAxis(c, scale, label, options = {}) {
  const format = options.format || (v => num(v, 4));
  let ticks = options.ticks || scale.ticks(Math.max(3, Math.floor((c.right - c.left) / 80)));
  const widest = d3.max(ticks, t => String(format(t)).length) * 7 + 12;
  if (ticks.length > 2 && !options.ticks && Math.abs(scale(ticks[1]) - scale(ticks[0])) < widest) ticks = ticks.filter((t, i) => i % 2 === 0);
  const g = c.svg.append("g").attr("class", "axis");
  g.append("line").attr("x1", c.left).attr("x2", c.right).attr("y1", c.bottom).attr("y2", c.bottom);
  for (const t of ticks) {
    g.append("line").attr("x1", scale(t)).attr("x2", scale(t)).attr("y1", c.bottom).attr("y2", c.bottom + 4);
    g.append("text").attr("x", scale(t)).attr("y", c.bottom + 17).attr("text-anchor", "middle")
      .text(format(t));
  }
  if (label) {
    g.append("text").attr("class", "title").attr("x", c.right).attr("y", c.bottom + 34)
      .attr("text-anchor", "end").text(label);
  }
}
function leftAxis(c, scale, label, options = {}) {
  const ticks = options.ticks || scale.ticks(Math.max(3, Math.floor((c.bottom - c.top) / 44)));
  const g = c.svg.append("g").attr("class", "axis");
  // As many decimals as tell neighbours apart.
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1;
  const decimals = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9)));
  const plain = v => Math.abs(v) >= 1e7 || (step < 1e-6) ? num(v, 4) : d3.format(",." + decimals + "f")(v);
  for (const t of ticks) {
    g.append("line").attr("class", "gridline").attr("x1", c.left).attr("x2", c.right).attr("y1", scale(t)).attr("y2", scale(t));
    g.append("text").attr("x", c.left - 7).attr("y", scale(t) + 4).attr("text-anchor", "end")
      .text((options.format || plain)(t));
  }
  if (label) {
    g.append("text").attr("class", "title").attr("x", 0).attr("y", c.top - 12).text(label);
  }
}
// The range that scores are drawn in: all of them, unless a few bad ones would press the others
// together; those are then drawn at the edge.
function scoreDomain(values) {
  const sorted = values.filter(v => v !== null && isFinite(v)).sort(d3.ascending);
  if (sorted.length === 0) return [0, 1];
  let low = sorted[0], high = sorted[sorted.length - 1];
  const near = maximize ? high : low;
  // Half of the trials take a third of the height; the worst of the rest stand at the edge.
  const middle = d3.quantile(sorted, 0.5);
  const reach = Math.abs(near - middle) * 3;
  if (reach > 0) {
    if (maximize) low = Math.max(low, near - reach); else high = Math.min(high, near + reach);
  }
  if (low === high) { const pad = Math.abs(low) * 0.05 || 0.5; low -= pad; high += pad; }
  const pad = (high - low) * 0.05;
  return [low - pad, high + pad];
}
const clampTo = (domain, v) => Math.max(domain[0], Math.min(domain[1], v));
const fate = t => t.id === bestId ? "winner" : t.state;
const scoreLabel = study.metric + (maximize ? " (higher is better)" : " (lower is better)");

// A small picture and a word for each kind of mark.
function legend(entries) {
  const box = element("div", {class: "legend"});
  for (const [kind, text, shape] of entries) {
    const svg = d3.create("svg").attr("width", 20).attr("height", 12);
    if (shape === "dot") svg.append("circle").attr("class", "dot " + kind).attr("cx", 10).attr("cy", 6).attr("r", 4.5);
    else if (shape === "box") svg.append("rect").attr("class", "trial " + kind).attr("x", 3).attr("width", 14).attr("height", 11).attr("rx", 2);
    else if (shape === "band") svg.append("rect").attr("class", kind).attr("width", 20).attr("height", 12);
    else svg.append("path").attr("class", kind).attr("d", "M0,6H20");
    box.append(element("span", {}, svg.node(), text));
  }
  return box;
}
function statesLegend(shape, kind, states) {
  const there = states || new Set(trials.map(t => t.state));
  const entries = stateWords.filter(s => there.has(s)).map(s => [kind + " " + s, s, shape]);
  if (bestId !== null) entries.push([kind + " winner", "the best", shape]);
  return entries;
}
