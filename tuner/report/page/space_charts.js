// ---- Charts of the search space: parallel coordinates, slices, importance.

// A parameter's scale from a value to [0, 1], as the search sees it, with ticks. Values outside of
// the range (of trials made before it was changed) widen it.
function axisOf(p) {
  if (p.kind === "categorical") {
    const words = p.values.map(String);
    for (const t of trials) {
      const v = t.config[p.name];
      if (v !== undefined && !words.includes(String(v))) words.push(String(v));
    }
    const place = v => words.length === 1 ? 0.5 : (words.indexOf(String(v)) + 0.5) / words.length;
    return {name: p.name, words, at: place, ticks: words, text: v => String(v), note: ""};
  }
  let low = p.min, high = p.max;
  for (const t of trials) {
    const v = t.config[p.name];
    if (typeof v === "number") { low = Math.min(low, v); high = Math.max(high, v); }
  }
  const origin = p.kind === "int" ? Math.max(1, p.max / 1000) : p.max / 1000;
  const forms = {
    linear: x => x, log: x => Math.log(x), log0: x => Math.log1p(x / origin), reverse_log: x => -Math.log1p(-x),
  };
  let form = forms[p.scale] || forms.linear;
  if (p.scale === "log" && low <= 0) form = forms.linear;
  if (high === low) return {name: p.name, at: () => 0.5, ticks: [low], text: v => num(v, 3), note: ""};
  const [a, b] = [form(low), form(high)];
  const at = v => (form(v) - a) / (b - a);
  let ticks;
  if (p.scale === "log") ticks = logTicks(low, high);
  else if (p.scale === "log0") ticks = (low === 0 ? [0] : []).concat(logTicks(Math.max(low, origin * 2), high));
  else if (p.scale === "reverse_log") ticks = [0, 0.5, 0.9, 0.99, 0.999, 0.9999].filter(v => v >= low && v <= high);
  else ticks = d3.scaleLinear().domain([low, high]).ticks(5).filter(v => p.kind !== "int" || Number.isInteger(v));
  if (ticks.length < 2) ticks = [low, high];
  const note = p.scale === "linear" ? "" : p.scale.replace("_", " ");
  return {name: p.name, at, ticks, text: v => num(v, 3), note};
}
// Of ticks at places (px), those that leave so many pixels to the one before.
function spaced(ticks, place, gap) {
  const kept = [];
  for (const t of ticks) if (kept.length === 0 || Math.abs(place(t) - place(kept[kept.length - 1])) >= gap) kept.push(t);
  return kept;
}
const axes = data.parameters.map(axisOf).filter(axis => {
  const values = new Set(trials.map(t => String(t.config[axis.name])));
  return values.size > 1;
});

