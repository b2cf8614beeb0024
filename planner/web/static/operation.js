"use strict";
// The operation step works without this file. Here the search field and the list of operations become one field with
// suggestions (the ARIA pattern of an editable combobox with a list), and the kinds of the chosen operation are offered
// at once. Names, kinds and regions are read from the list that the page holds.

const FILLER = new Set(["a", "an", "and", "for", "in", "my", "of", "on", "op", "operation", "procedure", "surgery", "the", "to", "with"]);
const SHOWN_AT_MOST = 12;
// The server knows slips of the keyboard; its matches stand on the page that comes back, with everything typed.
const NEAREST = "nearest";

function wordsOf(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g) || [];
}

function wordsWanted(text) {
  const words = wordsOf(text);
  const telling = words.filter((word) => !FILLER.has(word));
  return (telling.length ? telling : words).map((word) => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word));
}

const beginAWord = (wanted, words) => wanted.every((one) => words.some((word) => word.startsWith(one)));

// How well an operation fits, 0 best, and the other name that fits; nothing when a word is missing.
function fit(text, wanted, operation) {
  const squeezed = wordsOf(text).join("");
  let best = null;
  operation.names.forEach((name, place) => {
    const words = wordsOf(name);
    const whole = words.join("");
    const rank = whole === squeezed ? 0 : whole.startsWith(squeezed) ? 1 : beginAWord(wanted, words) ? 2 : 9;
    if (rank < 9 && (!best || rank < best.rank)) best = { rank, by: place ? name : "" };
  });
  if (!best && beginAWord(wanted, wordsOf(operation.names.join(" ")))) best = { rank: 3, by: "" };
  return best && { ...best, operation };
}

function search(text, operations) {
  const wanted = wordsWanted(text);
  if (!wanted.length) return [];
  const found = operations.map((operation) => fit(text, wanted, operation)).filter(Boolean);
  return found.sort((one, other) => one.rank - other.rank).slice(0, SHOWN_AT_MOST);
}

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

class Finder {
  constructor(frame) {
    this.input = frame.querySelector("input[type=text]");
    this.select = frame.querySelector("select");
    this.find = frame.querySelector(".finder__row > button");
    this.typedName = document.getElementById("surgery-procedure-text");
    this.operations = Array.from(this.select.querySelectorAll("option[data-names]"))
      .filter((option) => option.value !== "other")
      .map((option) => ({
        id: option.value,
        label: option.label,
        region: option.parentElement.label || "",
        names: [option.label, ...option.dataset.names.split("|").filter(Boolean)],
      }));
    this.listbox = element("div", { class: "finder__popup", role: "listbox", id: `${this.input.id}-list`, "aria-label": "Operations" });
    this.listbox.hidden = true;
    this.status = element("div", { class: "usa-sr-only", role: "status" });
    this.field = this.input.name;
    this.active = -1;
    this.becomeOneField(frame);
    this.listen();
  }

