// ---- What is said in words and tables: the summary, the filters, the trials, the spec.

// The signs that terminals do without.
const pretty = text => text.replace(/ \+- /g, " ± ").replace(/ -> /g, " → ");
// "0.99532 ± 0.00099": two digits of the error, and the value to the same place.
function withError(value, error) {
  if (!error) return num(value, 6);
  const decimals = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(error))));
  const format = d3.format("," + "." + decimals + "f");
  return `${format(value)} ± ${format(error)}`;
}

function addSummary() {
  const place = document.getElementById("summary");
  const verdict = element("div", {class: "verdict"});
  data.verdict.forEach(text => verdict.append(element("p", {}, pretty(text))));
  data.notices.forEach(text => verdict.append(element("p", {class: "notice"}, pretty(text))));
  place.append(verdict);
  const tiles = element("div", {class: "tiles"});
  const tile = (label, value, more, kind = "") => tiles.append(element("div", {class: "tile " + kind},
    element("div", {class: "label"}, label), element("div", {class: "value"}, value), element("div", {class: "more"}, more)));
  const n = data.numbers;
  if (n.best) tile(trials.length > 1 ? `best ${study.metric}, trial ${n.best.trial}` : study.metric, withError(n.best.score, n.best.se), n.best.se ? "score ± standard error" : scoreLabel, "best");
  if (n.test) {
    const names = Object.keys(n.test);
    const own = names.includes(study.metric) ? study.metric : names[0];
    const others = names.filter(name => name !== own).map(name => `${name} ${num(n.test[name], 4)}`).join(", ");
    tile(`test ${own}`, num(n.test[own], 5), others || "rows that no trial has seen");
  }
  if (n.gain) {
    tile("gain over the default", withError(n.gain.gain, n.gain.se), n.gain.within_noise ? "no gain beyond noise" : n.gain.se ? "beyond noise" : "one split: its noise is not known");
  }
  const counts = Object.entries(n.states);
  const bar = element("div", {class: "states"});
  for (const [state, count] of counts) {
    const part = element("span", {class: state, title: `${count} ${state}`});
    part.style.flex = String(count);
    part.style.background = "var(--own)";
    bar.append(part);
  }
  tile("trials", String(trials.length), "");
  tiles.lastChild.querySelector(".more").append(bar, counts.map(([s, c]) => `${c} ${s}`).join(", "));
  tile("time", n.time, trials.length > 1 ? `${study.strategy} search, ${plural(study.slots, "trial")} at once` : study.external ? "" : study.objective);
  place.append(tiles);
}

function addFilters() {
  const place = document.getElementById("filters");
  const states = stateWords.filter(s => trials.some(t => t.state === s));
  if (trials.length < 2) { place.remove(); return; }
  const shown = element("span", {class: "shown", id: "shown"});
  const chips = states.map(state => {
    const chip = element("button", {type: "button", class: "chip " + state, "aria-pressed": "true", "data-state": state},
      element("span", {class: "swatch"}), `${state} ${trials.filter(t => t.state === state).length}`);
    chip.onclick = () => {
      const on = !filter.states.has(state);
      if (on) filter.states.add(state); else filter.states.delete(state);
      chip.setAttribute("aria-pressed", on);
      applyFilter();
    };
    place.append(chip);
    return chip;
  });
  const reset = element("button", {type: "button", id: "reset"}, "show all");
  reset.onclick = () => {
    states.forEach(s => filter.states.add(s));
    chips.forEach(chip => chip.setAttribute("aria-pressed", true));
    filter.ranges.clear();
    for (const f of figures) if (f.figure.dataset.chart === "parallel") f.draw();
    if (chosen !== null) choose(chosen);
    applyFilter();
  };
  place.append(shown, reset);
  watchers.push(set => {
    shown.textContent = `${set.size} of ${plural(trials.length, "trial")} shown`;
    reset.hidden = set.size === trials.length && filter.ranges.size === 0;
  });
}

