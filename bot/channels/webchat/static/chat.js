// The page of the chat.

import { element, sentence, tag, words } from "./words.js";
import { history, link, listen, say, unsent } from "./talk.js";

const find = (id) => document.getElementById(id);
const word = (name) => find("words").content.querySelector(`[data-word="${name}"]`).textContent;
const copyOf = (id) => find(id).content.firstElementChild.cloneNode(true);
const page = document.documentElement.lang;
const [log, turns, empty, field, human, newer, card] = ["log", "turns", "empty", "text", "human", "newer", "card"].map(find);

const shown = new Map(); // id of the turn → element
const mine = new Map(); // id of a message of this browser → element
const labels = new Map(); // payload of a button → its words
const clock = new Intl.DateTimeFormat(page, { hour: "2-digit", minute: "2-digit", hour12: false });
const calendar = new Intl.DateTimeFormat(page === "en" ? "en-GB" : page, { day: "numeric", month: "short", year: "numeric" });
let listening = false;
let waiting = 0;
let linkOffered = false;

// ── showing ──────────────────────────────────────────────────────────────────────────────────────────────────────

function show(line, answering = false) {
  for (const choice of line.choices) labels.set(choice.payload, choice.label);
  if (shown.has(line.id) || line.kind === "note") return;
  if (line.author === "resident") {
    const own = mine.get(line.message);
    if (own) return taken(own, line.id);
    if (!line.text || line.text.startsWith("/start")) return;
  }
  const near = atBottom();
  const made = turn(line);
  place(made, line.id);
  if (line.ticket && line.author !== "resident" && !linkOffered) offerLink(made);
  if (!answering) arrived(made, near);
  return made;
}

function turn({ author, kind, text, locale, choices = [], ticket, name, at, payloads }) {
  const made = element("li", { className: `turn ${author}${kind === "urgent" ? " urgent" : ""}` });
  made.dataset.kind = kind;
  made.dataset.at = at ?? new Date().toISOString();
  const bubble = element("div", { className: "bubble" });
  if (kind === "urgent") bubble.append(element("p", { className: "sign" }, word("urgent")));
  if (author === "worker") bubble.append(element("p", { className: "from" }, name ? `${name} · ${word("worker")}` : word("worker")));
  if (author === "resident") bubble.append(element("span", { className: "unseen" }, `${word("you")}: `));
  bubble.append(...words({ author, text, locale, name }));
  made.append(bubble);
  const buttons = author === "resident" ? [] : [...showing(kind, author, text, locale), ...choices.map(button)];
  if (buttons.length) made.append(element("div", { className: "choices" }, ...buttons));
  const when = new Date(made.dataset.at);
  const below = element("p", { className: "when" }, element("time", { dateTime: made.dataset.at, title: calendar.format(when) }, clock.format(when)));
  if (ticket && author !== "resident") below.append(element("span", { className: "ticket" }, word("ticket").replace("#", ticket)));
  made.append(below);
  return made;
}

function button({ label, payload }) {
  const made = element("button", { type: "button", className: `button${payload.startsWith("e:") ? " row" : ""}` }, label);
  made.dataset.choice = payload;
  if (/^[\p{Script=Han}\s]+$/u.test(label) && !page.startsWith("zh")) made.lang = "zh-Hans";
  if (/^[A-Za-z\s]+$/.test(label) && page.startsWith("zh")) made.lang = "en";
  return made;
}

/** What can be held up to somebody who reads Chinese. */
function showing(kind, author, text, locale) {
  const found = kind === "urgent" ? sentence(text)
    : locale.startsWith("zh") && page === "en" && kind === "answer" ? { say: text.split("\n\n")[0], meaning: "" } : null;
  if (!found) return [];
  const made = element("button", { type: "button", className: "button main" }, word(kind === "urgent" ? "show" : "large"));
  made.addEventListener("click", () => {
    card.querySelector(".say").textContent = found.say;
    card.querySelector(".meaning").textContent = found.meaning;
    card.showModal();
  });
  return [made];
}

/** Turns stand in the order of their ids; what is still on its way stands last. */
function place(made, id) {
  made.dataset.id = id ?? "";
  if (id !== undefined) shown.set(id, made);
  const later = id === undefined ? null : [...turns.children].find((one) => one.matches(".turn") && (one.dataset.id === "" || Number(one.dataset.id) > id));
  turns.insertBefore(made, later ?? null);
  empty.hidden = true;
  days();
}

function days() {
  for (const one of turns.querySelectorAll(".day")) one.remove();
  const today = calendar.format(new Date());
  let before = today; // nothing is said of a conversation of today
  for (const one of turns.querySelectorAll(".turn")) {
    const day = calendar.format(new Date(one.dataset.at));
    if (day !== before) turns.insertBefore(element("li", { className: "day" }, day === today ? word("today") : day), one);
    before = day;
  }
}

const atBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;

/** The beginning of what came in is brought into view for those who read at the end; nobody else is moved. */
function arrived(made, near) {
  if (!near) return void (newer.hidden = false);
  const question = made.previousElementSibling?.matches(".resident") ? made.previousElementSibling : made;
  log.scrollTop = Math.min(log.scrollHeight, question.offsetTop - 8);
}

