// The barista's page at `/barista#<staff token>`.

import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { explain } from "../lib/errors.ts";
import { adoptLanguage } from "../lib/language.ts";
import { openBoard } from "../lib/live_board.ts";
import { text } from "../lib/text.ts";
import { openTokenStore } from "../lib/token.ts";
import { TokenForm } from "../ui/TokenForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { createActions } from "./actions.ts";
import { BoardPage } from "./BoardPage.tsx";

const store = openTokenStore("comanda.staff_token");

function App() {
  useTitle(text.titles.barista);
  const token = store.token.value;
  return token ? <Station key={token} token={token} /> : <TokenForm label={text.token.barista} store={store} />;
}

function Station({ token }: { token: string }) {
  const station = useMemo(() => {
    const board = openBoard(token);
    return { board, actions: createActions(token, board.reply) };
  }, []);
  useEffect(() => station.board.stop, []);
  const health = station.board.health.value;
  if (health.state === "refused") {
    return <TokenForm label={text.token.barista} store={store} problem={explain(health.error)} />;
  }
  return <BoardPage {...station} token={token} onLeave={store.forget} />;
}

adoptLanguage();
render(<App />, document.getElementById("app")!);
