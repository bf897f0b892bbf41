// ---- Charts of the winner's model: its features, and how it predicts rows that it has not seen.

function addFeatures(parent) {
  const model = data.model;
  if (!model || model.features.length === 0) return;
  const measures = model.is_linear
    ? [["weight", "weight", "the factor on the feature's value"]]
    : [["total gain", "total_gain", "how much the splits on it lowered the loss, all together"],
       ["mean gain", "gain", "how much a split on it lowered the loss, on average"],
       ["splits", "weight", "how many splits ask for it"],
       ["cover", "cover", "how many rows (as sums of second derivatives) a split on it decides, on average"]];
  let which = 0;
  const draw = self => {
    const [word, key] = measures[which];
    const size = f => Math.abs(f[key]);
    const list = model.features.slice().sort((a, b) => size(b) - size(a)).slice(0, 20);
    const names = Math.min(26, d3.max(list, f => f.name.length));
    const c = canvas(self, 34 + list.length * 21, {left: Math.min(190, 18 + names * 6.9), right: 66, top: 4, bottom: 26});
    const least = Math.min(0, d3.min(list, f => f[key]));
    const x = d3.scaleLinear().domain([least, Math.max(0, d3.max(list, f => f[key]))]).range([c.left, c.right]);
    const y = d3.scaleBand().domain(list.map(f => f.name)).range([c.top, c.bottom]).padding(0.28);
    const sum = key === "total_gain" ? model.sum : null;
    bottomAxis(c, x, "", {ticks: x.ticks(4), format: v => num(v, 3)});
    for (const f of list) {
      const bar = c.svg.append("rect").attr("class", "mark bar").attr("x", x(Math.min(0, f[key]))).attr("width", Math.max(1, Math.abs(x(f[key]) - x(0)))).attr("y", y(f.name)).attr("height", y.bandwidth());
      const m = y(f.name) + y.bandwidth() / 2 + 4;
      const short = f.name.length > 27 ? f.name.slice(0, 25) + "…" : f.name;
      c.svg.append("text").attr("class", "title").attr("x", c.left - 7).attr("y", m).attr("text-anchor", "end").text(short);
      c.svg.append("text").attr("x", x(Math.max(0, f[key])) + 6).attr("y", m).text(sum ? d3.format(f[key] / sum < 0.0995 ? ".1%" : ".0%")(f[key] / sum) : num(f[key], 3));
      bar.on("mousemove", () => {
        const lines = measures.map(([w, k]) => element("tr", {}, element("td", {}, w), element("td", {}, num(f[k], 4))));
        showTip(d3.event, element("div", {}, element("b", {}, f.name), element("table", {}, ...lines)));
      }).on("mouseleave", hideTip);
    }
    self.note.textContent = `${word[0].toUpperCase() + word.slice(1)}: ${measures[which][2]}. ` +
      (model.n_used > list.length ? `The ${list.length} largest of ${plural(model.n_used, "feature")} in use` : `${plural(model.n_used, "feature")} in use`) +
      ` of ${model.n_features}; the model has ${plural(model.rounds, "round")}.`;
  };
  const note = element("figcaption");
  const self = addFigure(parent, "features", "Features of the model", s => { s.note = note; draw(s); }, {wide: true});
  self.figure.append(note);
  if (measures.length > 1) addSwitch(self, measures.map(m => m[0]), i => { which = i; });
}

