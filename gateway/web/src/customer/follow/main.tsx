// One order, at `/acompanhar`.

import { show } from "../../lib/show.tsx";
import { FollowPage } from "./FollowPage.tsx";

void show(<FollowPage />);
