// ---- Charts of trials: the history of the search, learning curves, the folds of the best trial.

function drawDots(c, list, x, y, radius) {
  const g = c.svg.append("g").attr("class", "front");
  const points = [];
  for (const t of list) {
    const px = x(t), py = y(t);
    g.append("circle").attr("class", "mark trial dot " + fate(t) + (t.state === "pruned" || t.state === "paused" ? " hollow" : ""))
      .attr("data-trial", t.id).attr("cx", px).attr("cy", py).attr("r", t.id === bestId ? radius + 2 : radius);
    points.push({x: px, y: py, trial: t.id});
  }
  return points;
}

function addHistory(parent) {
  if (scored.length === 0) return;
  const timed = scored.filter(t => t.ended !== undefined).length === scored.length && scored.length > 1;
  let byTime = false;
  const draw = self => {
    const c = canvas(self, 330, {left: 62, right: 18, top: 26, bottom: 44});
    const at = t => byTime ? t.ended : t.id;
    const order = scored.slice().sort((a, b) => at(a) - at(b));
    const domain = scoreDomain(scored.map(t => t.score));
    const y = d3.scaleLinear().domain(domain).range([c.bottom, c.top]);
    const end = byTime ? data.numbers.seconds : d3.max(trials, t => t.id);
    const x = d3.scaleLinear().domain([byTime ? 0 : -0.5, Math.max(end, 1)]).range([c.left, c.right]);
    leftAxis(c, y, scoreLabel);
    const whole = x.ticks(6).filter(v => byTime || Number.isInteger(v));
    bottomAxis(c, x, byTime ? "time since the start" : "trial", {ticks: whole, format: byTime ? clock : v => v});
    const base = trialOf.get(0);
    if (base && base.score !== null && bestId !== 0) {
      const v = y(clampTo(domain, base.score));
      c.svg.append("line").attr("class", "reference").attr("x1", c.left).attr("x2", c.right).attr("y1", v).attr("y2", v);
      c.svg.append("text").attr("x", c.right).attr("y", v + (maximize ? 14 : -6)).attr("class", "halo").attr("text-anchor", "end").text("default " + num(base.score));
    }
    const top = trialOf.get(bestId);
    if (top.se) {
      const [a, b] = [y(clampTo(domain, top.score + top.se)), y(clampTo(domain, top.score - top.se))];
      c.svg.append("rect").attr("class", "goodband").attr("x", c.left).attr("width", c.right - c.left).attr("y", Math.min(a, b)).attr("height", Math.abs(b - a));
    }
    // Best so far, as a step at each trial that was better than all before it.
    let best = null, path = "";
    for (const t of order) {
      if (best !== null && (maximize ? t.score <= best : t.score >= best)) continue;
      path += best === null ? `M${x(at(t))},${y(clampTo(domain, t.score))}` : `H${x(at(t))}V${y(clampTo(domain, t.score))}`;
      best = t.score;
    }
    if (best !== null) c.svg.append("path").attr("class", "mark bestline").attr("d", path + "H" + c.right);
    const whiskers = c.svg.append("g");
    for (const t of scored) {
      if (!t.se || scored.length > 150) continue;
      whiskers.append("line").attr("class", "trial whisker " + fate(t)).attr("data-trial", t.id).attr("x1", x(at(t))).attr("x2", x(at(t)))
        .attr("y1", y(clampTo(domain, t.score - t.se))).attr("y2", y(clampTo(domain, t.score + t.se)));
    }
    followPointer(c.svg, drawDots(c, order, t => x(at(t)), t => y(clampTo(domain, t.score)), scored.length > 200 ? 2.8 : 4));
    // Trials without a score stand below the axis, so that none is lost.
    const lost = trials.filter(t => t.score === null && (t.state === "failed" || t.state === "cancelled") && (!byTime || t.ended !== undefined));
    followLost(c, lost, t => x(at(t)));
  };
  const entries = statesLegend("dot", "");
  for (const e of entries) if (e[1] === "pruned" || e[1] === "paused") e[0] += " hollow";
  entries.push(["bestline", "best so far", "line"]);
  const top = trialOf.get(bestId);
  if (top.se) entries.push(["goodband", "one standard error of the best", "band"]);
  const self = addFigure(parent, "history", "History", draw, {legend: legend(entries), wide: true});
  if (timed) addSwitch(self, ["by trial", "by time"], i => { byTime = i === 1; });
}
function followLost(c, lost, x) {
  const g = c.svg.append("g");
  for (const t of lost) {
    const px = x(t), py = c.bottom - 5;
    const mark = g.append("path").attr("class", "trial mark " + t.state).attr("data-trial", t.id).attr("stroke-width", 2)
      .attr("d", `M${px - 4},${py - 4}l8,8m0,-8l-8,8`);
    mark.on("mousemove", () => { hover(d3.event, t.id); d3.event.stopPropagation(); }).on("click", () => { choose(t.id); d3.event.stopPropagation(); });
  }
}

