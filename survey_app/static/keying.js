// Keying without the mouse: Enter goes on to the next field, Shift and Enter back. Only the button saves.
(() => {
  "use strict";
  const form = document.getElementById("keying");
  if (!form) return;
  const save = document.getElementById("save");
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];
  let typed = form.querySelector("[aria-invalid], .key-ask") !== null;

  form.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (event.key !== "Enter" || at < 0 || event.isComposing || event.target.tagName === "TEXTAREA") return;
    event.preventDefault();
    (event.shiftKey ? fields[Math.max(0, at - 1)] : fields[at + 1] || save).focus();
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches(".key-marks, .key-serial")) event.target.select();
  });
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  const serial = document.getElementById("serial");
  // Filled in here and not in the page: only a script can select it, so that typing another replaces it.
  if (!serial.value && serial.dataset.next) serial.value = serial.dataset.next;
  if (document.activeElement.matches(".key-marks, .key-serial")) document.activeElement.select();
})();
