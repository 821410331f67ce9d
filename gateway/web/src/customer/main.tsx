// The customer's page: the menu at `/`, one order at `/acompanhar`.

import { adoptLanguage } from "../lib/text/language.ts";
import { show } from "../lib/show.tsx";
import { MenuPage } from "./menu/MenuPage.tsx";

const following = location.pathname.replace(/\/$/, "") === "/acompanhar";
// The menu shall be there at once, so it does not wait for what only an order needs.
const follow = following && import("./follow/FollowPage.tsx");
await adoptLanguage();
const FollowPage = follow && (await follow).FollowPage;
show(FollowPage ? <FollowPage /> : <MenuPage />);
