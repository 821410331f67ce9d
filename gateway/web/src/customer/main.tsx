// The customer's page: the menu at `/`, one order at `/acompanhar`.

import { render } from "preact";
import { FollowPage } from "./FollowPage.tsx";
import { MenuPage } from "./MenuPage.tsx";

const following = location.pathname.replace(/\/$/, "") === "/acompanhar";
render(following ? <FollowPage /> : <MenuPage />, document.getElementById("app")!);
