// The barista's page at `/barista#<staff token>`.

import { render } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { explain } from "../lib/call/errors.ts";
import { isolated } from "../lib/text/foreign.ts";
import { adoptLanguage } from "../lib/text/language.ts";
import { openBoard } from "../lib/board/live_board.ts";
import { followMenu, menu } from "../lib/menu/menu.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { openTokenStore } from "../lib/call/token.ts";
import { TokenForm } from "../ui/TokenForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { createActions } from "./actions.ts";
import { BoardPage } from "./BoardPage.tsx";
import { watched } from "./stations.ts";

const store = openTokenStore("comanda.staff_token");

function App() {
  useTitle(menu.value ? `${isolated(menu.value.shopName)} · ${text.titles.barista}` : text.titles.barista);
  const token = store.token.value;
  return token ? <Station key={token} token={token} /> : <TokenForm label={staffText.token.barista} store={store} />;
}

function Station({ token }: { token: string }) {
  useEffect(followMenu, []);
  // What was done stays undoable when other stations are chosen.
  const actions = useMemo(() => createActions(token, (ticket) => latest.current?.reply(ticket)), []);
  const stations = watched.value;
  const board = useMemo(() => openBoard(token, stations), [stations]);
  const latest = useRef(board);
  latest.current = board;
  useEffect(() => board.stop, [board]);
  const health = board.health.value;
  if (health.state === "refused") {
    return <TokenForm label={staffText.token.barista} store={store} problem={explain(health.error)} />;
  }
  return <BoardPage board={board} actions={actions} token={token} onLeave={store.forget} />;
}

await adoptLanguage();
render(<App />, document.getElementById("app")!);