function addCurves(parent) {
  if (data.curves.length === 0) return;
  let logX = true;
  const draw = self => {
    const c = canvas(self, 370, {left: 62, right: 64, top: 26, bottom: 44});
    const ends = data.curves.map(k => k.v[k.v.length - 1]);
    // Ends decide what is worth seeing; the first rounds of all curves would press them together.
    const most = d3.max(data.curves, k => k.r[k.r.length - 1]);
    const seen = [];
    for (const k of data.curves) k.v.forEach((v, i) => { if (v !== null && k.r[i] >= Math.min(most * 0.02, 10)) seen.push(v); });
    const all = scoreDomain(ends.concat(scored.map(t => t.score)));
    const wide = d3.extent(seen.sort(d3.ascending));
    const domain = maximize ? [Math.max(wide[0], all[0] - (all[1] - all[0]) * 0.8), all[1]]
                            : [all[0], Math.min(wide[1], all[1] + (all[1] - all[0]) * 0.8)];
    const y = d3.scaleLinear().domain(domain).range([c.bottom, c.top]);
    // Rounds before any curve comes into view would be an empty stretch.
    const entry = d3.min(data.curves, k => k.r[k.v.findIndex(v => v !== null && v >= domain[0] && v <= domain[1])]);
    const from = Math.max(1, Math.min(Math.floor(entry * 0.85), most / 2));
    const x = (logX ? d3.scaleLog() : d3.scaleLinear()).domain([logX ? from : 1, Math.max(2, most)]).range([c.left, c.right]);
    leftAxis(c, y, scoreLabel);
    bottomAxis(c, x, "boosting round" + (logX ? " (log scale)" : ""), logX ? {ticks: logTicks(from, most), format: v => v} : {});
    const clip = "clip-curves";
    c.svg.append("clipPath").attr("id", clip).append("rect").attr("x", c.left).attr("y", c.top - 4).attr("width", c.right - c.left + 2).attr("height", c.bottom - c.top + 4);
    const line = d3.line().defined(p => p[1] !== null).x(p => x(p[0])).y(p => y(p[1]));
    const g = c.svg.append("g").attr("class", "front" + (data.curves.length > 100 ? " many" : "")).attr("clip-path", `url(#${clip})`);
    const points = [];
    const kindOf = t => t.id === bestId ? "winner" : t.id === 0 ? "base" : t.state;
    const order = data.curves.slice().sort((a, b) => (a.trial === bestId) - (b.trial === bestId) || (a.trial === 0) - (b.trial === 0));
    const foldsOf = d3.max(data.curves, k => k.folds);
    for (const k of order) {
      const t = trialOf.get(k.trial);
      const pairs = k.r.map((r, i) => [r, k.v[i]]);
      g.append("path").attr("class", "mark trial curve " + kindOf(t) + (k.folds < foldsOf ? " part" : "")).attr("data-trial", k.trial).attr("d", line(pairs));
      for (const [r, v] of pairs) if (v !== null) points.push({x: x(r), y: y(v), trial: k.trial});
    }
    const labels = [];
    for (const [id, text, kind] of [[bestId, "the best", "best"], [0, "default", "strong"]]) {
      const k = data.curves.find(curve => curve.trial === id);
      if (!k || (id === 0 && bestId === 0)) continue;
      labels.push({x: x(k.r[k.r.length - 1]) + 5, y: y(clampTo(domain, k.v[k.v.length - 1])) + 4, text, kind});
    }
    if (labels.length === 2 && Math.abs(labels[0].y - labels[1].y) < 14 && Math.abs(labels[0].x - labels[1].x) < 60) labels[1].y = labels[0].y + (labels[1].y < labels[0].y ? -14 : 14);
    for (const l of labels) c.svg.append("text").attr("class", l.kind + " halo").attr("x", l.x).attr("y", l.y).text(l.text);
    const top = trialOf.get(bestId);
    if (top && top.round > 0) {
      c.svg.append("circle").attr("class", "dot winner").attr("cx", x(top.round)).attr("cy", y(clampTo(domain, top.score))).attr("r", 5);
    }
    followPointer(c.svg, points, 26);
  };
  const single = trials.length === 1;
  const entries = single ? [["trial curve winner", study.folds ? "mean of the folds" : "validation rows", "line"]] : statesLegend("line", "trial curve", new Set(data.curves.map(k => trialOf.get(k.trial).state)));
  if (bestId !== 0 && data.curves.some(k => k.trial === 0)) entries.push(["trial curve base", "the default configuration", "line"]);
  const part = d3.max(data.curves, k => k.folds) > d3.min(data.curves, k => k.folds);
  const hidden = trials.filter(t => t.score !== null).length - data.curves.length;
  const self = addFigure(parent, "curves", "Learning curves", draw, {
    wide: true, legend: legend(entries),
    caption: `${study.metric} on validation rows after each round` + (study.folds ? `, mean over ${study.folds}` : "") + (single ? "." : "; the dot is the best round of the best trial.") +
      (part ? " Dotted: stopped before all folds had begun, so that the curve is of those that had." : "") +
      (hidden > 0 && trials.length > 1000 ? ` Only the best ${data.curves.length} trials have curves here.` : ""),
  });
  addSwitch(self, ["log rounds", "linear"], i => { logX = i === 0; });
}
// 1, 2, 5, 10, ... without crowding.
function logTicks(from, to) {
  const ticks = [];
  const many = Math.log10(to / from) > 3.5;
  for (let p = Math.floor(Math.log10(from)); p <= Math.ceil(Math.log10(to)); ++p) {
    for (const m of many ? [1] : [1, 2, 5]) {
      const v = Number((m * Math.pow(10, p)).toPrecision(1));
      if (v >= from * 0.999999 && v <= to * 1.000001) ticks.push(v);
    }
  }
  return ticks;
}

