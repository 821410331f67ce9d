// Keeps a page from staying blank when one of its files is not there: while a release replaces another behind two gateways,
// the page may come from one and be asked of the other. Old syntax on purpose, and no imports: it must run anywhere.
(function () {
  "use strict";
  var KEY = "comanda.boot_tries";
  var PATIENT = 5;
  var WAIT_MS = 2000;
  var failed = false;

  function tries() {
    try {
      return Number(sessionStorage.getItem(KEY)) || 0;
    } catch (_) {
      return PATIENT;
    }
  }

  function remember(count) {
    try {
      if (count) sessionStorage.setItem(KEY, String(count));
      else sessionStorage.removeItem(KEY);
    } catch (_) {
      // Without a memory it is asked for, not done.
    }
  }

  function ask() {
    var app = document.getElementById("app");
    var words = document.createElement("p");
    var again = document.createElement("button");
    words.textContent = "Esta página está sendo atualizada. / This page is being updated.";
    again.textContent = "Tentar de novo / Try again";
    again.onclick = function () {
      remember(0);
      location.reload();
    };
    app.className = "boot-failed";
    app.replaceChildren(words, again);
  }

  // A file that is not there, or a script that cannot be read, both before the page shows anything.
  function fail() {
    var app = document.getElementById("app");
    // A file may fail before the page has been read to its end.
    if (!app) return addEventListener("DOMContentLoaded", fail);
    if (failed || app.childElementCount) return;
    failed = true;
    var count = tries();
    if (count >= PATIENT) return ask();
    remember(count + 1);
    // At once the first time; later the release may need a moment.
    setTimeout(function () {
      location.reload();
    }, count * WAIT_MS);
  }

  addEventListener(
    "error",
    function (event) {
      var address = event.target && (event.target.src || event.target.href);
      if (typeof address === "string" && address.indexOf("/assets/") > 0) fail();
    },
    true,
  );
  // A part that is fetched later: what is loaded by an import() rejects.
  addEventListener("unhandledrejection", function (event) {
    if (/dynamically imported module|module script/i.test(String(event.reason))) fail();
  });
  addEventListener("comanda:shown", function () {
    remember(0);
  });
})();