function addParallel(parent) {
  if (axes.length < 2 || scored.length < 3) return;
  const domain = scoreDomain(scored.map(t => t.score));
  const range = d3.scaleLinear().domain(domain).range([0, 1]);
  const scoreAxis = {name: study.metric, isScore: true, at: v => range(clampTo(domain, v)), ticks: range.ticks(6), text: v => num(v, 5), note: ""};
  const all = axes.concat([scoreAxis]);
  const draw = self => {
    const narrow = self.place.clientWidth < 560;
    const c = canvas(self, narrow ? 70 + all.length * 54 : 400, narrow ? {left: 20, right: 20, top: 26, bottom: 20} : {left: 46, right: 62, top: 44, bottom: 38});
    filter.ranges.clear();
    // On a phone the axes lie flat, one below the other.
    const along = narrow ? [c.left + 4, c.right - 4] : [c.bottom, c.top];
    const across = d3.scaleLinear().domain([0, all.length - 1]).range(narrow ? [c.top + 16, c.bottom - 20] : [c.left, c.right]);
    const place = (axis, v) => along[0] + (along[1] - along[0]) * axis.at(v);
    // Where a parameter is not active.
    const nowhere = narrow ? c.left - 10 : c.bottom + 20;
    const spot = (axis, t) => {
      const v = axis.isScore ? t.score : t.config[axis.name];
      return v === undefined ? nowhere : place(axis, v);
    };
    const g = c.svg.append("g").attr("class", "front");
    const lines = new Map();
    for (const t of ranked.slice().reverse()) {
      const points = all.map((axis, i) => narrow ? [spot(axis, t), across(i)] : [across(i), spot(axis, t)]);
      lines.set(t.id, points);
      g.append("path").attr("class", "mark trial parallel " + (t.id === bestId ? "winner good" : good.has(t.id) ? "good" : "")).attr("data-trial", t.id).attr("d", d3.line()(points));
    }
    all.forEach((axis, i) => {
      const at = across(i);
      const a = c.svg.append("g").attr("class", "axis");
      if (narrow) {
        a.append("line").attr("x1", along[0]).attr("x2", along[1]).attr("y1", at).attr("y2", at);
        a.append("text").attr("class", (axis.isScore ? "best" : "title") + " halo").attr("x", c.left).attr("y", at - 6).text(axis.name);
        const kept = spaced(axis.ticks, v => place(axis, v), 44);
        for (const v of kept) a.append("text").attr("class", "halo").attr("x", place(axis, v)).attr("y", at + 13).attr("text-anchor", "middle").style("font-size", "10px").text(axis.text(v));
      } else {
        a.append("line").attr("x1", at).attr("x2", at).attr("y1", c.top).attr("y2", c.bottom);
        const last = i === all.length - 1;
        const label = a.append("text").attr("class", axis.isScore ? "best" : "title").attr("x", at).attr("y", c.top - (i % 2 && all.length > 6 ? 28 : 12)).attr("text-anchor", last ? "end" : i === 0 ? "start" : "middle");
        label.text(axis.name);
        if (last) label.attr("x", at + 40);
        if (i === 0) label.attr("x", at - 30);
        for (const v of spaced(axis.ticks, t => place(axis, t), 17)) {
          a.append("line").attr("x1", at - 3).attr("x2", at + 3).attr("y1", place(axis, v)).attr("y2", place(axis, v));
          a.append("text").attr("class", "halo").attr("x", i === 0 ? at - 6 : at + 6).attr("y", place(axis, v) + 4).attr("text-anchor", i === 0 ? "end" : "start").text(axis.text(v));
        }
      }
      // A stroke along an axis keeps the trials inside of it.
      const brush = (narrow ? d3.brushX() : d3.brushY())
        .extent(narrow ? [[c.left - 14, at - 9], [c.right, at + 9]] : [[at - 11, c.top], [at + 11, c.bottom + 24]])
        .on("brush end", () => {
          const s = d3.event.selection;
          if (s === null) filter.ranges.delete(axis.name);
          else filter.ranges.set(axis.name, t => {
            if (axis.isScore && t.score === null) return false;
            const px = spot(axis, t);
            return px >= s[0] && px <= s[1];
          });
          applyFilter();
        });
      a.append("g").attr("class", "brush").attr("data-axis", axis.name).call(brush);
    });
    // The nearest line, measured between the two axes around the pointer.
    const find = event => {
      const [x, y] = d3.clientPoint(c.svg.node(), event);
      const [u, v] = narrow ? [y, x] : [x, y];
      const i = Math.max(0, Math.min(all.length - 2, Math.floor(across.invert(u))));
      const part = across.invert(u) - i;
      let nearest = null, least = 14;
      for (const [id, points] of lines) {
        const p = narrow ? 0 : 1;
        const d = Math.abs(points[i][p] + (points[i + 1][p] - points[i][p]) * part - v);
        if (d < least && isShown(trialOf.get(id))) { least = d; nearest = id; }
      }
      return nearest;
    };
    c.svg.on("mousemove", () => hover(d3.event, find(d3.event))).on("mouseleave", () => hover(d3.event, null))
      .on("click", () => { const id = find(d3.event); if (id !== null) choose(id); });
    self.controls.replaceChildren();
    const clear = element("button", {type: "button"}, "clear selections");
    clear.onclick = () => { self.draw(); applyFilter(); };
    self.controls.append(clear);
  };
  addFigure(parent, "parallel", "All parameters at once", draw, {
    wide: true,
    legend: legend([["trial parallel winner good", "the best", "line"], ["trial parallel good", `the best ${good.size} of ${scored.length}`, "line"], ["trial parallel", "other trials", "line"]]),
    caption: "A line is a trial. Drag along an axis to keep only the trials inside, in every chart of this page. Where a parameter is not active, the line leaves its axis" + ".",
  });
}

