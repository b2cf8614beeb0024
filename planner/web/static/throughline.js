"use strict";
// The pages work without this file. It keeps an answered question in view when another answer would hide it,
// moves to the summary of errors, and opens the fold that a link leads into.

function keepInView(event) {
  const box = event.target.closest(".ask");
  for (let found = box; found; found = found.parentElement.closest(".ask")) {
    const answers = found.querySelectorAll("input:not([type=radio]):not([type=checkbox]), textarea, select, input:checked");
    found.classList.toggle("has-answer", Array.from(answers).some((field) => field.value.trim() !== ""));
  }
}

function openFoldOf(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  // The list of operations is out of sight where the field with suggestions stands in for it.
  const list = target.closest(".finder__list[hidden]");
  const seen = list ? list.parentElement.querySelector("input") : target;
  seen.scrollIntoView();
  seen.focus({ preventScroll: true });
}

document.addEventListener("change", keepInView);
window.addEventListener("hashchange", () => openFoldOf(location.hash));
// Once the other scripts of the page have run.
if (location.hash) document.addEventListener("DOMContentLoaded", () => openFoldOf(location.hash));

const summary = document.getElementById("error-summary");
if (summary && !location.hash) summary.focus();