function addFolds(parent) {
  const folds = (data.folds || []).filter(f => f.r.length > 1);
  if (new Set(folds.map(f => f.fold)).size < 2) return;
  const best = trialOf.get(bestId);
  const draw = self => {
    const c = canvas(self, 300, {left: 62, right: 56, top: 26, bottom: 44});
    const most = d3.max(folds, f => f.r[f.r.length - 1]);
    const late = [];
    for (const f of folds) f.v.forEach((v, i) => { if (v !== null && f.r[i] >= Math.min(10, most / 10)) late.push(v); });
    const ends = folds.map(f => f.v[f.v.length - 1]).concat(folds.map(f => f.v[f.r.indexOf(best.round)]).filter(v => v !== undefined));
    const [low, high] = d3.extent(ends);
    const pad = (high - low || Math.abs(high) * 0.1 || 1) * 0.9;
    const seen = d3.extent(late);
    const domain = maximize ? [Math.max(seen[0], low - pad), Math.min(seen[1], high + pad)] : [Math.max(seen[0], low - pad), Math.min(seen[1], high + pad)];
    const y = d3.scaleLinear().domain(domain).range([c.bottom, c.top]);
    const x = d3.scaleLinear().domain([1, most]).range([c.left, c.right]);
    leftAxis(c, y, scoreLabel);
    bottomAxis(c, x, "boosting round");
    c.svg.append("clipPath").attr("id", "clip-folds").append("rect").attr("x", c.left).attr("y", c.top - 4).attr("width", c.right - c.left + 2).attr("height", c.bottom - c.top + 4);
    const line = d3.line().defined(p => p[1] !== null).x(p => x(p[0])).y(p => y(p[1]));
    const g = c.svg.append("g").attr("clip-path", "url(#clip-folds)");
    const ended = [];
    for (const f of folds) {
      g.append("path").attr("class", "mark fold " + f.part).attr("d", line(f.r.map((r, i) => [r, f.v[i]])));
      // Of repeats there are too many lines to name each.
      if (f.part === "validation" && !(study.repeats > 1)) ended.push({y: y(clampTo(domain, f.v[f.v.length - 1])), x: x(f.r[f.r.length - 1]), text: "fold " + f.fold});
    }
    ended.sort((a, b) => a.y - b.y).forEach((e, i) => { if (i > 0) e.y = Math.max(e.y, ended[i - 1].y + 12); });
    for (const e of ended) c.svg.append("text").attr("x", e.x + 5).attr("y", e.y + 4).text(e.text);
    const mean = data.curves.find(k => k.trial === bestId);
    if (mean) g.append("path").attr("class", "mark mean").attr("d", line(mean.r.map((r, i) => [r, mean.v[i]])));
    if (best.round > 0) {
      c.svg.append("line").attr("class", "reference").attr("x1", x(best.round)).attr("x2", x(best.round)).attr("y1", c.top).attr("y2", c.bottom);
      const right = x(best.round) > c.left + (c.right - c.left) * 0.7;
      c.svg.append("text").attr("class", "best halo").attr("x", x(best.round) + (right ? -5 : 5)).attr("y", c.bottom - 6).attr("text-anchor", right ? "end" : "start").text("best round " + best.round);
    }
  };
  addFigure(parent, "folds", trials.length > 1 ? "Folds of the best trial" : "Folds", draw, {
    wide: trials.length === 1,
    legend: legend([["fold", "one fold", "line"], ["mean", "mean of the folds", "line"]]),
    caption: `Trial ${bestId}. How far the folds lie apart is how far a score can be trusted.` +
      (study.repeats > 1 ? ` There are ${study.folds}, each repeat of all rows.` : ""),
  });
}