// One parameter against the score; the band spans the values of the best tenth.
function addSlices(parent) {
  if (scored.length < 3 || axes.length === 0) return;
  const grid = element("div", {class: "grid three"});
  parent.after(grid);
  const words = element("p", {class: "source"}, `One parameter against ${study.metric}. The band spans the values of the best ${good.size} trials: where it touches an end, a wider range may hold better ones.`);
  parent.after(words);
  for (const axis of axes) {
    const list = scored.filter(t => t.config[axis.name] !== undefined);
    if (list.length < 3) continue;
    const draw = self => {
      const c = canvas(self, 210, {left: 56, right: 12, top: 24, bottom: 28});
      const domain = scoreDomain(scored.map(t => t.score));
      const y = d3.scaleLinear().domain(domain).range([c.bottom, c.top]);
      const x = v => c.left + 8 + (c.right - c.left - 16) * axis.at(v);
      leftAxis(c, y, study.metric);
      const best = list.filter(t => good.has(t.id)).map(t => x(t.config[axis.name]));
      if (best.length > 1 && !axis.words) {
        const [from, to] = d3.extent(best);
        c.svg.append("rect").attr("class", "goodband").attr("x", from - 4).attr("width", to - from + 8).attr("y", c.top).attr("height", c.bottom - c.top);
      }
      const g = c.svg.append("g").attr("class", "axis");
      g.append("line").attr("x1", c.left).attr("x2", c.right).attr("y1", c.bottom).attr("y2", c.bottom);
      for (const v of spaced(axis.ticks, x, axis.words ? 30 : 42)) {
        g.append("line").attr("x1", x(v)).attr("x2", x(v)).attr("y1", c.bottom).attr("y2", c.bottom + 4);
        g.append("text").attr("x", x(v)).attr("y", c.bottom + 17).attr("text-anchor", "middle").text(axis.text(v));
      }
      // Words are a few places for many trials: spread by the number, the same every time.
      const spread = t => axis.words ? ((t.id * 0.618034) % 1 - 0.5) * Math.min(60, (c.right - c.left) / axis.words.length * 0.6) : 0;
      const order = list.slice().sort((a, b) => (a.id === bestId) - (b.id === bestId));
      followPointer(c.svg, drawDots(c, order, t => x(t.config[axis.name]) + spread(t), t => y(clampTo(domain, t.score)), scored.length > 200 ? 2.4 : 3.4), 26);
    };
    addFigure(grid, "slice", axis.name + (axis.note ? ` (${axis.note} scale)` : ""), draw);
  }
}

function addImportance(parent) {
  const list = data.importance || [];
  if (list.length < 2) return;
  const draw = self => {
    const names = d3.max(list, p => p.name.length);
    const c = canvas(self, 34 + list.length * 26, {left: Math.min(180, 18 + names * 7.2), right: 62, top: 4, bottom: 28});
    const x = d3.scaleLinear().domain([0, d3.max(list, p => p.high)]).range([c.left, c.right]);
    const y = d3.scaleBand().domain(list.map(p => p.name)).range([c.top, c.bottom]).padding(0.3);
    bottomAxis(c, x, "", {ticks: x.ticks(5), format: d3.format(".0%")});
    for (const p of list) {
      const middle = y(p.name) + y.bandwidth() / 2 + 4;
      c.svg.append("rect").attr("class", "mark bar" + (p.chance ? " chance" : "")).attr("x", c.left).attr("width", Math.max(1, x(p.share) - c.left)).attr("y", y(p.name)).attr("height", y.bandwidth());
      c.svg.append("text").attr("class", "title").attr("x", c.left - 7).attr("y", middle).attr("text-anchor", "end").text(p.name);
      const row = y(p.name) + y.bandwidth() / 2;
      const whisker = c.svg.append("g").attr("class", "span");
      whisker.append("line").attr("x1", x(p.low)).attr("x2", x(p.high)).attr("y1", row).attr("y2", row);
      for (const end of [p.low, p.high]) {
        whisker.append("line").attr("x1", x(end)).attr("x2", x(end)).attr("y1", row - 4).attr("y2", row + 4);
      }
      c.svg.append("text").attr("x", x(p.high) + 6).attr("y", middle).text(d3.format(".0%")(p.share) + (p.chance ? " ?" : ""));
    }
  };
  addFigure(parent, "importance", "Which parameters matter", draw, {
    wide: true,
    caption: "How far the values of the best fifth of the trials differ from those of all trials, less what chance would show (PED-ANOVA), as shares; the lines are where 90 % of them lie when the trials are drawn again. " +
      (list.some(p => p.chance) ? "Pale, with ?: no more than chance. " : "") + "Of the values that were tried: a search that has settled on some values tells little about others.",
  });
}
