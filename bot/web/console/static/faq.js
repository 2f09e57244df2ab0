// Shows both halves and what is wrong while somebody writes, and warns before unsaved words are lost. All of it works without this file.

const WAIT_MS = 500;
const form = document.getElementById("edit");
const text = form.elements.text;
const before = text.value;
let waiting;
let asking;
let leaving = false;

async function look() {
  asking?.abort();
  asking = new AbortController();
  const response = await fetch(form.dataset.check, {
    method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", signal: asking.signal,
  }).catch(() => null);
  if (response?.status === 401) return location.reload();
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("checked");
  if (fresh) document.getElementById("checked").replaceWith(fresh);
}

/** The cursor goes to the line of a fault. */
function show(line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
}

text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT_MS);
});
document.addEventListener("click", (event) => {
  const line = event.target.closest?.("[data-line]")?.dataset.line;
  if (line) {
    event.preventDefault();
    show(Number(line));
  }
});
form.addEventListener("submit", () => { leaving = true; });
addEventListener("beforeunload", (event) => { if (!leaving && text.value !== before) event.preventDefault(); });
