// The barista's page at `/barista`, for a device that was paired for it.

import { useEffect, useMemo } from "preact/hooks";
import { isolated } from "../lib/text/foreign.ts";
import { lazily, whenIdle } from "../lib/lazily.tsx";
import { openBoard } from "../lib/board/live_board.ts";
import { menu, menuHealth } from "../lib/menu/held.ts";
import { text } from "../lib/text/text.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { show } from "../lib/show.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { createActions } from "./actions.ts";
import { BoardPage } from "./BoardPage.tsx";
import { credential, learnMe } from "./person/person.ts";
import { tellNews } from "./news/tell.ts";
import { rememberLeft } from "./recent/recent.ts";
import { adoptTheme } from "./settings.ts";

/** A device is paired once. */
const Connect = lazily(async () => (await import("./Connect.tsx")).Connect);

function App() {
  useTitle(menu.value ? `${isolated(menu.value.shopName)} · ${text.titles.barista}` : text.titles.barista);
  const token = credential.token.value;
  return token && !credential.code.value ? <Station key={token} token={token} /> : <Connect />;
}

/** The tickets can be seen without a menu, so what follows it is fetched after them. */
function followMenu(): () => void {
  let stop = () => {};
  let isOver = false;
  whenIdle(() => {
    const fetched = untilAnswered(() => import("../lib/menu/menu.ts"), { again: () => !isOver });
    void fetched.then(({ followMenu }) => {
      if (!isOver) stop = followMenu();
    }, () => undefined);
  });
  return () => {
    isOver = true;
    stop();
  };
}

function Station({ token }: { token: string }) {
  useEffect(followMenu, []);
  useEffect(() => {
    let stop = () => {};
    whenIdle(() => (stop = learnMe()));
    return () => stop();
  }, []);
  const board = useMemo(() => openBoard(token, rememberLeft), []);
  const actions = useMemo(() => createActions(board), []);
  const told = useMemo(() => tellNews(board, actions.isOwn), []);
  useEffect(
    () => () => {
      told.stop();
      actions.stop();
      board.stop();
    },
    [],
  );
  const health = board.health.value;
  if (health.state === "refused" && menuHealth.value.state !== "unknownShop") return <Connect refused={health.error} />;
  return <BoardPage board={board} actions={actions} told={told} />;
}

adoptTheme();
void show(<App />);
