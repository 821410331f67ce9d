// The customer's page: the menu at `/`, one order at `/acompanhar`.

import { render } from "preact";
import { adoptLanguage } from "../lib/language.ts";
import { FollowPage } from "./FollowPage.tsx";
import { MenuPage } from "./MenuPage.tsx";

adoptLanguage();
const following = location.pathname.replace(/\/$/, "") === "/acompanhar";
render(following ? <FollowPage /> : <MenuPage />, document.getElementById("app")!);
