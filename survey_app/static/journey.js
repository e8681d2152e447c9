// A resident's page: says when its time is nearly up, saves what was typed when it is, and leaves at once.
(() => {
  "use strict";
  const exit = document.getElementById("exit");
  if (exit) {
    // In place of this page, so that Back does not lead here.
    const leave = () => { document.body.hidden = true; window.location.replace(exit.href); };
    let presses = [];
    exit.addEventListener("click", (event) => { event.preventDefault(); leave(); });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") { presses = []; return; }
      presses = [...presses, Date.now()].filter((at) => Date.now() - at < 3000);
      if (presses.length >= 3) leave();
    });
  }

  const form = document.querySelector("main form[method=post]");
  const dialog = document.getElementById("rest");
  if (!form || !dialog) return;
  const minute = 60000;
  const allowed = Number(dialog.dataset.minutes) * minute;
  let used = Date.now();
  let noted = used;
  let typed = false;

  const stay = async () => {
    used = noted = Date.now();
    const answer = await fetch(dialog.dataset.stay, { cache: "no-store" }).catch(() => null);
    if (answer && answer.redirected) window.location.reload(); // sent or stopped in another tab
  };
  const close = () => {
    if (!typed) { window.location.reload(); return; } // another tab may have saved since: nothing to add
    const action = Object.assign(document.createElement("input"), { type: "hidden", name: "action", value: "rest" });
    form.append(action);
    form.submit();
  };
  const look = () => {
    const left = used + allowed - Date.now();
    if (left <= 0) close();
    else if (left <= 5 * minute && !dialog.open) dialog.showModal();
  };
  form.addEventListener("input", () => {
    typed = true;
    used = Date.now();
    if (used - noted > 2 * minute) stay();
  });
  dialog.addEventListener("close", stay);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.setInterval(look, 15000);
})();