function offerLink(made) {
  linkOffered = true;
  const offer = copyOf("link-offer");
  offer.querySelector(".copy").addEventListener("click", async () => {
    const { url } = await link().catch(() => ({}));
    if (!url) return;
    const told = offer.querySelector(".copied");
    try {
      await navigator.clipboard.writeText(url);
      told.textContent = word("copied");
    } catch {
      told.replaceChildren(element("a", { href: url }, url));
    }
  });
  made.append(offer);
}

// ── saying ───────────────────────────────────────────────────────────────────────────────────────────────────────

function send(text, choice) {
  const id = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const message = choice ? { id, choice } : { id, text };
  message.locale = page;
  unsent.add({ ...message, words: text });
  attempt(message, pending(message, text));
}

function pending(message, text) {
  const made = turn({ author: "resident", text, locale: "und", kind: "message" });
  made.classList.add("sending");
  mine.set(message.id, made);
  place(made);
  log.scrollTop = log.scrollHeight;
  return made;
}

async function attempt(message, made) {
  made.querySelector(".failed")?.remove();
  busy(1);
  try {
    const { words: _words, ...body } = message;
    const { replies } = await say(body);
    unsent.remove(message.id);
    taken(made, replies.length ? replies[0].id - 0.5 : undefined);
    const near = atBottom();
    const first = replies.map((reply) => show({ ...reply, author: "bot" }, true)).find(Boolean);
    if (first) arrived(first, near);
    hear();
  } catch (error) {
    failed(error, message, made);
  } finally {
    busy(-1);
  }
}

function taken(made, id) {
  made.classList.remove("sending");
  if (id === undefined) return;
  if (Number.isInteger(id)) shown.set(id, made);
  if (made.dataset.id === "") {
    made.dataset.id = id;
    const later = [...turns.querySelectorAll(".turn")].find((one) => one !== made && one.dataset.id !== "" && Number(one.dataset.id) > id);
    if (later && later.compareDocumentPosition(made) & Node.DOCUMENT_POSITION_FOLLOWING) turns.insertBefore(made, later);
  }
}

function failed(error, message, made) {
  const told = copyOf("turn-failed");
  if (error.message && error.status) told.querySelector(".why").textContent = error.message;
  if (error.status && ![401, 403, 429].includes(error.status) && error.status < 500) { // the same words will never be taken
    told.querySelector(".again").remove();
    unsent.remove(message.id);
    if (!field.value && message.text) field.value = message.text;
  } else {
    told.querySelector(".again").addEventListener("click", () => attempt(message, made));
  }
  made.append(told);
  log.scrollTop = log.scrollHeight;
}

function busy(change) {
  waiting += change;
  const near = atBottom();
  find("writing").hidden = !waiting;
  human.disabled = Boolean(waiting);
  if (waiting && near) log.scrollTop = log.scrollHeight;
}

/** Opening the stream shows what others said, and what we said in another window. */
function hear(cursor) {
  if (listening) return;
  listening = true;
  let told;
  listen(cursor ?? 0, show, (stands) => {
    clearTimeout(told);
    const state = find("state");
    if (stands) {
      state.hidden = true;
    } else {
      told = setTimeout(() => { state.textContent = word("offline"); state.hidden = false; }, 3000);
    }
  });
}

// ── hands ────────────────────────────────────────────────────────────────────────────────────────────────────────

function fit() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

find("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return field.focus();
  field.value = "";
  fit();
  field.focus();
  send(text);
});
field.addEventListener("input", fit);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    find("write").requestSubmit();
  }
});
human.addEventListener("click", () => send(human.textContent.trim(), document.body.dataset.human));
document.addEventListener("click", (event) => {
  const tapped = event.target.closest("[data-choice], [data-ask]");
  if (!tapped) return;
  if (tapped.dataset.choice) {
    if (tapped.closest(".choices")) tapped.setAttribute("aria-pressed", "true");
    send(labels.get(tapped.dataset.choice) ?? tapped.firstElementChild?.textContent ?? tapped.textContent.trim(), tapped.dataset.choice);
  } else {
    send(tapped.textContent);
  }
});
newer.addEventListener("click", () => { log.scrollTop = log.scrollHeight; });
log.addEventListener("scroll", () => { if (atBottom()) newer.hidden = true; });
addEventListener("online", () => { for (const again of turns.querySelectorAll(".again")) again.click(); });

// ── beginning ────────────────────────────────────────────────────────────────────────────────────────────────────

async function begin() {
  const before = await history().catch(() => ({ lines: [], cursor: 0 }));
  for (const line of before?.lines ?? []) show(line);
  log.scrollTop = log.scrollHeight;
  newer.hidden = true;
  if (before) hear(before.cursor);
  for (const message of unsent.all()) {
    if ([...before?.lines ?? []].some((line) => line.message === message.id)) unsent.remove(message.id);
    else attempt(message, pending(message, message.words));
  }
  const { community } = document.body.dataset;
  if (community) {
    const { replies } = await say({ id: `community-${community}`, choice: `c:${community}`, locale: page }).catch(() => ({ replies: [] }));
    for (const reply of replies) show({ ...reply, author: "bot" });
    hear();
  }
  empty.hidden = shown.size > 0 || mine.size > 0;
}

begin();
