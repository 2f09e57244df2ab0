// Keeps the queue and the open conversation up to date, and a form from being sent twice. All of it works without this file.

const PAUSE_MS = 1000;
const scroll = document.querySelector(".scroll");
let running = false;
let again = false;

async function refresh() {
  if (running) return void (again = true);
  running = true;
  for (const part of document.querySelectorAll("[data-live]")) await bring(part);
  await new Promise((done) => setTimeout(done, PAUSE_MS));
  running = false;
  if (again) {
    again = false;
    refresh();
  }
}

/** The part is put in place only where something in it is different, so that nothing moves under a finger. */
async function bring(part) {
  const response = await fetch(part.dataset.live, { credentials: "same-origin" }).catch(() => null);
  if (response?.status === 401) return location.reload();
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(part.id);
  if (!fresh || fresh.innerHTML === part.innerHTML) return;
  const open = part.querySelector("details")?.open;
  const focus = document.activeElement?.closest?.("a[href]")?.getAttribute("href");
  const bottom = scroll && scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
  part.replaceChildren(...fresh.childNodes);
  if (open !== undefined && part.querySelector("details")) part.querySelector("details").open = open;
  if (focus && !document.activeElement?.matches("a, button, textarea")) part.querySelector(`a[href="${CSS.escape(focus)}"]`)?.focus();
  if (bottom && part.id === "thread") scroll.scrollTop = scroll.scrollHeight;
  fade();
}

/** That somebody is answering is over when they fall silent, which no event tells. */
let fading = 0;
function fade() {
  clearTimeout(fading);
  if (document.querySelector("[data-fades]")) fading = setTimeout(refresh, 20000);
}

/** Says every few seconds that somebody is writing here, and once that they have stopped. */
function writing(form) {
  const beat = (gone) => {
    const body = new FormData();
    body.set("csrf", form.elements.csrf.value);
    if (gone) body.set("gone", "yes");
    fetch(form.dataset.here, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => null);
  };
  let last = 0;
  form.elements.text.addEventListener("input", () => {
    if (Date.now() - last < 8000) return;
    last = Date.now();
    beat(false);
  });
  addEventListener("pagehide", () => { if (last && !form.dataset.sent) beat(true); });
}

for (const button of document.querySelectorAll("[data-fill]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const { text, [button.dataset.fill]: ready } = button.form.elements;
    text.value = [text.value.trimEnd(), ready.selectedOptions[0].dataset.text].filter(Boolean).join("\n");
    text.focus();
  });
}
for (const form of document.querySelectorAll("form[data-here]")) writing(form);
fade();

function listen(pause = 1000) {
  const source = new EventSource("/console/stream");
  source.addEventListener("changed", () => { pause = 1000; refresh(); });
  source.addEventListener("signed-out", () => location.reload());
  source.onerror = () => {
    source.close();
    setTimeout(() => listen(Math.min(pause * 2, 15000)), pause);
  };
  addEventListener("pagehide", () => source.close(), { once: true });
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (scroll) scroll.scrollTop = scroll.scrollHeight;
if (document.querySelector("[data-live]")) listen();
