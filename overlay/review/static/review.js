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
  const voices = new Map([...timeline.querySelectorAll("[data-line]")].map((a) => [a.dataset.line, a.firstElementChild.nextElementSibling]));
  const width = () => timeline.getBoundingClientRect();

  // A click between the marks goes to the words spoken nearest to it.
  timeline.addEventListener("click", (event) => {
    if (event.target.closest("a")) return;
    const nearest = lines.reduce((best, line) => (distance(line, event.clientX) < distance(best, event.clientX) ? line : best));
    location.hash = nearest.id;
  });

  // The line under the pointer is marked in the timeline, and the pointer's time in it.
  for (const line of lines) {
    const voice = voices.get(decodeURIComponent(line.id.slice("line-".length)));
    line.addEventListener("pointerenter", () => { voice?.classList.add("here"); place(voice ? voice.getAttribute("x") : "-1"); });
    line.addEventListener("pointerleave", () => { voice?.classList.remove("here"); place("-1"); });
  }
  timeline.addEventListener("pointermove", (event) => place(event.clientX - width().left));
  timeline.addEventListener("pointerleave", () => place("-1"));

  function place(x) {
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
  }

  function distance(line, clientX) {
    const voice = voices.get(decodeURIComponent(line.id.slice("line-".length)));
    if (!voice) return Infinity;
    const box = voice.getBoundingClientRect();
    return Math.max(box.left - clientX, clientX - box.right, 0);
  }
}
