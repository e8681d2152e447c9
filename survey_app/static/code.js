"use strict";
// A link carries the code after its #, which browsers send to nobody. Put it in the box, and take it out of the
// address so that it is not left in the history or read over a shoulder.
{
  const box = document.getElementById("code");
  const code = decodeURIComponent(location.hash.slice(1));
  if (box && /^[0-9A-Za-z-]{12,14}$/.test(code)) {
    box.value = code.toUpperCase();
    history.replaceState(null, "", location.pathname + location.search);
  }
}
