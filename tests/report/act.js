// Run by report_test.cc at the end of a page: acts as a person would, and writes what came of it.
const acted = {};
const report = JSON.parse(document.getElementById("data").textContent);
const chart = name => document.querySelector(`figure[data-chart="${name}"]`);
const middle = mark => {
  const box = mark.getBoundingClientRect();
  return {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, view: window};
};
const send = (target, kind, at) => target.dispatchEvent(new MouseEvent(kind, at));
const title = id => document.querySelector(`#${id} b`).textContent;
const shown = name => chart(name).querySelectorAll("[data-trial].mark:not(.off)").length;

// A dot of the history: hovered, left, chosen, let go.
chart("history").scrollIntoView();
const svg = chart("history").querySelector("svg");
const dot = chart("history").querySelector('circle[data-trial="3"]');
send(svg, "mousemove", middle(dot));
acted.tip = title("tip");
const hot = [...document.querySelectorAll("figure .hot")];
acted.charts_with_hot = new Set(hot.map(mark => mark.closest("figure").dataset.chart)).size;
send(svg, "mouseleave", middle(dot));
acted.tip_after_leaving = !document.getElementById("tip").hidden;
send(svg, "click", middle(dot));
acted.card = title("card");
document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}));
acted.card_after_escape = !document.getElementById("card").hidden;

// A state left out, and back.
acted.not_pruned = report.trials.filter(t => t.state !== "pruned").length;
const chip = document.querySelector('#filters [data-state="pruned"]');
if (chip) chip.click();
acted.shown_without_pruned = shown("parallel");
acted.rows_without_pruned = document.querySelectorAll("#table tbody tr").length;
document.getElementById("reset").click();
acted.shown_after_reset = shown("parallel");

// A stroke along the upper third of an axis.
const overlay = chart("parallel").querySelector('.brush[data-axis="max_depth"] .overlay');
overlay.scrollIntoView({block: "center"});
const box = overlay.getBoundingClientRect();
const stroke = y => ({clientX: box.x + box.width / 2, clientY: box.y + y * box.height, bubbles: true, view: window, button: 0});
send(overlay, "mousedown", stroke(0.01));
send(window, "mousemove", stroke(0.35));
send(window, "mouseup", stroke(0.35));
acted.shown_after_brush = shown("timeline");

// The click that ends a stroke is swallowed, and with it all clicks until the next turn.
setTimeout(() => {
  document.getElementById("reset").click();
  acted.shown_after_second_reset = shown("timeline");

  const columns = [...document.querySelectorAll("#table th button")];
  columns.find(button => button.textContent === "trial").click();
  acted.first_by_trial = document.querySelector("#table tbody tr").dataset.trial;
  const theme = document.documentElement.dataset.theme;
  document.getElementById("theme").click();
  acted.theme_changed = document.documentElement.dataset.theme !== theme;

  const roc = chart("roc").querySelector("svg");
  roc.scrollIntoView({block: "center"});
  const area = roc.getBoundingClientRect();
  const words = () => chart("confusion").querySelector(".under").textContent;
  acted.threshold_before = words();
  send(roc, "mousemove", {clientX: area.x + area.width * 0.9, clientY: area.y + 30, bubbles: true, view: window});
  acted.threshold_after = words();

  const pre = document.createElement("pre");
  pre.id = "acted";
  pre.textContent = JSON.stringify(acted);
  document.body.append(pre);
}, 20);
