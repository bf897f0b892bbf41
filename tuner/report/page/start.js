// ---- The page: what is on it, in which order, and how it is drawn.

function dark() {
  return document.documentElement.dataset.theme === "dark";
}
function setTheme(name) {
  document.documentElement.dataset.theme = name;
  document.getElementById("theme").textContent = name === "dark" ? "Light" : "Dark";
}
const wantsDark = matchMedia("(prefers-color-scheme: dark)");
setTheme(wantsDark.matches ? "dark" : "light");
wantsDark.addEventListener("change", event => setTheme(event.matches ? "dark" : "light"));
document.getElementById("theme").onclick = () => setTheme(dark() ? "light" : "dark");
// Paper is light, and has a width of its own (report.css).
let before = null;
addEventListener("beforeprint", () => {
  before = document.documentElement.dataset.theme;
  setTheme("light");
  document.documentElement.classList.add("printing");
  drawAll();
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  setTheme(before);
  drawAll();
});

addSummary();
addFilters();
if (trials.length > 1) {
  const search = addSection("The search");
  addHistory(search);
  addCurves(search);
  addFolds(search);
  addRounds(search);
  addRungs(search);
  addTimeline(search);
  if (search.childElementCount === 0) { search.previousSibling.remove(); search.remove(); }
  const space = addSection("The parameters");
  addParallel(space);
  addImportance(space);
  addSlices(space);
  if (space.childElementCount === 0) { space.previousSibling.remove(); space.remove(); }
} else {
  const training = addSection("The training");
  addCurves(training);
  addFolds(training);
  if (training.childElementCount === 0) { training.previousSibling.remove(); training.remove(); }
}
if (data.model && data.model.features.length > 0) addFeatures(addSection(trials.length > 1 ? "The model of the best trial" : "The model"));
addQuality();
addTable();
addAbout();

function drawAll() {
  threshold.watchers.length = 0;
  for (const f of figures) f.draw();
  applyFilter();
  markHot();
}
drawAll();
let width = innerWidth, waiting = null;
addEventListener("resize", () => {
  if (innerWidth === width || document.documentElement.classList.contains("printing")) return;
  width = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 120);
});