// Rounds that each trial was given: what pruning and early stopping saved.
function addRounds(parent) {
  const list = trials.filter(t => t.rounds > 1);
  if (list.length < 2 || d3.min(list, t => t.rounds) === d3.max(list, t => t.rounds)) return;
  const draw = self => {
    const c = canvas(self, 300, {left: 62, right: 16, top: 26, bottom: 44});
    const x = d3.scaleLinear().domain([-0.7, d3.max(trials, t => t.id) + 0.7]).range([c.left, c.right]);
    const y = d3.scaleLinear().domain([0, d3.max(list, t => t.rounds)]).nice().range([c.bottom, c.top]);
    leftAxis(c, y, "boosting rounds");
    bottomAxis(c, x, "trial", {ticks: x.ticks(6).filter(v => Number.isInteger(v)), format: v => v});
    const width = Math.max(1.2, Math.min(14, (x(1) - x(0)) * 0.72));
    const g = c.svg.append("g");
    const points = [];
    for (const t of list) {
      g.append("rect").attr("class", "mark trial " + fate(t)).attr("data-trial", t.id).attr("x", x(t.id) - width / 2).attr("width", width).attr("y", y(t.rounds)).attr("height", c.bottom - y(t.rounds));
      if (t.round > 0 && width > 3) {
        g.append("line").attr("data-trial", t.id).attr("class", "roundtick").attr("x1", x(t.id) - width / 2).attr("x2", x(t.id) + width / 2).attr("y1", y(t.round)).attr("y2", y(t.round));
      }
      for (let f = 0; f <= 1; f += 0.25) points.push({x: x(t.id), y: c.bottom + (y(t.rounds) - c.bottom) * f, trial: t.id});
    }
    followPointer(c.svg, points, 40);
  };
  const given = d3.sum(list, t => t.rounds);
  const cap = study.max_rounds ? list.length * study.max_rounds : 0;
  addFigure(parent, "rounds", "Where trials ended", draw, {
    legend: legend(statesLegend("box", "", new Set(list.map(t => t.state)))),
    caption: `Rounds that each trial ran for; the light line is its best round.` +
      (cap > given ? ` Together ${num(given)} of the ${num(cap)} that ${list.length} trials may have had (num_round ${study.max_rounds}).` : ""),
  });
}