// ROC and precision-recall share one threshold, which the pointer moves; so does the confusion.
const threshold = {at: null, points: null, watchers: []};
function thresholdPoints() {
  const q = data.quality;
  if (threshold.points) return threshold.points;
  return threshold.points = q.thresholds.map(([cut, tp, fp]) => ({
    cut, tp, fp, tpr: tp / q.positives, fpr: fp / q.negatives, precision: tp + fp > 0 ? tp / (tp + fp) : null,
  }));
}
function setThreshold(point) {
  threshold.at = point;
  for (const watch of threshold.watchers) watch(point);
}
function squareHeight(self) { return Math.min(360, Math.max(270, (self.place.clientWidth || 380) * 0.86)); }
const share = v => v === null ? "–" : d3.format(".1%")(v);
function addThresholdCurve(parent, name, title, xOf, yOf, xLabel, yLabel, reference, caption) {
  const q = data.quality;
  const points = thresholdPoints();
  const drawn = points.filter(p => yOf(p) !== null);
  const draw = self => {
    const c = canvas(self, squareHeight(self), {left: 52, right: 16, top: 26, bottom: 44});
    const x = d3.scaleLinear().domain([0, 1]).range([c.left, c.right]);
    const y = d3.scaleLinear().domain([0, 1]).range([c.bottom, c.top]);
    leftAxis(c, y, yLabel, {format: d3.format(".0%"), ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]});
    bottomAxis(c, x, xLabel, {format: d3.format(".0%"), ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]});
    reference(c, x, y);
    const line = d3.line().x(p => x(xOf(p))).y(p => y(yOf(p)));
    const area = drawn.map(p => [x(xOf(p)), y(yOf(p))]);
    c.svg.append("path").attr("class", "area").attr("d", `M${area[0][0]},${c.bottom}L` + area.map(a => a.join(",")).join("L") + `L${area[area.length - 1][0]},${c.bottom}Z`);
    c.svg.append("path").attr("class", "mark quality").attr("d", line(drawn));
    const dot = c.svg.append("circle").attr("class", "handle").attr("r", 5);
    threshold.watchers.push(p => {
      const v = yOf(p);
      dot.style("display", v === null ? "none" : null).attr("cx", x(xOf(p))).attr("cy", y(v === null ? 0 : v));
    });
    const follow = () => {
      const [px, py] = d3.clientPoint(c.svg.node(), d3.event);
      let nearest = null, least = Infinity;
      for (const p of drawn) {
        const d = Math.hypot(x(xOf(p)) - px, y(yOf(p)) - py);
        if (d < least && p.cut !== null) { least = d; nearest = p; }
      }
      if (nearest === null) return;
      setThreshold(nearest);
      showTip(d3.event, element("table", {}, ...[["threshold", num(nearest.cut, 4)], ["recall", share(nearest.tpr)], ["false alarms", share(nearest.fpr)], ["precision", share(nearest.precision)]]
        .map(([a, b]) => element("tr", {}, element("td", {}, a), element("td", {}, b)))));
    };
    c.svg.on("mousemove", follow).on("click", follow).on("mouseleave", hideTip);
    if (threshold.at) setThreshold(threshold.at);
  };
  addFigure(parent, name, title, draw, {caption});
}
function addBinary(parent) {
  const q = data.quality;
  const rate = q.positives / (q.positives + q.negatives);
  addThresholdCurve(parent, "roc", "ROC", p => p.fpr, p => p.tpr, "false alarms: negatives called positive", "recall: positives found",
    (c, x, y) => c.svg.append("path").attr("class", "reference").attr("d", `M${x(0)},${y(0)}L${x(1)},${y(1)}`),
    `Area ${num(q.auc, 4)}; the dashed line is chance. Move over a curve to move the threshold.`);
  addThresholdCurve(parent, "pr", "Precision and recall", p => p.tpr, p => p.precision, "recall: positives found", "precision: right among those called positive",
    (c, x, y) => {
      c.svg.append("path").attr("class", "reference").attr("d", `M${x(0)},${y(rate)}H${x(1)}`);
      c.svg.append("text").attr("x", x(0) + 6).attr("y", y(rate) - 5).text("share of positives " + share(rate));
    }, `Average precision ${num(q.average_precision, 4)}.`);
}
function addThreshold(parent) {
  const q = data.quality;
  const points = thresholdPoints();
  const names = q.classes || ["0", "1"];
  addFigure(parent, "confusion", "Confusion at a threshold", s => {
    const at = threshold.at;
    const slider = element("input", {type: "range", min: 0, max: points.length - 2, step: 1, "aria-label": "threshold"});
    const words = element("div", {class: "under"});
    s.place.append(slider, element("div", {class: "matrixplace"}), words);
    const show = p => {
      slider.value = points.indexOf(p) - 1;
      drawMatrix(s.place.querySelector(".matrixplace"), names, [q.negatives - p.fp, p.fp, q.positives - p.tp, p.tp]);
      const total = q.positives + q.negatives;
      words.textContent = `Threshold ${num(p.cut, 4)}: accuracy ${share((p.tp + q.negatives - p.fp) / total)}, precision ${share(p.precision)}, recall ${share(p.tpr)}, F1 ${num(2 * p.tp / (2 * p.tp + p.fp + q.positives - p.tp), 3)}.`;
    };
    threshold.watchers.push(show);
    slider.oninput = () => setThreshold(points[Number(slider.value) + 1]);
    show(at);
  }, {caption: `${names[1]} is called from the threshold upward; ` + "rows are the truth, colours are shares of their row.", wide: true});
}
// The last point at or above one half, where predictions start to be called positive.
function startThreshold() {
  const points = thresholdPoints().filter(p => p.cut !== null);
  return points.filter(p => p.cut >= 0.5).pop() || points[0];
}
// `counts` [truth][prediction], as an html table: readable, copied and printed as it is.
function drawMatrix(place, names, counts) {
  const n = names.length;
  const table = element("table");
  const head = element("tr", {}, element("th", {class: "word"}, "true \\ predicted"));
  for (const name of names) head.append(element("th", {}, name));
  head.append(element("th", {}, "recall"));
  table.append(element("thead", {}, head));
  const body = element("tbody");
  const columns = Array(n).fill(0);
  for (let i = 0; i < n; ++i) {
    const row = element("tr", {}, element("th", {class: "word"}, names[i]));
    const sum = d3.sum(counts.slice(i * n, i * n + n));
    for (let j = 0; j < n; ++j) {
      const v = counts[i * n + j], part = sum > 0 ? v / sum : 0;
      columns[j] += v;
      const cell = element("td", {class: "mark", title: `${names[i]} called ${names[j]}: ${num(v)} (${share(part)} of the true ${names[i]})`}, v === 0 ? "·" : num(v));
      cell.style.background = `rgba(var(--heat), ${(v === 0 ? 0 : 0.06 + 0.7 * part).toFixed(3)})`;
      if (i === j) cell.style.fontWeight = 650;
      row.append(cell);
    }
    row.append(element("td", {}, sum > 0 ? share(counts[i * n + i] / sum) : "–"));
    body.append(row);
  }
  const last = element("tr", {}, element("th", {class: "word"}, "precision"));
  for (let j = 0; j < n; ++j) last.append(element("td", {}, columns[j] > 0 ? share(counts[j * n + j] / columns[j]) : "–"));
  const total = d3.sum(counts);
  last.append(element("td", {}, element("b", {}, share(total > 0 ? d3.sum(d3.range(n), i => counts[i * n + i]) / total : null))));
  body.append(last);
  table.append(body);
  place.replaceChildren(element("div", {class: "scroll matrix"}, table));
}
function addClasses(parent) {
  const q = data.quality;
  addFigure(parent, "confusion", "Confusion", s => drawMatrix(s.place, q.classes, q.confusion),
    {wide: q.classes.length > 4, caption: "Rows are the truth, colours are shares of their row; in the corner the share of rows that are right."});
}
function addCalibration(parent) {
  const q = data.quality;
  const bins = q.calibration || [];
  if (bins.length < 2) return;
  const isShare = q.kind !== "number";
  const many = q.kind === "classes";
  const draw = self => {
    const c = canvas(self, squareHeight(self), {left: 62, right: 20, top: 26, bottom: 44});
    let domain = [0, 1];
    if (!isShare) {
      const all = d3.extent([].concat(...bins.map(b => [b.prediction, b.label])));
      const pad = (all[1] - all[0] || 1) * 0.06;
      domain = [all[0] - pad, all[1] + pad];
    }
    const x = d3.scaleLinear().domain(domain).range([c.left, c.right]);
    const y = d3.scaleLinear().domain(domain).range([c.bottom, c.top]);
    const options = isShare ? {format: d3.format(".0%"), ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]} : {};
    leftAxis(c, y, many ? "how often it was right" : isShare ? "share of positives" : `mean of ${q.label || "the label"}`, options);
    bottomAxis(c, x, many ? "probability of the class that was called" : isShare ? "predicted probability" : "mean prediction", options);
    c.svg.append("path").attr("class", "reference").attr("d", `M${x(domain[0])},${y(domain[0])}L${x(domain[1])},${y(domain[1])}`);
    c.svg.append("path").attr("class", "quality").attr("d", d3.line()(bins.map(b => [x(b.prediction), y(b.label)])));
    for (const b of bins) {
      c.svg.append("line").attr("class", "error").attr("x1", x(b.prediction)).attr("x2", x(b.prediction)).attr("y1", y(clampTo(domain, b.low))).attr("y2", y(clampTo(domain, b.high)));
      const dot = c.svg.append("circle").attr("class", "mark point").attr("cx", x(b.prediction)).attr("cy", y(b.label)).attr("r", 4.5);
      const rows = [["predicted", num(b.prediction, 4)], ["was", num(b.label, 4)], ["95 %", num(b.low, 4) + " to " + num(b.high, 4)], ["rows", num(b.rows)]];
      dot.on("mousemove", () => showTip(d3.event, element("table", {}, ...rows.map(([a, v]) => element("tr", {}, element("td", {}, a), element("td", {}, v)))))).on("mouseleave", hideTip);
    }
  };
  addFigure(parent, "calibration", "Calibration", draw, {
    caption: `${bins.length} groups of about equally many rows, by their prediction, with 95 % intervals. On the dashed line ${isShare ? "probabilities mean what they say" : "predictions are right on average"}.`,
  });
}
function addResiduals(parent) {
  const q = data.quality;
  const label = q.label || "the label";
  const note = `${num(q.sample.length)} of ${num(q.rows)} rows`;
  // The hundredth part at either end would press the rest together.
  const inner = values => {
    const s = values.slice().sort(d3.ascending);
    return [d3.quantile(s, 0.005), d3.quantile(s, 0.995)];
  };
  addFigure(parent, "predicted", "Predicted and true", self => {
    const c = canvas(self, squareHeight(self), {left: 66, right: 18, top: 26, bottom: 44});
    const domain = inner(q.sample.map(p => p[0]).concat(q.sample.map(p => p[1])));
    const x = d3.scaleLinear().domain(domain).nice().range([c.left, c.right]);
    const y = d3.scaleLinear().domain(domain).nice().range([c.bottom, c.top]);
    leftAxis(c, y, `true ${label}`);
    bottomAxis(c, x, "prediction");
    for (const [p, t] of q.sample) c.svg.append("circle").attr("class", "mark sample").attr("cx", x(clampTo(x.domain(), p))).attr("cy", y(clampTo(y.domain(), t))).attr("r", 2.3);
    const d = x.domain();
    c.svg.append("path").attr("class", "reference").attr("d", `M${x(d[0])},${y(d[0])}L${x(d[1])},${y(d[1])}`);
  }, {caption: `${note === `${num(q.rows)} of ${num(q.rows)} rows` ? "All rows" : note}; on the dashed line predictions are exact.`});
  addFigure(parent, "residuals", "Residuals", self => {
    const c = canvas(self, squareHeight(self), {left: 52, right: 18, top: 26, bottom: 44});
    const errors = q.sample.map(([p, t]) => t - p);
    const domain = inner(errors);
    const reach = Math.max(Math.abs(domain[0]), Math.abs(domain[1])) || 1;
    const x = d3.scaleLinear().domain([-reach, reach]).nice().range([c.left, c.right]);
    const bins = d3.histogram().domain(x.domain()).thresholds(x.ticks(36))(errors.map(e => clampTo(x.domain(), e)));
    const y = d3.scaleLinear().domain([0, d3.max(bins, b => b.length)]).range([c.bottom, c.top]);
    leftAxis(c, y, "rows");
    bottomAxis(c, x, `true ${label} less the prediction`);
    for (const b of bins) {
      if (b.x1 <= b.x0) continue;
      const bar = c.svg.append("rect").attr("class", "mark bar").attr("x", x(b.x0) + 0.5).attr("width", Math.max(0.5, x(b.x1) - x(b.x0) - 1)).attr("y", y(b.length)).attr("height", c.bottom - y(b.length));
      bar.on("mousemove", () => showTip(d3.event, element("div", {}, `${num(b.x0, 4)} to ${num(b.x1, 4)}: ${plural(b.length, "row")}`))).on("mouseleave", hideTip);
    }
    c.svg.append("line").attr("class", "reference").attr("x1", x(0)).attr("x2", x(0)).attr("y1", c.top).attr("y2", c.bottom);
  }, {caption: `Half of the rows are off by less than ${num(q.median_size, 4)}; nine tenths lie between ${num(q.residual_quantiles[0], 4)} and ${num(q.residual_quantiles[4], 4)}.`});
}
function addCoverage(parent) {
  const list = data.quality.coverage;
  if (list.length === 0) return;
  addFigure(parent, "coverage", "Do the quantiles hold?", self => {
    const c = canvas(self, squareHeight(self), {left: 52, right: 18, top: 26, bottom: 44});
    const x = d3.scaleLinear().domain([0, 1]).range([c.left, c.right]);
    const y = d3.scaleLinear().domain([0, 1]).range([c.bottom, c.top]);
    const percent = {format: d3.format(".0%"), ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]};
    leftAxis(c, y, "rows at or below the prediction", percent);
    bottomAxis(c, x, "quantile that was asked for", percent);
    c.svg.append("path").attr("class", "reference").attr("d", `M${x(0)},${y(0)}L${x(1)},${y(1)}`);
    for (const q of list) {
      c.svg.append("line").attr("class", "error").attr("x1", x(q.alpha)).attr("x2", x(q.alpha)).attr("y1", y(q.low)).attr("y2", y(q.high));
      c.svg.append("circle").attr("class", "mark point").attr("cx", x(q.alpha)).attr("cy", y(q.share)).attr("r", 4.5);
      c.svg.append("text").attr("x", x(q.alpha) + 8).attr("y", y(q.share) + 14).text(`${num(q.alpha)}: ${share(q.share)}`);
    }
  }, {caption: "Share of labels at or below each predicted quantile, with 95 % intervals; on the dashed line it is as asked for."});
}
function addQuality() {
  const q = data.quality;
  if (!q) return;
  const grid = addSection("Predictions of rows not learned from");
  grid.before(element("p", {class: "source"}, q.source));
  if (q.kind === "binary" || q.kind === "number") grid.classList.add("three");
  const curves = q.kind === "binary" && q.positives > 0 && q.negatives > 0;
  if (curves) {
    threshold.at = startThreshold();
    addBinary(grid);
  }
  if (q.kind === "classes") addClasses(grid);
  if (q.kind === "number") addResiduals(grid);
  if (q.kind === "quantiles") addCoverage(grid);
  addCalibration(grid);
  if (curves) addThreshold(grid);
}