function addTable() {
  const place = document.getElementById("table");
  if (trials.length === 0) { place.remove(); return; }
  const varying = [...new Set([].concat(...trials.map(t => Object.keys(t.config))))]
    .filter(name => new Set(trials.map(t => String(t.config[name]))).size > 1 || trials.length === 1);
  const has = of => trials.some(t => { const v = of(t); return v !== null && v !== undefined && v !== 0; });
  // Scores of a column with equally many decimals, so that they can be compared down the column.
  const fixed = of => {
    const sizes = trials.map(of).filter(v => typeof v === "number").map(Math.abs).sort(d3.ascending);
    const size = d3.quantile(sizes, 0.5) || 1;
    const decimals = Math.max(0, Math.min(9, 5 - Math.ceil(Math.log10(size) + 1e-9) + (size < 1 ? 1 : 0)));
    return d3.format(",." + decimals + "f");
  };
  const measured = (name, of, extra) => ({name, of, text: fixed(of), ...extra});
  const columns = [
    {name: "rank", of: t => t.rank || null, digits: 9},
    {name: "trial", of: t => t.id, digits: 9},
    measured(study.metric, t => t.score, {down: maximize}),
    {name: "std error", of: t => t.se, text: fixed(t => t.score)},
    ...Object.keys((trials.find(t => t.metrics) || {metrics: {}}).metrics).map(name => measured(name, t => (t.metrics || {})[name])),
    {name: "best round", of: t => t.round || null, digits: 9},
    {name: "rounds", of: t => t.rounds || null, digits: 9},
    {name: "state", of: t => t.state, word: true},
    {name: "work", of: t => t.seconds || null, text: v => seconds(v)},
    ...varying.map(name => ({name, of: t => t.config[name], digits: 4})),
    {name: "reason", of: t => t.reason || null, word: true, long: true},
  ].filter(c => has(c.of) || c.name === "rank" || c.name === "trial");
  place.append(element("h2", {}, "Trials"));
  const table = element("table");
  place.append(element("div", {class: "scroll"}, table));
  const under = element("div", {class: "under"});
  place.append(under);
  let by = columns[0], down = false, all = trials.length <= 25;
  const render = () => {
    const value = t => by.of(t);
    const lacks = v => v === null || v === undefined;
    const rows = trials.slice().sort((a, b) => {
      const x = value(a), y = value(b);
      if (lacks(x) || lacks(y)) return lacks(x) - lacks(y) || a.id - b.id;
      const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y));
      return (down ? -order : order) || a.id - b.id;
    });
    const head = element("tr");
    for (const c of columns) {
      const button = element("button", {type: "button"}, c.name + (c === by ? (down ? " ▾" : " ▴") : ""));
      button.onclick = () => { down = c === by ? !down : Boolean(c.down); by = c; render(); };
      head.append(element("th", {class: c.long ? "word long" : c.word ? "word" : null, "aria-sort": c === by ? (down ? "descending" : "ascending") : null}, button));
    }
    const body = element("tbody");
    let n = 0;
    for (const t of rows) {
      if (!isShown(t)) continue;
      if (++n > 20 && !all) continue;
      const row = element("tr", {"data-trial": t.id});
      for (const c of columns) {
        const v = c.of(t);
        row.append(element("td", {title: c.long ? v : null, class: c.long ? "long" : c.word || typeof v === "string" ? "word" : null}, lacks(v) ? "" : c.text ? c.text(v) : num(v, c.digits)));
      }
      row.onclick = () => choose(t.id);
      row.onmouseenter = () => { hot = t.id; markHot(); };
      row.onmouseleave = () => { hot = null; markHot(); };
      body.append(row);
    }
    table.replaceChildren(element("thead", {}, head), body);
    under.replaceChildren(element("span", {}, all || n <= 20 ? plural(n, "trial") : `the first 20 of ${n}`));
    if (trials.length > 25) {
      const more = element("button", {type: "button"}, all ? "only the first 20" : "show every one");
      more.onclick = () => { all = !all; render(); };
      under.append(more);
    }
    markHot();
  };
  watchers.push(render);
}

// JSON for people: what fits into a line stands in one.
function written(value, indent) {
  const line = JSON.stringify(value, null, 1).replace(/\n\s*/g, " ").replace(/^\[ /, "[").replace(/ \]$/, "]").replace(/^\{ /, "{").replace(/ \}$/, "}");
  if (value === null || typeof value !== "object" || (indent !== "" && line.length + indent.length < 100)) return line;
  const inner = indent + "  ";
  const parts = Array.isArray(value) ? value.map(v => inner + written(v, inner))
    : Object.entries(value).map(([k, v]) => inner + JSON.stringify(k) + ": " + written(v, inner));
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return open + "\n" + parts.join(",\n") + "\n" + indent + close;
}

function addAbout() {
  const place = document.getElementById("about");
  place.append(element("h2", {}, "Spec"));
  const text = written(data.spec, "");
  place.append(element("details", {open: ""}, element("summary", {}, "The resolved spec: with the same data it makes the same study again"), element("pre", {}, text)));
  place.append(element("h2", {}, "Versions"));
  const list = element("dl");
  const when = s => new Date(s * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
  const rows = [["study begun", `${when(study.created_at)} by ${study.program}`],
                ["page made", `${when(study.made_at)} by ${study.program_now}`],
                ["decisions", String(study.decisions)], ["seed", String(study.seed)]];
  if (study.data_hash) rows.push(["data", "content hash " + study.data_hash]);
  rows.push(["charts", "d3 " + d3.version]);
  for (const [a, b] of rows) list.append(element("dt", {}, a), element("dd", {}, b));
  place.append(list);
}
