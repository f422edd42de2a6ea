// Only comfort: every jump is a plain link that works without this file.

const timeline = document.querySelector("[data-timeline]");
const lines = [...document.querySelectorAll(".line")];

// Arrow keys move along the calls of the list, or the cards of a call, while one of them has the focus.
const steps = [...document.querySelectorAll("[data-step]")];
document.addEventListener("keydown", (event) => {
  const at = steps.indexOf(document.activeElement);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: steps.length - 1 }[event.key];
  if (to === undefined || !steps[to]) return;
  event.preventDefault();
  steps[to].focus();
});

if (timeline && lines.length) {
  const cursor = timeline.querySelector(".cursor");
  const voices = new Map([...timeline.querySelectorAll("[data-line]")].map((a) => [a.dataset.line, a.querySelector("rect")]));

  // A click between the marks goes to the words spoken nearest to it.
  timeline.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const nearest = lines.reduce((best, line) => (distance(line, event.clientX) < distance(best, event.clientX) ? line : best));
    location.hash = nearest.id;
  });

  // The line under the pointer is marked in the timeline, and the pointer's time in it.
  for (const line of lines) {
    const voice = voices.get(nameOf(line));
    line.addEventListener("pointerenter", () => { voice?.classList.add("here"); place(voice?.getAttribute("x")); });
    line.addEventListener("pointerleave", () => { voice?.classList.remove("here"); place(); });
  }
  timeline.addEventListener("pointermove", (event) => place(event.clientX - timeline.getBoundingClientRect().left));
  timeline.addEventListener("pointerleave", () => place());

  function nameOf(line) {
    return decodeURIComponent(line.id.slice("line-".length));
  }

  function place(x) {
    cursor.setAttribute("visibility", x === undefined ? "hidden" : "visible");
    cursor.setAttribute("x1", x ?? 0);
    cursor.setAttribute("x2", x ?? 0);
  }

  function distance(line, clientX) {
    const voice = voices.get(nameOf(line));
    if (!voice) return Infinity;
    const box = voice.getBoundingClientRect();
    return Math.max(box.left - clientX, clientX - box.right, 0);
  }
}