  becomeOneField(frame) {
    const label = frame.querySelector("label");
    label.textContent = label.dataset.liveLabel;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.listbox.id,
    })) this.input.setAttribute(name, value);
    this.input.after(this.listbox, this.status);
    this.find.hidden = true;
    const list = frame.querySelector(".finder__list");
    list.hidden = !list.querySelector(".usa-error-message");
    if (!this.input.value) this.showChosen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    // A press on an option must not take the focus from the field.
    this.listbox.addEventListener("mousedown", (event) => event.preventDefault());
    this.listbox.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.select.addEventListener("change", () => this.showChosen());
  }

  // The text is sent only while no operation is chosen for it; the server then asks what is meant.
  showChosen() {
    const option = this.select.selectedOptions[0];
    this.input.value = this.select.value ? option.label : "";
    this.input.removeAttribute("name");
  }

  typed() {
    this.input.name = this.field;
    if (this.select.value) this.set("");
    this.open();
  }

  set(id) {
    this.select.value = id;
    this.select.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  }

  open() {
    const text = this.input.name ? this.input.value.trim() : "";
    const found = search(text, this.operations);
    this.listbox.replaceChildren(...(text ? this.suggestions(text, found) : this.everything()));
    this.listbox.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.point(-1);
    this.say(text ? `${found.length} ${found.length === 1 ? "operation matches" : "operations match"}.` : "");
  }

  suggestions(text, found) {
    const options = found.map(({ operation, by }) => this.option(operation.id, operation.label, by));
    const nearest = found.length ? [] : [this.option(NEAREST, "No operation has these words: look for the nearest", "")];
    return [...options, ...nearest, this.option("other", `Not on the list: use “${text}” as typed`, "")];
  }

  everything() {
    const regions = new Map();
    for (const operation of this.operations) {
      if (!regions.has(operation.region)) regions.set(operation.region, []);
      regions.get(operation.region).push(this.option(operation.id, operation.label, ""));
    }
    return Array.from(regions, ([region, options]) => {
      const heading = element("div", { class: "finder__region", role: "presentation" }, region);
      return element("div", { role: "group", "aria-label": region }, heading, ...options);
    });
  }

  option(id, label, by) {
    const made = element("div", { class: "finder__option", role: "option", "data-id": id, "aria-selected": "false" }, label);
    if (by) made.append(" ", element("span", { class: "quiet" }, by));
    return made;
  }

  close() {
    this.listbox.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.point(-1);
  }

  options() {
    return this.listbox.hidden ? [] : Array.from(this.listbox.querySelectorAll("[role=option]"));
  }

  point(place) {
    const options = this.options();
    this.active = place;
    options.forEach((option, index) => {
      option.id = `${this.listbox.id}-${index}`;
      option.setAttribute("aria-selected", String(index === place));
    });
    if (!options[place]) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[place].id);
    options[place].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const count = this.options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!count) this.open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const options = this.options().length;
      this.point(this.active < 0 ? (step > 0 ? 0 : options - 1) : (this.active + step + options) % options);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.options()[this.active]);
    } else if (event.key === "Escape" && count) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  choose(option) {
    if (option.dataset.id === NEAREST) return this.find.form.requestSubmit(this.find);
    const text = this.input.value.trim();
    const asTyped = option.dataset.id === "other";
    if (asTyped) {
      this.typedName.value = text;
      this.typedName.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.set(option.dataset.id);
    this.showChosen();
    this.close();
    this.say(asTyped ? `“${text}” is used as typed. Body region and expected pain are asked below.` : `Chosen: ${this.input.value}.`);
  }

  // What is typed in full and means one operation only needs no choosing.
  leave() {
    this.close();
    const text = this.input.name ? this.input.value.trim() : "";
    const found = text ? search(text, this.operations) : [];
    const same = found.filter(({ rank }) => rank === 0);
    const byLabel = same.filter(({ by }) => !by);
    const meant = byLabel.length === 1 ? byLabel[0] : found.length === 1 ? same[0] : undefined;
    if (meant) {
      this.set(meant.operation.id);
      this.showChosen();
    } else if (!this.input.value.trim()) {
      this.showChosen();
    }
  }

  say(text) {
    this.status.textContent = text;
  }
}

// The kinds of an operation are offered as soon as it is chosen; what was chosen for another one comes back with it.
class Kinds {
  constructor(box, select) {
    this.box = box;
    this.select = select;
    this.of = box.querySelector("input[type=hidden]");
    this.radios = box.querySelector(".radios");
    this.id = box.querySelector("fieldset").id;
    this.name = box.querySelector("input[type=radio]").name;
    this.remembered = {};
    for (const event of ["change", "chosen"]) select.addEventListener(event, () => this.offer());
  }

  offer() {
    if (this.of.value === this.select.value) return;
    const checked = this.radios.querySelector("input:checked");
    this.remembered[this.of.value] = checked ? checked.value : "";
    this.of.value = this.select.value;
    const option = this.select.selectedOptions[0];
    const kinds = JSON.parse((option && option.dataset.kinds) || "{}");
    const before = this.remembered[this.select.value] || "";
    const choices = [...Object.entries(kinds), ["", "Not known"]];
    this.radios.replaceChildren(...choices.map(([value, label]) => this.radio(value, label, value === before)));
    this.box.hidden = choices.length === 1;
  }

  radio(value, label, checked) {
    const id = `${this.id}-${value || "unknown"}`;
    const input = element("input", { class: "usa-radio__input", id, type: "radio", name: this.name, value });
    input.checked = checked;
    return element("div", { class: "usa-radio" }, input, element("label", { class: "usa-radio__label", for: id }, label));
  }
}

for (const frame of document.querySelectorAll("[data-finder]")) {
  const finder = new Finder(frame);
  const box = document.querySelector("[data-kinds-box]");
  if (box) new Kinds(box, finder.select);
}
