// One order, at `/acompanhar`.

import { show } from "../../lib/show.tsx";
import { adoptLanguage } from "../../lib/text/language.ts";
import { FollowPage } from "./FollowPage.tsx";

await adoptLanguage();
show(<FollowPage />);
