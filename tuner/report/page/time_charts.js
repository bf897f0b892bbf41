// ---- Charts of time: the lanes of trials that ran at once, and the rungs of those that paused.

function addTimeline(parent) {
  if (data.stints.length < 2) return;
  const draw = self => {
    const row = data.lanes > 12 ? 16 : 26;
    const c = canvas(self, 46 + data.lanes * row, {left: 62, right: 16, top: 6, bottom: 40});
    const end = Math.max(data.numbers.seconds, d3.max(data.stints, s => s.to));
    const x = d3.scaleLinear().domain([0, end]).range([c.left, c.right]);
    bottomAxis(c, x, "time since the start", {format: clock});
    for (let lane = 0; lane < data.lanes; ++lane) {
      c.svg.append("text").attr("x", c.left - 8).attr("y", c.top + lane * row + row / 2 + 3).attr("text-anchor", "end").text("lane " + (lane + 1));
    }
    const g = c.svg.append("g");
    for (const s of data.stints) {
      const t = trialOf.get(s.trial);
      const width = Math.max(0.8, x(s.to) - x(s.from) - (x(s.to) - x(s.from) > 3 ? 1 : 0));
      const kind = s.trial === bestId ? "winner" : s.end;
      const mark = g.append("rect").attr("class", "mark trial " + kind).attr("data-trial", s.trial).attr("x", x(s.from)).attr("width", width)
        .attr("y", c.top + s.lane * row + 2).attr("height", row - 5).attr("rx", Math.min(2.5, width / 3));
      mark.on("mousemove", () => hover(d3.event, s.trial)).on("mouseleave", () => hover(d3.event, null)).on("click", () => choose(s.trial));
      if (width > 8 + String(t.id).length * 7) {
        g.append("text").attr("class", "inside").attr("data-trial", s.trial).attr("x", x(s.from) + width / 2).attr("y", c.top + s.lane * row + row / 2 + 3.5).attr("text-anchor", "middle").text(t.id);
      }
    }
  };
  const busy = d3.sum(data.stints, s => s.to - s.from);
  const share = busy / Math.max(1e-9, data.numbers.seconds * data.lanes);
  addFigure(parent, "timeline", "Time line", draw, {
    wide: true,
    legend: legend(statesLegend("box", "", new Set(data.stints.map(s => s.end)))),
    caption: `Each bar is a trial at work; trials in different lanes ran at the same time (the spec allows ${study.slots} at once). Lanes were busy ${d3.format(".0%")(Math.min(1, share))} of the time.`,
  });
}

// What each trial had reached at the rungs, and which were let go on.
function addRungs(parent) {
  // The last rung is that of trials which may run to the cap.
  const top = study.max_rounds || 0;
  const stops = data.stints.filter(s => s.score !== null && s.rounds > 0).map(s => ({...s, rung: s.rung || Math.max(top, s.rounds)}));
  if (!data.stints.some(s => s.end === "paused") || !data.stints.some(s => s.rung > 0)) return;
  const rungs = [...new Set(stops.map(s => s.rung))].sort(d3.ascending);
  const byTrial = d3.nest().key(s => s.trial).entries(stops);
  // Where eta is searched, rungs lie at equal eta * rounds: at other rounds for each trial.
  const spread = rungs.length > 8;
  const draw = self => {
    const c = canvas(self, 320, {left: 62, right: 22, top: 26, bottom: 46});
    const x = spread ? d3.scaleLog().domain([rungs[0] / 1.1, rungs[rungs.length - 1] * 1.1]).range([c.left, c.right])
                     : d3.scalePoint().domain(rungs).range([c.left, c.right]).padding(0.35);
    const domain = scoreDomain(stops.map(s => s.score));
    const y = d3.scaleLinear().domain(domain).range([c.bottom, c.top]);
    leftAxis(c, y, scoreLabel);
    bottomAxis(c, x, "rounds that a trial may have had by then" + (spread ? " (log scale)" : ""), {ticks: spread ? logTicks(...x.domain()) : rungs, format: v => num(v)});
    if (!spread) for (const r of rungs) c.svg.append("line").attr("class", "gridline").attr("x1", x(r)).attr("x2", x(r)).attr("y1", c.top).attr("y2", c.bottom);
    // Trials of one rung stand side by side: spread by the number, the same every time.
    const room = spread ? 0 : Math.min(90, rungs.length > 1 ? x.step() * 0.5 : 90);
    const at = s => x(s.rung) + ((s.trial * 0.618034) % 1 - 0.5) * room;
    const g = c.svg.append("g").attr("class", "front");
    for (const {key, values} of byTrial) {
      const t = trialOf.get(Number(key));
      if (values.length < 2) continue;
      g.append("path").attr("class", "mark trial rungline " + fate(t)).attr("data-trial", t.id)
        .attr("d", d3.line()(values.map(s => [at(s), y(clampTo(domain, s.score))])));
    }
    const dots = c.svg.append("g").attr("class", "front");
    const points = [];
    for (const {key, values} of byTrial) {
      const t = trialOf.get(Number(key));
      values.forEach((s, i) => {
        // Hollow: it was left here. Filled: it went on, or came to its end.
        const left = i === values.length - 1 && (t.state === "paused" || t.state === "pruned");
        dots.append("circle").attr("class", "mark trial dot " + fate(t) + (left ? " hollow" : "")).attr("data-trial", t.id)
          .attr("cx", at(s)).attr("cy", y(clampTo(domain, s.score))).attr("r", t.id === bestId ? 5.5 : 3.6);
        points.push({x: at(s), y: y(clampTo(domain, s.score)), trial: t.id});
      });
    }
    followPointer(c.svg, points);
  };
  const words = rungs.slice(0, -1).map(r => {
    const there = new Set(stops.filter(s => s.rung === r).map(s => s.trial));
    const further = [...there].filter(id => stops.some(s => s.trial === id && s.rung > r)).length;
    return `${further} of ${there.size} went on from ${num(r)}`;
  });
  const paused = new Set(data.stints.filter(s => s.end === "paused").map(s => s.trial));
  const further = [...paused].filter(id => data.stints.filter(s => s.trial === id).length > 1).length;
  const counts = spread ? `${further} of the ${paused.size} that paused` : words.join("; ");
  const states = new Set(stops.map(s => trialOf.get(s.trial).state));
  addFigure(parent, "rungs", "Rungs", draw, {
    wide: true,
    legend: legend(statesLegend("dot", "", states).map(e => e[1] === "paused" ? [e[0] + " hollow", "left paused", "dot"] : e)),
    caption: "Trials pause at the rungs, and the best of each go on where they stopped" + (counts ? ": " + counts : "") + ". A trial whose curve got no better may end before its rung." +
      (spread ? " A small eta comes as far in more rounds, so that its rungs lie later." : ""),
  });
}
